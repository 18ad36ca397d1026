"""The values a record is made of.

Scalars stay in normalised wire form until something needs them parsed: an instant is RFC 3339 text in UTC with
milliseconds (`2026-05-01T12:34:56.000Z`), a date is `YYYY-MM-DD`, a decimal is plain text in its one spelling
(`1234.5`).
In this form instants and dates compare as text.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Context, Decimal
from enum import Enum
from typing import Final, Literal

__all__ = [
    "EXACT",
    "UNSET",
    "Address",
    "Attendee",
    "Choice",
    "DateText",
    "DecimalText",
    "InstantText",
    "LabelledValue",
    "Money",
    "RecordRef",
    "Ref",
    "Unset",
    "decimal_text",
    "instant_text",
]

InstantText = str
DateText = str
DecimalText = str

EXACT: Final = Context(prec=400)
"""Adds and multiplies amounts without rounding: the digits of any that a CRM can hold fit many times over."""


class Unset(Enum):
    """The type of UNSET."""

    UNSET = "UNSET"

    def __bool__(self) -> Literal[False]:
        """False, so that `value or None` reads naturally."""
        return False


UNSET: Final = Unset.UNSET
"""A field that was not asked for; it is neither null nor false, and reading it is a bug of ours."""


def instant_text(moment: datetime) -> InstantText:
    """*moment* in the normalised form; it must be aware."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def decimal_text(number: Decimal) -> DecimalText:
    """*number* in the one spelling: no exponent, no zeros at the end of a fraction, no negative zero."""
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount; *currency* is ISO 4217, the source's default where the record names none."""

    amount: DecimalText
    currency: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """A picklist value: *value* as the API has it, *label* as people see it, *normalized* in our words."""

    value: str
    label: str | None = None
    normalized: str | None = None


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """An e-mail address or phone number of several."""

    value: str
    label: str | None = None
    is_primary: bool = False
    normalized: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address."""

    label: str | None = None
    street: str | None = None
    street2: str | None = None
    city: str | None = None
    region: str | None = None
    postal_code: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Ref:
    """A pointer to one unified record (or pipeline, or stage) of the same source."""

    entity: str
    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendee:
    """Somebody invited; at most one of *contact*, *lead* and *user* is set."""

    name: str | None = None
    email: str | None = None
    contact: Ref | None = None
    lead: Ref | None = None
    user: Ref | None = None
    response: str | None = None
    is_required: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRef:
    """What an activity is about; *ref* is None for types the gateway does not unify."""

    remote_type: str
    remote_id: str
    ref: Ref | None = None
    url: str | None = None
