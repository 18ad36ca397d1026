"""HubSpot's facts that are data, and what an operator may set of a source."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["HubSpotOptions", "Manifest", "PathFamily", "PlanLimits", "SearchLimits", "manifest"]

LeadWord = Literal["NEW", "WORKING", "QUALIFIED", "DISQUALIFIED", "CONVERTED", "UNKNOWN"]


class _Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PathFamily(_Facts):
    """Where each resource lives, with {object}, {target} and {version} to fill in."""

    objects: str
    associations: str
    properties: str
    pipelines: str
    owners: str
    account: str


class PlanLimits(_Facts):
    """Calls allowed in 10 s and in a day; *daily* is None where HubSpot states none."""

    burst: int
    daily: int | None


class SearchLimits(_Facts):
    """What one search may hold, how many a second may run, and where by object a text is looked for."""

    per_second: int
    page_size: int
    groups: int
    filters_per_group: int
    filters: int
    body_chars: int
    hits: int
    looks_at: Mapping[str, tuple[str, ...]]


class Manifest(_Facts):
    """`manifest.yaml`, read and checked."""

    name: str
    base_url: str
    host_patterns: tuple[str, ...]
    ui_host: str
    token_path: str
    paths: Mapping[Literal["numbered", "dated"], PathFamily]
    type_ids: Mapping[str, str]
    plans: Mapping[str, PlanLimits]
    concurrency: int
    list_page_size: int
    batch_read_size: int
    association_batch_size: int
    owner_page_size: int
    search: SearchLimits
    group_counts: int
    index_lag_s: float
    primary_links: Mapping[str, Mapping[str, int]]
    association_filters: Mapping[str, str]
    lifecycle: Mapping[str, str]
    lead_lifecycle_stages: tuple[str, ...]
    lead_stage_statuses: Mapping[str, LeadWord]
    contact_lead_statuses: Mapping[str, LeadWord]
    appointment_statuses: Mapping[str, str]
    task_statuses: Mapping[str, str]
    task_priorities: Mapping[str, str]
    owner_kinds: Mapping[str, str]

    def primary_type(self, parent: str, target: str) -> int | None:
        """The association type that marks the primary link from *parent* objects to *target* objects."""
        return self.primary_links.get(parent, {}).get(target)


@cache
def manifest() -> Manifest:
    """The facts; read once."""
    text = Path(__file__).with_name("manifest.yaml").read_text(encoding="utf-8")
    return Manifest.model_validate(yaml.safe_load(text))


class HubSpotOptions(BaseModel):
    """What a source of the platform `hubspot` may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    leads: Literal["object", "contact_stage", "none"] = Field(
        default="object",
        description="What a lead is: a record of the leads object, a contact at a lead's lifecycle stage, or nothing.",
    )
    plan: Literal["free", "professional", "enterprise", "oauth"] = Field(
        default="professional", description="Which of HubSpot's rate limits apply; oauth for a marketplace app."
    )
    metadata_ttl_s: float = Field(
        default=300.0, gt=0, description="Real seconds for which properties, pipelines and owners are kept."
    )
    api_version: str = Field(
        default="v3", pattern=r"^(v3|20\d\d-(03|09))$", description="Path family: v3, or a date such as 2026-09."
    )
    lead_statuses: Mapping[str, LeadWord] = Field(
        default_factory=dict,
        description="LeadStatus by lead pipeline stage id, or by hs_lead_status value; adds to the shipped map.",
    )
