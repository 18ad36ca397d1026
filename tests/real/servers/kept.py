"""Folders that are made once, and anew when what they are made from has changed."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

__all__ = ["Kept"]


class Kept:
    """A folder made from *sources*, such as the text of a list of libraries.

    A folder that was left half made does not count as made.
    """

    def __init__(self, folder: Path, *sources: bytes | str) -> None:
        self.folder = folder
        self._mark = folder.with_name(f"{folder.name}.made")
        parts = [source.encode() if isinstance(source, str) else source for source in sources]
        self._digest = hashlib.sha256(b"\0".join(parts)).hexdigest()

    @property
    def is_made(self) -> bool:
        """Whether the folder is whole, and made from the present sources."""
        return self._mark.is_file() and self._mark.read_text(encoding="ascii") == self._digest

    def empty(self) -> None:
        """Leave an empty folder, to be made."""
        self._mark.unlink(missing_ok=True)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def finish(self) -> None:
        """Take the folder as it is for made."""
        self._mark.write_text(self._digest, encoding="ascii")

    def make_by(self, make: Callable[[Path], None]) -> Path:
        """The folder, made by *make* if it is not made yet."""
        if not self.is_made:
            self.empty()
            make(self.folder)
            self.finish()
        return self.folder
