"""What brings the real CRMs up: folders are made once and whole, and a server that fails says why."""

import sys
from pathlib import Path

import pytest

from tests.real.servers.kept import Kept
from tests.real.servers.processes import Failed, serving


def test_a_folder_is_made_once_for_its_sources(tmp_path: Path) -> None:
    """It is made anew when a source has changed, from an empty folder."""
    made: list[str] = []

    def make(folder: Path) -> None:
        assert not any(folder.iterdir())
        made.append("once")
        (folder / "file").touch()

    for source in ("a", "a", "b", "b"):
        Kept(tmp_path / "folder", source).make_by(make)

    assert made == ["once", "once"]


def test_a_half_made_folder_is_not_made(tmp_path: Path) -> None:
    """What failed while it replaced a whole folder does not pass for that one."""
    kept = Kept(tmp_path / "folder", "a")
    kept.make_by(lambda _: None)

    kept.empty()

    assert not kept.is_made


def test_a_server_that_ends_says_why(tmp_path: Path) -> None:
    """Who waits for it is told the end of what it wrote."""
    command = [sys.executable, "-c", "raise SystemExit('no such database')"]

    with pytest.raises(Failed, match="no such database"), serving(command, tmp_path / "log", is_ready=lambda: False):
        pass


def test_a_server_ends_with_its_block(tmp_path: Path) -> None:
    """However the block ends."""
    pid = tmp_path / "pid"
    text = f"import os, time; open({str(pid)!r}, 'w').write(f'{{os.getpid()}} '); time.sleep(100)"
    command = [sys.executable, "-c", text]

    with pytest.raises(KeyError), serving(command, tmp_path / "log", is_ready=lambda: _text(pid).endswith(" ")):
        raise KeyError

    assert not Path("/proc", _text(pid).strip()).exists()


def _text(path: Path) -> str:
    return path.read_text(encoding="ascii") if path.exists() else ""
