"""Conditions on one field, by the kind of its value.

An attribute is named after its operator; `schema.lower.filters` reads them by these names.
"""

from typing import Any

import strawberry
from strawberry import UNSET

from schema.scalars import Date, DateTime, Decimal
from schema.types.enums import (
    AppointmentStatus,
    DealStatus,
    LeadStatus,
    RelativeRange,
    TaskPriority,
    TaskStatus,
    UserKind,
)

__all__ = [
    "AppointmentStatusFilter",
    "BooleanFilter",
    "CustomFieldFilter",
    "DateFilter",
    "DateTimeFilter",
    "DealStatusFilter",
    "DecimalFilter",
    "IdFilter",
    "IntFilter",
    "LeadStatusFilter",
    "MoneyFilter",
    "TaskPriorityFilter",
    "TaskStatusFilter",
    "TextFilter",
    "UserKindFilter",
]


def _is(description: str, *, name: str | None = None) -> Any:
    return strawberry.field(default=UNSET, description=description, name=name)


def _eq() -> Any:
    return _is("Equal to this.")


def _ne() -> Any:
    return _is("Not equal to this; true of a missing value.")


def _in() -> Any:
    return _is("Equal to one of these; an empty list matches nothing.", name="in")


def _not_in() -> Any:
    return _is("Equal to none of these; true of a missing value.")


def _is_null() -> Any:
    return _is("True: the value is missing. False: there is one.")


def _lt() -> Any:
    return _is("Before or below this.")


def _lte() -> Any:
    return _is("Before or below this, or equal to it.")


def _gt() -> Any:
    return _is("After or above this.")


def _gte() -> Any:
    return _is("After or above this, or equal to it.")


def _within() -> Any:
    return _is("In this range, counted from today in `options.timeZone`.")


@strawberry.input(description="A condition on a text; case is ignored.")
class TextFilter:
    """A condition on a text."""

    eq: str | None = _eq()
    ne: str | None = _ne()
    in_: list[str] | None = _in()
    not_in: list[str] | None = _not_in()
    contains: str | None = _is("Has this anywhere in it.")
    starts_with: str | None = _is("Begins with this.")
    is_null: bool | None = _is_null()


@strawberry.input(description="A condition on a record, pipeline or stage, by its global id.")
class IdFilter:
    """A condition on an id."""

    eq: strawberry.ID | None = _eq()
    in_: list[strawberry.ID] | None = _in()
    is_null: bool | None = _is_null()


@strawberry.input(description="A condition on a yes or no.")
class BooleanFilter:
    """A condition on a yes or no."""

    eq: bool | None = _eq()
    is_null: bool | None = _is_null()


@strawberry.input(description="A condition on a whole number.")
class IntFilter:
    """A condition on a whole number."""

    eq: int | None = _eq()
    ne: int | None = _ne()
    in_: list[int] | None = _in()
    lt: int | None = _lt()
    lte: int | None = _lte()
    gt: int | None = _gt()
    gte: int | None = _gte()
    is_null: bool | None = _is_null()


@strawberry.input(description="A condition on a number.")
class DecimalFilter:
    """A condition on a number."""

    eq: Decimal | None = _eq()
    ne: Decimal | None = _ne()
    lt: Decimal | None = _lt()
    lte: Decimal | None = _lte()
    gt: Decimal | None = _gt()
    gte: Decimal | None = _gte()
    is_null: bool | None = _is_null()


@strawberry.input(description="A condition on an amount; amounts in other currencies do not match.")
class MoneyFilter:
    """A condition on an amount."""

    currency: str = strawberry.field(description="ISO 4217 code; alone, it matches every amount in that currency.")
    eq: Decimal | None = _eq()
    lt: Decimal | None = _lt()
    lte: Decimal | None = _lte()
    gt: Decimal | None = _gt()
    gte: Decimal | None = _gte()


@strawberry.input(description="A condition on a day.")
class DateFilter:
    """A condition on a day."""

    eq: Date | None = _eq()
    lt: Date | None = _lt()
    lte: Date | None = _lte()
    gt: Date | None = _gt()
    gte: Date | None = _gte()
    is_null: bool | None = _is_null()
    within: RelativeRange | None = _within()


@strawberry.input(description="A condition on an instant.")
class DateTimeFilter:
    """A condition on an instant."""

    lt: DateTime | None = _lt()
    lte: DateTime | None = _lte()
    gt: DateTime | None = _gt()
    gte: DateTime | None = _gte()
    is_null: bool | None = _is_null()
    within: RelativeRange | None = _within()


@strawberry.input(description="A condition on one of the CRM's own fields, by exactly one kind of value.")
class CustomFieldFilter:
    """A condition on one of the CRM's own fields."""

    key: str = strawberry.field(description="The CRM's own key of the field, or an alias of the configuration.")
    text: TextFilter | None = _is("Its value as a text; of several choices, a match of any counts.")
    decimal: DecimalFilter | None = _is("Its value as a number.")
    boolean: BooleanFilter | None = _is("Its value as a yes or no.")
    date: DateFilter | None = _is("Its value as a day.")
    date_time: DateTimeFilter | None = _is("Its value as an instant.")


@strawberry.input(description="A condition on a lead's status.")
class LeadStatusFilter:
    """A condition on a lead's status."""

    eq: LeadStatus | None = _eq()
    in_: list[LeadStatus] | None = _in()
    not_in: list[LeadStatus] | None = _not_in()


@strawberry.input(description="A condition on an appointment's status.")
class AppointmentStatusFilter:
    """A condition on an appointment's status."""

    eq: AppointmentStatus | None = _eq()
    in_: list[AppointmentStatus] | None = _in()
    not_in: list[AppointmentStatus] | None = _not_in()


@strawberry.input(description="A condition on a deal's status.")
class DealStatusFilter:
    """A condition on a deal's status."""

    eq: DealStatus | None = _eq()
    in_: list[DealStatus] | None = _in()
    not_in: list[DealStatus] | None = _not_in()


@strawberry.input(description="A condition on a task's status.")
class TaskStatusFilter:
    """A condition on a task's status."""

    eq: TaskStatus | None = _eq()
    in_: list[TaskStatus] | None = _in()
    not_in: list[TaskStatus] | None = _not_in()


@strawberry.input(description="A condition on a task's priority.")
class TaskPriorityFilter:
    """A condition on a task's priority."""

    eq: TaskPriority | None = _eq()
    in_: list[TaskPriority] | None = _in()
    not_in: list[TaskPriority] | None = _not_in()


@strawberry.input(description="A condition on the kind of a user.")
class UserKindFilter:
    """A condition on the kind of a user."""

    eq: UserKind | None = _eq()
    in_: list[UserKind] | None = _in()
    not_in: list[UserKind] | None = _not_in()
