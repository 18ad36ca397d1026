"""Matches over sources in memory: what is asked of whom, what is told, and what people decided."""

from collections import Counter
from dataclasses import replace

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.aliases import Alias
from model.capabilities import RemoteField, Split
from model.entities import Entity, Record
from model.errors import BadRequest, NotFound, SourceUnavailable, StoreUnavailable
from model.fields import FieldKind
from model.ids import GlobalId
from model.query import EVERYTHING, Or, Query, Selection, fields_in
from model.reading import ListRequest, Match, MatchRequest, MatchResult, MatchState, OutcomeStatus
from tests.resolvers.books import record, ref
from tests.resolvers.identity.accounts import NOW, Said, companies_of, contacts_of, matches_of, reads_over
from tests.resolvers.troubled import Hanging, Raising

ANNA = {"first_name": "Anna", "last_name": "Schmidt", "email": "anna@acme.example"}
BO = {"first_name": "Bo", "last_name": "Li", "email": "bo@zen.example", "phone": "+49 30 23125123"}

pytestmark = pytest.mark.usefixtures("scope")


def gid(source: str, number: int | str, kind: str = "contact") -> GlobalId:
    """A record's global id."""
    return GlobalId(kind, source, str(number))


def told(result: MatchResult) -> list[tuple[str, str, str]]:
    """Where each match lives, and its state."""
    return [(match.record.source, match.record.remote_id, match.state.value) for match in result.items]


class Narrow(MemoryConnector):
    """Takes at most *most* values a query, and leaves what names a field of *blind* to be read whole."""

    most = 1_000
    blind = frozenset[str]()

    def plan(self, query: Query) -> Split:
        """Push, refuse or leave."""
        conditions = query.where.items if isinstance(query.where, Or) else (query.where,)
        values = sum(len(getattr(item, "operand", ())) for item in conditions)
        if values > self.most:
            return replace(super().plan(query), unsupported="too long")
        if self.blind.intersection(fields_in(query.where)):
            return replace(super().plan(query), pushed=EVERYTHING, residual=query.where)
        return super().plan(query)


async def test_all_records_share_their_lookups(scope: Scope) -> None:
    """Two calls find the matches of a whole list: by keys, and by the names of those not found."""
    one = contacts_of("a", ANNA, BO, {"last_name": "Nobody", "email": "nobody@gone.example"})
    reads = reads_over(one, contacts_of("b", {**BO, "phone": None}, {**ANNA, "email": "ANNA@acme.example"}))

    found = await matches_of(reads, "a")

    assert {key: told(result) for key, result in found.items()} == {
        "1": [("b", "2", "CERTAIN")],
        "2": [("b", "1", "CERTAIN")],
        "3": [],
    }
    assert Counter(call.source for call in scope.calls) == {"a": 1, "b": 2}
    assert all(result.is_exhaustive for result in found.values())


async def test_records_of_every_source_are_looked_for_in_the_others() -> None:
    """A list over two sources asks each for the other's."""
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), contacts_of("c", BO))

    found = {source: (await matches_of(reads, source))["1"] for source in "abc"}

    assert told(found["a"]) == [("b", "1", "CERTAIN")]
    assert told(found["b"]) == [("a", "1", "CERTAIN")]
    assert told(found["c"]) == []
    assert [outcome.source for outcome in found["a"].outcomes] == ["b", "c"]


async def test_similar_name_at_the_company_is_suggested() -> None:
    """Companies are read where the domain does not stand in an address."""
    b = contacts_of("b", {"first_name": "Anne", "last_name": "Schmidt", "company": ref(Entity.COMPANY, 7)})
    b[Entity.COMPANY] = [record(Entity.COMPANY, 7, source="b", name="Acme", domain="acme.example")]

    found = (await matches_of(reads_over(contacts_of("a", ANNA), b), "a"))["1"]

    assert told(found) == [("b", "1", "SUGGESTED")]
    assert found.items[0].evidence == ("similar name anne schmidt and same domain acme.example",)


async def test_switchboard_is_nobodys_key() -> None:
    """A number that a source gives to two people proves nothing of one of them."""
    phone = {"phone": "+493023125123"}
    b = contacts_of("b", {"first_name": "Anna", "last_name": "Schmidt", **phone}, {**BO, **phone})

    found = (await matches_of(reads_over(contacts_of("a", {**ANNA, **phone}), b), "a"))["1"]

    assert all(match.state is not MatchState.CERTAIN for match in found.items)


async def test_source_that_fails_is_told() -> None:
    """Its outcome says so, the other source's matches are there, and nothing is exhaustive."""
    down = Raising("b", contacts_of("b", ANNA))
    down.error, down.where = SourceUnavailable("b is down", source="b"), ("page",)
    reads = reads_over(contacts_of("a", ANNA), down, contacts_of("c", ANNA))

    found = (await matches_of(reads, "a"))["1"]

    assert told(found) == [("c", "1", "CERTAIN")]
    assert not found.is_exhaustive
    assert [(item.source, item.status, item.error and item.error.code) for item in found.outcomes] == [
        ("b", OutcomeStatus.FAILED, "SOURCE_UNAVAILABLE"),
        ("c", OutcomeStatus.OK, None),
    ]
    assert reads.failures["b"].code == "SOURCE_UNAVAILABLE"


async def test_budget_ends_a_search_with_an_outcome(scope: Scope) -> None:
    """Calls that may not be made are told like any failure."""
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA))

    with entered(scope.part(max_calls=1)):
        found = (await matches_of(reads, "a"))["1"]

    assert (told(found), found.is_exhaustive) == ([], False)
    assert [item.error and item.error.code for item in found.outcomes] == ["BUDGET_EXCEEDED"]


async def test_deadline_ends_a_search_with_an_outcome(scope: Scope) -> None:
    """A source that does not answer in time is told, and the other's matches are there."""
    reads = reads_over(contacts_of("a", ANNA), Hanging("b", contacts_of("b", ANNA)), contacts_of("c", ANNA))

    with entered(scope.part(deadline=Deadline.after(0.2))):
        found = (await matches_of(reads, "a"))["1"]

    assert told(found) == [("c", "1", "CERTAIN")]
    assert [item.error and item.error.code for item in found.outcomes] == ["SOURCE_TIMEOUT", None]


async def test_values_are_halved_until_the_source_takes_them(scope: Scope) -> None:
    """A CRM that takes few values a query is asked more often, and finds as many."""
    people = [{"last_name": f"N{n}", "email": f"n{n}@a.example"} for n in range(20)]
    narrow = Narrow("b", contacts_of("b", *people))
    narrow.most = 6

    found = await matches_of(reads_over(contacts_of("a", *people), narrow), "a")

    assert all(told(result) == [("b", key, "CERTAIN")] for key, result in found.items())
    assert sum(call.source == "b" for call in scope.calls) == 4


async def test_field_that_would_be_read_whole_is_not_asked() -> None:
    """The outcome names it, and whoever has a value for it is not searched for exhaustively."""
    blind = Narrow("b", contacts_of("b", ANNA, BO))
    blind.blind = frozenset({"phone"})

    found = await matches_of(reads_over(contacts_of("a", ANNA, BO), blind), "a")

    assert [(told(result)[0][1], result.is_exhaustive) for result in found.values()] == [("1", True), ("2", False)]
    assert "phone" in found["2"].outcomes[0].notes[0]


async def test_type_that_a_source_lacks_is_skipped() -> None:
    """A CRM without companies is no failure of the others."""
    reads = reads_over(
        companies_of("a", {"name": "Acme", "domain": "acme.example"}),
        MemoryConnector("b", {Entity.CONTACT: []}),
        companies_of("c", {"name": "ACME GmbH", "domain": "acme.example"}),
    )

    found = (await matches_of(reads, "a", Entity.COMPANY))["1"]

    assert told(found) == [("c", "1", "CERTAIN")]
    assert [item.status for item in found.outcomes] == [OutcomeStatus.SKIPPED, OutcomeStatus.OK]


NUMBER = Alias(
    entity=Entity.CONTACT,
    name="customerNumber",
    kind=FieldKind.TEXT,
    description="In our books.",
    keys={"a": "nr", "b": "kd", "c": "gone"},
    identifies=True,
)


def numbered(source: str, key: str, *numbers: str | None, described: FieldKind = FieldKind.TEXT) -> MemoryConnector:
    """Contacts without a name in common, each with a customer number."""
    people = [{"last_name": f"{source}{n}", "custom": {key: nr, "phones": None}} for n, nr in enumerate(numbers)]
    own = RemoteField(remote_field=key, label=key, kind=described)
    return MemoryConnector(source, contacts_of(source, *people), own_fields={Entity.CONTACT: [own]})


async def test_customer_numbers_are_asked_by_their_own_names(scope: Scope) -> None:
    """What the operator says that it identifies finds whom nothing else does, all of a list by one call."""
    a, b = numbered("a", "nr", "K-004711", None, "K-12"), numbered("b", "kd", "k-12", "k-004711", None)
    c = numbered("c", "other", "K-004711")
    reads = reads_over(a, b, c, aliases=[NUMBER])
    page = await reads.list(
        ListRequest(entity=Entity.CONTACT, selection=Selection(matches=Selection()), sources=("a",))
    )

    found = [await item for item in [reads.matches(row, MatchRequest(selection=Selection())) for row in page.records]]

    assert [told(result) for result in found] == [[("b", "2", "CERTAIN")], [], [("b", "1", "CERTAIN")]]
    assert [match.evidence for match in found[0].items] == [("same customer number K-004711",)]
    assert Counter(call.source for call in scope.calls if call.kind == "data")["b"] == 1


async def test_field_of_another_kind_is_no_customer_number() -> None:
    """What does not compare as a text is not asked for, and fails nothing."""
    a, b = numbered("a", "nr", "1"), numbered("b", "kd", "1", described=FieldKind.DECIMAL)

    found = (await matches_of(reads_over(a, b, aliases=[NUMBER]), "a"))["1"]

    assert (told(found), [outcome.error for outcome in found.outcomes]) == ([], [None])


async def test_number_that_identifies_nobody_is_no_evidence() -> None:
    """A name for a field alone compares nothing."""
    alias = replace(NUMBER, identifies=False)

    reads = reads_over(numbered("a", "nr", "1"), numbered("b", "kd", "1"), aliases=[alias])

    found = (await matches_of(reads, "a"))["1"]

    assert told(found) == []


async def test_confirmed_record_is_listed_without_evidence() -> None:
    """It is read by its id, stands first, and is as sure as can be."""
    said = Said({frozenset((gid("a", 1), gid("b", 2))): MatchState.CONFIRMED})
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA, {"last_name": "Other"}), said=said)

    found = (await matches_of(reads, "a"))["1"]

    assert told(found) == [("b", "2", "CONFIRMED"), ("b", "1", "CERTAIN")]
    assert (found.items[0].score, found.items[0].evidence) == (1.0, (f"confirmed on {NOW[:10]}",))
    assert found.is_exhaustive


async def test_rejected_record_is_listed_on_demand_alone() -> None:
    """A decision wins over any key."""
    said = Said({frozenset((gid("b", 1), gid("a", 1))): MatchState.REJECTED})
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), said=said)

    hidden = (await matches_of(reads, "a"))["1"]
    shown = (await matches_of(reads, "a", with_rejected=True))["1"]

    assert told(hidden) == []
    assert told(shown) == [("b", "1", "REJECTED")]


async def test_matches_are_answered_while_the_store_is_out() -> None:
    """The outcomes say what is not known, and nothing is exhaustive."""
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), said=Said(is_out=True))

    found = (await matches_of(reads, "a"))["1"]

    assert (told(found), found.is_exhaustive) == ([("b", "1", "CERTAIN")], False)
    assert "store" in found.outcomes[0].notes[-1]


async def test_sources_bound_the_search() -> None:
    """Only those named are asked, and that is not everybody."""
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), contacts_of("c", ANNA))

    found = (await matches_of(reads, "a", sources=("c",)))["1"]

    assert (told(found), found.is_exhaustive) == ([("c", "1", "CERTAIN")], False)
    with pytest.raises(BadRequest):
        await matches_of(reads, "a", sources=("nowhere",))


async def test_decision_is_kept_and_told() -> None:
    """Saying it again changes nothing; the opposite replaces it."""
    said = Said()
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), said=said)
    request = MatchRequest(selection=Selection(), with_rejected=True)

    states: list[list[Match]] = []
    for state in (MatchState.CONFIRMED, MatchState.CONFIRMED, MatchState.REJECTED):
        result = await reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), said=said).decide(
            gid("a", 1), gid("b", 1), state, request
        )
        states.append(list(result.items))

    assert [[match.state.value for match in items] for items in states] == [["CONFIRMED"], ["CONFIRMED"], ["REJECTED"]]
    assert len(said.pairs) == 1
    await reads.aclose()


@pytest.mark.parametrize("other", [gid("b", 9), gid("nowhere", 1)])
async def test_decision_about_nobody_is_refused(other: GlobalId) -> None:
    """Both records have to be there."""
    said = Said()
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), said=said)

    with pytest.raises(NotFound):
        await reads.decide(gid("a", 1), other, MatchState.CONFIRMED, MatchRequest(selection=Selection()))

    assert said.pairs == {}


async def test_decision_fails_while_the_store_is_out() -> None:
    """What could not be kept is not told as kept."""
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA), said=Said(is_out=True))

    with pytest.raises(StoreUnavailable):
        await reads.decide(gid("a", 1), gid("b", 1), MatchState.REJECTED, MatchRequest(selection=Selection()))


async def test_record_read_with_less_is_read_again(scope: Scope) -> None:
    """A record that lacks its keys is completed by its id before it is looked for."""
    reads = reads_over(contacts_of("a", ANNA), contacts_of("b", ANNA))
    bare: Record | None = await reads.record("a", Entity.CONTACT, "1", Selection(frozenset({"last_name"})))
    assert bare is not None

    found = await reads.matches(bare, MatchRequest(selection=Selection()))

    assert told(found) == [("b", "1", "CERTAIN")]
    assert [call.operation for call in scope.calls if call.source == "a"] == ["by_ids", "by_ids"]
