"""Laws of lists: pages, positions, order."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from random import Random

from connectors.conformance.bench import Asked, Bench, position_of
from connectors.conformance.report import Broken, Untested, differing
from connectors.conformance.told import told_row
from model.entities import Record
from model.evaluate import comparator, key_text, sort_keys
from model.page import Page, Position
from model.query import EVERYTHING, Direction, Order, Query, fields_in

__all__ = ["LAWS"]


async def pages_join_to_the_full_answer(bench: Bench, query: Query, random: Random) -> None:
    """All pages together, finished here, are what the oracle selects, in its order where the CRM gives that order."""
    del random
    asked = bench.ask(query)
    walk = await bench.walk(asked.pages)
    await _require_answer(bench, asked, bench.finished(asked, walk.records))


async def _require_answer(bench: Bench, asked: Asked, found: Sequence[Record]) -> None:
    expected = await bench.expected(asked)
    if asked.is_collated:
        expected, found = _by_id(bench, expected), _by_id(bench, found)
    told = differing(expected, found, {*fields_in(asked.query.where), *(key.field for key in asked.query.order)})
    if told is not None:
        raise Broken(told)


def _by_id(bench: Bench, rows: Sequence[Record]) -> list[Record]:
    return sorted(rows, key=lambda row: bench.connector.id_key(row.remote_id))


async def no_row_comes_twice(bench: Bench, query: Query, random: Random) -> None:
    """No row stands on two pages, nor twice on one."""
    del random
    asked = bench.ask(query)
    seen: dict[str, int] = {}
    for number, page in enumerate((await bench.walk(asked.pages)).pages, start=1):
        for row in page.records:
            if row.remote_id in seen:
                raise Broken(f"{row.remote_id} came on page {seen[row.remote_id]} and again on page {number}")
            seen[row.remote_id] = number


async def page_size_changes_nothing(bench: Bench, query: Query, random: Random) -> None:
    """The rows and their order are the same whatever the limit of a page."""
    asked = bench.ask(query)
    other = replace(asked.pages, limit=random.choice((1, 3, 10, 50, 200)))
    first, second = await bench.walk(asked.pages), await bench.walk(other)
    told = differing(first.records, second.records, (key.field for key in asked.pages.order))
    if told is not None:
        raise Broken(f"with limit {asked.pages.limit}, then {other.limit}: {told}")


async def reading_resumes_after_any_row(bench: Bench, query: Query, random: Random) -> None:
    """From the position of any row, another connector to the same account reads exactly the rows behind it."""
    asked = bench.ask(query)
    rows = (await bench.walk(asked.pages)).records
    if not rows:
        raise Untested("no rows to resume after")
    index = random.randrange(len(rows))
    place = position_of(rows[index], asked.pages)
    fresh = bench.again() if bench.again is not None else None
    try:
        if fresh is not None:
            await bench.calling(fresh.describe())
        page = await bench.page(asked.pages, place, of=fresh)
    finally:
        if fresh is not None:
            await fresh.aclose()
    _require_start_of(page, rows[index + 1 :], place, asked.pages)


async def reading_resumes_where_no_row_stands(bench: Bench, query: Query, random: Random) -> None:
    """A position whose row is gone, or does not match, is a place in the order as well."""
    asked = bench.ask(query)
    others = await bench.rows(query.entity)
    if asked.is_collated or not others:
        raise Untested("only the CRM knows where a row would stand")
    place = position_of(random.choice(others), asked.pages)
    rows = (await bench.walk(asked.pages)).records
    page = await bench.page(asked.pages, place)
    _require_start_of(page, [row for row in rows if bench.is_after(row, place, asked.pages)], place, asked.pages)


def _require_start_of(page: Page, rest: Sequence[Record], place: Position, query: Query) -> None:
    told = differing(rest[: len(page.records)], page.records, (key.field for key in query.order))
    if told is not None:
        raise Broken(f"resumed after {place}: {told}")
    if not page.has_more and len(page.records) < len(rest):
        raise Broken(f"resumed after {place}: {len(page.records)} of {len(rest)} rows came, and no more are promised")


async def order_never_decreases(bench: Bench, query: Query, random: Random) -> None:
    """Each row belongs behind the one before it, and rows with equal keys stand in the order of their ids."""
    del random
    asked = bench.ask(query)
    rows = (await bench.walk(asked.pages)).records
    compare = comparator(query.entity, asked.pages.order)
    for before, row in pairwise(rows):
        sign = compare(sort_keys(before, asked.pages.order), sort_keys(row, asked.pages.order))
        id_key = bench.connector.id_key
        is_tied_wrongly = sign == 0 and not id_key(before.remote_id) < id_key(row.remote_id)
        if is_tied_wrongly or (sign > 0 and not asked.is_collated):
            names = [key.field for key in asked.pages.order]
            raise Broken(f"{told_row(row, names)} came behind {told_row(before, names)}")


async def missing_values_come_last(bench: Bench, query: Query, random: Random) -> None:
    """Rows without a value stand behind all others, upwards and downwards."""
    draw = await bench.draw(random, query.entity)
    rows = await bench.rows(query.entity)
    names = [name for name in draw.sortable() if any(key_text(row, name) is None for row in rows)]
    if not names:
        raise Untested("every field it sorts is always filled")
    name = random.choice(names)
    limit = max(query.limit, 10)
    for direction in Direction:
        sorted_query = replace(query, where=EVERYTHING, order=(Order(name, direction),), limit=limit)
        asked = bench.ask(sorted_query)
        if not asked.pages.order:
            raise Untested(f"{name} is not sorted by the CRM")
        found = (await bench.walk(asked.pages)).records
        filled = [key_text(row, name) is not None for row in found]
        if filled != sorted(filled, reverse=True):
            place = filled.index(False)
            raise Broken(
                f"{name} {direction.value}: row {place + 1} of {len(filled)} has no value and rows behind it have one",
                query=sorted_query,
            )
        told = differing(_by_id(bench, rows), _by_id(bench, found), [name])
        if told is not None:
            raise Broken(f"{name} {direction.value}: {told}", query=sorted_query)


async def a_page_holds_no_more_than_asked(bench: Bench, query: Query, random: Random) -> None:
    """A page has `limit` rows at most."""
    del random
    asked = bench.ask(query)
    for number, page in enumerate((await bench.walk(asked.pages)).pages, start=1):
        if len(page.records) > asked.pages.limit:
            raise Broken(f"page {number} holds {len(page.records)} rows where {asked.pages.limit} were asked")


async def has_more_is_truthful(bench: Bench, query: Query, random: Random) -> None:
    """A page that promises more is followed by a row, and one that does not is the last."""
    del random
    asked = bench.ask(query)
    pages = (await bench.walk(asked.pages)).pages
    if len(pages) > 1 and not pages[-1].records:
        raise Broken(f"page {len(pages) - 1} promised more rows, and none came")
    read, known = sum(len(page.records) for page in pages), len(await bench.matching(asked.pages))
    if read < known:
        raise Broken(f"the pages ended after {read} rows, and {known} match what was pushed")


async def totals_count_every_match(bench: Bench, query: Query, random: Random) -> None:
    """A page's total is the number of rows that match what was pushed exactly, and is there when promised."""
    del random
    asked = bench.ask(query)
    page = await bench.page(asked.pages)
    if page.total is None:
        if asked.split.brings_total:
            raise Broken("plan says that the first page brings a total, and it has none")
        raise Untested("no total came")
    if asked.split.residual != EVERYTHING:
        raise Untested("the total counts a superset")
    expected = len(await bench.expected(asked))
    if page.total != expected:
        raise Broken(f"the page says {page.total} rows match; {expected} do")


LAWS = (
    pages_join_to_the_full_answer,
    no_row_comes_twice,
    page_size_changes_nothing,
    reading_resumes_after_any_row,
    reading_resumes_where_no_row_stands,
    order_never_decreases,
    missing_values_come_last,
    a_page_holds_no_more_than_asked,
    has_more_is_truthful,
    totals_count_every_match,
)
