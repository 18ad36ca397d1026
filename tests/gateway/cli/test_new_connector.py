"""`new-connector` writes files that are right as they are, and a package whose tests run."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from connectors.registry import ENTRY_POINT_GROUP
from gateway.config import load_trial
from sandbox.run import Sandbox
from tests.architecture.tree import ROOT
from tests.docs.pages import fenced, page
from tests.gateway.cli.commands import SECRETS, said


@pytest.mark.parametrize("options", [(), ("--graphql",)])
def test_file_is_right_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...]) -> None:
    """It loads, and its trial's secret is a reference of the CRM's name."""
    monkeypatch.setitem(SECRETS, "OUR_CRM_TOKEN", "a-token")

    run = said("new-connector", "our_crm", *options, "--folder", str(tmp_path))

    assert run.stdout.split() == [str(tmp_path / "our_crm.yaml"), str(tmp_path / "connector.schema.json")]
    assert said("check", str(tmp_path / "our_crm.yaml"), "--offline").returncode == 0
    (source,) = load_trial(tmp_path / "our_crm.yaml", environ=SECRETS).sources
    assert (source.key, source.name) == ("our_crm", "Our Crm")


def test_package_has_no_mistakes(tmp_path: Path) -> None:
    """Its file is right, its Python can be read, and it tells the gateway where its platform is."""
    said("new-connector", "our_crm", "--package", "--graphql", "--folder", str(tmp_path))

    package = tmp_path / "our_crm" / "crm_gateway_our_crm"
    for module in (tmp_path / "our_crm").rglob("*.py"):
        compile(module.read_text(), str(module), "exec")
    assert said("check", str(package / "our_crm.yaml"), "--offline").returncode == 0
    project = tomllib.loads((tmp_path / "our_crm" / "pyproject.toml").read_text())["project"]
    assert project["entry-points"][ENTRY_POINT_GROUP] == {"our_crm": f"{package.name}:PLATFORM"}


@pytest.mark.slow
def test_package_runs_its_own_tests(tmp_path: Path) -> None:
    """With a whole file in it, the laws hold over an emulated account; without one, that test is left out."""
    said("new-connector", "acme", "--package", "--folder", str(tmp_path))
    package = tmp_path / "acme"
    (package / "crm_gateway_acme" / "acme.yaml").write_text(fenced(page("docs/adding-a-crm.md"), "yaml")[0])

    with Sandbox(["generic_rest"], scale=0.01, time_scale=1000) as crm:
        account = {"ACME_URL": crm.url("generic_rest"), "ACME_TOKEN": crm.secrets["GENERIC_REST_KEY"]}
        whole = own_tests(package, {**account, "ACME_TIME_SCALE": "1000"})

    assert "2 passed" in whole, whole
    assert "1 passed, 1 skipped" in own_tests(package, {})


def own_tests(package: Path, environ: dict[str, str]) -> str:
    """What the package's own tests say, with it on the path as an installation puts it there."""
    path = os.pathsep.join((str(package), str(ROOT)))
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    run = subprocess.run(
        command,
        cwd=package,
        env={**inherited, **environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return run.stdout + run.stderr


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """A file that is there stays as it is; status 2."""
    (tmp_path / "acme.yaml").write_text("mine")

    run = said("new-connector", "acme", "--folder", str(tmp_path))

    assert run.returncode == 2
    assert "acme.yaml: is there already" in run.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["acme.yaml"]
    assert (tmp_path / "acme.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["Acme", "../acme", "1acme", "a-b", "a" * 65, ""])
def test_name_is_a_platforms_key(tmp_path: Path, name: str) -> None:
    """What could be no key, or another folder, is refused."""
    assert said("new-connector", name, "--folder", str(tmp_path)).returncode == 2
    assert list(tmp_path.iterdir()) == []
