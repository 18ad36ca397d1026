"""The fields that many types share, as factories: a relation is declared in one line.

Each takes its description. Which relation it is follows from the type and the field's name, by `model.fields`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from model.entities import Entity, Record
from model.errors import OurBug
from model.reading import Outcome, PlanStep, RelatedItem, RelatedList, SourceInfo
from model.values import Ref
from schema.fields.info import Info
from schema.fields.pages import PageView, related_page
from schema.fields.reading import read_attribute
from schema.lower.paging import page_size, refuse_cursor, stands_under_list, unpaged_size
from schema.lower.selection import relation_of, selection

__all__ = [
    "After",
    "First",
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

First = Annotated[int | None, strawberry.argument(description="Records at most, from 1 to the gateway's limit.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to read on from.")]

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


async def _to_one(root: Record, info: Info) -> Record | None:
    relation = relation_of(info.raw)
    selected = selection(info.raw, info.context, relation.target)
    return await info.context.reads.related_one(root, relation.name, selected)


async def _connection(root: Record, info: Info, first: First = _RELATED_FIRST, after: After = UNSET) -> PageView:
    size = page_size(first, default=_RELATED_FIRST, limits=info.context.limits)
    cursor = None if after is UNSET else after
    if cursor is not None and stands_under_list(info.path.as_list()):
        refuse_cursor()
    return related_page(await _related(root, info, first=size, after=cursor))


async def _listed(root: Record, info: Info) -> list[Record]:
    return [item.record for item in await _linked(root, info)]


async def _linked(root: Record, info: Info) -> Sequence[RelatedItem]:
    return (await _related(root, info, first=unpaged_size(info.context.limits), after=None)).items


async def _related(root: Record, info: Info, *, first: int, after: str | None) -> RelatedList:
    relation = relation_of(info.raw)
    selected = selection(info.raw, info.context, relation.target, is_list=True)
    return await info.context.reads.related_many(root, relation.name, first=first, after=after, selection=selected)


def _sited(root: Record, info: Info) -> list[Sited] | None:
    values: Any = read_attribute(root, info.python_name)
    return None if values is None else [Sited(root.source, value) for value in values]


async def _pointed(root: Sited, info: Info) -> Record | None:
    ref: Ref | None = getattr(root.value, info.python_name)
    if ref is None:
        return None
    selected = selection(info.raw, info.context, Entity(ref.entity))
    return await info.context.reads.referred(root.source, ref, selected)


def _source(root: Record | Outcome | PlanStep, info: Info) -> SourceInfo:
    found = info.context.reads.source(root.source)
    if found is None:
        raise OurBug(f"something was read from {root.source}, which the caller has no source by")
    return found
