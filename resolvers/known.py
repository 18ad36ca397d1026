"""The records one request has already read, so that nothing is asked twice."""

from collections.abc import Iterable
from typing import TypeAlias

from model.entities import Entity, Record, record_type
from model.fields import custom_of
from model.page import RelatedPage
from model.query import Selection
from model.values import UNSET

__all__ = ["Known", "Parent", "covers", "entity_of"]

Parent: TypeAlias = tuple[str, Entity, str, str]
"""Source, type, relation and the parent's remote id."""

_ENTITIES = {record_type(entity): entity for entity in Entity}


def entity_of(record: Record) -> Entity:
    """The unified type of *record*."""
    return _ENTITIES[type(record)]


def covers(record: Record, needed: Iterable[str]) -> bool:
    """Whether *record* carries every field in *needed*."""
    for name in needed:  # noqa: SIM110 - a generator takes twice the time, for every row of every relation
        if getattr(record, name, UNSET) is UNSET and not _has_own(record, name):
            return False
    return True


def _has_own(record: Record, name: str) -> bool:
    """Whether *name* stands for one of the CRM's own fields that *record* carries."""
    custom = custom_of(name)
    return custom is not None and record.custom is not UNSET and custom.key in record.custom


class Known:
    """Records by source, type and id, and first links by parent; lives as long as one request."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, Entity, str], list[Record]] = {}
        self._related: dict[Parent, tuple[int, Selection, RelatedPage]] = {}

    def keep(self, record: Record, *, asked_as: str | None = None) -> None:
        """Remember *record*, under the id it was asked by: a merged record has another now.

        What is known already is not held twice.
        """
        key = (record.source, entity_of(record), asked_as or record.remote_id)
        held = self._records.get(key)
        if held is None:
            self._records[key] = [record]
        elif record not in held:
            held.append(record)

    def record(self, source: str, entity: Entity, remote_id: str, needed: frozenset[str]) -> Record | None:
        """A record that carries *needed*, where one was read."""
        for record in self._records.get((source, entity, remote_id), ()):
            if covers(record, needed):
                return record
        return None

    def keep_related(self, parent: Parent, *, first: int, selection: Selection, page: RelatedPage) -> None:
        """Remember the first links of a parent, and the records that came with them."""
        for link in page.links:
            if link.record is not None:
                self.keep(link.record)
        held = self._related.get(parent)
        if held is None or not (first <= held[0] and _within(selection, held[1])):
            self._related[parent] = (first, selection, page)

    def related(self, parent: Parent, *, first: int, selection: Selection) -> RelatedPage | None:
        """The first links of a parent, where a read brought enough of them with what *selection* needs."""
        held = self._related.get(parent)
        if held is None:
            return None
        held_first, held_selection, page = held
        has_enough = first <= held_first or not page.has_more
        if not has_enough or not _within(selection, held_selection):
            return None
        return page if len(page.links) <= first else RelatedPage(page.links[:first], has_more=True)


def _within(inner: Selection, outer: Selection) -> bool:
    """Whether whoever read *outer* read all that *inner* wants."""
    if inner is outer:
        return True
    return inner.fields <= outer.fields and all(
        name in outer.relations and _within(item.selection, outer.relations[name].selection)
        for name, item in inner.relations.items()
    )
