"""The files that a config names as platforms, each read once."""

import pathlib
import re

from connectors.documents import Findings, Path, quoted
from connectors.registry import Platform, platform_of, platforms
from model.errors import ConfigError

__all__ = ["PlatformFiles"]

_KEY = re.compile(r"[a-z0-9_-]{1,64}")


class PlatformFiles:
    """Reads the files, found from the folder *base*, and notes what is wrong with them at the first source of each."""

    def __init__(self, findings: Findings, base: pathlib.Path) -> None:
        self._findings = findings
        self._base = base
        self._found: dict[pathlib.Path, Platform | None] = {}

    def platform(self, name: str, path: Path) -> Platform | None:
        """The platform that the file *name* tells; *path* is where the config names it."""
        file = self._base / name
        if file not in self._found:
            self._found[file] = self._read(file, name, path)
        return self._found[file]

    def path_of(self, platform: Platform) -> str | None:
        """The path of the file that tells *platform*, None for one that no file told."""
        return next((str(file) for file, found in self._found.items() if found is platform), None)

    def _read(self, file: pathlib.Path, name: str, path: Path) -> Platform | None:
        if not _KEY.fullmatch(file.stem):
            self._findings.note(path, "must be a file named in lower-case letters, digits, - and _, such as acme.yaml")
            return None
        if file.stem in platforms() or file.stem in {other.stem for other in self._found}:
            self._findings.note(path, f"is a file named as another platform, {quoted(file.stem)}; rename it")
            return None
        try:
            return platform_of(str(file))
        except ConfigError as error:
            self._findings.note(path, f"{name} tells no platform:\n{error.message}")
            return None
