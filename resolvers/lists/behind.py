"""Conditions on what stands behind relations, where the CRM itself cannot look there.

First in two steps: the ids of the records there that satisfy the condition are asked of their own list, and the
condition becomes one on the relation. A condition P that a missing record does not satisfy becomes "the relation is
in the ids of P", one that it does satisfy "the relation is not in the ids of not P".
Where that does not do, the records behind the rows of each page are read, and the condition is checked here.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from aiodataloader import DataLoader

from model.entities import Entity, Record, record_type
from model.errors import UnsupportedBySource
from model.evaluate import Related, evaluate
from model.fields import RELATIONS, path_of
from model.query import (
    NOTHING,
    And,
    Compare,
    Not,
    Operator,
    Or,
    Predicate,
    Query,
    Selection,
    fields_in,
    mapped,
    normalised,
)
from model.reading import ListRequest, ReadOptions
from resolvers.accounts import Account
from resolvers.cursor import Place
from resolvers.guard import reading
from resolvers.lists.plan import START, SourcePlan, plan_source
from resolvers.lists.scans import counted, plural_of, require_scan, scan_limit
from resolvers.lists.stream import Stream
from resolvers.loaders import Batches
from resolvers.relations import Relations
from resolvers.settings import ReadLimits

__all__ = ["Behind", "LookUp", "by_ids", "look_ups", "missing_satisfies", "relation_of", "substituted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LookUp:
    """One question for ids: which records of a source satisfy *where*."""

    entity: Entity
    where: Predicate
    options: ReadOptions

    def plan(self, account: Account, limits: ReadLimits) -> SourcePlan:
        """How the source is asked it: for nothing but ids, one more than are used.

        Raises:
            UnsupportedBySource: it cannot be asked, or would be read whole for it.
        """
        account.listed(self.entity)
        query = Query(
            entity=self.entity,
            selection=Selection(),
            where=self.where,
            limit=limits.behind_ids + 1,
            include_deleted=self.options.include_deleted,
            include_archived=self.options.include_archived,
        )
        plan = SourcePlan.of(query, account)
        require_scan(plan, source=account.source.key, options=self.options)
        return plan


@dataclass(frozen=True, slots=True)
class _Found:
    """The ids a look-up gave; None where it cannot be made, and *notes* say why or where they are inexact."""

    ids: tuple[str, ...] | None
    notes: tuple[str, ...] = ()
    is_exact: bool = True


class Behind:
    """What stands behind the relations of one request's rows; equal look-ups are made once, and live as long."""

    def __init__(self, *, limits: ReadLimits, batches: Batches, relations: Relations) -> None:
        self._limits = limits
        self._batches = batches
        self._relations = relations
        self._loaders: dict[str, DataLoader[LookUp, _Found]] = {}

    async def plan(
        self, request: ListRequest, account: Account, *, is_alone: bool, before: Place = START
    ) -> SourcePlan:
        """The plan of one source, conditions behind relations turned into ids where that helps.

        Args:
            request: the list.
            account: of the source.
            is_alone: no other source takes part.
            before: where the walk stands; the ids are asked again on every page.

        Raises:
            UnsupportedBySource: it lacks the type, or cannot answer such a query at all.
            SourceError: the ids could not be read.
            BadCursor: the walk stands in an order of the CRM's own, which it gives no longer.
        """
        plan = plan_source(request, account, is_alone=is_alone, before=before)
        wanted = look_ups(plan, request)
        if not wanted:
            return plan
        found = dict(zip(wanted, await self._found(account, list(wanted.values())), strict=True))
        instead = {piece: by_ids(piece, answer.ids, request.entity) for piece, answer in found.items()}
        try:
            where = substituted(plan.where, instead)
            plan = plan_source(request, account, is_alone=is_alone, before=before, where=where)
        except UnsupportedBySource as error:
            # The ids may be too many for the CRM's query; what they stand for can still be checked here.
            found = {piece: _Found(None, (error.message,)) for piece in found}
        roads = tuple(note for piece, answer in found.items() for note in _told(piece, answer, request.entity))
        return replace(plan, roads=roads, has_exact_ids=all(answer.is_exact for answer in found.values()))

    async def _found(self, account: Account, wanted: Sequence[LookUp]) -> list[_Found]:
        loader = self._loaders.get(account.source.key)
        if loader is None:

            async def load(asked: list[LookUp]) -> list[_Found | BaseException]:
                return await asyncio.gather(*(self._look_up(account, item) for item in asked), return_exceptions=True)

            loader = self._loaders[account.source.key] = self._batches.loader(load)
        # A caller that leaves must not take along what others wait for.
        return list(await asyncio.gather(*(asyncio.shield(loader.load(item)) for item in wanted)))

    async def _look_up(self, account: Account, wanted: LookUp) -> _Found:
        """The ids that *wanted* asks for, where the source finds them itself and they are few."""
        most, source, plural = self._limits.behind_ids, account.source, plural_of(wanted.entity)
        if wanted.where == NOTHING:
            return _Found(())
        try:
            async with reading(source.key):
                plan = wanted.plan(account, self._limits)
                stream = Stream(
                    source.key,
                    source.connector,
                    plan,
                    start=None,
                    scan_limit=scan_limit(wanted.options, source=source, limits=self._limits),
                    on_page=lambda _: None,
                    follow=self.follow,
                )
                await stream.fill(most + 1, least=most + 1)
        except UnsupportedBySource as error:
            return _Found(None, (error.message,))
        if stream.is_limited:
            return _Found(None, (f"the scan budget ended before all {plural} were found",))
        if len(stream.rows) > most:
            return _Found(None, (f"it holds for more than {counted(most, wanted.entity)}",))
        return _Found(tuple(row.record.remote_id for row in stream.rows), plan.split.notes, plan.split.is_exact)

    async def follow(self, records: Sequence[Record], plan: SourcePlan) -> tuple[Sequence[Record], Related]:
        """*records* of a page with the Refs that *plan* compares, and what stands behind the relations it names."""
        for name in plan.unkeyed:
            refs = await self._relations.refs(records, name)
            found_refs: list[dict[str, Any]] = [{name: refs[record.remote_id]} for record in records]
            records = [replace(record, **ref) for record, ref in zip(records, found_refs, strict=True)]
        # With what the caller wants there as well, so that nothing is read twice.
        wanted = {name: plan.query.selection.relations[name].selection for name in plan.behind}
        ends = {name: self._relations.ends(records, name, selection) for name, selection in wanted.items()}
        found = dict(zip(ends, await asyncio.gather(*ends.values()), strict=True))

        def related(record: Record, relation: str) -> Record | None:
            return found[relation][record.remote_id]

        return records, related


def look_ups(plan: SourcePlan, request: ListRequest) -> dict[Predicate, LookUp]:
    """What to ask first, by the part of the plan's predicate that it would replace."""
    left = {name for name in fields_in(plan.residual) if path_of(name)}.difference(fields_in(plan.split.pushed))
    if not left:
        return {}
    return {
        piece: LookUp(entity=target, where=_asked(piece, request.entity), options=request.options)
        for piece in _pieces(_grouped(plan.where))
        if left.intersection(fields_in(piece))
        for target in (RELATIONS[request.entity][relation_of(piece) or ""].target,)
    }


def relation_of(predicate: Predicate) -> str | None:
    """The one relation that *predicate* looks behind everywhere; None where it speaks of anything else."""
    names = {path[0] if (path := path_of(name)) else None for name in fields_in(predicate)}
    return names.pop() if len(names) == 1 else None


def substituted(predicate: Predicate, found: Mapping[Predicate, Predicate | None]) -> Predicate:
    """*predicate* with the parts that *found* has something in place of."""

    def put(item: Predicate) -> Predicate:
        instead = found.get(item)
        if instead is not None:
            return instead
        match item:
            case And(items):
                return And(tuple(map(put, items)))
            case Or(items):
                return Or(tuple(map(put, items)))
            case _:
                return item

    return normalised(put(_grouped(predicate)))


def _grouped(predicate: Predicate) -> Predicate:
    """An equal predicate in which what speaks of one relation alone stands together."""
    if not isinstance(predicate, And | Or):
        return predicate
    kind, apart = type(predicate), list[Predicate]()
    together: dict[str, list[Predicate]] = defaultdict(list)
    for item in map(_grouped, predicate.items):
        relation = relation_of(item)
        (apart if relation is None else together[relation]).append(item)
    parts = [*apart, *(each[0] if len(each) == 1 else kind(tuple(each)) for each in together.values())]
    return parts[0] if len(parts) == 1 else kind(tuple(parts))


def _pieces(predicate: Predicate) -> Iterator[Predicate]:
    """The largest parts of a grouped predicate that speak of one relation alone."""
    if relation_of(predicate) is not None:
        yield predicate
    elif isinstance(predicate, And | Or):
        for item in predicate.items:
            yield from _pieces(item)


def missing_satisfies(predicate: Predicate, entity: Entity) -> bool:
    """Whether *predicate*, which looks behind relations alone, is true of a record that has nothing there."""
    nobody = record_type(entity)(source="", remote_id="")
    return evaluate(predicate, nobody, entity=entity, related=lambda *_: None)


def _asked(piece: Predicate, entity: Entity) -> Predicate:
    """What the records whose ids stand for *piece* satisfy, in their own type's names."""
    inner = mapped(piece, lambda compare: replace(compare, field=compare.field.partition(".")[2]))
    return normalised(Not(inner) if missing_satisfies(piece, entity) else inner)


def by_ids(piece: Predicate, ids: tuple[str, ...] | None, entity: Entity) -> Predicate | None:
    """The condition on the relation that *ids*, as looked up for *piece*, make of it; None without ids."""
    if ids is None:
        return None
    operator = Operator.NOT_IN if missing_satisfies(piece, entity) else Operator.IN
    return Compare(relation_of(piece) or "", operator, ids)


def _told(piece: Predicate, found: _Found, entity: Entity) -> Iterator[str]:
    """How a condition behind a relation was met, for the outcome's notes."""
    relation = relation_of(piece) or ""
    target = RELATIONS[entity][relation].target
    if found.ids is None:
        yield f"{relation} checked here on every row: {'; '.join(found.notes)}"
        return
    count = len(found.ids)
    yield f"{relation} filtered in two steps: {counted(count, target)}, then {plural_of(entity)}"
    yield from found.notes
