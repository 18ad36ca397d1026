"""The tests themselves: few patches, and no silent skip in continuous integration."""

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, Module, module_of, modules_of_tests, told

PATCHES_PER_HUNDRED = 3
PATCHERS = {"patch", "mock.patch", "unittest.mock.patch", "mocker.patch"}


def patch_calls(modules: Iterable[Module]) -> list[str]:
    """Calls that change somebody else's object for the time of a test."""
    return [
        module.place(node)
        for module in modules
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Call) and is_patch(ast.unparse(node.func))
    ]


def is_patch(called: str) -> bool:
    """Whether calling the expression *called* patches something; an HTTP client's `patch` does not."""
    owner, _, name = f".{called}".rpartition(".")
    patcher = owner if name in {"object", "dict", "multiple"} else f"{owner}.{name}"
    return called.startswith("monkeypatch.") or patcher.removeprefix(".") in PATCHERS


def count_tests(modules: Iterable[Module]) -> int:
    """Test functions, each counted once however many parameters it has."""
    return sum(node.name.startswith("test_") for module in modules for node in module.functions())


def run_pytest(folder: Path, test: str, *, is_ci: bool) -> subprocess.CompletedProcess[str]:
    """A run of pytest over one test module under this suite's own conftest."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "test_example.py").write_text(test, encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("CRM_GATEWAY_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", f"--rootdir={folder}", str(folder)],
        cwd=folder,
        env={**environ, "CRM_GATEWAY_CI": "1"} if is_ci else environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_patches_are_rare() -> None:
    """Tests talk to real objects and sockets; a patch is the last resort."""
    found = patch_calls(modules_of_tests())

    assert 100 * len(found) <= PATCHES_PER_HUNDRED * count_tests(modules_of_tests()), told(found)


def test_patches_are_seen() -> None:
    """Each way to patch is counted; an HTTP PATCH and the word in a text are not."""
    text = (
        "monkeypatch.setenv('A', 'b')\n"
        "mock.patch('a.b')\n"
        "unittest.mock.patch.object(a, 'b')\n"
        "mocker.patch.dict(a)\n"
        "@patch('a.b')\ndef f(): ...\n"
        "client.patch('/crm/objects')\n"
        "x = 'monkeypatch.setattr(a)'\n"
    )

    found = patch_calls([module_of(text, "tests/test_a.py")])

    assert [place.rpartition(":")[2] for place in found] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    "test",
    [
        "import pytest\ndef test_a():\n    pytest.skip('no network')\n",
        "import pytest\n@pytest.mark.skipif(True, reason='no network')\ndef test_a(): ...\n",
        "import pytest\npytest.skip('no network', allow_module_level=True)\n",
    ],
    ids=["in the test", "by a mark", "as a module"],
)
def test_unlisted_skip_fails_in_continuous_integration(tmp_path: Path, test: str) -> None:
    """A skip that nobody allowed fails the run there, says why, and is a skip elsewhere."""
    in_ci = run_pytest(tmp_path, test, is_ci=True)
    elsewhere = run_pytest(tmp_path, test, is_ci=False)

    assert in_ci.returncode in {1, 2}, in_ci.stdout
    assert "skipped where nothing may be: no network" in in_ci.stdout
    assert elsewhere.returncode in {0, 5}, elsewhere.stdout
    assert "1 skipped" in elsewhere.stdout


def test_listed_skip_and_expected_failure_pass_in_continuous_integration(tmp_path: Path) -> None:
    """A reason on the list is let through, and an expected failure is no skip."""
    listed = "import pytest\ndef test_a():\n    pytest.skip('the browser dependency group is not installed')\n"
    expected = "@pytest.mark.xfail\ndef test_b():\n    assert False\n"

    run = run_pytest(tmp_path, listed + expected, is_ci=True)

    assert run.returncode == 0, run.stdout
    assert "1 skipped, 1 xfailed" in run.stdout
