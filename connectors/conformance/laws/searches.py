"""Laws of a CRM's own search."""

import re
from collections.abc import Mapping, Sequence
from random import Random

from connectors.base import Searches
from connectors.conformance.bench import Bench
from connectors.conformance.hostile import HOSTILE
from connectors.conformance.laws.checks import require_asked, require_named_trouble, require_same
from connectors.conformance.report import Broken, Untested
from connectors.conformance.told import told_row
from connectors.scope import CallEvent
from model.capabilities import SearchSplit
from model.entities import Entity, Record, record_type
from model.errors import SourceError
from model.fields import FIELDS
from model.page import Hit, Searched
from model.query import Query, SearchQuery, Selection

__all__ = ["LAWS"]

_NAMED_BY: Mapping[Entity, tuple[str, ...]] = {
    Entity.CONTACT: ("last_name", "first_name", "email"),
    Entity.LEAD: ("last_name", "title"),
    Entity.COMPANY: ("name",),
    Entity.DEAL: ("name",),
    Entity.APPOINTMENT: ("title",),
    Entity.TASK: ("subject",),
    Entity.NOTE: ("title", "body_preview"),
    Entity.PROJECT: ("name",),
    Entity.COMMENT: ("body",),
    Entity.USER: ("name", "email"),
}
"""What every CRM's search looks into."""

_WORD = re.compile(r"\b[A-Za-z]{4,}\b")
_MOST = 200


def _searched(bench: Bench) -> tuple[Searches, list[Entity]]:
    """The connector, and the types that it searches.

    Raises:
        Untested: it searches none.
    """
    connector = bench.connector
    found = [entity for entity in sorted(bench.description.types) if bench.description.types[entity].can_search]
    if not found or not isinstance(connector, Searches):
        raise Untested("it does not search")
    return connector, found


async def _drawn(bench: Bench, query: Query, random: Random) -> SearchQuery:
    """A search for a word of some row, or for anything, in the query's type and at times others."""
    _, entities = _searched(bench)
    if query.entity not in entities:
        raise Untested(f"{query.entity.value} records are not searched")
    others = random.sample(entities, random.choice((0, 0, 1, len(entities))))
    words = await _words(bench, query.entity)
    text = random.choice(random.choice(words)[1] if words and random.random() < 0.9 else HOSTILE)
    fields = {entity: frozenset(random.sample(sorted(FIELDS[entity]), 3)) for entity in others}
    return SearchQuery(
        text=text if text.strip() else "a",
        selections={
            query.entity: Selection(query.selection.fields),
            **{entity: Selection(fields[entity]) for entity in others if entity is not query.entity},
        },
        limit=random.choice((1, 2, 5, 25, _MOST)),
    )


async def _words(bench: Bench, entity: Entity) -> list[tuple[Record, list[str]]]:
    """Rows with the words of what they are named by, where they have some."""
    rows = await bench.rows(entity) if entity in bench.entities() else ()
    texts = [(row, [getattr(row, name) for name in _NAMED_BY[entity]]) for row in rows]
    found = [(row, [word for text in held if text for word in _WORD.findall(text)]) for row, held in texts]
    return [(row, words) for row, words in found if words]


async def _found(
    bench: Bench, query: SearchQuery, after: Mapping[Entity, int] | None = None
) -> tuple[Mapping[Entity, Searched], list[CallEvent]]:
    """What a search gives of each type, and its calls.

    Raises:
        Untested: the source takes none of the types.
        Broken: an answer lacks a type, or is an error.
    """
    connector, _ = _searched(bench)
    split = connector.plan_search(query)
    if split.unsupported is not None:
        raise Untested(split.unsupported)
    taken = SearchQuery(
        text=query.text,
        selections={entity: query.selections[entity] for entity in split.entities},
        limit=query.limit,
    )
    results, calls = await bench.calling(connector.search(taken, after))
    if set(results) != set(split.entities):
        raise Broken(f"{query.text!r}: asked for {sorted(split.entities)}, and {sorted(results)} came")
    return {entity: _whole(result) for entity, result in results.items()}, calls


def _whole(result: Searched | SourceError) -> Searched:
    if isinstance(result, SourceError):
        raise result
    return result


async def _all_hits(bench: Bench, query: SearchQuery, entity: Entity) -> list[Hit]:
    """Every hit of one type."""
    hits: list[Hit] = []
    while True:
        alone = SearchQuery(text=query.text, selections={entity: query.selections[entity]}, limit=_MOST)
        found = (await _found(bench, alone, {entity: len(hits)}))[0].get(entity, Searched(()))
        hits += found.hits
        if not found.has_more:
            return hits
        if not found.hits:
            raise Broken(f"{query.text!r}: more {entity.value}s are promised behind {len(hits)}, and none come")


def _ids(hits: Sequence[Hit]) -> list[str]:
    return [hit.record.remote_id for hit in hits]


async def hits_carry_what_was_asked(bench: Bench, query: Query, random: Random) -> None:
    """A hit is a record of its type with the selected fields as every read has them, and matched fields are its own."""
    asked = await _drawn(bench, query, random)
    for entity, found in (await _found(bench, asked))[0].items():
        if len(found.hits) > asked.limit:
            raise Broken(f"{asked.text!r}: {len(found.hits)} {entity.value}s where {asked.limit} were asked")
        for hit in found.hits:
            record = hit.record
            if record.source != bench.connector.source or not isinstance(record, record_type(entity)):
                raise Broken(f"{asked.text!r}: {told_row(record, ['source'])} is no {entity.value} of this source")
            require_asked(bench, record, entity, asked.selections[entity])
            if not set(hit.matched_on) <= FIELDS[entity].keys():
                raise Broken(f"{asked.text!r}: {told_row(record, ())} is told as matching {hit.matched_on}")
        await require_same(bench, entity, [hit.record for hit in found.hits])


async def hits_come_page_by_page(bench: Bench, query: Query, random: Random) -> None:
    """Behind the first n hits of a type stand exactly the others, none twice, and more are promised where some are."""
    asked = await _drawn(bench, query, random)
    every = _ids(await _all_hits(bench, asked, query.entity))
    if len(set(every)) != len(every):
        raise Broken(f"{asked.text!r}: a {query.entity.value} came twice among {every}")
    skipped = random.randint(0, len(every))
    found = (await _found(bench, asked, {query.entity: skipped}))[0].get(query.entity)
    if found is None:
        raise Untested("the type is not searched")
    rest = every[skipped:]
    if _ids(found.hits) != rest[: len(found.hits)] or (not found.has_more and len(found.hits) < len(rest)):
        raise Broken(f"{asked.text!r}: behind {skipped} of {every} came {_ids(found.hits)}, has_more {found.has_more}")
    if found.has_more and len(found.hits) == len(rest):
        raise Broken(f"{asked.text!r}: more are promised behind all {len(every)}")


async def a_word_of_a_row_finds_it(bench: Bench, query: Query, random: Random) -> None:
    """A whole word of what a row is named by is among the words that find it."""
    await _drawn(bench, query, random)
    rows = await _words(bench, query.entity)
    if not rows:
        raise Untested("no row is named in letters")
    row, words = random.choice(rows)
    text = random.choice(words)
    asked = SearchQuery(text=text, selections={query.entity: Selection()})
    if row.remote_id not in _ids(await _all_hits(bench, asked, query.entity)):
        raise Broken(f"{text!r} does not find {told_row(row, _NAMED_BY[query.entity])}")


async def any_text_is_searched_as_text(bench: Bench, query: Query, random: Random) -> None:
    """Whatever signs a text has, it is searched for or finds nothing, and is never an error of the search language."""
    await _drawn(bench, query, random)
    for text in random.sample([text for text in HOSTILE if text.strip()], 8):
        asked = SearchQuery(text=text, selections={query.entity: Selection()}, limit=5)
        try:
            found, _ = await _found(bench, asked)
        except Untested:
            continue
        except SourceError as error:
            raise Broken(f"{text[:80]!r}: {error.code}: {error.message}") from error
        for entity, result in found.items():
            if len(result.hits) > asked.limit:
                raise Broken(f"{text[:80]!r} gave {len(result.hits)} {entity.value}s where {asked.limit} were asked")


async def searching_costs_what_is_declared(bench: Bench, query: Query, random: Random) -> None:
    """A page of hits takes no more data calls than its plan declares."""
    asked = await _drawn(bench, query, random)
    connector, _ = _searched(bench)
    declared = connector.plan_search(asked).calls
    _, calls = await _found(bench, asked)
    if len(calls) > declared:
        told = ", ".join(call.operation for call in calls)
        raise Broken(f"{asked.text!r}: {len(calls)} calls ({told}); {declared} are declared")


async def a_plan_of_a_search_keeps_to_the_question(bench: Bench, query: Query, random: Random) -> None:
    """A plan of a search is the same every time, makes no call, names types that were asked, and says why if none."""
    connector, _ = _searched(bench)
    asked, before = await _drawn(bench, query, random), len(bench.events)

    async def plan_twice() -> tuple[SearchSplit, SearchSplit]:
        return connector.plan_search(asked), connector.plan_search(asked)

    (split, again), _ = await bench.calling(plan_twice())
    if len(bench.events) != before or split != again:
        raise Broken(f"{asked.text!r}: planning made a call, or two plans differ")
    if not set(split.entities) <= asked.selections.keys():
        raise Broken(f"{asked.text!r}: {split.entities} would be searched where {list(asked.selections)} were asked")
    if (not split.entities) is (not (split.unsupported or "").strip()):
        raise Broken(f"{asked.text!r}: {split.entities} would be searched, and unsupported is {split.unsupported!r}")


async def hits_in_trouble_are_right_or_fail_by_name(bench: Bench, query: Query, random: Random) -> None:
    """A source that misbehaves while it searches gives the right hits, or a SourceError that names it."""
    asked = await _drawn(bench, query, random)

    async def search() -> Mapping[Entity, object]:
        found, _ = await _found(bench, asked)
        return {
            entity: (result.has_more, [(hit.record.remote_id, hit.matched_on) for hit in result.hits])
            for entity, result in found.items()
        }

    await require_named_trouble(bench, random, search)


LAWS = (
    hits_carry_what_was_asked,
    hits_come_page_by_page,
    a_word_of_a_row_finds_it,
    any_text_is_searched_as_text,
    hits_in_trouble_are_right_or_fail_by_name,
    searching_costs_what_is_declared,
    a_plan_of_a_search_keeps_to_the_question,
)
