"""docs/adding-a-crm.md: its commands, files and queries against an emulated CRM, and what it shows of them."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from gateway.config import load_settings
from gateway.wiring import Gateway
from sandbox.run import Sandbox
from tests.docs.pages import fenced, page
from tests.gateway.cli.commands import SECRETS, said
from tests.gateway.serving import serving

PAGE = page("docs/adding-a-crm.md")
COMMANDS = [line for block in fenced(PAGE, "sh") for line in block.splitlines()]
FILE, CONFIG = fenced(PAGE, "yaml")
CHECKED, MISTAKES, KEPT, BROKEN = fenced(PAGE, "text")
COMPANY, ANSWER = map(json.loads, fenced(PAGE, "json"))
CRM, GATEWAY = "http://127.0.0.1:8107", "http://127.0.0.1:8000"
EXPORTED = dict(line.removeprefix("export ").split("=", 1) for line in COMMANDS if line.startswith("export "))


def command(beginning: str) -> list[str]:
    """The arguments of the page's first command with this *beginning*."""
    return next(shlex.split(line)[3:] for line in COMMANDS if line.startswith(f"uv run crm-gateway {beginning}"))


def asked(host: str, url: str) -> Any:
    """The answer to the page's curl command that asks *host*, asked of *url* in its place."""
    (found,) = [line for line in COMMANDS if line.startswith(f"curl -s {host}/")]
    words = shlex.split(re.sub(r"\$([A-Z_]+)", lambda name: EXPORTED[name[1]], found))
    headers = dict(words[at + 1].split(": ") for at, word in enumerate(words) if word == "-H")
    body = words[words.index("-d") + 1]
    return httpx.post(words[2].replace(host, url), headers=headers, content=body, trust_env=False).json()


@pytest.fixture(scope="module")
def crm() -> Iterator[Sandbox]:
    """The sandbox as the page starts it, but for its port."""
    _, *options = command("sandbox")
    given = dict(zip(options[::2], options[1::2], strict=True))
    scale, time_scale = float(given.pop("--scale")), float(given.pop("--time-scale"))
    with Sandbox([given.pop("--platform")], scale=scale, time_scale=time_scale, today=None) as running:
        assert given == {}
        yield running


@pytest.fixture
def folder(tmp_path: Path, crm: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the reader works, with both files of the page, and what it exports."""
    monkeypatch.chdir(tmp_path)
    for name, value in EXPORTED.items():
        monkeypatch.setitem(SECRETS, name, value)
    for name, text in (("acme.yaml", FILE), ("gateway.yaml", CONFIG)):
        (tmp_path / name).write_text(text.replace(CRM, crm.url("generic_rest")) + "\n")
    return tmp_path


def test_emulator_answers_as_shown(crm: Sandbox) -> None:
    """With the key that the page exports."""
    assert crm.secrets.items() <= EXPORTED.items()
    assert asked(CRM, crm.url("generic_rest")) == COMPANY


def test_file_to_start_from_is_right(folder: Path) -> None:
    """It has no mistakes, and names the schema that was written beside it."""
    (folder / "acme.yaml").unlink()

    assert said(*command("new-connector acme")).returncode == 0
    assert said(*command("check acme.yaml --offline")).stdout == "acme.yaml: Acme, no mistakes\n"
    first, *_ = (folder / "acme.yaml").read_text().splitlines()
    assert (folder / first.removeprefix("# yaml-language-server: $schema=")).is_file()


def test_file_keeps_the_laws(folder: Path) -> None:
    """Four types in at most eighty lines; the command says what the page shows."""
    run = said(*command("check acme.yaml --conformance"))

    assert run.returncode == 0, run.stdout
    assert len(FILE.splitlines()) <= 80
    assert len(yaml.safe_load(FILE)["types"]) == 4
    for line in (*CHECKED.splitlines(), KEPT):
        assert countless(line) in countless(run.stdout).splitlines()


def countless(text: str) -> str:
    """*text* without the numbers that another day, or another law, changes."""
    return re.sub(r"\d+ ms|of \d+ laws|case \d+", "#", text)


def test_lie_is_found(folder: Path) -> None:
    """The change that the page tells of breaks the law that it shows."""
    said_of_it, lie = re.findall(r"Say `(contains): (\w+)` in the file", PAGE)[0]
    path = folder / "acme.yaml"
    path.write_text(path.read_text().replace(f"{said_of_it}: {said_of_it}", f"{said_of_it}: {lie}"))

    run = said(*command("check acme.yaml --conformance"))

    assert run.returncode == 1
    assert countless(BROKEN) in countless(run.stdout)


def test_mistakes_are_told_as_shown(folder: Path) -> None:
    """With their lines in the page's file."""
    path = folder / "acme.yaml"
    path.write_text(path.read_text().replace("style:", "stile:").replace("domain: domain", "domian: domain"))

    assert set(MISTAKES.splitlines()) <= set(said("check", "acme.yaml").stderr.splitlines())


def test_query_answers_as_shown(folder: Path) -> None:
    """Over the page's config."""
    serve, option, config = command("serve")
    assert (serve, option) == ("serve", "--config")

    with serving(Gateway(load_settings(folder / config, environ=EXPORTED))) as served:
        assert asked(GATEWAY, f"http://127.0.0.1:{served.port}") == ANSWER


def test_package_is_written(folder: Path) -> None:
    """By the name that the page installs it by."""
    new, name, option = command("new-connector acme_plus")

    assert said(new, name, option).returncode == 0
    assert (folder / name / "pyproject.toml").is_file()
    assert f"uv pip install ./{name}" in PAGE


def test_every_command_is_run() -> None:
    """None stands on the page that is not taken by a test here."""
    taken = ("sandbox", "new-connector", "check acme.yaml", "serve --config")
    known = ("export ", f"curl -s {CRM}/", f"curl -s {GATEWAY}/", *(f"uv run crm-gateway {one}" for one in taken))

    assert [line for line in COMMANDS if not line.startswith(known)] == []
