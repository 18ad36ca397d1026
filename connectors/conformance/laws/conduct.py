"""Laws of conduct: descriptions, costs, budgets, cancellation, trouble and secrets."""

import asyncio
import base64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from math import ceil
from random import Random
from urllib.parse import quote, quote_plus

from connectors.base import Aggregates, Counts, RelatesRecords, Searches
from connectors.conformance.bench import Bench
from connectors.conformance.laws.checks import require_named_trouble
from connectors.conformance.report import Broken, Untested, differing
from model.capabilities import RelationMode
from model.entities import Appointment, Entity
from model.errors import BudgetExceeded
from model.fields import FIELDS, RELATIONS, TO_ONE
from model.page import Page, Position
from model.query import EVERYTHING, Query
from model.values import Unset

__all__ = ["LAWS"]


async def a_description_keeps_to_the_model(bench: Bench, query: Query, random: Random) -> None:
    """Fields and relations are the model's; what is told as readable apart or countable, the connector can do."""
    del random
    capability, connector = bench.description.types[query.entity], bench.connector
    for name, field in capability.fields.items():
        if not (name in FIELDS[query.entity] or name in TO_ONE & RELATIONS[query.entity].keys()) or field.field != name:
            raise Broken(f"{query.entity.value} has no field {name}")
    for name, relation in capability.relations.items():
        known = RELATIONS[query.entity].get(name)
        if known is None or (known.target, known.is_many) != (relation.target, relation.is_many):
            raise Broken(f"{query.entity.value}.{name} is told as {relation}, and the model has {known}")
        is_apart = not relation.is_keyed and relation.mode is not RelationMode.UNSUPPORTED
        if is_apart and not (isinstance(connector, RelatesRecords) and (relation.batch_size or 0) >= 1):
            raise Broken(f"{query.entity.value}.{name} is read apart, without a batch size or without `related`")
    for is_told, protocol in (
        (capability.can_count, Counts),
        (capability.can_aggregate, Aggregates),
        (capability.can_search, Searches),
    ):
        if is_told and not isinstance(connector, protocol):
            raise Broken(f"{query.entity.value}s are told to take part in {protocol.__name__}, which is not there")
    again, calls = await bench.calling(connector.describe())
    if calls or again != bench.description:
        raise Broken("describe made a data call" if calls else "two descriptions of one account differ")


async def a_page_costs_what_is_declared(bench: Bench, query: Query, random: Random) -> None:
    """A page takes no more data calls than its plan declares, ties that its end cuts aside, a full one just those."""
    del random
    asked = bench.ask(query)
    after: Position | None = None
    for number in (1, 2):
        page, calls = await bench.calling(bench.connector.page(asked.pages, after))
        declared, further = asked.split.calls, _batches_of_guests(bench, page) - 1
        least, most = declared + min(further, 0), declared + max(further, 0)
        is_full = len(page.records) == asked.pages.limit and not asked.pages.order and number == 1
        if len(calls) > most + bench.tie_calls or (is_full and not least <= len(calls) <= most):
            told = ", ".join(call.operation for call in calls)
            raise Broken(f"page {number} took {len(calls)} calls ({told}); {declared} are declared")
        after = bench.end_of(page, asked.pages, after)
        if not page.has_more or after is None:
            break


def _batches_of_guests(bench: Bench, page: Page) -> int:
    """Batches that the contacts who attend fill: one is declared, for who attends is known when it is read.

    1 where attendees are not asked for.
    """
    told = [row.attendees for row in page.records if isinstance(row, Appointment)]
    crowds = [attendees or () for attendees in told if not isinstance(attendees, Unset)]
    guests = {guest.contact for crowd in crowds for guest in crowd if guest.contact}
    contacts = bench.description.types.get(Entity.CONTACT)
    size = contacts.batch_read_size if contacts is not None else None
    return ceil(len(guests) / (size or 1)) if crowds else 1


async def counts_agree_with_the_rows(bench: Bench, query: Query, random: Random) -> None:
    """Counting gives the number of rows that the oracle selects, wherever all of the query is pushed."""
    del random
    asked, connector = bench.ask(query), bench.connector
    if not (bench.description.types[query.entity].can_count and isinstance(connector, Counts)):
        raise Untested("it does not count")
    if asked.split.residual != EVERYTHING:
        raise Untested("not all is pushed")
    count, _ = await bench.calling(connector.count(query.entity, asked.split.pushed))
    expected = len(await bench.expected(asked))
    if count != expected:
        raise Broken(f"counted {count}; {expected} rows match")


async def reads_side_by_side_do_not_mix(bench: Bench, query: Query, random: Random) -> None:
    """Reads that run at the same time each get their own answer."""
    draw = await bench.draw(random, query.entity)
    queries = [query, query, *(draw.query() for _ in range(4))]
    asked = [bench.ask(item).pages for item in queries if bench.connector.plan(item).unsupported is None]
    pages = await asyncio.gather(*(bench.page(item) for item in asked))
    for item, page in zip(asked, pages, strict=True):
        told = differing((await bench.page(item)).records, page.records, item.selection.fields)
        if told is not None:
            raise Broken(f"alone, and beside {len(asked) - 1} others: {told}", query=item)


async def a_cancelled_read_leaves_no_task(bench: Bench, query: Query, random: Random) -> None:
    """A read that is cancelled while it waits ends at once, leaves no task, and the next read is right."""
    pages = bench.ask(query).pages
    before = await bench.page(pages)
    others = asyncio.all_tasks()
    task = asyncio.create_task(bench.page(pages))
    await _let_run(random.choice((0, 1, 2, 5, 20)))
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await _let_run(20)
    left = [item for item in asyncio.all_tasks() - others if not item.done()]
    if left:
        raise Broken(f"{len(left)} tasks still run: {left[0]}")
    told = differing(before.records, (await bench.page(pages)).records, pages.selection.fields)
    if told is not None:
        raise Broken(f"before and after a cancelled read: {told}")


async def _let_run(turns: int) -> None:
    for _ in range(turns):
        await asyncio.sleep(0)


async def the_call_budget_is_kept(bench: Bench, query: Query, random: Random) -> None:
    """A page makes no more calls than its request has left, and raises BudgetExceeded where those are too few."""
    asked = bench.ask(query)
    room = random.randrange(max(asked.split.calls, 1))
    before = len(bench.events)
    with suppress(BudgetExceeded):
        await bench.calling(bench.connector.page(asked.pages), max_calls=room)
    made = [event for event in bench.events[before:] if event.kind == "data" and not event.is_cached]
    if len(made) > room:
        raise Broken(f"{len(made)} calls were made where {room} were allowed")


async def trouble_has_a_name_and_passes(bench: Bench, query: Query, random: Random) -> None:
    """A source that misbehaves makes a read fail with a SourceError that names it, and the read after it is right."""
    pages = bench.ask(query).pages

    async def read() -> list[str]:
        return [record.remote_id for record in (await bench.page(pages)).records]

    await require_named_trouble(bench, random, read)


async def counts_in_trouble_are_right_or_fail_by_name(bench: Bench, query: Query, random: Random) -> None:
    """A source that misbehaves while it counts gives the right number, or a SourceError that names it."""
    asked, connector = bench.ask(query), bench.connector
    if not (bench.description.types[query.entity].can_count and isinstance(connector, Counts)):
        raise Untested("it does not count")
    counter = connector

    async def count() -> int:
        return (await bench.calling(counter.count(query.entity, asked.split.pushed)))[0]

    await require_named_trouble(bench, random, count)


async def secrets_stay_secret(bench: Bench, query: Query, random: Random) -> None:
    """No error and no event so far, nor those of a read in trouble, shows a secret, plain or encoded."""
    if not bench.secrets:
        raise Untested("no secrets were given")
    if bench.troubles:
        with bench.troubles[random.choice(sorted(bench.troubles))]():
            await asyncio.gather(bench.page(bench.ask(replace(query, limit=1)).pages), return_exceptions=True)
    seen = [*(text for error in bench.errors for text in _texts_of(error)), *map(repr, bench.events)]
    for secret in bench.secrets:
        for form in _forms_of(secret):
            shown = next((text for text in seen if form in text), None)
            if shown is not None:
                raise Broken(f"a secret of {len(secret)} characters shows in: {shown.replace(form, '<SECRET>')[:300]}")


def _texts_of(error: BaseException) -> Iterator[str]:
    """What *error*, its causes and what it was raised among would print."""
    reached: BaseException | None = error
    while reached is not None:
        yield from (str(reached), repr(reached), repr(reached.args), repr(getattr(reached, "__dict__", None)))
        reached = reached.__cause__ or reached.__context__


def _forms_of(secret: str) -> set[str]:
    """*secret* plain, reversed, percent-encoded, in hexadecimal and in base64."""
    raw = secret.encode()
    coded = {base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    forms = {secret, secret[::-1], quote(secret, safe=""), quote_plus(secret), raw.hex(), raw.hex().upper(), *coded}
    return {form for form in forms if len(form) >= 4}


LAWS = (
    a_description_keeps_to_the_model,
    a_page_costs_what_is_declared,
    counts_agree_with_the_rows,
    reads_side_by_side_do_not_mix,
    a_cancelled_read_leaves_no_task,
    the_call_budget_is_kept,
    trouble_has_a_name_and_passes,
    counts_in_trouble_are_right_or_fail_by_name,
    secrets_stay_secret,
)
