"""Small books of related records, whole and in memory."""

from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import fields
from typing import Any

from model.entities import Entity, Record, record_type
from model.query import RelationSelection, Selection
from model.reading import ListRequest
from model.values import Ref

__all__ = ["LINKS", "NAME", "Book", "contacts_with", "follow", "many", "record", "ref", "settled", "small_book"]

NAME = Selection(frozenset({"name"}))
PEOPLE = 6
LINKS = {
    **{("deals", str(n)): [str(10 * n + i) for i in range(4)] for n in range(1, PEOPLE + 1)},
    **{("contacts", str(n)): [str(i) for i in range(1, PEOPLE + 1) if i % 3 == n % 3] for n in (1, 2, 3)},
}

Book = Mapping[Entity, Sequence[Record]]


def record(entity: Entity, number: int | str, *, source: str = "a", **values: Any) -> Any:
    """A whole record with *values*; everything else is missing."""
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


async def settled(found: object) -> Any:
    """What is there or comes, or the error that does."""
    try:
        return await found if isinstance(found, Awaitable) else found
    except Exception as error:  # noqa: BLE001 - the test looks at it
        return error


def small_book(source: str = "a") -> Book:
    """Six contacts of three companies, owned by two users, with four deals each."""
    person, company, user, deal = Entity.CONTACT, Entity.COMPANY, Entity.USER, Entity.DEAL
    return {
        person: [
            record(
                person,
                n,
                source=source,
                last_name=f"N{n}",
                company=ref(company, n % 3 or 3),
                owner=ref(user, n % 2 + 1),
            )
            for n in range(1, PEOPLE + 1)
        ],
        company: [
            record(company, n, source=source, name=f"C{n}", domain=f"c{n}.io", owner=ref(user, 1)) for n in (1, 2, 3)
        ],
        user: [record(user, n, source=source, name=f"U{n}", email=f"u{n}@x.io") for n in (1, 2)],
        deal: [
            record(deal, 10 * n + i, source=source, name=f"D{n}{i}", owner=ref(user, 2))
            for n in range(1, PEOPLE + 1)
            for i in range(4)
        ],
    }


def contacts_with(selection: Selection) -> ListRequest:
    """The contacts with *selection*."""
    return ListRequest(entity=Entity.CONTACT, selection=selection)
