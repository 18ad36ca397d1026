"""The platforms this installation knows, found by looking: no list to edit.

A platform is a package in `connectors/` that exports `PLATFORM`, or an installed distribution's entry point in the
group `crm_gateway.platforms`.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import entry_points
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

import connectors
from connectors.base import Connector
from connectors.credentials import Auth
from connectors.http import Wire

__all__ = ["Platform", "SourceConfig", "SourceLimits", "platforms"]

ENTRY_POINT_GROUP = "crm_gateway.platforms"


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
        key: the package's name.
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


@cache
def platforms() -> Mapping[str, Platform]:
    """Every known platform by key, in alphabetical order."""
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(connectors.__path__):
        if module.ispkg:
            package = importlib.import_module(f"connectors.{module.name}")
            if hasattr(package, "PLATFORM"):
                found[package.PLATFORM.key] = package.PLATFORM
    for entry in entry_points(group=ENTRY_POINT_GROUP):
        found[entry.name] = entry.load()
    return dict(sorted(found.items()))
