"""The platforms this installation knows, found by looking: no list to edit.

A platform is a package in `connectors/` that exports `PLATFORM`, a file in `connectors/catalog/`, an installed
distribution's entry point in the group `crm_gateway.platforms`, or any file that a config names by its path.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

import connectors
from connectors.base import Connector
from connectors.credentials import Auth
from connectors.http import Wire

__all__ = ["Platform", "SourceConfig", "SourceLimits", "is_file", "platform_of", "platforms"]

ENTRY_POINT_GROUP = "crm_gateway.platforms"
_CATALOG = Path(connectors.__path__[0]) / "catalog"


class SourceLimits(BaseModel):
    """What one source may be read for one list, in place of the settings' own bounds; None where those hold.

    Attributes:
        scan_rows: rows to finish a filter or an order here, where the CRM narrows what is read.
        max_scan_rows: the same where the caller allows scanning.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    scan_rows: Annotated[int, Field(ge=1)] | None = None
    max_scan_rows: Annotated[int, Field(ge=1)] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceConfig:
    """One entry of `sources:`, checked, its secrets resolved.

    Attributes:
        key: immutable slug that addresses the source.
        platform: the platform's key, or the path of the file that tells it.
        base_url: scheme and host, without a trailing slash; None where the platform has one host for everybody.
        options: an instance of the platform's own options model.
        limits: in place of the settings' own.
    """

    key: str
    name: str
    platform: str
    base_url: str | None
    auth: Auth
    options: BaseModel
    limits: SourceLimits = field(default_factory=SourceLimits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """A CRM product this installation can speak to.

    Attributes:
        key: the package's name, or the file's without its ending.
        name: as the vendor writes it.
        auth_kinds: the `auth.kind`s it takes.
        options: model of the further keys a source of it may have; unknown keys are errors.
        needs_base_url: whether the account has a host of its own.
        host_patterns: hosts a base_url may have, such as "*.salesforce.com".
        connect: makes a connector; calls nobody.
    """

    key: str
    name: str
    auth_kinds: tuple[str, ...]
    options: type[BaseModel]
    needs_base_url: bool
    host_patterns: tuple[str, ...]
    connect: Callable[[SourceConfig, Wire], Connector]


class _Platforms(Mapping[str, Platform]):
    """Platforms by key, in alphabetical order; one that a file tells is read when it is asked for, and then kept."""

    def __init__(self, found: Mapping[str, Platform], files: Mapping[str, Path]) -> None:
        self._found = dict(found)
        self._files = files
        self._keys = sorted({*found, *files})

    def __getitem__(self, key: str) -> Platform:
        if key not in self._found:
            self._found[key] = _told_by(self._files[key])
        return self._found[key]

    def __contains__(self, key: object) -> bool:
        return key in self._found or key in self._files

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


@cache
def platforms() -> Mapping[str, Platform]:
    """Every known platform by key, in alphabetical order; a file of the catalog is not read before it is asked for."""
    found: dict[str, Platform] = {}
    for module in pkgutil.iter_modules(connectors.__path__):
        if module.ispkg:
            package = importlib.import_module(f"connectors.{module.name}")
            if hasattr(package, "PLATFORM"):
                found[package.PLATFORM.key] = package.PLATFORM
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        found[entry.name] = entry.load()
    return _Platforms(found, {file.stem: file for file in _CATALOG.glob("*.yaml")})


def is_file(name: str) -> bool:
    """Whether *name* is a file that tells a platform, and no platform's key."""
    return name.endswith((".yaml", ".yml"))


def platform_of(name: str) -> Platform:
    """The platform whose key is *name*, or that the file at the path *name* tells.

    Raises:
        ConfigError: with every mistake of the file.
        KeyError: no platform has that key.
    """
    return _told_by(Path(name)) if is_file(name) else platforms()[name]


def _told_by(file: Path) -> Platform:
    # Imported here: what reads files makes Platforms.
    platform: Platform = importlib.import_module("connectors.declarative").load(file)
    return platform
