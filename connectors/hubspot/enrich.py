"""Fields of a record that stand on other records: what an activity is about, who attends, who a lead is."""

from collections.abc import Mapping, Sequence

from connectors.hubspot.associations import Associations, End
from connectors.hubspot.batch import BatchReader
from connectors.hubspot.objects import ENRICHED, OBJECTS, Mapped
from connectors.hubspot.together import together
from model.entities import Appointment, Entity, Lead, Note, Record, Task
from model.errors import SourceError
from model.values import Attendee, RecordRef, Ref

__all__ = ["Enricher"]

_ENTITIES = {object_: entity for entity, object_ in OBJECTS.items()}
_LENT = {"company_name": "name"}


class Enricher:
    """Completes records just read; lives as long as its connector and keeps nothing."""

    def __init__(self, associations: Associations, batches: BatchReader) -> None:
        self._associations = associations
        self._batches = batches

    async def enrich(
        self, entity: Entity, records: Sequence[Record], fields: frozenset[str], types: Mapping[Entity, Mapped]
    ) -> None:
        """Set those of *fields* that stand elsewhere on *records*, each of them this request's own."""
        mapped = types[entity]
        if not records:
            return
        if mapped.borrowed:
            lenders = {mapped.borrowed[name] for name in fields if name in mapped.borrowed}
            offered = {far.object for far in types.values()}
            await together(*(self._borrow(object_, records, fields, types) for object_ in sorted(lenders & offered)))
            return
        linked = ENRICHED.get(entity, {})
        targets = sorted({target for name in fields if name in linked for target in linked[name]})
        if not targets:
            return
        ids = [record.remote_id for record in records]
        found = await together(*(self._associations.ends(entity, mapped.object, target, ids) for target in targets))
        ends: dict[str, Mapping[str, tuple[list[End], bool]]] = dict(zip(targets, found, strict=True))
        for record in records:
            tied = {target: by_parent[record.remote_id][0] for target, by_parent in ends.items()}
            if "about" in fields and isinstance(record, Appointment | Note | Task):
                record.about = _about(tied, types)
            if "attendees" in fields and isinstance(record, Appointment):
                contacts = tuple(Attendee(contact=Ref(Entity.CONTACT, end.remote_id)) for end in tied["contacts"])
                owners = record.attendees if isinstance(record.attendees, tuple) else ()
                record.attendees = owners + contacts

    async def _borrow(
        self, object_: str, leads: Sequence[Record], fields: frozenset[str], types: Mapping[Entity, Mapped]
    ) -> None:
        """Set the fields that stand on each lead's contact or company; a lead without one keeps None.

        Raises:
            SourceError: the contacts or companies could not be read.
        """
        entity = _ENTITIES[object_]
        borrowed = types[Entity.LEAD].borrowed
        wanted = {name: _LENT.get(name, name) for name in fields if borrowed.get(name) == object_}
        ids = [lead.remote_id for lead in leads]
        ends = await self._associations.primary(Entity.LEAD, types[Entity.LEAD].object, object_, ids)
        far_ids = list(dict.fromkeys(end.remote_id for end in ends.values()))
        lenders = await self._batches.read(entity, types[entity], far_ids, wanted.values())
        for lead in leads:
            end = ends.get(lead.remote_id)
            lender = lenders.get(end.remote_id) if end is not None else None
            if isinstance(lender, SourceError):
                raise lender
            for name, lent in wanted.items():
                if isinstance(lead, Lead) and lender is not None:
                    setattr(lead, name, getattr(lender, lent))


def _about(tied: Mapping[str, Sequence[End]], types: Mapping[Entity, Mapped]) -> tuple[RecordRef, ...]:
    """Contacts, companies and deals, each by ascending id."""
    return tuple(
        _record_ref(object_, end.remote_id, types)
        for object_ in ENRICHED[Entity.NOTE]["about"]
        for end in tied[object_]
    )


def _record_ref(object_: str, remote_id: str, types: Mapping[Entity, Mapped]) -> RecordRef:
    entity = _ENTITIES[object_]
    link = types[entity].link if entity in types else None
    return RecordRef(
        remote_type=object_,
        remote_id=remote_id,
        ref=Ref(entity, remote_id),
        url=link + remote_id if link is not None else None,
    )
