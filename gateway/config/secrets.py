"""Secrets by reference: `env:NAME`, `file:PATH`; values never stand in a config."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from connectors.documents import shown

__all__ = ["REFERENCES", "SecretStore", "UnknownSecret"]

REFERENCES = ("env:", "file:")
"""What a reference begins with."""

_MAX_BYTES = 65_536
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,127}")


class UnknownSecret(Exception):
    """A reference leads nowhere; the message names the reference and never a value."""


class SecretStore:
    """Resolves references; *base* is the folder that relative files are found from."""

    def __init__(self, *, base: Path, environ: Mapping[str, str]) -> None:
        self._base = base
        self._environ = environ
        self._kinds: dict[str, Callable[[str], str]] = {"env": self._from_env, "file": self._from_file}

    def resolve(self, reference: object) -> str:
        """The secret behind *reference*.

        Raises:
            UnknownSecret: it is no reference, or leads nowhere.
        """
        kind, _, rest = reference.partition(":") if isinstance(reference, str) else ("", "", "")
        if kind not in self._kinds or not rest:
            raise UnknownSecret(
                "must be a reference such as env:NAME or file:PATH; a secret never stands in the config"
            )
        return self._kinds[kind](rest)

    def _from_env(self, name: str) -> str:
        if not _NAME.fullmatch(name):
            raise UnknownSecret("env: must be followed by the name of an environment variable")
        value = self._environ.get(name, "")
        if not value:
            raise UnknownSecret(f"the environment variable {shown(name)} is not set or empty")
        return value

    def _from_file(self, name: str) -> str:
        try:
            with (self._base / name).open("rb") as file:
                value = file.read(_MAX_BYTES).decode().strip("\r\n")
        except (OSError, ValueError):
            raise UnknownSecret(f"the file {shown(name)} cannot be read as text") from None
        if not value:
            raise UnknownSecret(f"the file {shown(name)} is empty")
        return value
