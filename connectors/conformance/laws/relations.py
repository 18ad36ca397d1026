"""Laws of relations: links of many parents, and what a page carries along."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import ceil
from random import Random

from connectors.conformance.bench import Bench
from connectors.conformance.laws.checks import entity_of, require_asked, require_same, wanted_of
from connectors.conformance.report import Broken, Untested
from model.capabilities import RelationCapability, RelationMode
from model.entities import Entity, Record, record_type
from model.fields import RELATIONS
from model.page import Link, Page, RelatedPage
from model.query import EVERYTHING, Query, RelationSelection, Selection
from model.values import UNSET, Ref

__all__ = ["LAWS"]

_PRIMARY = {(Entity.CONTACT, "companies"): "company"}
"""Relations to many of which one link, the primary, is a relation of its own."""


async def _one(bench: Bench, query: Query, random: Random) -> tuple[RelationCapability, list[str]]:
    """A relation of the type that is read apart, and up to a batch of parents."""
    relations = [item for item in bench.relations(query.entity) if item.mode is not RelationMode.UNSUPPORTED]
    rows = await bench.rows(query.entity)
    if not relations or not rows:
        raise Untested("no relation is read apart")
    relation = random.choice(relations)
    most = min(relation.batch_size or 1, len(rows), random.choice((1, 4, 15, 1_000)))
    return relation, [row.remote_id for row in random.sample(rows, most)]


def _told(relation: RelationCapability, parent: str) -> str:
    return f"{relation.field} of {parent}"


def _ids(page: RelatedPage) -> list[str]:
    return [link.ref.remote_id for link in page.links]


async def _all_links(bench: Bench, entity: Entity, relation: RelationCapability, parent: str) -> list[Link]:
    found: list[Link] = []
    after: str | None = None
    while True:
        pages, _ = await bench.related(entity, relation, [parent], first=50, after=after)
        found.extend(pages[0].links)
        if not pages[0].has_more:
            return found
        if not pages[0].links or len(found) > 100_000:
            raise Broken(f"{_told(relation, parent)}: more links are promised behind {after}, and none come")
        after = pages[0].links[-1].ref.remote_id


async def related_answers_in_the_order_of_parents(bench: Bench, query: Query, random: Random) -> None:
    """Each of many parents gets the links it has when it is asked alone."""
    relation, parents = await _one(bench, query, random)
    first = 1 if not relation.is_many else random.choice((1, 3, 20))
    together, _ = await bench.related(query.entity, relation, parents, first=first)
    for parent, page in random.sample(list(zip(parents, together, strict=True)), min(5, len(parents))):
        alone, _ = await bench.related(query.entity, relation, [parent], first=first)
        if alone[0] != page:
            raise Broken(f"{_told(relation, parent)}: alone {alone[0]}; among {len(parents)} parents {page}")


async def links_are_distinct_and_in_id_order(bench: Bench, query: Query, random: Random) -> None:
    """The links of a parent lead to different rows of the target type, ascending by id as the CRM compares ids."""
    relation, parents = await _one(bench, query, random)
    pages, _ = await bench.related(query.entity, relation, parents, first=100 if relation.is_many else 1)
    target = RELATIONS[query.entity][relation.field].target
    for parent, page in zip(parents, pages, strict=True):
        ids = _ids(page)
        if len(set(ids)) != len(ids) or sorted(ids, key=bench.connector.id_key) != ids:
            raise Broken(f"{_told(relation, parent)} came as {ids}")
        if any(link.ref.entity != target for link in page.links):
            raise Broken(f"{_told(relation, parent)} leads to {page.links[0].ref.entity}, not to {target.value}")
        if not relation.is_many and (len(ids) > 1 or page.has_more):
            raise Broken(f"{_told(relation, parent)} leads to one row, and {len(ids)} links came")


async def first_links_are_a_prefix(bench: Bench, query: Query, random: Random) -> None:
    """The first k links are the first k of all, and has_more says whether others follow."""
    relation, parents = await _one(bench, query, random)
    if not relation.is_many:
        raise Untested("a relation to one")
    first = random.choice((1, 2, 5))
    pages, _ = await bench.related(query.entity, relation, parents, first=first)
    held = [(parent, page) for parent, page in zip(parents, pages, strict=True) if page.links]
    for parent, page in random.sample(held, min(3, len(held))):
        every = [link.ref.remote_id for link in await _all_links(bench, query.entity, relation, parent)]
        if _ids(page) != every[:first] or page.has_more is not (len(every) > first):
            raise Broken(
                f"{_told(relation, parent)}: first {first} gave {_ids(page)}, has_more {page.has_more}; all are {every}"
            )
    if any(page.has_more and len(page.links) < first for page in pages):
        raise Broken(f"{relation.field}: fewer than {first} links came where more are promised")


async def links_resume_behind_any_id(bench: Bench, query: Query, random: Random) -> None:
    """Behind any id, whether a link has it or not, stand exactly the links with greater ids."""
    relation, parents = await _one(bench, query, random)
    if not relation.is_many:
        raise Untested("a relation to one")
    pages, _ = await bench.related(query.entity, relation, parents, first=5)
    parent = random.choice([p for p, page in zip(parents, pages, strict=True) if page.links] or parents)
    every = [link.ref.remote_id for link in await _all_links(bench, query.entity, relation, parent)]
    places = every + [row.remote_id for row in (await _rows_of(bench, relation.target))[:5]]
    if not places:
        raise Untested("no links")
    id_key, after, first = bench.connector.id_key, random.choice(places), random.choice((1, 3, 50))
    rest = [item for item in every if id_key(item) > id_key(after)]
    behind, _ = await bench.related(query.entity, relation, [parent], first=first, after=after)
    if _ids(behind[0]) != rest[:first] or behind[0].has_more is not (len(rest) > first):
        raise Broken(
            f"{_told(relation, parent)} behind {after}: {_ids(behind[0])}, has_more {behind[0].has_more};"
            f" behind it stand {rest}"
        )


async def _rows_of(bench: Bench, entity: Entity) -> Sequence[Record]:
    return await bench.rows(entity) if entity in bench.entities() else ()


async def carried_records_are_whole_and_the_same(bench: Bench, query: Query, random: Random) -> None:
    """A record that comes with its link is the one linked, carries what was selected, and says what a list says."""
    relation, parents = await _one(bench, query, random)
    drawn = (await bench.draw(random, relation.target)).selection(depth=0)
    selection = bench.without_apart(relation.target, drawn)
    pages, _ = await bench.related(query.entity, relation, parents, first=3, selection=selection)
    links = [link for page in pages for link in page.links]
    if relation.carries_records and any(link.record is None for link in links):
        raise Broken(f"{relation.field} is told to carry records, and links came without")
    await _require_carried(bench, relation.target, links, selection)


async def _require_carried(bench: Bench, target: Entity, links: Sequence[Link], selection: Selection) -> None:
    for link in links:
        if link.record is None:
            continue
        if link.record.remote_id != link.ref.remote_id or not isinstance(link.record, record_type(target)):
            raise Broken(f"the link to {link.ref} carries {type(link.record).__name__} {link.record.remote_id}")
        require_asked(bench, link.record, target, selection)
    await require_same(bench, target, [link.record for link in links if link.record is not None])


async def the_primary_link_is_the_to_one(bench: Bench, query: Query, random: Random) -> None:
    """Where one of many is the primary, the relation to that one alone leads to the same row."""
    relations = bench.description.types[query.entity].relations
    pairs = [
        (many, relations[name])
        for many in bench.relations(query.entity)
        if (name := _PRIMARY.get((query.entity, many.field), "")) in relations
    ]
    rows = await bench.rows(query.entity)
    if not pairs or not rows:
        raise Untested("no such pair of relations")
    many, one = random.choice(pairs)
    chosen = random.sample(rows, min(many.batch_size or 1, one.batch_size or 1, len(rows), 20))
    parents = [row.remote_id for row in chosen]
    pages, _ = await bench.related(query.entity, many, parents, first=100)
    if one.is_keyed:
        ones = [getattr(row, one.field) for row in chosen]
    else:
        found, _ = await bench.related(query.entity, one, parents, first=1)
        ones = [page.links[0].ref if page.links else None for page in found]
    for parent, page, ref in zip(parents, pages, ones, strict=True):
        primary = [link.ref for link in page.links if link.is_primary]
        if not page.has_more and primary != ([ref] if ref is not None else []):
            raise Broken(f"{_told(one, parent)} is {ref}, and the primary of {many.field} is {primary or None}")


async def a_relation_costs_what_is_declared(bench: Bench, query: Query, random: Random) -> None:
    """A batch of parents takes one call, and one for each of them where the mode is PER_PARENT."""
    relation, parents = await _one(bench, query, random)
    _, calls = await bench.related(query.entity, relation, parents, first=3)
    declared = (
        len(parents) if relation.mode is RelationMode.PER_PARENT else ceil(len(parents) / (relation.batch_size or 1))
    )
    if len(calls) != declared:
        told = ", ".join(call.operation for call in calls)
        raise Broken(f"{relation.field} of {len(parents)} took {len(calls)} calls ({told}); {declared} are declared")


async def _carrying(bench: Bench, query: Query, random: Random) -> Query:
    """*query* with a relation or two selected, and no filter that leaves few rows."""
    relations = bench.relations(query.entity, apart=False)
    if not relations:
        raise Untested("no relations")
    chosen: dict[str, RelationSelection] = {}
    for relation in random.sample(relations, min(2, len(relations))):
        selection = (await bench.draw(random, relation.target)).selection()
        chosen[relation.field] = RelationSelection(selection, random.choice((1, 2, 5)) if relation.is_many else None)
    where = query.where if random.random() < 0.5 else EVERYTHING
    return replace(query, where=where, selection=Selection(query.selection.fields, chosen), limit=min(query.limit, 50))


async def a_page_carries_what_it_declares(bench: Bench, query: Query, random: Random) -> None:
    """A relation told as inline comes with the page for every row, whole, and the same as when it is read apart."""
    query = await _carrying(bench, query, random)
    asked = bench.ask(query)
    if not asked.split.inline:
        raise Untested("nothing selected is inline")
    page = await bench.page(asked.pages)
    carried: dict[Ref, list[Record]] = {}
    for record in page.primed:
        carried.setdefault(Ref(entity_of(record), record.remote_id), []).append(record)
    for path in sorted(path for path in asked.split.inline if path.partition(".")[0] in query.selection.relations):
        for ref, selection in _to_ones(bench, page, path, asked.pages):
            wanted = wanted_of(bench, Entity(ref.entity), selection)
            if not any(_covers(record, wanted) for record in carried.get(ref, ())):
                told = ", ".join(sorted(wanted)) or "no fields"
                raise Broken(f"{path} is told as inline, and {ref} came without {told}", query=query)
        if "." not in path and RELATIONS[query.entity][path].is_many:
            await _require_inline_links(bench, page, path, asked.pages)
    await require_same(bench, query.entity, page.primed)


def _to_ones(bench: Bench, page: Page, path: str, query: Query) -> Iterator[tuple[Ref, Selection]]:
    """Refs that the keyed to-one relations on *path* hold, with what is wanted at their end."""
    records: list[Record] = list(page.records)
    selection, entity = query.selection, query.entity
    names = path.split(".")
    for depth, name in enumerate(names):
        relation = bench.description.types[entity].relations[name]
        selection = selection.relations[name].selection
        if not relation.is_keyed:
            return
        refs = {ref for record in records if isinstance(ref := getattr(record, name), Ref)}
        if depth == len(names) - 1:
            yield from ((ref, selection) for ref in sorted(refs, key=lambda ref: ref.remote_id))
            return
        entity = relation.target
        records = [item for item in page.primed if Ref(entity, item.remote_id) in refs]


def _covers(record: Record, wanted: Iterable[str]) -> bool:
    return all(getattr(record, name) is not UNSET for name in wanted)


async def _require_inline_links(bench: Bench, page: Page, name: str, query: Query) -> None:
    relation = bench.description.types[query.entity].relations[name]
    wanted = query.selection.relations[name]
    parents = [record.remote_id for record in page.records]
    lacking = [parent for parent in parents if (name, parent) not in page.related]
    if lacking:
        raise Broken(f"{name} is told as inline, and did not come with {', '.join(lacking[:5])}")
    size, first = relation.batch_size or 1, wanted.first or 1
    for start in range(0, len(parents), size):
        batch = parents[start : start + size]
        apart, _ = await bench.related(query.entity, relation, batch, first=first)
        for parent, other in zip(batch, apart, strict=True):
            carried = page.related[name, parent]
            if _ids(carried) != _ids(other) or carried.has_more is not other.has_more:
                raise Broken(
                    f"{_told(relation, parent)}: the page carries {_ids(carried)}, has_more {carried.has_more};"
                    f" read apart they are {_ids(other)}, has_more {other.has_more}"
                )
            await _require_carried(bench, relation.target, carried.links, wanted.selection)


async def a_page_carries_no_other_links(bench: Bench, query: Query, random: Random) -> None:
    """Links that come along belong to rows of the page and to relations that were selected, and are not too many."""
    query = await _carrying(bench, query, random)
    # What is checked here behind a relation is selected for that, whatever the caller did.
    asked = bench.ask(query).pages
    page = await bench.page(asked)
    parents = {record.remote_id for record in page.records}
    for name, parent in page.related:
        if name not in asked.selection.relations or parent not in parents:
            raise Broken(f"{name} of {parent} came along unasked", query=query)
        if len(page.related[name, parent].links) > (asked.selection.relations[name].first or 1):
            raise Broken(f"{name} of {parent} came along with more links than asked", query=query)


LAWS = (
    related_answers_in_the_order_of_parents,
    links_are_distinct_and_in_id_order,
    first_links_are_a_prefix,
    links_resume_behind_any_id,
    carried_records_are_whole_and_the_same,
    the_primary_link_is_the_to_one,
    a_relation_costs_what_is_declared,
    a_page_carries_what_it_declares,
    a_page_carries_no_other_links,
)
