"""The fields that many types share, as factories: a relation is declared in one line.

Each takes its description. Which relation it is follows from the type and the field's name, by `model.fields`.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import strawberry
from strawberry import UNSET

from model.entities import Entity, Record
from model.errors import OurBug
from model.reading import Eventually, Outcome, PlanStep, RelatedItem, RelatedList, SourceInfo
from model.values import Ref
from schema.fields.arguments import After, First
from schema.fields.info import Info
from schema.fields.pages import PageView, related_page
from schema.fields.reading import read_attribute
from schema.lower.paging import page_size, refuse_cursor, stands_under_list, unpaged_size
from schema.lower.selection import relation_of, selection

__all__ = [
    "Sited",
    "connection",
    "linked",
    "listed",
    "pointed",
    "resolved",
    "sited",
    "source_field",
    "to_one",
]


T = TypeVar("T")

_RELATED_FIRST = 20


@dataclass(slots=True)
class Sited:
    """A value inside a record, with the source it was read from; it has the value's attributes as well."""

    source: str
    value: Any

    def __getattr__(self, name: str) -> object:
        return getattr(self.value, name)


def to_one(description: str) -> Any:
    """A relation to one record."""
    return strawberry.field(resolver=_to_one, description=description)


def connection(description: str) -> Any:
    """A relation to many records, as a connection."""
    return strawberry.field(resolver=_connection, description=description)


def listed(description: str) -> Any:
    """A relation to many records, as a plain list of them."""
    return strawberry.field(resolver=_listed, description=description)


def linked(description: str) -> Any:
    """A relation to many records, as a list of links that carry a role."""
    return strawberry.field(resolver=_linked, description=description)


def sited(description: str) -> Any:
    """A list of values that point to records."""
    return strawberry.field(resolver=_sited, description=description)


def pointed(description: str, *, name: str | None = None) -> Any:
    """The record that a value in a `sited` list points to."""
    return strawberry.field(resolver=_pointed, description=description, name=name)


def source_field(description: str) -> Any:
    """The source that something belongs to."""
    return strawberry.field(resolver=_source, description=description)


def resolved(resolver: Callable[..., object], description: str, *, name: str | None = None) -> Any:
    """A field whose resolver gives what the model has, where the class declares what the schema shows."""
    return strawberry.field(resolver=resolver, description=description, name=name)


def _to_one(root: Record, info: Info) -> Eventually[Record | None]:
    relation = relation_of(info.raw)
    selected = selection(info.raw, info.context, relation.target)
    return info.context.reads.related_one(root, relation.name, selected)


def _connection(
    root: Record, info: Info, first: First = _RELATED_FIRST, after: After = UNSET
) -> Eventually[PageView[Record] | None]:
    size = page_size(first, default=_RELATED_FIRST, most=info.context.limits.first)
    cursor = None if after is UNSET else after
    if cursor is not None and stands_under_list(info.path.as_list()):
        refuse_cursor()
    return _related(root, info, related_page, first=size, after=cursor)


def _listed(root: Record, info: Info) -> Eventually[list[Record] | None]:
    return _related(root, info, _records_of, first=unpaged_size(info.context.limits))


def _linked(root: Record, info: Info) -> Eventually[Sequence[RelatedItem] | None]:
    return _related(root, info, _items_of, first=unpaged_size(info.context.limits))


def _records_of(found: RelatedList) -> list[Record]:
    return [item.record for item in found.items]


def _items_of(found: RelatedList) -> Sequence[RelatedItem]:
    return found.items


def _related(
    root: Record, info: Info, shown: Callable[[RelatedList], T], *, first: int, after: str | None = None
) -> Eventually[T | None]:
    """A relation's rows as *shown*; what is there is given at once, for a task of its own costs every row of a list."""
    relation = relation_of(info.raw)
    selected = selection(info.raw, info.context, relation.target, is_list=True)
    found = info.context.reads.related_many(root, relation.name, first=first, after=after, selection=selected)
    if isinstance(found, Awaitable):
        return _shown_later(found, shown)
    return None if found is None else shown(found)


async def _shown_later(found: Awaitable[RelatedList | None], shown: Callable[[RelatedList], T]) -> T | None:
    rows = await found
    return None if rows is None else shown(rows)


def _sited(root: Record, info: Info) -> list[Sited] | None:
    values: Any = read_attribute(root, info.python_name)
    return None if values is None else [Sited(root.source, value) for value in values]


def _pointed(root: Sited, info: Info) -> Eventually[Record | None]:
    ref: Ref | None = getattr(root.value, info.python_name)
    if ref is None:
        return None
    selected = selection(info.raw, info.context, Entity(ref.entity))
    return info.context.reads.referred(root.source, ref, selected)


def _source(root: Record | Outcome | PlanStep, info: Info) -> SourceInfo:
    found = info.context.reads.source(root.source)
    if found is None:
        raise OurBug(f"something was read from {root.source}, which the caller has no source by")
    return found
