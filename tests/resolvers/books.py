"""Small books of related records, whole and in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from model.entities import Entity, Record, record_type
from model.query import RelationSelection, Selection
from model.values import Ref

__all__ = ["Book", "follow", "many", "record"]

Book = Mapping[Entity, Sequence[Record]]


def record(entity: Entity, number: int | str, *, source: str = "a", **values: Any) -> Any:
    """A whole record with *values*; a relation's value is the number of the record it points to."""
    blank: dict[str, Any] = {
        item.name: None for item in fields(record_type(entity)) if item.name not in {"source", "remote_id"}
    }
    return record_type(entity)(source=source, remote_id=str(number), **{**blank, **values})


def ref(entity: Entity, number: int | str) -> Ref:
    """A pointer to a record of the same source."""
    return Ref(entity, str(number))


def follow(*names: str, **relations: Selection) -> Selection:
    """Fields by name, and to-one relations with what is wanted there."""
    return Selection(frozenset(names), {name: RelationSelection(item) for name, item in relations.items()})


def many(selection: Selection, **relations: tuple[int, Selection]) -> Selection:
    """*selection* with to-many relations, each as how many are wanted and what of them."""
    added = {name: RelationSelection(item, first) for name, (first, item) in relations.items()}
    return Selection(selection.fields, {**selection.relations, **added})
