"""README.md: its commands are those that continuous integration runs, and its config is valid."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from tests.architecture.tree import ROOT, told
from tests.docs.pages import fenced, page

README = page("README.md")
TEST_COMMAND = "pip install uv && uv run pytest"
DEMO_COMMAND = "pip install uv && uv run crm-gateway demo"
# These need accounts; the config they stand beside is checked below.
NEEDS_ACCOUNTS = re.compile(r"uv run crm-gateway (check|serve) --config crm-gateway\.yaml")


def commands(text: str) -> list[str]:
    """The commands of the `sh` blocks in *text*, a line each."""
    return [line for block in fenced(text, "sh") for line in block.splitlines()]


def steps(script: str) -> list[str]:
    """The commands of the steps in the *script* of continuous integration."""
    return re.findall(r'^step \d+ "(.+)"$', script, re.MULTILINE)


def never_run(told_commands: Iterable[str], ci_steps: Sequence[str]) -> list[str]:
    """Commands that nothing runs: neither a step, nor the demo's step, which takes its own from the README."""
    run_by_demo = re.compile(rf"{re.escape(DEMO_COMMAND)}|curl -s http://127\.0\.0\.1:8000/.*")
    has_demo = "uv run python .ci/demo.py" in ci_steps
    return [
        command
        for command in told_commands
        if command not in ci_steps
        and not (has_demo and run_by_demo.fullmatch(command))
        and not NEEDS_ACCOUNTS.fullmatch(command)
    ]


def test_commands_are_those_that_run() -> None:
    """Whatever the README tells to type is run by continuous integration, word for word."""
    found = never_run(commands(README), steps(page(".ci/run")))

    assert not found, told(found)


def test_newcomers_commands_are_there() -> None:
    """The two commands of a newcomer stand in the README, and the tests' one is a step."""
    assert {TEST_COMMAND, DEMO_COMMAND} <= set(commands(README))
    assert TEST_COMMAND in steps(page(".ci/run"))


def test_continuous_integration_can_be_run() -> None:
    """`.ci/run` is executable, and refuses skipped tests."""
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "\nexport CRM_GATEWAY_CI=1\n" in page(".ci/run")


def test_every_query_shows_its_answer() -> None:
    """Each query is followed by its answer, which the demo's step compares."""
    queries = [command for command in commands(README) if command.startswith("curl ")]

    assert len(queries) == len(fenced(README, "json")) > 0


def test_config_has_no_mistakes(tmp_path: Path) -> None:
    """The config for real accounts passes `check`, as far as a check can go without them."""
    (config,) = fenced(README, "yaml")
    path = tmp_path / "crm-gateway.yaml"
    path.write_text(config, encoding="utf-8")
    secrets = dict.fromkeys(re.findall(r"env:(\w+)", config), "x" * 40)

    run = subprocess.run(
        [sys.executable, "-m", "gateway.cli", "check", "--config", str(path), "--offline"],
        cwd=ROOT,
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
    assert "no mistakes" in run.stdout


def test_commands_that_nothing_runs_are_seen() -> None:
    """A command is found unless it is a step or the demo's, and the demo's only where the demo is a step."""
    text = f"```sh\n{TEST_COMMAND}\n{DEMO_COMMAND}\nmake all\n```\n"
    script = f'step 600 "{TEST_COMMAND}"\n'

    assert never_run(commands(text), steps(script)) == [DEMO_COMMAND, "make all"]
    assert never_run(commands(text), [*steps(script), "uv run python .ci/demo.py"]) == ["make all"]
