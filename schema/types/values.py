"""Values inside records: money, choices, labelled values, addresses."""

from typing import Annotated

import strawberry

from model import values
from schema.fields.info import Info
from schema.scalars import Decimal

__all__ = ["Address", "Choice", "LabelledValue", "Money"]


def _converted(
    root: values.Money,
    info: Info,
    to: Annotated[str, strawberry.argument(description="ISO 4217 currency.")],
) -> Decimal | None:
    return Decimal(info.context.reads.converted(root, to))


@strawberry.type(description="An exact amount in one currency.")
class Money:
    """An exact amount in one currency."""

    amount: Decimal = strawberry.field(description="The amount, without zeros at its end.")
    currency: str | None = strawberry.field(description="ISO 4217; the source's default where the record has none.")
    converted: Decimal | None = strawberry.field(
        resolver=_converted,
        description="The amount in another currency by the gateway's exchange rates, rounded half to even to its"
        " minor unit; null with an error where a rate is missing.",
    )


@strawberry.type(description="A value of a CRM's pick list.")
class Choice:
    """A value of a CRM's pick list."""

    value: str = strawberry.field(description="The value as the CRM's API has it.")
    label: str | None = strawberry.field(description="The value as people see it in the CRM.")
    normalized: str | None = strawberry.field(description="The value in words shared by all sources.")


@strawberry.type(description="An e-mail address or phone number, of several.")
class LabelledValue:
    """An e-mail address or phone number, of several."""

    value: str = strawberry.field(description="The value as the CRM has it.")
    normalized: str | None = strawberry.field(description="The value in canonical form, such as E.164 for phones.")
    label: str | None = strawberry.field(description='What it is for, such as "work".')
    is_primary: bool = strawberry.field(description="Whether it is the one to use first.")


@strawberry.type(description="A postal address.")
class Address:
    """A postal address."""

    label: str | None = strawberry.field(description='What it is for, such as "billing".')
    street: str | None = strawberry.field(description="Street and number.")
    street2: str | None = strawberry.field(description="Second line of the street.")
    city: str | None = strawberry.field(description="City.")
    region: str | None = strawberry.field(description="State, province or county.")
    postal_code: str | None = strawberry.field(description="Postal code.")
    country: str | None = strawberry.field(description="Country, as the CRM has it.")
