"""HubSpot's search language: filters, groups of them, and the body that carries them.

A group holds when all its filters do; a search matches when any group holds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Any

import orjson

from connectors.hubspot.manifest import manifest

__all__ = ["ALL", "ID", "Filter", "Group", "Groups", "Sort", "both", "either", "fits", "needs", "search_body"]

ID = "hs_object_id"


@dataclass(frozen=True, slots=True)
class Filter:
    """One comparison of a property; *value* or *values* by what the operator takes."""

    name: str
    operator: str
    value: str | None = None
    values: tuple[str, ...] = ()

    def body(self) -> dict[str, Any]:
        """As JSON; HAS_PROPERTY and its opposite go without a value (appsmith#39865)."""
        body: dict[str, Any] = {"propertyName": self.name, "operator": self.operator}
        if self.value is not None:
            body["value"] = self.value
        if self.values:
            body["values"] = list(self.values)
        return body


Group = tuple[Filter, ...]
Groups = tuple[Group, ...]

_POSITIVE = frozenset({"EQ", "IN", "LT", "LTE", "GT", "GTE", "CONTAINS_TOKEN"})
"""Operators that only records with a value satisfy."""

ALL: Groups = ((),)
"""The condition that every record meets."""


def both(*conditions: Groups) -> Groups:
    """Where every one of *conditions* holds: the groups multiply, filters that others imply left out."""
    return tuple(
        _reduced(tuple(dict.fromkeys(filter_ for group in groups for filter_ in group)))
        for groups in product(*conditions)
    )


def _reduced(group: Group) -> Group:
    return tuple(filter_ for filter_ in group if not any(_implies(other, filter_) for other in group))


def _implies(one: Filter, other: Filter) -> bool:
    """Whether *one* of a group makes *other* of it superfluous."""
    if one.name != other.name or one == other:
        return False
    if other.operator == "HAS_PROPERTY":
        return one.operator in _POSITIVE
    if other.operator == "IN" and one.operator in {"EQ", "IN"}:
        accepted = one.values if one.operator == "IN" else (one.value,)
        return set(accepted) < set(other.values)
    return False


def either(conditions: Iterable[Groups]) -> Groups:
    """Where any one of *conditions* holds: the groups add up."""
    groups = tuple(dict.fromkeys(group for condition in conditions for group in condition))
    return ALL if () in groups else groups


def needs(groups: Groups, name: str) -> bool:
    """Whether only records with a value of property *name* satisfy *groups*."""
    telling = _POSITIVE | {"HAS_PROPERTY"}
    return all(any(one.name == name and one.operator in telling for one in group) for group in groups)


@dataclass(frozen=True, slots=True)
class Sort:
    """The one sort a search takes."""

    name: str
    is_descending: bool = False


def search_body(
    groups: Groups,
    properties: Iterable[str],
    *,
    limit: int,
    sort: Sort | None = None,
    text: str | None = None,
    after: int = 0,
) -> bytes:
    """The request's JSON; parts that are empty are left out, for an empty list of properties is refused.

    *text* is looked for in the properties that HubSpot chooses; *after* is an offset, and holds for that order alone.
    """
    body: dict[str, Any] = {"limit": limit}
    if text is not None:
        body["query"] = text
    if after:
        body["after"] = str(after)
    if groups != ALL:
        body["filterGroups"] = [{"filters": [filter_.body() for filter_ in group]} for group in groups]
    if sort is not None:
        direction = "DESCENDING" if sort.is_descending else "ASCENDING"
        body["sorts"] = [{"propertyName": sort.name, "direction": direction}]
    if names := list(properties):
        body["properties"] = names
    return orjson.dumps(body)


def fits(groups: Groups, properties: Iterable[str]) -> bool:
    """Whether a search for *groups* keeps to HubSpot's limits of groups, filters and characters."""
    limits = manifest().search
    if len(groups) > limits.groups or any(len(group) > limits.filters_per_group for group in groups):
        return False
    if sum(map(len, groups)) > limits.filters:
        return False
    body = search_body(groups, properties, limit=limits.page_size, sort=Sort("hs_lastmodifieddate"))
    return len(body.decode()) <= limits.body_chars
