"""Relations: what is read once, and what is read again."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Scope
from model.capabilities import Description, RelationMode
from model.entities import Entity, Record
from model.errors import BadCursor, BadRequest, OurBug, UnsupportedBySource
from model.page import Link, Missing, Page, Position, RelatedPage
from model.query import Query, RelationSelection, Selection
from model.reading import RelatedList
from model.values import UNSET
from resolvers.reads import Reads
from tests.resolvers.books import LINKS, NAME, contacts_with, follow, many, record, ref, settled, small_book
from tests.resolvers.conftest import Asks


def calls(scope: Scope) -> Counter[str]:
    """Calls made, by operation and type."""
    return Counter(f"{call.operation} {call.entity}" for call in scope.calls)


async def deals_of(reads: Reads, parent: Record, first: int, selection: Selection = NAME, **options: Any) -> list[str]:
    """Names of a contact's deals."""
    found = await settled(
        reads.related_many(parent, "deals", **{"first": first, "after": None, "selection": selection, **options})
    )
    assert isinstance(found, RelatedList), found
    return [item.record.name for item in found.items]  # type: ignore[union-attr]


async def test_a_level_is_read_at_once(reading: Asks, scope: Scope) -> None:
    """One call for each relation of all rows, one for all Refs to one type; then every field has its value at once."""
    company = follow("name", owner=NAME)
    wanted = many(follow("last_name", company=company, owner=NAME, created_by=NAME), deals=(3, NAME))
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))

    page = await reads.list(contacts_with(wanted))
    at_once = [
        found
        for row in page.records
        for found in (
            reads.related_one(row, "company", company),
            reads.related_one(row, "owner", NAME),
            reads.related_many(row, "deals", first=3, after=None, selection=NAME),
        )
    ]

    assert Counter(type(found).__name__ for found in at_once) == {"Company": 6, "User": 6, "RelatedList": 6}
    assert calls(scope) == {
        "scan contact": 1,
        "by_ids company": 1,
        "by_ids user": 1,
        "related contact": 1,
        "by_ids deal": 1,
    }, "the owners of the companies were known from the contacts'"


async def test_ids_wanted_in_several_ways_at_once_are_read_once(reading: Asks, scope: Scope) -> None:
    """Keys that arrive together share one call with all that any of them wants."""
    reads = reading(MemoryConnector("a", small_book()))
    wanted = [NAME, follow("domain"), follow("name", "domain"), follow("name", owner=NAME)]
    target = ref(Entity.COMPANY, 1)

    companies = await asyncio.gather(*(settled(reads.referred("a", target, selection)) for selection in wanted))

    assert calls(scope) == {"by_ids company": 1}
    assert {(item.name, item.domain, item.owner) for item in companies} == {("C1", "c1.io", ref(Entity.USER, 1))}


async def test_a_record_known_with_less_is_read_again(reading: Asks, scope: Scope) -> None:
    """What was not asked for is not taken for missing, and what was serves any who want no more."""
    reads = reading(MemoryConnector("a", small_book()))
    steps = []
    for selection in (NAME, NAME, follow(), follow("name", "domain"), follow("domain"), follow(owner=NAME)):
        found = await settled(reads.referred("a", ref(Entity.COMPANY, 1), selection))
        steps.append(len(scope.calls))
        assert all(getattr(found, name) is not UNSET for name in (*selection.fields, *selection.relations))

    assert steps == [1, 1, 1, 2, 2, 3]


async def test_aliases_of_one_relation_share_its_links(reading: Asks, scope: Scope) -> None:
    """The list reads the most that any alias wants, and each gets its own part."""
    both = many(follow("last_name"), deals=(3, follow("name", "next_step")))
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))

    page = await reads.list(contacts_with(both))
    few = [await deals_of(reads, row, 1) for row in page.records]
    most = [await deals_of(reads, row, 3, follow("next_step", "name")) for row in page.records]

    assert few == [[f"D{n}0"] for n in range(1, 7)]
    assert most == [[f"D{n}{i}" for i in range(3)] for n in range(1, 7)]
    assert calls(scope) == {"scan contact": 1, "related contact": 1, "by_ids deal": 1}


async def test_links_are_read_again_only_for_more_of_them(reading: Asks, scope: Scope) -> None:
    """Fewer are a part of what is known, and so is everything once the end was seen."""
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))
    parent = small_book()[Entity.CONTACT][0]
    made = []
    for first in (2, 1, 3, 9, 100):
        assert await deals_of(reads, parent, first) == [f"D1{i}" for i in range(min(first, 4))]
        made.append(calls(scope)["related contact"])

    assert made == [1, 1, 2, 3, 3]


async def test_circles_end_and_ask_for_nothing_twice(reading: Asks, scope: Scope) -> None:
    """Contact, company, its contacts, their company: the second round knows what the first has read."""
    inner = many(NAME, contacts=(9, follow("last_name", company=NAME)))
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))

    page = await reads.list(contacts_with(follow("last_name", company=inner)))

    assert calls(scope) == {"scan contact": 1, "by_ids company": 1, "related company": 1}
    company = await settled(reads.related_one(page.records[0], "company", inner))
    assert isinstance(company, Record)
    again = await settled(reads.related_many(company, "contacts", first=9, after=None, selection=follow("last_name")))
    assert [item.record.remote_id for item in again.items] == ["1", "4"]  # type: ignore[union-attr]
    assert len(scope.calls) == 3


async def test_a_ref_to_a_record_that_is_gone_is_null(reading: Asks, scope: Scope) -> None:
    """It is asked for once, however many fields and aliases follow it."""
    rows = {**small_book(), Entity.COMPANY: small_book()[Entity.COMPANY][1:]}
    reads = reading(MemoryConnector("a", rows))
    page = await reads.list(contacts_with(follow("last_name", company=follow("name", "domain"))))

    found = [
        await settled(reads.related_one(row, "company", wanted))
        for row in page.records
        for wanted in (NAME, follow("domain"))
    ]

    assert [company is None for company in found] == [True, True, False, False, False, False] * 2
    assert calls(scope)["by_ids company"] == 1


class Partial(MemoryConnector):
    """Offers no companies, and no deals of contacts."""

    async def describe(self) -> Description:
        """Less than it has."""
        whole = await super().describe()
        types = {entity: found for entity, found in whole.types.items() if entity is not Entity.COMPANY}
        relations = dict(types[Entity.CONTACT].relations)
        relations["deals"] = replace(relations["deals"], mode=RelationMode.UNSUPPORTED)
        types[Entity.CONTACT] = replace(types[Entity.CONTACT], relations=relations)
        return replace(whole, types=types)


async def test_what_a_source_does_not_offer_is_null(reading: Asks, scope: Scope) -> None:
    """Neither an empty list, which would say that there are none, nor an error in every row; capabilities tell."""
    reads = reading(Partial("a", small_book(), links=LINKS))
    page = await reads.list(contacts_with(many(follow("last_name", company=NAME), deals=(3, NAME))))

    row = page.records[0]
    assert await settled(reads.related_one(row, "company", NAME)) is None
    assert await settled(reads.referred("a", ref(Entity.COMPANY, 1), NAME)) is None
    assert await settled(reads.related_many(row, "deals", first=3, after=None, selection=NAME)) is None
    assert calls(scope) == {"scan contact": 1}
    with pytest.raises(UnsupportedBySource, match="a offers no company records"):
        await reads.record("a", Entity.COMPANY, "1", NAME)


@pytest.mark.usefixtures("scope")
async def test_one_records_list_is_walked_by_cursor(reading: Asks) -> None:
    """Each cursor leads to exactly the links behind it, and to no other list's."""
    connector = MemoryConnector(
        "a", small_book(), links={**LINKS, ("deals", "1"): ["13", "10", "11", "999", "12", "1000"]}
    )
    parent, other = small_book()[Entity.CONTACT][:2]
    reads = reading(connector)
    whole = await settled(reads.related_many(parent, "deals", first=9, after=None, selection=NAME))
    assert isinstance(whole, RelatedList)
    names = [item.record.name for item in whole.items]  # type: ignore[union-attr]

    for index in range(4):
        assert await deals_of(reading(connector), parent, 9, after=whole.cursor_of(index)) == names[index + 1 :]
    part = await settled(reads.related_many(parent, "deals", first=5, after=None, selection=NAME))
    assert isinstance(part, RelatedList)
    assert (len(part.items), part.has_next_page, part.has_previous_page) == (4, True, False)
    assert await deals_of(reads, parent, 9, after=part.cursor_of(3)) == []
    with pytest.raises(BadCursor, match="another query"):
        reads.related_many(other, "deals", first=3, after=whole.cursor_of(0), selection=NAME)
    with pytest.raises(BadRequest, match="first is 0"):
        reads.related_many(parent, "deals", first=0, after=None, selection=NAME)


class Merging(MemoryConnector):
    """Answers for deal 12 with deal 11, into which it was merged."""

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """The records that remain."""
        moved = ["11" if entity is Entity.DEAL and remote_id == "12" else remote_id for remote_id in ids]
        return await super().by_ids(entity, moved, selection)


async def test_a_cursor_stands_at_the_link_whatever_record_it_leads_to(reading: Asks, scope: Scope) -> None:
    """A merged record has another id than its link, and is not asked for again by either."""
    connector = Merging("a", small_book(), links=LINKS)
    parent = small_book()[Entity.CONTACT][0]
    reads = reading(connector)
    whole = await settled(reads.related_many(parent, "deals", first=4, after=None, selection=NAME))
    assert isinstance(whole, RelatedList)

    rest = await deals_of(reading(connector), parent, 9, after=whole.cursor_of(2))
    made = len(scope.calls)
    again = await deals_of(reads, parent, 4, follow())

    assert [item.record.remote_id for item in whole.items] == ["10", "11", "11", "13"]
    assert rest == ["D13"]
    assert (len(again), len(scope.calls)) == (4, made)


class Carrying(MemoryConnector):
    """Brings companies and deals along with its pages, the same company with every row."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows with what lies behind them."""
        page = await super().page(query, after)
        wanted = query.selection.relations
        companies = [
            company
            for row in page.records
            for company in await MemoryConnector.by_ids(
                self,
                Entity.COMPANY,
                [row.company.remote_id],
                wanted["company"].selection,  # type: ignore[union-attr]
            )
            if isinstance(company, Record)
        ]
        related = {
            ("deals", row.remote_id): RelatedPage(
                tuple(
                    Link(ref=ref(Entity.DEAL, n), record=record(Entity.DEAL, n, name=f"D{n}"))
                    for n in LINKS["deals", row.remote_id][: wanted["deals"].first]
                ),
                has_more=True,
            )
            for row in page.records
        }
        return replace(page, primed=companies, related=related)


async def test_what_a_page_brings_along_is_not_asked_for(reading: Asks, scope: Scope) -> None:
    """Relations that came with the rows cost no call."""
    wanted = many(follow("last_name", company=NAME), deals=(2, NAME))
    reads = reading(Carrying("a", small_book()))

    page = await reads.list(contacts_with(wanted))
    made = len(scope.calls)
    companies = [await settled(reads.related_one(row, "company", NAME)) for row in page.records]

    assert [company.name for company in companies] == ["C1", "C2", "C3"] * 2
    assert await deals_of(reads, page.records[1], 2) == ["D20", "D21"]
    assert len(scope.calls) == made


@pytest.mark.usefixtures("scope")
async def test_a_single_record_brings_what_is_followed(reading: Asks) -> None:
    """By its id, in any spelling that is one; None where there is none."""
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))
    wanted = many(follow("last_name", company=NAME), deals=(2, NAME))

    found = await reads.record("a", Entity.CONTACT, "2", wanted)

    assert isinstance(found, Record)
    assert getattr(reads.related_one(found, "company", NAME), "name", None) == "C2"
    assert await reads.record("a", Entity.CONTACT, "77", wanted) is None
    assert await reads.record("a", Entity.CONTACT, "", wanted) is None
    with pytest.raises(BadRequest, match="the sources are a"):
        await reads.record("nope", Entity.CONTACT, "2", wanted)


@pytest.mark.usefixtures("scope")
async def test_following_what_was_not_read_is_a_bug(reading: Asks) -> None:
    """An unread Ref is neither null nor somebody else's fault."""
    reads = reading(MemoryConnector("a", small_book()))
    page = await reads.list(contacts_with(follow("last_name")))

    with pytest.raises(OurBug, match=r"Contact\.company was followed and never read"):
        reads.related_one(page.records[0], "company", NAME)


@pytest.mark.usefixtures("scope")
async def test_a_row_without_rows_behind_it_costs_nothing(reading: Asks) -> None:
    """No Ref and no link lead to no call."""
    lonely = {**small_book(), Entity.CONTACT: [record(Entity.CONTACT, 1)]}
    reads = reading(MemoryConnector("a", lonely))
    wanted = Selection(relations={"company": RelationSelection(NAME), "deals": RelationSelection(NAME, 5)})

    page = await reads.list(contacts_with(wanted))

    assert reads.related_one(page.records[0], "company", NAME) is None
    assert await deals_of(reads, page.records[0], 5) == []
