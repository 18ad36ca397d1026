"""What is pushed loses no row, and what is pushed and what is left mean the query."""

from random import Random

import pytest

from connectors.tables import Kind, TableType, divided
from connectors.tables.criteria import by_values
from connectors.tables.division import folded
from model.entities import Entity
from model.evaluate import evaluate
from model.query import EVERYTHING, NOTHING, And, Compare, MoneyBound, Not, Operand, Operator, Or, Predicate, fields_in
from tests.connectors.tables.vendor import Functions, deals, drawn_rows

_BOUNDS = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
_WORDS = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN, Operator.CONTAINS, Operator.STARTS_WITH)
_OPERANDS: dict[str, tuple[tuple[Operator, ...], tuple[Operand, ...]]] = {
    "name": (_WORDS, ("alpha", "ALPHA BETA", "m", "", "delta")),
    "status": (_WORDS, ("OPEN", "won", "LOST", "UNKNOWN", "o", "", "elsewhere")),
    "status_label": (_WORDS, ("In progress", "lost TO acme", "9", "lost", "", "elsewhere")),
    "probability": ((Operator.EQ, Operator.NE, *_BOUNDS), ("0", "0.5", "0.755")),
    "created_at": (_BOUNDS, ("2026-01-02T00:00:00.000Z",)),
    "expected_close_on": ((Operator.EQ, *_BOUNDS), ("2026-03-01",)),
    "company": ((Operator.EQ, Operator.IN), ("1", "7", "no id")),
    "remote_id": ((Operator.EQ, Operator.IN), ("17", "no id")),
    "is_archived": ((Operator.EQ,), (True, False)),
    "deal_type": (_WORDS, ("new", "NE", "old")),
    "description": (_WORDS, ("anything", "")),
}


def compare(random: Random) -> Predicate:
    """One comparison of any field."""
    if random.random() < 0.1:
        return Compare("amount", random.choice(_BOUNDS), MoneyBound(random.choice(("EUR", "USD", "XTS")), "10.5"))
    name = random.choice(sorted(_OPERANDS))
    operators, operands = _OPERANDS[name]
    operator = random.choice((*operators, Operator.IS_NULL))
    if operator is Operator.IS_NULL:
        return Compare(name, operator, random.random() < 0.5)
    if operator in {Operator.IN, Operator.NOT_IN}:
        return Compare(name, operator, tuple(str(one) for one in random.sample(operands, random.randint(0, 2))))
    return Compare(name, operator, random.choice(operands))


def predicate(random: Random, depth: int) -> Predicate:
    """Comparisons under And, Or and Not."""
    roll = random.random()
    if not depth or roll < 0.4:
        return compare(random)
    if roll < 0.55:
        return Not(predicate(random, depth - 1))
    items = tuple(predicate(random, depth - 1) for _ in range(random.randint(1, 3)))
    return And(items) if roll < 0.8 else Or(items)


@pytest.mark.parametrize("seed", range(20))
def test_pushed_and_left_mean_the_predicate(seed: int) -> None:
    """For every row; and a row that satisfies the predicate satisfies the vendor's condition."""
    random = Random(seed)  # noqa: S311 - chances of a test
    found, rows = deals(), drawn_rows(random, 60)
    read = found.reader(frozenset({"amount", *_OPERANDS}), source="toy")
    for _ in range(40):
        where = predicate(random, 2)
        names = tuple(fields_in(where))
        plain = folded(where, found.criteria_with(names), found.constants_with(names), entity=Entity.DEAL)
        division = divided(plain, found.criteria, Functions())
        for row in rows:
            wanted = evaluate(where, read(row), entity=Entity.DEAL)
            let_in = division.condition is None or division.condition(row)
            kept = evaluate(division.residual, read(row), entity=Entity.DEAL)
            assert evaluate(plain, read(row), entity=Entity.DEAL) is wanted, (where, row)
            assert (plain != NOTHING and let_in and kept) is wanted, (where, division, row)


def test_what_the_vendor_lacks_is_folded() -> None:
    """A field that no record has is compared without asking anybody."""
    found = deals()

    assert _folded(found, Compare("description", Operator.EQ, "x")) == NOTHING
    assert _folded(found, Compare("description", Operator.IS_NULL, operand=True)) == EVERYTHING
    assert _folded(found, Compare("deal_type", Operator.EQ, "NEW")) == EVERYTHING
    assert _folded(found, Compare("company", Operator.EQ, "no id")) == NOTHING


def test_conditions_that_do_not_fit_are_left() -> None:
    """The first that fit one call are pushed."""
    where = And((Compare("name", Operator.EQ, "Alpha"), Compare("company", Operator.EQ, "1")))
    conditions: list[object] = []

    def fits(condition: object) -> bool:
        conditions.append(condition)
        return len(conditions) == 1

    division = divided(where, deals().criteria, Functions(), fits=fits)

    assert division.pushed == where.items[0]
    assert division.residual == where.items[1]


def test_a_closed_list_is_told_by_its_values() -> None:
    """Parts of a label become the values that have it."""
    criterion = deals().criteria["status"]
    told, is_exact = by_values(Compare("status", Operator.CONTAINS, "OST"), criterion)

    assert criterion.kind is Kind.WORD
    assert is_exact
    assert told == Compare("status", Operator.IN, ("2", "3"))


def _folded(found: TableType, where: Predicate) -> Predicate:
    return folded(where, found.criteria, found.constants, entity=Entity.DEAL)
