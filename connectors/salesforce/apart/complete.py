"""Fields that take calls of their own after their rows are read: attendees, and the text and subjects of notes."""

from collections.abc import Mapping, Sequence

from connectors.http import HttpClient
from connectors.salesforce.account import Account
from connectors.salesforce.apart.invitees import attendees_of, contacts_of, people_of
from connectors.salesforce.apart.notes import abouts_of, bodies_of
from connectors.salesforce.calls import Api
from connectors.salesforce.reading import Reader
from model.entities import Appointment, Note, Record
from model.page import RelatedPage
from model.query import Selection

__all__ = ["Apart"]


class Apart:
    """Completes records of one org; holds no state of a request."""

    def __init__(self, client: HttpClient, api: Api, reader: Reader) -> None:
        self._client = client
        self._api = api
        self._reader = reader

    async def complete(
        self, account: Account, records: Sequence[Record], fields: frozenset[str], selection: Selection
    ) -> dict[tuple[str, str], RelatedPage]:
        """Set *fields* on *records*; what else the calls brought is given back as links."""
        if not records or not fields:
            return {}
        notes = [record for record in records if isinstance(record, Note)]
        if "about" in fields and notes:
            await self._set_abouts(account, notes)
        if "body" in fields and notes:
            await self._set_bodies(account, notes)
        events = [record for record in records if isinstance(record, Appointment)]
        if "attendees" in fields and events:
            return await self._set_attendees(account, events, selection)
        return {}

    async def _set_abouts(self, account: Account, notes: Sequence[Note]) -> None:
        ids = [note.remote_id for note in notes]
        abouts = await abouts_of(self._reader, account.tables.facts, ids, source=account.tables.source)
        for note in notes:
            note.about = abouts[note.remote_id]

    async def _set_bodies(self, account: Account, notes: Sequence[Note]) -> None:
        contents = [note.body if isinstance(note.body, str) else None for note in notes]
        bodies = await bodies_of(self._client, self._api, contents, source=account.tables.source)
        for note, body in zip(notes, bodies, strict=True):
            note.body = body

    async def _set_attendees(
        self, account: Account, events: Sequence[Appointment], selection: Selection
    ) -> dict[tuple[str, str], RelatedPage]:
        facts = account.tables.facts
        people = await people_of(self._reader, account.tables, [event.remote_id for event in events])
        for event in events:
            event.attendees = attendees_of(people[event.remote_id], facts)
        wanted = selection.relations.get("contacts")
        if wanted is None:
            return {}
        first = wanted.first or len(events)
        return {
            ("contacts", event): contacts_of(found, facts, first=first, after=None) for event, found in people.items()
        }

    async def contacts(
        self, account: Account, events: Sequence[str], *, first: int, after: str | None
    ) -> Mapping[str, RelatedPage]:
        """The contacts of each of *events*."""
        people = await people_of(self._reader, account.tables, events)
        facts = account.tables.facts
        return {event: contacts_of(found, facts, first=first, after=after) for event, found in people.items()}
