"""Freshsales' facts that are data, and what an operator may set of a source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from connectors.tables import TypeSpec
from model.entities import Entity
from model.fields import FieldKind

__all__ = ["FreshsalesOptions", "Manifest", "manifest"]

LeadWord = Literal["NEW", "WORKING", "QUALIFIED", "DISQUALIFIED", "CONVERTED", "UNKNOWN"]


class Manifest(BaseModel):
    """`manifest.yaml`, read and checked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    base_path: str
    host_patterns: tuple[str, ...]
    hourly: int
    page: int
    found: int
    includes: Mapping[str, Mapping[str, str]]
    singular: Mapping[str, str]
    views: Mapping[str, str]
    parts: Mapping[str, tuple[str, ...]]
    selectors: tuple[str, ...]
    settings: Mapping[str, str]
    targets: Mapping[str, Entity]
    pages: Mapping[str, str]
    lifecycle: Mapping[str, str]
    outcomes: Mapping[str, str]
    kinds: Mapping[str, FieldKind]
    types: Mapping[Entity, TypeSpec]


@cache
def manifest() -> Manifest:
    """The facts; read once. A column that is no attribute of filtered searches is compared here."""
    text = Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8")
    held: dict[str, Any] = yaml.safe_load(text)
    found = Manifest.model_validate({name: value for name, value in held.items() if name != "every"})
    types = {entity: _with_attributes_alone(spec) for entity, spec in found.types.items()}
    return found.model_copy(update={"types": types})


def _with_attributes_alone(spec: TypeSpec) -> TypeSpec:
    fields = {
        name: one if one.column else one.model_copy(update={"compare": False}) for name, one in spec.fields.items()
    }
    return spec.model_copy(update={"fields": fields})


class FreshsalesOptions(BaseModel):
    """What a source of the platform `freshsales` may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    hourly: int = Field(
        default_factory=lambda: manifest().hourly, ge=1, description="Calls that the account may make in an hour."
    )
    metadata_ttl_s: float = Field(
        default=900.0, gt=0, description="Real seconds for which fields, views, stages and owners are kept."
    )
    lead_statuses: Mapping[str, LeadWord] = Field(
        default_factory=dict, description="LeadStatus by contact status id; wins over what the status says of itself."
    )
