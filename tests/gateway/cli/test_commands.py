"""The commands that need no live source: help, schema, check and explain."""

import socket
from pathlib import Path

import pytest

from schema import sdl
from tests.gateway.cli.commands import SECRETS, config_at, running, said
from tests.gateway.cli.echo import echoing


def test_help_names_every_command() -> None:
    """Without arguments the commands are listed, each with a sentence."""
    run = running("--help")

    assert run.returncode == 0
    for command in ("demo", "serve", "sandbox", "check", "new-connector", "capabilities", "explain", "schema"):
        assert f" {command} " in run.stdout


@pytest.mark.parametrize(
    "command", ["demo", "serve", "sandbox", "check", "new-connector", "capabilities", "explain", "schema"]
)
def test_command_has_help(command: str) -> None:
    """Each command tells its options."""
    run = said(command, "--help")

    assert run.returncode == 0
    assert "Usage:" in run.stdout


def test_schema_is_printed() -> None:
    """The SDL, and nothing else."""
    run = said("schema")

    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.strip() == sdl().strip()


def test_schema_of_a_deployment_has_its_custom_fields(tmp_path: Path) -> None:
    """With a config, the SDL is what that gateway serves; what is wrong with the config is told instead."""
    path = config_at(tmp_path, "http://127.0.0.1:1")
    keys = "custom_fields: {contact: {npsScore: {kind: DECIMAL, description: Score., keys: {sales: nps}}}}\n"
    path.write_text(path.read_text() + keys)

    run = said("schema", "--config", str(path))
    path.write_text(path.read_text().replace("sales: nps", "salse: nps"))
    wrong = said("schema", "--config", str(path))

    assert (run.returncode, run.stderr) == (0, "")
    assert "  npsScore: DecimalFilter" in run.stdout
    assert "  CUSTOM_NPS_SCORE" in run.stdout
    assert wrong.returncode == 2
    assert "custom_fields.contact.npsScore.keys.salse: is no source; did you mean 'sales'?" in wrong.stderr


def test_check_offline_reads_the_file_alone(tmp_path: Path) -> None:
    """A good file is praised in one line, and nobody is called."""
    with echoing() as crm:
        run = said("check", "--offline", "--config", str(config_at(tmp_path, crm.url)))

        assert crm.heard == []
    assert (run.returncode, run.stderr) == (0, "")
    assert run.stdout.endswith("gateway.yaml: 2 sources, no mistakes\n")


def test_check_tells_every_mistake(tmp_path: Path) -> None:
    """A wrong file ends every command with status 2 and one line a mistake, on standard error."""
    path = config_at(tmp_path, "http://127.0.0.1:1")
    path.write_text(path.read_text().replace("kind: bearer", "kind: barer").replace("env:CURSOR_KEY", "env:NOT_SET"))

    for command in ("check", "serve"):
        run = said(command, "--config", str(path))

        assert run.returncode == 2, run.stderr
        assert run.stdout == ""
        assert run.stderr.splitlines() == [
            "gateway.yaml:2 cursor_key: the environment variable NOT_SET is not set or empty",
            "gateway.yaml:6 sources[0].auth.kind: 'barer' is unknown here; did you mean 'bearer'?",
        ]


def test_check_tells_which_sources_fail(tmp_path: Path) -> None:
    """A source that refuses has a line with its code; status 1; nothing it said reaches the terminal raw."""
    with echoing(status=401) as crm:
        run = said("check", "--config", str(config_at(tmp_path, crm.url)))

        assert any(SECRETS["HUBSPOT_TOKEN"] in heard for heard in crm.heard)
    assert run.returncode == 1
    assert "sales: SOURCE_REAUTH_REQUIRED: " in run.stdout
    assert "service: SOURCE_REAUTH_REQUIRED: " in run.stdout
    assert all(line.isprintable() for line in run.stdout.splitlines())
    for secret in SECRETS.values():
        assert secret not in run.stdout + run.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["explain", "@missing.graphql"], "missing.graphql cannot be read"),
        (["explain", "{ __typename }", "--variables", "[1]"], "--variables must be a JSON object"),
        (["explain", "{ __typename }", "--variables", "{"], "--variables must be a JSON object"),
    ],
)
def test_wrong_arguments_are_told(tmp_path: Path, arguments: list[str], says: str) -> None:
    """A sentence and status 2, no traceback."""
    run = said(*arguments, "--config", str(config_at(tmp_path, "http://127.0.0.1:1")))

    assert run.returncode == 2
    assert says in run.stderr
    assert "Traceback" not in run.stderr


def test_explain_says_why_a_query_would_not_run(tmp_path: Path) -> None:
    """A document over the limits is refused without asking anybody; status 1."""
    query = "{ contacts(first: 100) { nodes { deals(first: 100) { nodes { notes(first: 100) { nodes { id } } } } } } }"

    run = said("explain", query, "--config", str(config_at(tmp_path, "http://127.0.0.1:1")))

    assert run.returncode == 1
    assert "note: QUERY_TOO_COMPLEX: " in run.stdout


def test_taken_port_is_told(tmp_path: Path) -> None:
    """`serve` says which address cannot be had, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        run = said("serve", "--port", port, "--config", str(config_at(tmp_path, "http://127.0.0.1:1")))

    assert run.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in run.stderr
    assert "Traceback" not in run.stderr
