"""Lists: generated filters, orders and pages give the oracle's rows, order and counts."""

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from model.entities import Entity
from model.values import Money
from tests.differential.cases import compared
from tests.differential.lists import ListCase, Tally, differences, list_cases
from tests.differential.world import World

DEALS = ListCase(
    entity=Entity.DEAL,
    where={"amount": {"currency": "EUR", "gte": "1"}},
    order=(("EXPECTED_CLOSE_ON", "ASC"),),
    first=500,
    sources=None,
    zone="UTC",
)


def test_lists_are_those_of_the_oracle(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is asked of whichever type; deviations that a source declares are few."""
    tally = Tally()

    compared(list_cases(world), lambda case: differences(case, world, tally), share=0.7)

    with capsys.disabled():
        sys.stdout.write(f"\nlists: {tally}\n")
    assert tally.empty < tally.compared / 2
    assert sum(tally.exempt.values()) < 0.1 * tally.compared


def test_a_case_without_a_mistake_passes(world: World) -> None:
    """The case below is right when nothing is changed."""
    assert differences(DEALS, world, Tally()) is None


def _without_one(rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.amount is None] + [row for row in rows if row.amount is not None][1:]


def _with_a_cent_more(rows: list[Any]) -> list[Any]:
    return [replace(row, amount=row.amount and Money(f"{row.amount.amount}1", row.amount.currency)) for row in rows]


def _a_day_later(rows: list[Any]) -> list[Any]:
    return [replace(row, expected_close_on="2026-11-30") for row in rows]


@pytest.mark.parametrize("change", [_without_one, _with_a_cent_more, _a_day_later])
def test_a_mistake_is_seen(world: World, change: Callable[[list[Any]], list[Any]]) -> None:
    """An oracle that lacks a row, or holds another value, differs from the answer."""
    own = world.accounts["salesforce"]
    changed = replace(own, rows={**own.rows, Entity.DEAL: change(list(own.rows[Entity.DEAL]))})
    mistaken = replace(world, accounts={**world.accounts, "salesforce": changed})

    assert differences(DEALS, mistaken, Tally()) is not None
