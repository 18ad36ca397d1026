"""Zoho's facts that are data, and what an operator may set of a source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from connectors.tables import TypeSpec
from model.entities import Entity
from model.fields import FieldKind

__all__ = ["Manifest", "ZohoOptions", "manifest"]

DataCenter = Literal["us", "eu", "in", "au", "jp", "cn", "ca", "sa"]
Edition = Literal["free", "standard", "professional", "enterprise", "ultimate"]
LeadWord = Literal["NEW", "WORKING", "QUALIFIED", "DISQUALIFIED", "CONVERTED", "UNKNOWN"]


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Hosts(_Facts):
    """One data centre: its API, where tokens come from, and where people see records."""

    api: str
    accounts: str
    ui: str


class PlanLimits(_Facts):
    """Credits in 24 hours, those that each user licence adds, the most there are, and calls at a time."""

    credits: int
    each: int
    most: int | None
    concurrency: int


class CoqlLimits(_Facts):
    """What one query may hold; *credits* are the row counts up to which it costs 1, 2, and so on."""

    criteria: int
    values: int
    columns: int
    groups: int
    rows: int
    credits: tuple[int, ...]


class Manifest(_Facts):
    """`manifest.yaml`, read and checked."""

    name: str
    version: str
    token_path: str
    data_centers: Mapping[DataCenter, Hosts]
    host_patterns: tuple[str, ...]
    plans: Mapping[Edition, PlanLimits]
    coql: CoqlLimits
    ids: int
    fields: int
    page: int
    found: int
    text: int
    listed: frozenset[str]
    pointers: frozenset[str]
    modules: Mapping[str, Entity]
    tabs: Mapping[str, str]
    params: Mapping[str, Mapping[str, str]]
    bases: Mapping[str, str]
    outcomes: Mapping[str, str]
    lead_statuses: Mapping[str, LeadWord]
    kinds: Mapping[str, FieldKind]
    types: Mapping[Entity, TypeSpec]


@cache
def manifest() -> Manifest:
    """The facts; read once."""
    text = Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8")
    held: dict[str, Any] = yaml.safe_load(text)
    return Manifest.model_validate({name: value for name, value in held.items() if name not in {"every", "read"}})


class ZohoOptions(BaseModel):
    """What a source of the platform `zoho` may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_center: DataCenter = Field(default="us", description="Where the account lives, as its web address ends.")
    plan: Edition = Field(default="enterprise", description="Edition, whose credits and calls at a time apply.")
    users: int = Field(default=1, ge=1, description="User licences, each of which adds credits.")
    metadata_ttl_s: float = Field(
        default=300.0, gt=0, description="Real seconds for which fields, pipelines and users are kept."
    )
    lead_statuses: Mapping[str, LeadWord] = Field(
        default_factory=dict, description="LeadStatus by value of Lead_Status; adds to the shipped map."
    )
