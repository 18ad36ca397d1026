"""Fields that an account has beyond ours, under their own keys: what kind each is, how it is read, how it compares."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from connectors.mapping import Column, Row, convert
from connectors.tables.criteria import Criterion
from model.capabilities import RemoteField
from model.fields import CustomName, FieldKind
from model.values import Choice

__all__ = ["OwnField", "reader_of"]

_READERS: Mapping[FieldKind, Callable[[Any], Any]] = {
    FieldKind.BOOLEAN: convert.flag,
    FieldKind.INTEGER: convert.decimal,
    FieldKind.DECIMAL: convert.decimal,
    FieldKind.MONEY: convert.decimal,
    FieldKind.DATETIME: convert.instant,
    FieldKind.DATE: convert.date,
}
_TEXTS = frozenset(
    {FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL, FieldKind.CHOICE, FieldKind.MULTI_CHOICE}
)
_NUMBERS = frozenset({FieldKind.DECIMAL, FieldKind.INTEGER})
_FITTING: Mapping[FieldKind, frozenset[FieldKind]] = {
    **dict.fromkeys((*_TEXTS, FieldKind.LONG_TEXT), _TEXTS),
    **dict.fromkeys(_NUMBERS, _NUMBERS),
    **{kind: frozenset({kind}) for kind in (FieldKind.BOOLEAN, FieldKind.DATETIME, FieldKind.DATE)},
}
"""As which kinds the values of a field compare with our meaning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnField:
    """One field as the account describes it.

    Attributes:
        key: what users call it by.
        remote: vendor columns to ask for.
        read: from a row to the value in wire form; several choices as a tuple, amounts as decimal text.
        criterion: how it compares at the vendor; None where it is compared here.
        field: the unified name where it is mapped as well.
        choices: what it may hold; None where that is open. A record shows a choice's *value*.
    """

    key: str
    label: str
    kind: FieldKind
    remote: tuple[str, ...]
    read: Callable[[Row], Any]
    criterion: Criterion | None = None
    field: str | None = None
    is_custom: bool = False
    is_required: bool = False
    is_writable: bool = False
    choices: tuple[Choice, ...] | None = None

    def column(self) -> Column:
        """How it is read under its own key."""
        return Column(field=self.key, remote=self.remote, read=self.read)

    def described(self) -> RemoteField:
        """As the account's description shows it."""
        return RemoteField(
            remote_field=self.key,
            label=self.label,
            kind=self.kind,
            field=self.field,
            is_custom=self.is_custom,
            is_required=self.is_required,
            is_writable=self.is_writable,
            choices=self.choices,
        )

    def criterion_as(self, wanted: FieldKind) -> Criterion | None:
        """How it compares as *wanted*; None where it does not, or only here."""
        return self.criterion if wanted in _FITTING.get(self.kind, ()) else None

    def why_unfit(self, name: CustomName, remote_type: str) -> str | None:
        """Why a condition or an order cannot take it as *name* does, and what to do; None where it can."""
        fitting = _FITTING.get(self.kind, frozenset())
        if name.kind in fitting:
            return None
        advice = f"compare it as {', '.join(sorted(fitting))}" if fitting else "it can be selected, and not compared"
        return (
            f"{remote_type}.{self.key} is {self.kind.value} here and cannot be compared as {name.kind.value}; {advice}"
        )


def reader_of(kind: FieldKind) -> Callable[[Any], Any]:
    """How a single value of *kind* is read into wire form."""
    return _READERS.get(kind, convert.text)
