"""The records one request has already read, so that nothing is asked twice."""

from collections.abc import Iterable

from model.entities import Appointment, Company, Contact, Deal, Entity, Lead, Note, Record, Task, User
from model.page import RelatedPage
from model.query import Selection
from model.values import UNSET

__all__ = ["Known", "covers", "entity_of"]

_ENTITIES: dict[type[Record], Entity] = {
    Contact: Entity.CONTACT,
    Lead: Entity.LEAD,
    Appointment: Entity.APPOINTMENT,
    Deal: Entity.DEAL,
    Company: Entity.COMPANY,
    User: Entity.USER,
    Note: Entity.NOTE,
    Task: Entity.TASK,
}


def entity_of(record: Record) -> Entity:
    """The unified type of *record*."""
    return _ENTITIES[type(record)]


def covers(record: Record, needed: Iterable[str]) -> bool:
    """Whether *record* carries every field in *needed*."""
    return all(getattr(record, name) is not UNSET for name in needed)


class Known:
    """Records by source, type and id, and first links by parent; lives as long as one request."""

    def __init__(self) -> None:
        self._records: dict[tuple[str, Entity, str], list[Record]] = {}
        self._related: dict[tuple[str, Entity, str, str], tuple[int, Selection, RelatedPage]] = {}

    def keep(self, record: Record) -> None:
        """Remember *record*."""
        self._records.setdefault((record.source, entity_of(record), record.remote_id), []).append(record)

    def record(self, source: str, entity: Entity, remote_id: str, needed: frozenset[str]) -> Record | None:
        """A record that carries *needed*, where one was read."""
        for record in self._records.get((source, entity, remote_id), ()):
            if covers(record, needed):
                return record
        return None

    def keep_related(
        self,
        source: str,
        entity: Entity,
        relation: str,
        parent: str,
        *,
        first: int,
        selection: Selection,
        page: RelatedPage,
    ) -> None:
        """Remember the first links of a parent."""
        self._related[(source, entity, relation, parent)] = (first, selection, page)

    def related(
        self, source: str, entity: Entity, relation: str, parent: str, *, first: int, selection: Selection
    ) -> RelatedPage | None:
        """The first links of a parent, where a read brought enough of them with what *selection* needs."""
        held = self._related.get((source, entity, relation, parent))
        if held is None:
            return None
        held_first, held_selection, page = held
        has_enough = first <= held_first or not page.has_more
        if not has_enough or not _within(selection, held_selection):
            return None
        return page if len(page.links) <= first else RelatedPage(page.links[:first], has_more=True)


def _within(inner: Selection, outer: Selection) -> bool:
    """Whether whoever read *outer* read all that *inner* wants."""
    return inner.fields <= outer.fields and all(
        name in outer.relations and _within(item.selection, outer.relations[name].selection)
        for name, item in inner.relations.items()
    )
