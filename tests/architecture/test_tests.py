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
SKIPPING = {
    "in_a_test": "def test_a():\n    pytest.skip('no network')\n",
    "by_a_mark": "@pytest.mark.skipif(True, reason='no network')\ndef test_a(): ...\n",
    "a_module": "pytest.skip('no network', allow_module_level=True)\n",
    "listed": "def test_a():\n    pytest.skip('the browser dependency group is not installed')\n",
    "expected": "@pytest.mark.xfail\ndef test_a():\n    assert False\n",
}
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


@pytest.fixture(scope="module")
def skipping(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of tests that skip themselves in each way, under this suite's own conftest."""
    folder = tmp_path_factory.mktemp("skipping")
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    for name, text in SKIPPING.items():
        (folder / f"test_{name}.py").write_text(f"import pytest\n{text}", encoding="utf-8")
    return folder


def outcomes(folder: Path, *options: str, is_ci: bool = False) -> tuple[int, str]:
    """Exit status and output of pytest over *folder*."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("CRM_GATEWAY_", "PYTEST_"))}
    command = [sys.executable, "-m", "pytest", "-rN", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
    run = subprocess.run(
        [*command, f"--rootdir={folder}", *options, str(folder)],
        cwd=folder,
        env={**environ, "CRM_GATEWAY_CI": "1"} if is_ci else environ,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


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


def test_unlisted_skip_fails_in_continuous_integration(skipping: Path) -> None:
    """A skip that nobody allowed fails the run there and says why; listed ones and expected failures pass."""
    status, told_there = outcomes(skipping, is_ci=True)

    assert status == 1, told_there
    assert told_there.count("skipped where nothing may be: no network") == 3
    assert "1 failed, 1 skipped, 1 xfailed, 2 errors" in told_there


def test_skips_are_skips_elsewhere(skipping: Path) -> None:
    """Who runs the tests at home may lack a network."""
    status, told_there = outcomes(skipping)

    assert status == 0, told_there
    assert "4 skipped, 1 xfailed" in told_there


def test_a_lone_surrogate_in_a_report_fails_one_test_alone(tmp_path: Path) -> None:
    """A worker sends its reports as UTF-8; what does not fit is escaped and does not end the run."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    tests = "def test_a():\n    print(chr(0xD800))\n    assert chr(0xD800) == ''\ndef test_b(): ...\n"
    (tmp_path / "test_a.py").write_text(tests, encoding="utf-8")

    status, told_there = outcomes(tmp_path, "-n", "1")

    assert status == 1, told_there
    assert "1 failed, 1 passed" in told_there
