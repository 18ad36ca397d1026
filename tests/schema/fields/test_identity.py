"""Matches, people and decisions: what a client writes becomes one plain request."""

from model.entities import Contact, Entity
from model.query import Compare, Operator, Selection
from model.reading import (
    IDENTITY,
    FieldSource,
    Match,
    MatchResult,
    MatchState,
    Outcome,
    OutcomeStatus,
    PeopleResult,
    Person,
)
from tests.schema.conftest import Ask, contact, gid
from tests.schema.shelf import Shelf

FOUND = Match(record=contact("south", 3), score=0.95, evidence=("same phone +49 and name",), state=MatchState.CERTAIN)


async def test_matches_are_shown_with_their_evidence(ask: Ask, shelf: Shelf) -> None:
    """Records, scores, states and how each source took part."""
    outcome = Outcome(source="south", status=OutcomeStatus.OK, rows=1)
    shelf.found = MatchResult(items=[FOUND], is_exhaustive=False, outcomes=[outcome])
    query = """query ($id: ID!) { contact(id: $id) { matches {
        isExhaustive items { score evidence state record { id ... on Contact { email } } } sources { rows } } } }"""

    answer = await ask(query, id=gid("contact", "north", "c1"))

    assert answer["errors"] == []
    assert answer["data"]["contact"]["matches"] == {
        "isExhaustive": False,
        "items": [
            {
                "score": 0.95,
                "evidence": ["same phone +49 and name"],
                "state": "CERTAIN",
                "record": {"id": gid("contact", "south", "c3"), "email": "3@south.example"},
            }
        ],
        "sources": [{"rows": 1}],
    }


async def test_list_reads_what_its_records_are_recognised_by(ask: Ask, shelf: Shelf) -> None:
    """So that nothing is read twice for its matches; the matches' own selection travels along."""
    query = """{ contacts(first: 1) { nodes { matches(sources: ["south"], withRejected: true) {
        items { record { url ... on Contact { owner { name } } } } } } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    (request,), ((_, wanted),) = shelf.requests, shelf.looked_for
    assert request.selection.fields >= IDENTITY[Entity.CONTACT].fields
    assert request.selection.relations.keys() == {"company"}
    assert request.selection.matches == wanted.selection
    assert (wanted.selection.fields, wanted.selection.relations.keys()) == (frozenset({"url"}), {"owner"})
    assert (wanted.sources, wanted.with_rejected) == (("south",), True)


async def test_people_are_one_request(ask: Ask, shelf: Shelf) -> None:
    """The filter is of contacts, and lowered as theirs is."""
    record: Contact = contact("north", 1)
    person = Person(
        key="k",
        display_name="Ann",
        email=None,
        phone=None,
        company="Acme",
        records=[record],
        evidence=("south: same e-mail",),
        field_sources=(FieldSource("company", record, "the only record"),),
    )
    shelf.persons = PeopleResult(
        people=[person], has_next_page=False, has_previous_page=False, cursor_of="c{}".format, outcomes=[]
    )
    query = """{ people(drivenBy: "north", first: 3, where: { email: { eq: "a@b.c" } }) { isPartial edges {
        cursor node { key displayName company evidence records { email } fieldSources { field record reason } } } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    (edge,) = answer["data"]["people"]["edges"]
    assert edge["cursor"] == "c0"
    assert edge["node"]["fieldSources"] == [
        {"field": "company", "record": gid("contact", "north", "c1"), "reason": "the only record"}
    ]
    (request,) = shelf.walked
    assert (request.driven_by, request.first, request.where) == ("north", 3, Compare("email", Operator.EQ, "a@b.c"))
    assert request.selection == Selection(frozenset({"email"}))


async def test_decision_names_two_records(ask: Ask, shelf: Shelf) -> None:
    """The result is what the first one matches, rejected ones among it."""
    query = "mutation ($a: ID!, $b: ID!) { rejectMatch(a: $a, b: $b) { items { record { url } } } }"

    answer = await ask(query, a=gid("contact", "north", "c1"), b=gid("contact", "south", "c3"))

    assert answer["errors"] == []
    ((told, request),) = shelf.looked_for
    assert told == "REJECTED c1 c3"
    assert (request.selection.fields, request.with_rejected) == (frozenset({"url"}), True)
