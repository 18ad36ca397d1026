"""What records can be grouped by; a group field's value is the key of the model it stands for."""

from enum import Enum
from typing import Any

import strawberry
from strawberry import UNSET
from strawberry import enum_value as word

from model.aggregate import CURRENCY
from model.reading import PLATFORM, SOURCE
from schema.types.enums import Bucket

__all__ = ["AppointmentGroupBy", "ContactGroupBy", "DealGroupBy", "LeadGroupBy"]

_IN_SOURCE = "The source they live in."
_ON_PLATFORM = "The CRM product their source is an account of."
_OWNED = "Who looks after them; users of different sources are never one."
_CREATED = "When they were created, by days unless `bucket` says otherwise."


def _field() -> Any:
    return strawberry.field(description="What the records of a group have alike.")


def _bucket() -> Any:
    return strawberry.field(
        default=UNSET, description="For dates alone: how long a span of days is one group; days when left out."
    )


@strawberry.enum(description="What contacts can be grouped by.")
class ContactGroupField(Enum):
    """What contacts can be grouped by."""

    SOURCE = word(SOURCE, description=_IN_SOURCE)
    PLATFORM = word(PLATFORM, description=_ON_PLATFORM)
    LIFECYCLE = word("lifecycle", description="How far the relationship has come, as the CRM's API has it.")
    LEAD_SOURCE = word("lead_source", description="Where they came from.")
    OWNER = word("owner", description=_OWNED)
    CREATED_AT = word("created_at", description=_CREATED)


@strawberry.enum(description="What leads can be grouped by.")
class LeadGroupField(Enum):
    """What leads can be grouped by."""

    SOURCE = word(SOURCE, description=_IN_SOURCE)
    PLATFORM = word(PLATFORM, description=_ON_PLATFORM)
    STATUS = word("status", description="Where they stand, in words shared by all sources.")
    LEAD_SOURCE = word("lead_source", description="Where they came from.")
    OWNER = word("owner", description=_OWNED)
    CREATED_AT = word("created_at", description=_CREATED)


@strawberry.enum(description="What appointments can be grouped by.")
class AppointmentGroupField(Enum):
    """What appointments can be grouped by."""

    SOURCE = word(SOURCE, description=_IN_SOURCE)
    PLATFORM = word(PLATFORM, description=_ON_PLATFORM)
    STATUS = word("status", description="Where they stand, in words shared by all sources.")
    KIND = word("kind", description="What sort they are, such as meeting or call.")
    OWNER = word("owner", description=_OWNED)
    STARTS_AT = word(
        "starts_at",
        description="When they start, by days unless `bucket` says otherwise; all-day ones have no such instant.",
    )


@strawberry.enum(description="What deals can be grouped by.")
class DealGroupField(Enum):
    """What deals can be grouped by."""

    SOURCE = word(SOURCE, description=_IN_SOURCE)
    PLATFORM = word(PLATFORM, description=_ON_PLATFORM)
    STATUS = word("status", description="Where they stand, in words shared by all sources.")
    PIPELINE = word("pipeline", description="The pipeline they are in; in the order of their source.")
    STAGE = word("stage", description="The stage they are in; in the order of pipelines, then of positions.")
    OWNER = word("owner", description=_OWNED)
    COMPANY = word("company", description="The company they are with; those of different sources are never one.")
    CURRENCY = word(CURRENCY, description="The currency of their amount; those without an amount have none.")
    CREATED_AT = word("created_at", description=_CREATED)
    EXPECTED_CLOSE_ON = word(
        "expected_close_on",
        description="Day they are expected to be decided, by days unless `bucket` says otherwise.",
    )
    CLOSED_ON = word("closed_on", description="Day they were won or lost, by days unless `bucket` says otherwise.")


@strawberry.input(description="One key of groups of contacts.")
class ContactGroupBy:
    """One key of groups of contacts."""

    field: ContactGroupField = _field()
    bucket: Bucket | None = _bucket()


@strawberry.input(description="One key of groups of leads.")
class LeadGroupBy:
    """One key of groups of leads."""

    field: LeadGroupField = _field()
    bucket: Bucket | None = _bucket()


@strawberry.input(description="One key of groups of appointments.")
class AppointmentGroupBy:
    """One key of groups of appointments."""

    field: AppointmentGroupField = _field()
    bucket: Bucket | None = _bucket()


@strawberry.input(description="One key of groups of deals.")
class DealGroupBy:
    """One key of groups of deals."""

    field: DealGroupField = _field()
    bucket: Bucket | None = _bucket()
