"""From group inputs to keys, and which totals and labels a client selects."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from graphql import (
    FieldNode,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    get_named_type,
    is_object_type,
)
from strawberry import UNSET

from model.aggregate import Bucket, GroupKey
from model.entities import Entity
from model.errors import OurBug
from model.fields import RELATIONS
from schema.lower.collect import Document, FieldNodes

__all__ = ["GroupInput", "Totals", "lower_groups", "names_records", "totals_wanted"]

_AMOUNTS = ("amounts", "converted")


class _Member(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def value(self) -> object: ...


class GroupInput(Protocol):
    """What the group inputs have in common."""

    field: _Member
    bucket: _Member | None


def lower_groups(group_by: Sequence[GroupInput]) -> tuple[GroupKey, ...]:
    """The keys, in the order given."""
    return tuple(GroupKey(str(item.field.value), _bucket(item.bucket)) for item in group_by)


def _bucket(bucket: _Member | None) -> Bucket | None:
    return None if bucket is None or bucket is UNSET else Bucket(bucket.name)


@dataclass(frozen=True, slots=True)
class Totals:
    """What is selected of groups: amounts at all, their weighted sums, labels of keys."""

    has_amounts: bool
    is_weighted: bool
    has_labels: bool


def totals_wanted(info: GraphQLResolveInfo[Any]) -> Totals:
    """What the aggregate being resolved is asked for; what is not selected is not summed."""
    document = Document.of(info)
    groups, group = _below(document, info.return_type, info.field_nodes, "groups")
    keys, key = _below(document, group, groups, "keys")
    amounts = [_below(document, group, groups, name) for name in _AMOUNTS if name in getattr(group, "fields", {})]
    return Totals(
        has_amounts=any(nodes for nodes, _ in amounts),
        is_weighted=any("weightedSum" in document.fields(type_, nodes) for nodes, type_ in amounts if nodes),
        has_labels="label" in document.fields(key, keys),
    )


def _below(
    document: Document, type_: GraphQLOutputType, nodes: Iterable[FieldNode], name: str
) -> tuple[FieldNodes, GraphQLObjectType]:
    """The nodes of the field called *name* that *nodes* of *type_* select, and its type."""
    named = get_named_type(type_)
    if not is_object_type(named):
        raise OurBug(f"{named.name} has no fields")
    below = get_named_type(named.fields[name].type)
    if not is_object_type(below):
        raise OurBug(f"{named.name}.{name} has no fields")
    return document.fields(named, nodes).get(name, []), below


def names_records(entity: Entity, keys: Iterable[GroupKey]) -> bool:
    """Whether a key is a record, whose name has to be read."""
    return any(key.field in RELATIONS[entity] for key in keys)
