"""People: walked by one source, joined with the others."""

from typing import Any

import pytest

from model.entities import Entity
from model.errors import BadRequest, SourceUnavailable
from model.ids import GlobalId
from model.query import Compare, Operator, Selection
from model.reading import MatchState, PeopleRequest, PeopleResult, Person, ReadOptions, SourceStatus
from tests.resolvers.books import record, ref
from tests.resolvers.identity.accounts import Said, contacts_of, reads_over
from tests.resolvers.troubled import Hanging, Raising

pytestmark = pytest.mark.usefixtures("scope")

PHONE = {"first_name": "Cy", "last_name": "Noor", "phone": "+493023125123"}


def mail(name: str, **more: Any) -> dict[str, Any]:
    """A person with an address."""
    return {"first_name": name, "last_name": "X", "email": f"{name}@acme.example", **more}


def request(**more: Any) -> PeopleRequest:
    """People driven by source a."""
    return PeopleRequest(**{"driven_by": "a", "selection": Selection(frozenset({"email"})), **more})


def told(result: PeopleResult) -> list[list[str]]:
    """Where the records of each person live."""
    return [[f"{item.source}{item.remote_id}" for item in person.records] for person in result.people]


def field_of(person: Person, name: str) -> tuple[str, str]:
    """Where a field of a person comes from, and why."""
    (found,) = [item for item in person.field_sources if item.field == name]
    return f"{found.record.source}{found.record.remote_id}", found.reason


async def test_certain_matches_are_joined() -> None:
    """Addresses first, then numbers of those not found; what is only alike does not count."""
    reads = reads_over(
        contacts_of("a", mail("ann"), PHONE, mail("bo")),
        contacts_of("b", PHONE, mail("ann"), {"last_name": "X", "email": "info@acme.example"}),
        contacts_of("c", mail("bo"), mail("ann")),
    )

    result = await reads.people(request())

    assert told(result) == [["a1", "b2", "c2"], ["a2", "b1"], ["a3", "c1"]]
    assert result.people[0].evidence == ("b: same e-mail ann@acme.example", "c: same e-mail ann@acme.example")
    assert [(item.source, item.rows) for item in result.outcomes] == [("a", 3), ("b", 2), ("c", 2)]


async def test_fields_come_from_the_record_that_speaks() -> None:
    """Company and all, with the reason."""
    b = contacts_of("b", mail("ann", phone="+49 30 1", job_title="CEO", company=ref(Entity.COMPANY, 1)))
    b[Entity.COMPANY] = [record(Entity.COMPANY, 1, source="b", name="Acme Ltd.")]

    (person,) = (await reads_over(contacts_of("a", mail("ann")), b).people(request())).people

    assert (person.display_name, person.email, person.phone, person.company) == (
        "ann X",
        "ann@acme.example",
        "+49 30 1",
        "Acme Ltd.",
    )
    assert field_of(person, "company") == ("b1", "the only record with a value")
    assert field_of(person, "email") == ("b1", "the most complete record with a value: 6 of 7 fields")
    assert GlobalId.decode(person.key) == GlobalId("person", "a", "1")


async def test_duplicates_on_one_page_are_one_person() -> None:
    """At the place of the first; on another page they are two, and nothing is lost or met twice."""
    people = [mail("ann"), mail("bo"), mail("ann"), mail("cy"), mail("bo")]
    reads = reads_over(contacts_of("a", *people), contacts_of("b", mail("bo")))

    whole = await reads.people(request())
    walk: list[list[str]] = []
    after = None
    while True:
        page = await reads.people(request(first=2, after=after))
        walk += told(page)
        if not page.has_next_page:
            break
        after = page.cursor_of(len(page.people) - 1)

    assert told(whole) == [["a1", "a3"], ["a2", "a5", "b1"], ["a4"]]
    assert walk == [["a1"], ["a2", "b1"], ["a3"], ["a4"], ["a5", "b1"]]


async def test_every_cursor_resumes_without_loss() -> None:
    """Behind a person come the rows from the next person's first on."""
    people = [mail("ann"), mail("bo"), mail("ann"), mail("cy")]
    reads = reads_over(contacts_of("a", *people), contacts_of("b", mail("bo")))
    page = await reads.people(request())

    rest = [told(await reads.people(request(after=page.cursor_of(index)))) for index in range(3)]

    assert rest == [[["a2", "b1"], ["a3"], ["a4"]], [["a4"]], []]


async def test_decisions_win() -> None:
    """A confirmed record is in, a rejected one out, not even by way of a third."""
    said = Said(
        {
            frozenset((GlobalId("contact", "a", "1"), GlobalId("contact", "b", "2"))): MatchState.CONFIRMED,
            frozenset((GlobalId("contact", "a", "2"), GlobalId("contact", "b", "1"))): MatchState.REJECTED,
        }
    )
    b = contacts_of("b", mail("bo"), {"last_name": "Else"})
    reads = reads_over(contacts_of("a", mail("ann"), mail("bo")), b, said=said)

    result = await reads.people(request())

    assert told(result) == [["a1", "b2"], ["a2"]]
    assert result.people[0].evidence == ("b: confirmed on 2026-11-28",)


async def test_source_that_fails_leaves_the_others() -> None:
    """The page is partial; with onSourceFailure FAIL it is an error."""
    down = Raising("b", contacts_of("b", mail("ann")))
    down.error, down.where = SourceUnavailable("b is down", source="b"), ("page",)
    reads = reads_over(contacts_of("a", mail("ann")), down, contacts_of("c", mail("ann")))

    result = await reads.people(request())

    assert (told(result), result.is_partial) == ([["a1", "c1"]], True)
    with pytest.raises(SourceUnavailable):
        await reads.people(request(options=ReadOptions(fail_on_source=True)))


async def test_calls_of_the_walk_and_of_the_joins_spend_from_one_bound() -> None:
    """What the driving page took is not left for the look-ups."""
    reads = reads_over(contacts_of("a", mail("ann")), contacts_of("b", mail("ann")))

    bounded = await reads.people(request(options=ReadOptions(max_calls=1)))
    free = await reads.people(request(options=ReadOptions(max_calls=9)))

    assert sum(outcome.upstream_calls for outcome in bounded.outcomes) == 1
    assert (told(bounded), bounded.is_partial) == ([["a1"]], True)
    assert (told(free), free.is_partial) == ([["a1", "b1"]], False)


async def test_a_callers_haste_says_nothing_about_a_source() -> None:
    """With options.deadlineMs of its own, a timeout is the caller's, and the source stays as it was."""
    reads = reads_over(contacts_of("a", mail("ann")), Hanging("b", contacts_of("b", mail("ann"))))

    result = await reads.people(request(options=ReadOptions(deadline_ms=200)))

    assert told(result) == [["a1"]]
    assert [source.status for source in reads.sources()] == [SourceStatus.READY, SourceStatus.READY]


async def test_filter_chooses_among_the_driving_contacts() -> None:
    """It says nothing of the records that are joined."""
    where = Compare("last_name", Operator.EQ, "X")
    other = mail("ann") | {"last_name": None}
    reads = reads_over(contacts_of("a", mail("ann"), mail("bo") | {"last_name": "Z"}), contacts_of("b", other))

    assert told(await reads.people(request(where=where))) == [["a1", "b1"]]


async def test_driving_source_is_one_of_those_asked() -> None:
    """Else nobody knows what is walked."""
    reads = reads_over(contacts_of("a", mail("ann")), contacts_of("b", mail("ann")))

    assert told(await reads.people(request(sources=("a",)))) == [["a1"]]
    with pytest.raises(BadRequest):
        await reads.people(request(sources=("b",)))
    with pytest.raises(BadRequest):
        await reads.people(request(driven_by="nowhere"))
