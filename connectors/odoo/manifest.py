"""Odoo's facts that are data, and what an operator may set of a source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, Field

from connectors.tables import TypeSpec
from model.entities import Entity
from model.fields import FieldKind

__all__ = ["Base", "Manifest", "OdooOptions", "manifest"]


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Base(_Facts):
    """What makes a row of a model one of a type, and what else one must be to be listed; domains both."""

    rows: tuple[Any, ...] = ()
    listed: tuple[Any, ...] = ()


class Manifest(_Facts):
    """`manifest.yaml`, read and checked."""

    name: str
    concurrency: int
    page: int
    digits: int
    own_prefix: str
    filtered: frozenset[str]
    instants: frozenset[str]
    nested: Mapping[str, Mapping[str, Any]]
    pages: Mapping[Entity, str]
    bases: Mapping[Entity, Base]
    public: frozenset[str]
    kinds: Mapping[str, FieldKind]
    types: Mapping[Entity, TypeSpec]


@cache
def manifest() -> Manifest:
    """The facts; read once."""
    text = Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8")
    held: dict[str, Any] = yaml.safe_load(text)
    return Manifest.model_validate({name: value for name, value in held.items() if name not in {"every", "read"}})


class OdooOptions(BaseModel):
    """What a source of the platform `odoo` may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    database: str | None = Field(
        default=None, description="Database at the address; left out where the address has one alone."
    )
    metadata_ttl_s: float = Field(
        default=300.0, gt=0, description="Real seconds for which fields, stages and users are kept."
    )
