"""The tables of an organisation: their columns and how they relate, from `tables.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal, cast

import yaml

__all__ = ["Column", "Kind", "Nav", "Table", "tables"]

Kind = Literal[
    "bigint",
    "bool",
    "choice",
    "choices",
    "complex",
    "date",
    "datetime",
    "decimal",
    "guid",
    "int",
    "lookup",
    "memo",
    "money",
    "state",
    "status",
    "text",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column by its logical *name*.

    Attributes:
        name: lower case.
        kind: what its cells are.
        options: value → label, of choices, states and status reasons.
        states: status reason → the state it belongs to.
        targets: table → single-valued navigation, of a lookup or of a GUID that leads on; "" where there is none.
    """

    name: str
    kind: Kind
    options: Mapping[int, str] = field(default_factory=dict)
    states: Mapping[int, int] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)

    @property
    def property_name(self) -> str:
        """What the Web API calls it: lookups are read as `_name_value`."""
        return f"_{self.name}_value" if self.kind == "lookup" else self.name

    @property
    def is_number(self) -> bool:
        """Whether it is compared and summed as a number."""
        return self.kind in {"bigint", "choice", "decimal", "int", "money", "state", "status"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nav:
    """A navigation property: to the one record in *column* of this table, or to those of *target* that point back.

    Attributes:
        name: case-sensitive.
        target: table it leads to.
        column: a lookup of this table, or of *target* where it leads to many.
        is_many: whether it leads to many.
    """

    name: str
    target: str
    column: str
    is_many: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table.

    Attributes:
        name: logical name.
        entity_set: in addresses.
        code: number of the type.
        key: column of the primary key.
        title: column of the name that lookups show; "" where there is none.
        is_activity: whether it is an activity.
        columns: by property name.
        navs: by name.
    """

    name: str
    entity_set: str
    code: int
    key: str
    title: str
    is_activity: bool
    columns: Mapping[str, Column]
    navs: Mapping[str, Nav]

    @property
    def keys(self) -> tuple[str, ...]:
        """Columns that come with every row: the primary key, and what users and teams are owners by."""
        column = self.columns.get("ownerid")
        return (self.key,) if column is None else (self.key, column.name)


@cache
def tables() -> Mapping[str, Table]:
    """Every table by its logical name."""
    told = yaml.safe_load((Path(__file__).parent / "tables.yaml").read_text("utf-8"))["tables"]
    return {name: _table(name, one) for name, one in told.items()}


def _table(name: str, told: Mapping[str, Any]) -> Table:
    columns = [_column(*item) for item in told["columns"].items()]
    navs = [
        Nav(name=nav, target=target, column=column.name, is_many=False)
        for column in columns
        for target, nav in column.targets.items()
        if nav
    ]
    for nav, link in told.get("collections", {}).items():
        target, _, lookup = link.partition(".")
        navs.append(Nav(name=nav, target=target, column=lookup, is_many=True))
    return Table(
        name=name,
        entity_set=told["set"],
        code=told["code"],
        key=told["key"],
        title=told["name"],
        is_activity=told.get("activity", False),
        columns={column.property_name: column for column in columns},
        navs={nav.name: nav for nav in navs},
    )


def _column(name: str, told: str | Mapping[str, Mapping[Any, str]]) -> Column:
    if isinstance(told, str):
        return Column(name=name, kind=cast("Kind", told))
    ((kind, values),) = told.items()
    if kind in {"guid", "lookup"}:
        return Column(name=name, kind=cast("Kind", kind), targets=values)
    if kind == "status":
        states = {value: int(label.partition(" ")[0]) for value, label in values.items()}
        labels = {value: label.partition(" ")[2] for value, label in values.items()}
        return Column(name=name, kind="status", options=labels, states=states)
    return Column(name=name, kind=cast("Kind", kind), options=values)
