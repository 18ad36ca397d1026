"""The people of appointments: who an event is with (WhoId) and who is invited (EventRelation)."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass

from connectors.mapping import Row, convert, understood
from connectors.salesforce.objects import Facts, Tables
from connectors.salesforce.reading import Reader
from connectors.salesforce.soql import Select, all_of, is_in, text_literal, typeof
from model.entities import Entity
from model.page import Link, RelatedPage
from model.values import Attendee, Ref

__all__ = ["Person", "attendees_of", "contacts_of", "people_of"]

_TYPES = ("Contact", "Lead", "User")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at an appointment; *response* as Salesforce says it, None for the one it is with."""

    remote_id: str
    name: str | None
    email: str | None
    response: str | None


async def people_of(reader: Reader, tables: Tables, events: Sequence[str]) -> Mapping[str, Sequence[Person]]:
    """The people of each of *events* in id order, nobody twice; one call for all."""
    literals = [text_literal(event) for event in events]
    texts = [_with_whom(literals).text()]
    if "EventRelation" in tables.objects:
        texts.append(_invited(literals, tables.objects["EventRelation"].columns).text())
    found: dict[str, dict[str, Person]] = {event: {} for event in events}
    answers = await reader.rows(texts, entity=Entity.APPOINTMENT)
    with understood(tables.source):
        for row in answers[0]:
            found[row["Id"]][row["WhoId"]] = _person(row["WhoId"], row.get("Who"), None)
        for row in answers[1] if len(answers) > 1 else ():
            person = _person(row["RelationId"], row.get("Relation"), convert.text(row.get("Status")))
            held = found[row["EventId"]].get(person.remote_id)
            found[row["EventId"]][person.remote_id] = person if held is None or person.response else held
    return {event: [people[key] for key in sorted(people)] for event, people in found.items()}


def _branches(names: Sequence[str]) -> Sequence[tuple[str, Sequence[str]]]:
    return [(name, ("Name", "Email")) for name in names]


def _with_whom(literals: Sequence[str]) -> Select:
    return Select(
        items=["Id", "WhoId", typeof("Who", _branches(_TYPES[:2]))],
        source="Event",
        where=all_of(is_in("Id", literals), "WhoId != null"),
    )


def _invited(literals: Sequence[str], columns: Container[str]) -> Select:
    """Rows of people and rooms.

    Orgs with Shared Activities also say in such rows what an event is about (object reference, "EventRelation", read
    2026-11).
    """
    status = ["Status"] if "Status" in columns else []
    return Select(
        items=["EventId", "RelationId", *status, typeof("Relation", _branches(_TYPES))],
        source="EventRelation",
        where=all_of(is_in("EventId", literals), "IsWhat = false" if "IsWhat" in columns else True),
        order=("EventId ASC", "RelationId ASC"),
    )


def _person(remote_id: str, inner: Row | None, response: str | None) -> Person:
    row = inner or {}
    return Person(remote_id, convert.text(row.get("Name")), convert.text(row.get("Email")), response)


def attendees_of(people: Sequence[Person], facts: Facts) -> tuple[Attendee, ...]:
    """*people* as attendees; a room or other resource has neither contact nor lead nor user."""
    return tuple(
        Attendee(
            name=person.name,
            email=person.email,
            contact=facts.ref(person.remote_id, Entity.CONTACT),
            lead=facts.ref(person.remote_id, Entity.LEAD),
            user=facts.ref(person.remote_id, Entity.USER),
            response=person.response,
        )
        for person in people
    )


def contacts_of(people: Sequence[Person], facts: Facts, *, first: int, after: str | None) -> RelatedPage:
    """The contacts among *people*."""
    ids = [person.remote_id for person in people if facts.ref(person.remote_id, Entity.CONTACT)]
    rest = [remote_id for remote_id in ids if after is None or remote_id > after]
    links = tuple(Link(ref=Ref(Entity.CONTACT, remote_id)) for remote_id in rest[:first])
    return RelatedPage(links, has_more=len(rest) > first)
