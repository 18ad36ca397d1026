"""The vendor's facts as data, read once, and the options of a source."""

from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

__all__ = ["LeadWord", "Manifest", "Options", "manifest"]

LeadWord = Literal["NEW", "WORKING", "QUALIFIED", "DISQUALIFIED", "CONVERTED", "UNKNOWN"]
_TaskWord = Literal["OPEN", "IN_PROGRESS", "DONE", "CANCELED", "UNKNOWN"]
_PriorityWord = Literal["LOW", "NORMAL", "HIGH"]
_VERSION = r"^v\d{2,3}\.0$"


class Manifest(BaseModel):
    """`manifest.yaml`, whose comments name the sources."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_version: str = Field(pattern=_VERSION)
    host_patterns: tuple[str, ...]
    token_path: str
    daily_requests: int
    concurrency: int
    read_batch: int
    related_batch: int
    answer_rows: int
    get_bytes: int
    lead_statuses: dict[str, LeadWord]
    task_statuses: dict[str, _TaskWord]
    task_priorities: dict[str, _PriorityWord]
    objects: tuple[str, ...] = Field(max_length=24)


class Options(BaseModel):
    """Keys of a Salesforce source beyond those of every source."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    api_version: str | None = Field(default=None, pattern=_VERSION, description="REST API version, such as v60.0.")
    lead_statuses: dict[str, LeadWord] = Field(
        default_factory=dict, description="Our word by the API value of Lead.Status; adds to the shipped map."
    )
    metadata_ttl_s: float = Field(default=300.0, gt=0, description="Seconds for which describe answers are kept.")
    currency: str | None = Field(
        default=None, pattern=r"^[A-Z]{3}$", description="ISO code of the org's currency where the org does not say it."
    )
    daily_requests: int | None = Field(
        default=None, gt=0, description="The org's requests in 24 hours, until its first answer says so itself."
    )


@cache
def manifest() -> Manifest:
    """The shipped facts."""
    return Manifest.model_validate(yaml.safe_load(files(__package__).joinpath("manifest.yaml").read_text("utf-8")))
