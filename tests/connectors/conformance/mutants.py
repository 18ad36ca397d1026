"""Connectors that are wrong in one way each, by the law that has to notice."""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from connectors.memory import MemoryConnector
from connectors.scope import CallEvent, current_scope
from model.aggregate import AggregateQuery, GroupRow
from model.capabilities import AggregateSplit, Description, FieldCapability, SearchSplit, Split
from model.entities import Entity, Record
from model.errors import Rejected, SourceError, SourceUnavailable
from model.evaluate import evaluate, key_text
from model.page import Missing, Page, Position, RelatedPage, Searched
from model.query import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    Direction,
    Not,
    Operator,
    Or,
    Predicate,
    Query,
    SearchQuery,
    Selection,
)
from model.values import UNSET
from tests.connectors.conformance.account import SOURCE, WholeConnector

__all__ = ["MUTANTS", "Mutant", "Wrongs"]

Place = Position | None


@dataclass(frozen=True, kw_only=True)
class Wrongs:
    """What a mutant does wrongly: each function changes what goes in or comes out."""

    asks: Callable[[MemoryConnector, Query, Place], tuple[Query, Place]] = lambda _, query, after: (query, after)
    page: Callable[[Page, Query, Place], Page] = lambda page, query, after: page
    plan: Callable[[Split, Query], Split] = lambda split, query: split
    by_ids: Callable[[Sequence[Record | Missing]], Sequence[Record | Missing]] = lambda found: found
    related: Callable[[Sequence[RelatedPage]], Sequence[RelatedPage]] = lambda pages: pages
    after: Callable[[str | None], str | None] = lambda after: after
    describe: Callable[[Description], Description] = lambda description: description
    groups: Callable[[Sequence[GroupRow]], Sequence[GroupRow]] = lambda rows: rows
    group_plan: Callable[[AggregateSplit], AggregateSplit] = lambda split: split
    hits: Callable[[Searched], Searched] = lambda found: found
    search_text: Callable[[str], str] = lambda text: text
    search_after: Callable[[int], int] = lambda after: after
    search_plan: Callable[[SearchSplit], SearchSplit] = lambda split: split
    counts: int = 0
    further_calls: int = 0
    calls_to_plan: int = 0
    spends: bool = True
    batch: int = 1_000
    leaves_task: bool = False
    shares_state: bool = False
    page_size: int = 7


class Mutant(WholeConnector):
    """A right connector but for its *wrongs*."""

    def __init__(self, wrongs: Wrongs) -> None:
        super().__init__(page_size=wrongs.page_size)
        self._wrongs = wrongs
        self._query: Query | None = None
        self.left: list[asyncio.Task[None]] = []
        self.trouble_with: Exception | None = None
        self.troubled = ""

    async def describe(self) -> Description:
        """As told."""
        return self._wrongs.describe(await super().describe())

    def plan(self, query: Query) -> Split:
        """As told."""
        for _ in range(self._wrongs.calls_to_plan):
            self._record_call("describe", query.entity, 0)
        return self._wrongs.plan(super().plan(query), query)

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """As told."""
        self._fail("page")
        if self._wrongs.leaves_task:
            self.left.append(asyncio.create_task(asyncio.sleep(60)))
        self._query = query
        await asyncio.sleep(0)
        asked, place = self._wrongs.asks(self, self._query if self._wrongs.shares_state else query, after)
        for _ in range(self._wrongs.further_calls):
            self._record_call("count", query.entity, 0)
        return self._wrongs.page(await super().page(asked, place), query, after)

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """As told."""
        found: list[Record | Missing] = []
        for start in range(0, len(ids), self._wrongs.batch):
            found += await super().by_ids(entity, ids[start : start + self._wrongs.batch], selection)
        return self._wrongs.by_ids(found)

    async def related(
        self, entity: Entity, field: str, parents: Sequence[str], *, after: str | None = None, **more: Any
    ) -> Sequence[RelatedPage]:
        """As told."""
        for _ in range(self._wrongs.further_calls):
            self._record_call("resolve", entity, 0)
        place = self._wrongs.after(after)
        return self._wrongs.related(await super().related(entity, field, parents, after=place, **more))

    async def count(self, entity: Entity, where: Predicate) -> int:
        """As told."""
        self._fail("count")
        return self._wrongs.counts + await super().count(entity, where)

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """As told."""
        return self._wrongs.group_plan(super().plan_aggregate(query))

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """As told."""
        self._fail("aggregate")
        for _ in range(self._wrongs.further_calls):
            self._record_call("count", query.entity, 0)
        return self._wrongs.groups(await super().aggregate(query))

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """As told."""
        return self._wrongs.search_plan(super().plan_search(query))

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """As told."""
        self._fail("search")
        for _ in range(self._wrongs.further_calls):
            self._record_call("search", None, 0)
        asked = replace(query, text=self._wrongs.search_text(query.text))
        place = {entity: self._wrongs.search_after(count) for entity, count in (after or {}).items()}
        found = await super().search(asked, place)
        return {
            entity: self._wrongs.hits(result) if isinstance(result, Searched) else result
            for entity, result in found.items()
        }

    def _record_call(self, operation: str, entity: Entity | None, rows: int) -> None:
        if self._wrongs.spends:
            super()._record_call(operation, entity, rows)
            return
        event = CallEvent(
            source=self.source,
            operation=operation,
            kind="data",
            entity=entity.value,
            query=None,
            rows=rows,
            size_bytes=0,
            took_ms=0.0,
            retries=0,
            is_cached=False,
            status=None,
        )
        current_scope().record(event)

    def _fail(self, method: str) -> None:
        if self.trouble_with is not None and self.troubled in {method, ""}:
            raise self.trouble_with

    @contextmanager
    def trouble(self, error: Exception | None = None, *, method: str = "") -> Iterator[None]:
        """A time in which every page, count, group and search fails, or one *method* of these alone."""
        self.troubled = method
        self.trouble_with = error or SourceUnavailable("memory is away; ask again", source=self.source)
        try:
            yield
        finally:
            self.trouble_with = None


def each_row(change: Callable[[Record], Record]) -> Callable[[Page, Query, Place], Page]:
    """Changes every row of a page."""
    return lambda page, query, after: replace(page, records=[change(row) for row in page.records])


def each_link(**changes: Any) -> Callable[[Sequence[RelatedPage]], Sequence[RelatedPage]]:
    """Changes every link."""
    return lambda pages: [replace(page, links=tuple(replace(link, **changes) for link in page.links)) for page in pages]


def rewritten(change: Callable[[Predicate], Predicate]) -> Callable[..., tuple[Query, Place]]:
    """Changes the condition, within others too."""

    def deep(predicate: Predicate) -> Predicate:
        match predicate:
            case And(items):
                return change(And(tuple(map(deep, items))))
            case Or(items):
                return change(Or(tuple(map(deep, items))))
            case Not(item):
                return change(Not(deep(item)))
            case _:
                return change(predicate)

    return lambda _, query, after: (replace(query, where=deep(query.where)), after)


def operator_read_as(wrong: Mapping[Operator, Operator]) -> Callable[..., tuple[Query, Place]]:
    """Takes one operator for another."""

    def change(predicate: Predicate) -> Predicate:
        if isinstance(predicate, Compare) and predicate.operator in wrong:
            return replace(predicate, operator=wrong[predicate.operator])
        return predicate

    return rewritten(change)


def as_in_sql(predicate: Predicate) -> Predicate:
    """A negation that is not true of a missing value."""
    if isinstance(predicate, Not) and isinstance(predicate.item, Compare):
        return And((predicate, Compare(predicate.item.field, Operator.IS_NULL, operand=False)))
    return predicate


def from_a_known_row(connector: MemoryConnector, query: Query, after: Place) -> tuple[Query, Place]:
    """Starts from the beginning where the row of a position does not match."""
    known = {row.remote_id for row in connector._records[query.entity] if _matches(connector, query, row)}
    return query, after if after is None or after.remote_id in known else None


def _matches(connector: MemoryConnector, query: Query, row: Record) -> bool:
    return evaluate(query.where, row, entity=query.entity, related=connector._at_other_end)


def nulls_first(page: Page, query: Query, after: Place) -> Page:
    """Rows without a value first where the order runs downwards, as in many databases."""
    del after
    if not query.order or query.order[0].direction is Direction.ASC:
        return page
    name = query.order[0].field
    return replace(page, records=sorted(page.records, key=lambda row: key_text(row, name) is not None))


def with_shoe_size(description: Description) -> Description:
    """A field that the model lacks."""
    odd = {"shoe_size": FieldCapability(field="shoe_size", remote_fields=(), operators={})}
    types = {name: replace(found, fields={**found.fields, **odd}) for name, found in description.types.items()}
    return replace(description, types=types)


def repeats_the_last(page: Page, query: Query, after: Place) -> Page:
    """Stops one row late: the next page begins with the row that this one ended with."""
    if not page.has_more or len(page.records) < 2:
        return page
    row = page.records[-2]
    return replace(page, resume=Position(tuple(key_text(row, key.field) for key in query.order), row.remote_id))


def spelt_as_the_vendor_does(row: Record) -> Record:
    """Instants with an offset."""
    is_read = row.created_at is not UNSET and row.created_at is not None
    return replace(row, created_at=str(row.created_at).replace("Z", "+0000")) if is_read else row


def of_another_year(found: Sequence[Record | Missing]) -> Sequence[Record | Missing]:
    """Another value when a record is read by id."""
    return [
        replace(item, created_at="1999-12-31T00:00:00.000Z") if isinstance(item, Record) and item.created_at else item
        for item in found
    ]


def unquoted(text: str) -> str:
    """A text that is glued into a query: a quote ends it."""
    if "'" in text or '"' in text:
        raise Rejected("memory refused the search: unexpected token", source=SOURCE)
    return text


MUTANTS: Mapping[str, Wrongs] = {
    "a description keeps to the model": Wrongs(describe=with_shoe_size),
    "a page costs what is declared": Wrongs(further_calls=1),
    "counts agree with the rows": Wrongs(counts=1),
    "reads side by side do not mix": Wrongs(shares_state=True),
    "a cancelled read leaves no task": Wrongs(leaves_task=True),
    "the call budget is kept": Wrongs(spends=False),
    "planning calls nobody": Wrongs(calls_to_plan=1),
    "pushed and residual mean the query": Wrongs(
        plan=lambda split, query: (
            replace(split, pushed=query.where.items[0])
            if isinstance(query.where, And) and len(query.where.items) > 1
            else split
        )
    ),
    "a filter selects what the oracle does": Wrongs(asks=operator_read_as({Operator.LTE: Operator.LT})),
    "a filter and its negation share the rows": Wrongs(asks=rewritten(as_in_sql)),
    "an empty and changes nothing": Wrongs(
        plan=lambda split, query: (
            replace(split, pushed=NOTHING)
            if isinstance(query.where, And) and EVERYTHING in query.where.items
            else split
        )
    ),
    "an empty or returns nothing": Wrongs(asks=rewritten(lambda item: EVERYTHING if item == NOTHING else item)),
    "a seen row is found again": Wrongs(asks=operator_read_as({Operator.STARTS_WITH: Operator.EQ})),
    "the table of capabilities keeps its word": Wrongs(
        plan=lambda split, query: replace(split, is_order_pushed=not query.order)
    ),
    "pages join to the full answer": Wrongs(
        page=lambda page, query, after: page if after is None else replace(page, records=page.records[1:])
    ),
    "no row comes twice": Wrongs(page=repeats_the_last),
    "page size changes nothing": Wrongs(
        page=lambda page, query, after: replace(page, has_more=False) if query.limit <= 10 else page
    ),
    "reading resumes after any row": Wrongs(
        asks=lambda _, query, after: (query, Position(after.keys, "9" * 9) if after and after.keys else after)
    ),
    "reading resumes where no row stands": Wrongs(asks=from_a_known_row),
    "order never decreases": Wrongs(page=lambda page, query, after: replace(page, records=page.records[::-1])),
    "missing values come last": Wrongs(
        page_size=1_000, asks=lambda _, query, after: (replace(query, limit=1_000), None), page=nulls_first
    ),
    "a page holds no more than asked": Wrongs(
        asks=lambda _, query, after: (replace(query, limit=query.limit + 1), after)
    ),
    "has more is truthful": Wrongs(page=lambda page, query, after: replace(page, has_more=bool(page.records))),
    "totals count every match": Wrongs(page=lambda page, query, after: replace(page, total=len(page.records))),
    "asked fields are read and no others": Wrongs(page=each_row(lambda row: replace(row, is_archived=False))),
    "a field says the same in every read": Wrongs(by_ids=of_another_year),
    "records belong to their source": Wrongs(page=each_row(lambda row: replace(row, source="other"))),
    "values are in wire form": Wrongs(page=each_row(spelt_as_the_vendor_does)),
    "by ids answers in the order asked": Wrongs(by_ids=lambda found: sorted(found, key=lambda item: item.remote_id)),
    "one bad id harms no other": Wrongs(
        by_ids=lambda found: [Missing(item.remote_id) for item in found] if Missing in map(type, found) else found
    ),
    "reading by id costs what is declared": Wrongs(batch=1),
    "related answers in the order of parents": Wrongs(related=lambda pages: pages[::-1]),
    "links are distinct and in id order": Wrongs(
        related=lambda pages: [replace(page, links=(*page.links[:1], *page.links)) for page in pages]
    ),
    "first links are a prefix": Wrongs(related=lambda pages: [replace(page, has_more=False) for page in pages]),
    "links resume behind any id": Wrongs(after=lambda after: after if after is None or int(after) % 2 else None),
    "carried records are whole and the same": Wrongs(related=each_link(record=None)),
    "the primary link is the to one": Wrongs(related=each_link(is_primary=False)),
    "a relation costs what is declared": Wrongs(further_calls=1),
    "a page carries what it declares": Wrongs(page=lambda page, query, after: replace(page, primed=(), related={})),
    "a page carries no other links": Wrongs(
        page=lambda page, query, after: replace(page, related={("notes", "1"): RelatedPage(())})
    ),
    "groups are those of the oracle": Wrongs(groups=lambda rows: rows[1:]),
    "grouping costs what is declared": Wrongs(further_calls=1),
    "a plan of groups gives its reasons": Wrongs(group_plan=lambda split: replace(split, is_exact=False)),
    "hits carry what was asked": Wrongs(
        hits=lambda found: replace(found, hits=[replace(hit, matched_on=("shoe_size",)) for hit in found.hits])
    ),
    "hits come page by page": Wrongs(search_after=lambda after: max(after - 1, 0)),
    "a word of a row finds it": Wrongs(hits=lambda found: replace(found, hits=found.hits[1:])),
    "any text is searched as text": Wrongs(search_text=unquoted),
    "searching costs what is declared": Wrongs(further_calls=1),
    "a plan of a search keeps to the question": Wrongs(search_plan=lambda split: replace(split, entities=())),
}
