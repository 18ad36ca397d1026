"""Dynamics 365's facts that are data, and what an operator may set of a source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from connectors.tables import TypeSpec
from model.entities import Entity
from model.fields import FieldKind

__all__ = ["Case", "DynamicsOptions", "Manifest", "TableSpec", "manifest"]


class Case(BaseModel):
    """When a field has its column: where the column *at* is *value*, or is not; else it has *otherwise*, or nothing."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    is_: str | None = Field(default=None, alias="is")
    is_not: str | None = None
    otherwise: str | None = Field(default=None, alias="else")

    @property
    def value(self) -> str:
        """What the column is compared with."""
        return self.is_ or self.is_not or ""

    @property
    def conditions(self) -> tuple[str, str]:
        """Where the field has its column, and where it does not."""
        equal, other = f"{self.at} eq {self.value}", f"{self.at} ne {self.value}"
        return (equal, other) if self.is_ is not None else (other, equal)


class TableSpec(TypeSpec):
    """One unified type as a table; `manifest.yaml` says what its parts are."""

    table: str
    state_flags: Mapping[str, int] = Field(default_factory=dict)
    about: str | None = None
    at: Mapping[str, str] = Field(default_factory=dict)
    typed: frozenset[str] = frozenset()
    states: Mapping[str, Mapping[int, str]] = Field(default_factory=dict)
    cases: Mapping[str, Case] = Field(default_factory=dict)
    related: Mapping[str, str] = Field(default_factory=dict)


class Manifest(BaseModel):
    """`manifest.yaml`, read and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    api: str
    host_patterns: tuple[str, ...]
    token_url: str
    requests: int
    window_s: float
    concurrency: int
    page_size: int
    listed: int
    url_chars: int
    kinds: Mapping[str, FieldKind]
    types: Mapping[Entity, TableSpec]


@cache
def manifest() -> Manifest:
    """The facts; read once."""
    text = Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8")
    return Manifest.model_validate(yaml.safe_load(text))


class DynamicsOptions(BaseModel):
    """What a source of the platform `dynamics365` may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tenant: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9.-]{1,200}$",
        description="Id or domain of the Entra tenant that signs in, where auth.token_url is left out.",
    )
    requests: int | None = Field(
        default=None, gt=0, description="Calls in five minutes, where others call as the same user."
    )
    metadata_ttl_s: float = Field(
        default=300.0, gt=0, description="Real seconds for which tables, stages, currencies and users are kept."
    )
