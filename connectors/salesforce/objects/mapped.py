"""How one unified field stands in Salesforce columns: read, compared and ordered by."""

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from connectors.mapping import Column, Row, convert
from connectors.salesforce.soql import (
    Amount,
    Flag,
    Ordered,
    Rule,
    SortKey,
    Text,
    date_literal,
    instant_literal,
    number_literal,
    text_literal,
)
from model.values import Address, LabelledValue, Money

__all__ = [
    "ColumnFacts",
    "Mapped",
    "addresses",
    "day",
    "flag",
    "instant",
    "labelled",
    "long_text",
    "money",
    "text",
    "value",
    "whole",
]


class ColumnFacts(Protocol):
    """What the describe answer says of a column."""

    @property
    def is_filterable(self) -> bool:
        """Whether WHERE may name it."""

    @property
    def is_sortable(self) -> bool:
        """Whether ORDER BY may name it, and orders as < and > compare."""

    @property
    def is_nillable(self) -> bool:
        """Whether it can be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """One unified field.

    Attributes:
        rule: how SOQL compares it; None where that is done here.
        sort: the column that orders it; None where SOQL cannot.
        needs_all: whether the field is gone with one of its columns hidden, or only with all of them.
    """

    column: Column
    rule: Rule | None = None
    sort: SortKey | None = None
    needs_all: bool = True

    def seen_through(self, columns: Mapping[str, ColumnFacts]) -> "Mapped | None":
        """The same with only the *columns* this credential may read; None where nothing is left."""
        remote = tuple(name for name in self.column.remote if name in columns)
        if self.column.remote and (not remote or (self.needs_all and len(remote) < len(self.column.remote))):
            return None
        facts = [columns[name] for name in remote]
        rule = self.rule if all(fact.is_filterable for fact in facts) else None
        sort = self.sort
        if sort is not None:
            fact = columns.get(sort.column)
            is_sortable = fact is not None and fact.is_sortable and rule is not None
            sort = dataclasses.replace(sort, is_nillable=fact.is_nillable) if fact and is_sortable else None
        operators = rule.operators if rule is not None else {}
        column = dataclasses.replace(self.column, remote=remote, operators=operators, is_sortable=sort is not None)
        return dataclasses.replace(self, column=column, rule=rule, sort=sort)


def value(
    field: str,
    remote: tuple[str, ...],
    read: Callable[[Row], Any],
    *,
    rule: Rule | None = None,
    sort: SortKey | None = None,
    needs_all: bool = True,
) -> Mapped:
    """A field read from *remote* by *read*."""
    return Mapped(column=Column(field=field, remote=remote, read=read), rule=rule, sort=sort, needs_all=needs_all)


def text(field: str, remote: str) -> Mapped:
    """Short text."""
    return value(
        field,
        (remote,),
        lambda row: convert.text(row[remote]),
        rule=Text(remote),
        sort=SortKey(remote, lambda key: text_literal(str(key))),
    )


def long_text(field: str, remote: str) -> Mapped:
    """Text that SOQL neither filters nor sorts."""
    return value(field, (remote,), lambda row: convert.text(row[remote]))


def flag(field: str, remote: str) -> Mapped:
    """A checkbox."""
    return value(field, (remote,), lambda row: convert.flag(row[remote]), rule=Flag(remote))


def day(field: str, remote: str) -> Mapped:
    """A date."""
    return value(
        field,
        (remote,),
        lambda row: convert.date(row[remote]),
        rule=Ordered(remote, date_literal),
        sort=SortKey(remote, date_literal),
    )


def instant(field: str, remote: str) -> Mapped:
    """An instant; Salesforce writes it with a numeric offset and reads it with Z."""
    return value(
        field,
        (remote,),
        lambda row: convert.instant(row[remote]),
        rule=Ordered(remote, instant_literal),
        sort=SortKey(remote, instant_literal),
    )


def whole(field: str, remote: str) -> Mapped:
    """A whole number."""
    return value(
        field,
        (remote,),
        lambda row: convert.whole(row[remote]),
        rule=Ordered(remote, number_literal),
        sort=SortKey(remote, number_literal),
    )


def money(field: str, remote: str, *, currency: str | None, currency_column: str | None) -> Mapped:
    """A currency column in the row's currency, or in the one currency of the org."""

    def read(row: Row) -> Money | None:
        amount = convert.decimal(row[remote])
        if amount is None:
            return None
        return Money(amount, row[currency_column] if currency_column else currency)

    remotes = (remote,) if currency_column is None else (remote, currency_column)
    sort = SortKey(remote, number_literal) if currency_column is None else None
    return value(field, remotes, read, rule=Amount(remote, currency, currency_column), sort=sort)


def labelled(field: str, columns: Mapping[str, str | None]) -> Mapped:
    """Addresses of one medium, by column and label; the first there is counts as primary."""

    def read(row: Row) -> tuple[LabelledValue, ...]:
        found = [(found, label) for name, label in columns.items() if (found := convert.text(row.get(name)))]
        return tuple(LabelledValue(item, label, is_primary=place == 0) for place, (item, label) in enumerate(found))

    return value(field, tuple(columns), read, needs_all=False)


_PARTS = {"street": "Street", "city": "City", "region": "State", "postal_code": "PostalCode", "country": "Country"}


def addresses(prefixes: Mapping[str, str | None]) -> Mapped:
    """Postal addresses, by column prefix and label."""

    def read(row: Row) -> tuple[Address, ...]:
        return tuple(item for prefix, label in prefixes.items() if (item := _address(row, prefix, label)))

    remote = tuple(prefix + part for prefix in prefixes for part in _PARTS.values())
    return value("addresses", remote, read, needs_all=False)


def _address(row: Row, prefix: str, label: str | None) -> Address | None:
    parts = {name: convert.text(row.get(prefix + part)) for name, part in _PARTS.items()}
    return Address(label=label, **parts) if any(parts.values()) else None
