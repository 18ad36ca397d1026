"""What stands on other records: what an activity is about, who attends, who a lead is.

The associations read for it serve the relations that were asked for too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connectors.http import together
from connectors.hubspot.associations import Associations, End, links_of
from connectors.hubspot.batch import BatchReader
from connectors.hubspot.course import fields_of
from connectors.hubspot.objects import OBJECTS, Mapped
from model.entities import Appointment, Contact, Entity, Lead, Note, Record, Task
from model.errors import SourceError
from model.fields import RELATIONS
from model.page import Page, RelatedPage
from model.query import Selection
from model.values import Attendee, RecordRef, Ref

__all__ = ["Enricher"]

_ENTITIES = {object_: entity for entity, object_ in OBJECTS.items()}
_LENT = {"company_name": "name"}
_NAMED = frozenset({"display_name", "email"})


class Enricher:
    """Completes records just read; lives as long as its connector and keeps nothing."""

    def __init__(self, associations: Associations, batches: BatchReader) -> None:
        self._associations = associations
        self._batches = batches

    async def completed(
        self, entity: Entity, page: Page, fields: frozenset[str], selection: Selection, types: Mapping[Entity, Mapped]
    ) -> Page:
        """*page* with those of *fields* set that stand elsewhere, and with what came along.

        Its records are this request's own: they are completed in place.

        Raises:
            SourceError: what stands elsewhere could not be read.
        """
        run = _Completion(self._associations, self._batches, entity, fields, selection, types)
        await run.complete(page.records)
        return replace(page, primed=run.primed, related=run.related) if run.related or run.primed else page


@dataclass(slots=True)
class _Completion:
    """One page's completion.

    Attributes:
        primed: records at far ends that were read for it.
        related: links of relations asked for that were read for it.
    """

    associations: Associations
    batches: BatchReader
    entity: Entity
    fields: frozenset[str]
    selection: Selection
    types: Mapping[Entity, Mapped]
    primed: list[Record] = field(default_factory=list)
    related: dict[tuple[str, str], RelatedPage] = field(default_factory=dict)

    @property
    def mapped(self) -> Mapped:
        """The mapping of the page's type."""
        return self.types[self.entity]

    async def complete(self, records: Sequence[Record]) -> None:
        """Set what stands elsewhere on *records*."""
        if not records:
            return
        borrowed, enriched = self.mapped.borrowed, self.mapped.enriched
        lenders = sorted({borrowed[name] for name in self.fields if name in borrowed})
        targets = sorted({target for name in self.fields if name in enriched for target in enriched[name]})
        leads = [record for record in records if isinstance(record, Lead)]
        await together(
            *(self._borrow(object_, leads) for object_ in lenders), *(self._tie(records, target) for target in targets)
        )

    async def _tie(self, records: Sequence[Record], target: str) -> None:
        """Set what *records* are tied to among *target* objects."""
        ids = [record.remote_id for record in records]
        found = await self.associations.ends(self.entity, self.mapped.object, target, ids)
        ends = {parent: tied for parent, (tied, _) in found.items()}
        self._relate(target, ends)
        are_attending = "attendees" in self.fields and target == "contacts"
        people = await self._people(ends) if are_attending else {}
        for record in records:
            refs = tuple(_record_ref(target, end.remote_id, self.types) for end in ends[record.remote_id])
            if "about" in self.fields and isinstance(record, Appointment | Note | Task):
                held = record.about if isinstance(record.about, tuple) else ()
                record.about = tuple(sorted((*held, *refs), key=_place))
            if are_attending and isinstance(record, Appointment):
                owners = record.attendees if isinstance(record.attendees, tuple) else ()
                record.attendees = owners + tuple(_attendee(one, people.get(one.remote_id)) for one in refs)

    async def _people(self, ends: Mapping[str, Sequence[End]]) -> Mapping[str, Record]:
        """The contacts at *ends*, with what attendees and the relations to contacts tell of them."""
        ids = list(dict.fromkeys(end.remote_id for tied in ends.values() for end in tied))
        return await self._lent("contacts", ids, _NAMED)

    async def _lent(self, object_: str, ids: Sequence[str], fields: frozenset[str]) -> Mapping[str, Record]:
        """Records by id, with *fields* and what the relations to them ask: they come along with the page."""
        entity = _ENTITIES[object_]
        for name in self._relations_to(object_):
            fields |= fields_of(entity, self.selection.relations[name].selection, self.types[entity])
        found: dict[str, Record] = {}
        for remote_id, record in (await self.batches.read(entity, self.types[entity], ids, fields)).items():
            if isinstance(record, SourceError):
                raise record
            found[remote_id] = record
        self.primed.extend(found.values())
        return found

    async def _borrow(self, object_: str, leads: Sequence[Lead]) -> None:
        """Set the fields that stand on each lead's contact or company; a lead without one keeps None."""
        wanted = {name: _LENT.get(name, name) for name in self.fields if self.mapped.borrowed.get(name) == object_}
        ids = [lead.remote_id for lead in leads]
        ends = await self.associations.primary(Entity.LEAD, self.mapped.object, object_, ids)
        far_ids = list(dict.fromkeys(end.remote_id for end in ends.values()))
        lenders = await self._lent(object_, far_ids, frozenset(wanted.values()))
        self._relate(object_, {one: [ends[one]] if one in ends else [] for one in ids})
        for lead in leads:
            end = ends.get(lead.remote_id)
            source = lenders.get(end.remote_id) if end is not None else None
            for name, lent in wanted.items():
                if source is not None:
                    setattr(lead, name, getattr(source, lent))

    def _relations_to(self, target: str) -> list[str]:
        """Relations asked for that stand on the associations to *target*."""
        return [name for name in self.selection.relations if self.mapped.links.get(name) == target]

    def _relate(self, target: str, ends: Mapping[str, Sequence[End]]) -> None:
        """Keep the links of the relations that *ends* answer as well."""
        for name in self._relations_to(target):
            relation = RELATIONS[self.entity][name]
            first = self.selection.relations[name].first or 1
            way = (self.mapped.object, target)
            for parent, tied in ends.items():
                page = links_of(tied, way, to=relation.target, first=first, is_many=relation.is_many)
                self.related[name, parent] = page


def _place(ref: RecordRef) -> tuple[int, int]:
    """Contacts first, then companies, then deals, each by id."""
    return ("contacts", "companies", "deals").index(ref.remote_type), int(ref.remote_id)


def _attendee(one: RecordRef, contact: Record | None) -> Attendee:
    """The contact at *one*; a pointer alone where it is gone."""
    if not isinstance(contact, Contact):
        return Attendee(contact=one.ref)
    name, email = (told if isinstance(told, str) else None for told in (contact.display_name, contact.email))
    return Attendee(name=name, email=email, contact=one.ref)


def _record_ref(object_: str, remote_id: str, types: Mapping[Entity, Mapped]) -> RecordRef:
    entity = _ENTITIES[object_]
    link = types[entity].link if entity in types else None
    return RecordRef(
        remote_type=object_,
        remote_id=remote_id,
        ref=Ref(entity, remote_id),
        url=link + remote_id if link is not None else None,
    )
