"""What is committed: nothing of the machine it was written on, and all of it in the wheel."""

import re
import subprocess
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

from tests.architecture.tree import PRODUCT, ROOT, told, tracked_files

# Absolute paths of somebody's machine; not part of a longer path or of an address.
MACHINE_PATH = re.compile(r"(?<![\w.:/$}>)-])/(?:work|tmp|root|home|Users|mnt|opt)(?:/|\b(?![\w/.-]))[\w.-]*")
LOCK_FILES = {"uv.lock", "package-lock.json"}
NOT_SHIPPED = ("gateway/graphiql/source/",)


def machine_paths(name: str, text: str) -> list[str]:
    """Paths in *text* that exist on one machine alone."""
    return [
        f"{name}:{number}: {found[0]}"
        for number, line in enumerate(text.splitlines(), start=1)
        for found in MACHINE_PATH.finditer(line)
    ]


def readable(paths: Iterable[Path]) -> Iterable[tuple[str, str]]:
    """Name and text of each file that we wrote and that is text."""
    for path in paths:
        if path.name in LOCK_FILES or path.is_relative_to("gateway/graphiql/assets"):
            continue
        try:
            yield str(path), (ROOT / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def missing(files: Iterable[Path], shipped: Iterable[str]) -> list[str]:
    """Files of the product that are not *shipped*."""
    packaged = {str(path) for path in files if path.parts[0] in PRODUCT and not str(path).startswith(NOT_SHIPPED)}
    return sorted(packaged - set(shipped))


def test_no_path_of_a_machine_is_committed() -> None:
    """A path that exists on one machine means nothing on another."""
    found = [line for name, text in readable(tracked_files()) for line in machine_paths(name, text)]

    assert not found, told(found)


@pytest.mark.slow
def test_wheel_holds_every_file(tmp_path: Path) -> None:
    """What is tracked below the packages is installed, data files and the GraphiQL bundle included."""
    subprocess.run(["uv", "build", "--wheel", "--quiet", "--out-dir", tmp_path], cwd=ROOT, check=True)
    (wheel,) = tmp_path.glob("*.whl")

    found = missing(tracked_files(), zipfile.ZipFile(wheel).namelist())

    assert not found, told(found)


def test_machine_paths_are_seen() -> None:
    """A path is found in code, prose and configs; paths in an address, and longer ones, are not."""
    slash = "/"
    bad = [f"open('{slash}tmp/x')", f"see {slash}work/main", f"HOME={slash}root", f'"{slash}home/ada/x"']
    good = ["https://a.example/home/x", "/services/data/home/", "a/tmp/b", "/workers", "${HOME}/tmp/x", "/homepage"]

    assert [machine_paths("a.md", line) != [] for line in bad] == [True] * len(bad)
    assert [line for line in good if machine_paths("a.md", line)] == []


def test_missing_files_are_seen() -> None:
    """A data file that the wheel lacks is found; tests and the sources of the bundle need not be there."""
    files = [Path("schema/a.py"), Path("schema/a.yaml"), Path("tests/b.py"), Path("gateway/graphiql/source/c.js")]

    assert missing(files, ["schema/a.py"]) == ["schema/a.yaml"]
