"""Secrets by reference: `env:NAME`, `file:PATH`; values never stand in a config."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

__all__ = ["SecretStore", "UnknownSecret"]

_MAX_BYTES = 65_536


class UnknownSecret(Exception):
    """A reference leads nowhere; the message names the reference and never a value."""


class SecretStore:
    """Resolves references; *base* is the folder that relative files are found from."""

    def __init__(self, *, base: Path, environ: Mapping[str, str] | None = None) -> None:
        self._base = base
        self._environ = os.environ if environ is None else environ
        self._kinds: dict[str, Callable[[str], str]] = {"env": self._from_env, "file": self._from_file}

    def resolve(self, reference: str) -> str:
        """The secret behind *reference*.

        Raises:
            UnknownSecret: it is no reference, or leads nowhere.
        """
        kind, colon, rest = reference.partition(":")
        if not colon or kind not in self._kinds:
            raise UnknownSecret(
                "must be a reference such as env:NAME or file:PATH; a secret never stands in the config"
            )
        if not rest:
            raise UnknownSecret(f"{kind}: names nothing")
        return self._kinds[kind](rest)

    def _from_env(self, name: str) -> str:
        value = self._environ.get(name, "")
        if not value:
            raise UnknownSecret(f"the environment variable {name} is not set or empty")
        return value

    def _from_file(self, name: str) -> str:
        try:
            raw = (self._base / name).read_bytes()
            value = raw[:_MAX_BYTES].decode().strip("\r\n")
        except (OSError, UnicodeDecodeError, ValueError):
            raise UnknownSecret(f"the file {name} cannot be read as text") from None
        if not value:
            raise UnknownSecret(f"the file {name} is empty")
        return value
