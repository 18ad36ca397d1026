"""Laws of groups that a CRM makes itself."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random
from typing import TypeAlias

from connectors.base import Aggregates
from connectors.conformance.bench import Bench
from connectors.conformance.laws.checks import require_named_trouble
from connectors.conformance.report import Broken, Untested
from connectors.scope import CallEvent
from model.aggregate import CURRENCY, AggregateQuery, Bucket, Fold, GroupKey, GroupRow
from model.capabilities import AggregateSplit
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.fields import FIELDS, RELATIONS, FieldKind, field_of
from model.query import EVERYTHING, Query

__all__ = ["LAWS"]

_DATED = frozenset({FieldKind.DATE, FieldKind.DATETIME})
_GROUPED = frozenset({FieldKind.CHOICE, FieldKind.REFERENCE, FieldKind.BOOLEAN}) | _DATED
_WORDS = frozenset({"lead_source", "kind", "industry"})
_ZONES = ("UTC", "UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Auckland")

Told: TypeAlias = Mapping[tuple[str | None, ...], str]
"""Groups by their values: how many records, and their amounts."""


def _drawn(query: Query, random: Random) -> AggregateQuery:
    """Groups of the rows that *query* selects, by none to three keys, at times with amounts."""
    entity = query.entity
    amounts = [name for name, field in FIELDS[entity].items() if field.kind is FieldKind.MONEY]
    amount = random.choice((*amounts, None))
    names = [name for name, field in FIELDS[entity].items() if field.kind in _GROUPED or name in _WORDS]
    names += [name for name, relation in RELATIONS[entity].items() if not relation.is_many]
    names += [CURRENCY] if amount else []
    chosen = random.sample(sorted(names), min(len(names), random.choice((0, 1, 1, 1, 2, 3))))
    return AggregateQuery(
        entity=entity,
        where=random.choice((EVERYTHING, query.where, query.where)),
        keys=tuple(_key(entity, name, random) for name in chosen),
        amount=amount,
        is_weighted=amount is not None and "probability" in FIELDS[entity] and random.random() < 0.5,
        zone=random.choice(_ZONES),
    )


def _key(entity: Entity, name: str, random: Random) -> GroupKey:
    is_dated = name != CURRENCY and field_of(entity, name).kind in _DATED
    return GroupKey(name, random.choice((*Bucket, *Bucket, None)) if is_dated else None)


def _planned(bench: Bench, entity: Entity, query: AggregateQuery) -> tuple[Aggregates, AggregateSplit]:
    connector = bench.connector
    if not bench.description.types[entity].can_aggregate or not isinstance(connector, Aggregates):
        raise Untested("it does not group")
    return connector, connector.plan_aggregate(query)


async def _grouped(
    bench: Bench, entity: Entity, query: AggregateQuery
) -> tuple[AggregateSplit, Sequence[GroupRow], list[CallEvent]]:
    """The plan, the groups and the calls of *query*.

    Raises:
        Untested: it is refused, as it may be.
    """
    connector, split = _planned(bench, entity, query)
    if split.unsupported is not None:
        raise Untested(split.unsupported)
    try:
        rows, calls = await bench.calling(connector.aggregate(query))
    except UnsupportedBySource as refusal:
        raise Untested(refusal.message) from refusal
    return split, rows, calls


async def groups_are_those_of_the_oracle(bench: Bench, query: Query, random: Random) -> None:
    """Groups that a CRM makes hold the values, counts and amounts that folding every row gives."""
    asked = _drawn(query, random)
    _, rows, _ = await _grouped(bench, query.entity, asked)
    fold = Fold(asked)
    fold.add(await bench.matching(replace(query, where=asked.where, order=())))
    expected, found = _told(fold.rows()), _told(rows)
    if len(found) != sum(1 for row in rows if row.count):
        raise Broken(f"{_named(asked)}: a group came twice")
    for values in sorted({*expected, *found}, key=repr):
        if expected.get(values) != found.get(values):
            raise Broken(
                f"{_named(asked)}: the group {values} is {found.get(values)}; it holds {expected.get(values)}",
                query=replace(query, where=asked.where, order=()),
            )


def _told(rows: Sequence[GroupRow]) -> Told:
    return {row.values: f"{row.count} records{_amounts(row)}" for row in rows if row.count}


def _amounts(row: GroupRow) -> str:
    found = (total for _, total in sorted(row.amounts.items(), key=lambda item: item[0] or "") if total.count)
    return "".join(
        f", {total.currency}: {total.count} of {_plain(total.sum)} from {_plain(total.min)} to {_plain(total.max)},"
        f" weighted {_plain(total.weighted)}"
        for total in found
    )


def _plain(value: Decimal | None) -> str:
    return "none" if value is None else format(value.normalize() + 0, "f")


def _named(query: AggregateQuery) -> str:
    keys = ", ".join(f"{key.field} by {key.bucket.value}" if key.bucket else key.field for key in query.keys)
    weighted = ", weighted" if query.is_weighted else ""
    return f"{query.entity.value}s by {keys or 'nothing'} in {query.zone}, amount {query.amount}{weighted}"


async def grouping_costs_what_is_declared(bench: Bench, query: Query, random: Random) -> None:
    """Grouping takes no more data calls than its plan declares."""
    asked = _drawn(query, random)
    split, _, calls = await _grouped(bench, query.entity, asked)
    if len(calls) > split.calls:
        told = ", ".join(call.operation for call in calls)
        raise Broken(f"{_named(asked)}: {len(calls)} calls ({told}); {split.calls} are declared")


async def a_plan_of_groups_gives_its_reasons(bench: Bench, query: Query, random: Random) -> None:
    """A plan of groups is the same every time, makes no call, and says why where it refuses or is not exact."""
    asked, before = _drawn(query, random), len(bench.events)

    async def plan_twice() -> tuple[AggregateSplit, AggregateSplit]:
        connector, split = _planned(bench, query.entity, asked)
        return split, connector.plan_aggregate(asked)

    (split, again), _ = await bench.calling(plan_twice())
    if len(bench.events) != before or split != again:
        raise Broken(f"{_named(asked)}: planning made a call, or two plans differ")
    if split.unsupported is not None and not split.unsupported.strip():
        raise Broken(f"{_named(asked)}: refused without a reason")
    if split.unsupported is None and not split.is_exact and not split.notes:
        raise Broken(f"{_named(asked)}: told as inexact without a note")


async def groups_in_trouble_are_right_or_fail_by_name(bench: Bench, query: Query, random: Random) -> None:
    """A source that misbehaves while it groups gives the right groups, or a SourceError that names it."""
    asked = _drawn(query, random)
    await _grouped(bench, query.entity, asked)
    connector, _ = _planned(bench, query.entity, asked)

    async def group() -> Told:
        return _told((await bench.calling(connector.aggregate(asked)))[0])

    await require_named_trouble(bench, random, group)


LAWS = (
    groups_are_those_of_the_oracle,
    grouping_costs_what_is_declared,
    a_plan_of_groups_gives_its_reasons,
    groups_in_trouble_are_right_or_fail_by_name,
)
