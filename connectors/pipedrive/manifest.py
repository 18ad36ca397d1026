"""Pipedrive's facts that are data, and what an operator may set of a source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from connectors.tables import TypeSpec
from model.entities import Entity
from model.fields import FieldKind

__all__ = ["Manifest", "PipedriveOptions", "manifest"]

Plan = Literal["lite", "growth", "premium", "ultimate"]


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PlanLimits(_Facts):
    """By which the daily tokens of a seat are multiplied, and calls in 2 s by sort of token."""

    multiplier: int
    api_token: int
    oauth: int


class Weights(_Facts):
    """Tokens of a call of version 2; version 1 takes twice as many; a short list is one of pipelines or stages."""

    one: int
    list: int
    short_list: int
    search: int


class Manifest(_Facts):
    """`manifest.yaml`, read and checked."""

    name: str
    base_url: str
    token_url: str
    host_patterns: tuple[str, ...]
    daily_base: int
    plans: Mapping[Plan, PlanLimits]
    burst_s: float
    searches: int
    weights: Weights
    page: int
    ids: int
    shortest_term: int
    task_types: tuple[str, ...]
    priorities: Mapping[str, str]
    kinds: Mapping[str, FieldKind]
    pages: Mapping[str, str]
    fields_of: Mapping[str, str]
    types: Mapping[Entity, TypeSpec]


@cache
def manifest() -> Manifest:
    """The facts; read once. A column that is no parameter of a list is compared here."""
    text = Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8")
    held: dict[str, Any] = yaml.safe_load(text)
    found = Manifest.model_validate({name: value for name, value in held.items() if name != "every"})
    types = {entity: _with_parameters_alone(spec) for entity, spec in found.types.items()}
    return found.model_copy(update={"types": types})


def _with_parameters_alone(spec: TypeSpec) -> TypeSpec:
    fields = {
        name: one if one.column else one.model_copy(update={"compare": False}) for name, one in spec.fields.items()
    }
    return spec.model_copy(update={"fields": fields})


class PipedriveOptions(BaseModel):
    """What a source of the platform `pipedrive` may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plan: Plan = Field(default="premium", description="Whose daily tokens and bursts apply.")
    seats: int = Field(default=1, ge=1, description="Paid seats, each of which adds daily tokens.")
    metadata_ttl_s: float = Field(
        default=300.0, gt=0, description="Real seconds for which fields, pipelines and users are kept."
    )
    task_types: tuple[str, ...] = Field(
        default_factory=lambda: manifest().task_types,
        description="Activity types, by key, that are tasks; the others are appointments.",
    )
