"""Laws of plans: what is pushed, what is left, and what each condition means."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from connectors.conformance.bench import Bench
from connectors.conformance.report import Broken, Untested, differing
from connectors.conformance.told import told_predicate, told_row
from model.capabilities import Pushdown
from model.entities import Record
from model.fields import Field, FieldKind, field_of
from model.query import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    Direction,
    MoneyBound,
    Not,
    Operator,
    Or,
    Order,
    Predicate,
    Query,
    Selection,
    fields_in,
)
from model.values import Choice, Money, Ref, instant_text

__all__ = ["LAWS", "THOROUGH"]

_TEXTS = frozenset({FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL})
_LISTED = frozenset({Operator.IN, Operator.NOT_IN})


async def planning_calls_nobody(bench: Bench, query: Query, random: Random) -> None:
    """A plan is the same every time and makes no upstream call."""
    del random
    before = len(bench.events)

    async def plan_twice() -> bool:
        return bench.connector.plan(query) == bench.connector.plan(query)

    is_same, _ = await bench.calling(plan_twice())
    if len(bench.events) != before:
        raise Broken(f"plan made the call {bench.events[-1].operation}")
    if not is_same:
        raise Broken("two plans of one query differ")


async def pushed_and_residual_mean_the_query(bench: Bench, query: Query, random: Random) -> None:
    """A row satisfies the query exactly when it satisfies the pushed and the residual part."""
    del random
    split = bench.ask(query).split
    await bench.behind()
    for row in await bench.rows(query.entity):
        wanted = bench.satisfies(row, query.where)
        if bench.satisfies(row, And((split.pushed, split.residual))) is not wanted:
            raise Broken(
                f"{'lost' if wanted else 'let in'}: {told_row(row, fields_in(query.where))}\n"
                f"pushed: {told_predicate(split.pushed)}\nresidual: {told_predicate(split.residual)}"
            )


async def a_filter_selects_what_the_oracle_does(bench: Bench, query: Query, random: Random) -> None:
    """One comparison alone, of any field with any operator, selects the oracle's rows."""
    compare = (await bench.draw(random, query.entity)).compare()
    alone = replace(query, where=compare, order=(), limit=200)
    told = differing(await _oracle(bench, alone), await _answer(bench, alone), fields_in(compare))
    if told is not None:
        raise Broken(told, query=alone)


async def a_filter_and_its_negation_share_the_rows(bench: Bench, query: Query, random: Random) -> None:
    """Every row satisfies a condition or its negation, and none both."""
    compare = (await bench.draw(random, query.entity)).compare()
    sides: list[set[str]] = []
    for where in (compare, Not(compare)):
        found = await _answer(bench, replace(query, where=where, order=(), limit=200))
        sides.append({row.remote_id for row in found})
    both, rows = sides[0] & sides[1], await bench.by_id(query.entity)
    neither = rows.keys() - sides[0] - sides[1]
    if both or neither:
        told = [told_row(rows[item], fields_in(compare)) for item in sorted(both | neither)[:4] if item in rows]
        raise Broken(
            f"{len(both)} rows on both sides, {len(neither)} on neither: {'; '.join(told)}",
            query=replace(query, where=Not(compare)),
        )


async def an_empty_and_changes_nothing(bench: Bench, query: Query, random: Random) -> None:
    """A condition and all of nothing select what the condition selects."""
    del random
    found = await _answer(bench, replace(query, where=And((EVERYTHING, query.where, And((EVERYTHING,))))))
    told = differing(await _answer(bench, query), found, fields_in(query.where))
    if told is not None:
        raise Broken(f"with an empty And: {told}")


async def an_empty_or_returns_nothing(bench: Bench, query: Query, random: Random) -> None:
    """Any of nothing, one of no values, and a condition together with either, select no row."""
    name = random.choice((await bench.draw(random, query.entity)).filterable())
    nothing = random.choice((NOTHING, Or((NOTHING,)), Compare(name, Operator.IN, ()), Not(EVERYTHING)))
    for where in (nothing, And((query.where, nothing))):
        empty = replace(query, where=where)
        found = await _answer(bench, empty)
        if found:
            raise Broken(f"{len(found)} rows came", query=empty)


async def a_seen_row_is_found_again(bench: Bench, query: Query, random: Random) -> None:
    """A condition written from a row's own values selects that row."""
    rows = await bench.rows(query.entity)
    if not rows:
        raise Untested("no rows")
    row = random.choice(rows)
    draw = await bench.draw(random, query.entity)
    far = (name for _ in range(6) if (name := draw.names.far(random)) is not None)
    values = {name: draw.names.value(row, name) for name in (*draw.filterable(), *far)}
    own = {
        name: said
        for name, value in values.items()
        if (said := _of_row(value, name, field_of(query.entity, name), random)) is not None
    }
    allowed = [name for name in sorted(own) if set(_operators_in(own[name])) <= set(draw.operators(name))]
    by_value = replace(query, where=own[random.choice(allowed)], order=(), limit=200)
    ids = {item.remote_id for item in await _answer(bench, by_value)}
    if row.remote_id not in ids:
        raise Broken(f"not found: {told_row(row, fields_in(by_value.where))}", query=by_value)


def _operators_in(predicate: Predicate) -> list[Operator]:
    if isinstance(predicate, And):
        return [operator for item in predicate.items for operator in _operators_in(item)]
    return [predicate.operator] if isinstance(predicate, Compare) else []


def _of_row(value: Any, name: str, field: Field, random: Random) -> Predicate | None:
    """A condition on *name* that a row with *value* satisfies; None where there is no simple one."""
    kind = field.kind
    if value is None:
        return None if kind is FieldKind.MONEY else Compare(name, Operator.IS_NULL, operand=True)
    value = random.choice(value) if isinstance(value, tuple) else value
    value = value.value if isinstance(value, Choice) else value.remote_id if isinstance(value, Ref) else value
    if isinstance(value, Money):
        return Compare(name, Operator.EQ, MoneyBound(value.currency, value.amount)) if value.currency else None
    if kind is FieldKind.DATETIME:
        later = instant_text(datetime.fromisoformat(value) + timedelta(milliseconds=1))
        return And((Compare(name, Operator.GTE, value), Compare(name, Operator.LT, later)))
    return random.choice(_ways(name, value, field))


def _ways(name: str, value: Any, field: Field) -> list[Compare]:
    ways = [Compare(name, Operator.EQ, value)]
    if field.kind in _TEXTS and field.name != "remote_id":
        middle = len(value) // 3
        ways += [
            Compare(name, Operator.IN, ("", value)),
            Compare(name, Operator.STARTS_WITH, value[: middle + 1]),
            Compare(name, Operator.CONTAINS, value[middle : middle + 5]),
        ]
        if value.swapcase().casefold() == value.casefold():
            ways.append(Compare(name, Operator.EQ, value.swapcase()))
    return ways


async def the_table_of_capabilities_keeps_its_word(bench: Bench, query: Query, random: Random) -> None:
    """A field told as sortable is sorted by the CRM, and an operator told as pushed leaves nothing to check here."""
    draw = await bench.draw(random, query.entity)
    fields = bench.description.types[query.entity].fields
    for name in draw.sortable():
        by_name = replace(query, where=EVERYTHING, order=(Order(name, random.choice(list(Direction))),))
        if not bench.ask(by_name).split.is_order_pushed:
            raise Broken(f"{name} is told as sortable, and its order is not pushed", query=by_name)
    pushed = [
        (name, operator)
        for name in (*draw.filterable(), *draw.names.relations())
        if name in fields
        for operator in draw.operators(name)
        if fields[name].operators.get(operator) is Pushdown.PUSHED
    ]
    if not pushed:
        raise Untested("nothing is told as pushed")
    name, operator = random.choice(pushed)
    drawn = [draw.compare(name, operator) for _ in range(8)]
    if field_of(query.entity, name).kind in _TEXTS and operator is not Operator.IS_NULL:
        drawn.append(Compare(name, operator, ("abc",) if operator in _LISTED else "abc"))
    tries = {told_predicate(where): where for where in drawn}
    if all(bench.ask(replace(query, where=where, order=())).split.residual != EVERYTHING for where in tries.values()):
        raise Broken(f"{name} {operator.value} is told as pushed, and none of these was: {', '.join(tries)}")


async def everything_declared_is_kept(bench: Bench, query: Query, random: Random) -> None:
    """Every operator that is told as pushed selects the oracle's rows, and every sort gives them in its order."""
    draw = await bench.draw(random, query.entity)
    fields = bench.description.types[query.entity].fields
    ids = Query(entity=query.entity, selection=Selection(), limit=200)
    queries = [
        replace(ids, where=draw.compare(name, operator))
        for name in (*draw.filterable(), *draw.names.relations())
        if name in fields
        for operator in draw.operators(name)
        if fields[name].operators.get(operator) in {Pushdown.PUSHED, Pushdown.SUPERSET}
    ]
    queries += [replace(ids, order=(Order(name, way),)) for name in draw.sortable() for way in Direction]
    if not queries:
        raise Untested("nothing is told as pushed")
    for alone in queries:
        names = (*fields_in(alone.where), *(order.field for order in alone.order))
        told = differing(await _oracle(bench, alone), await _answer(bench, alone), names)
        if told is not None:
            raise Broken(told, query=alone, is_smallest=True)


async def _oracle(bench: Bench, query: Query) -> list[Record]:
    return await bench.expected(bench.ask(query))


async def _answer(bench: Bench, query: Query) -> list[Record]:
    asked = bench.ask(query)
    return bench.finished(asked, (await bench.walk(asked.pages)).records)


LAWS = (
    planning_calls_nobody,
    pushed_and_residual_mean_the_query,
    a_filter_selects_what_the_oracle_does,
    a_filter_and_its_negation_share_the_rows,
    an_empty_and_changes_nothing,
    an_empty_or_returns_nothing,
    a_seen_row_is_found_again,
    the_table_of_capabilities_keeps_its_word,
)
# Some hundred calls a case: for a check of one account, by somebody who is about to rely on what it declares.
THOROUGH = (everything_declared_is_kept,)
