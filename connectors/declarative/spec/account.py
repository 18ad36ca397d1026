"""What a connector file says of the accounts at its API: pipelines, look-ups, currency, one to try it on."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field

from connectors.declarative.spec.part import Part, RestPath, Text

__all__ = ["AccountSpec", "LookupSpec", "PipelineSpec", "PipelinesSpec", "StageSpec", "TrialSpec"]


class StageSpec(Part):
    """One stage of a pipeline that the file tells itself."""

    id: str
    name: str
    probability: Annotated[int, Field(ge=0, le=100)] | None = None
    outcome: Literal["OPEN", "WON", "LOST"] = "OPEN"


class PipelineSpec(Part):
    """A pipeline that the file tells itself."""

    id: str
    name: str
    stages: tuple[StageSpec, ...]


class PipelinesSpec(Part):
    """Where the API tells its pipelines; paths of a stage are from the stage, *probability* is a percentage."""

    path: RestPath
    rows: str = ""
    id: Text = "id"
    name: Text = "name"
    stages: Text = "stages"
    stage: Mapping[Literal["id", "name", "position", "probability", "outcome"], str] = MappingProxyType(
        {"id": "id", "name": "name"}
    )
    outcomes: Mapping[str, Literal["OPEN", "WON", "LOST"]] = Field(default_factory=dict)


class LookupSpec(Part):
    """Where the API tells what people call the values of a column, such as the names of industries by their ids."""

    path: RestPath
    rows: str = ""
    id: Text = "id"
    name: Text = "name"


class AccountSpec(Part):
    """What the account is: where the API tells it, else constants."""

    path: RestPath | None = None
    id: Text | None = None
    currency: Text | None = Field(default=None, description="A path into the answer; without a path of ours, a code.")
    time_zone: Text | None = None


class TrialSpec(Part):
    """An account to try the file on: `auth` holds references, as a config's does."""

    base_url: Text
    auth: Mapping[str, Any]
