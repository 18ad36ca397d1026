"""Aggregates: generated filters, groups and zones give the oracle's counts, and sums to the cent."""

import sys
from dataclasses import replace

import pytest

from model.entities import Entity
from tests.differential.aggregates import AggregateCase, aggregate_cases, miscounts
from tests.differential.cases import compared
from tests.differential.lists import Tally
from tests.differential.world import World

BY_STATUS = AggregateCase(entity=Entity.DEAL, where=None, keys=(("STATUS", None),), sources=None, zone="UTC")


def test_aggregates_are_those_of_the_oracle(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is grouped by whichever keys; deviations that a source declares are few."""
    tally = Tally()

    compared(aggregate_cases(world), lambda case: miscounts(case, world, tally), share=0.3)

    with capsys.disabled():
        sys.stdout.write(f"\naggregates: {tally}\n")
    assert tally.empty < tally.compared / 2
    assert sum(tally.exempt.values()) < 0.1 * tally.compared


def test_a_cent_is_missed(world: World) -> None:
    """An oracle that lacks one deal counts and sums differently; with all of them it does not."""
    own = world.accounts["hubspot"]
    changed = replace(own, rows={**own.rows, Entity.DEAL: own.rows[Entity.DEAL][1:]})
    mistaken = replace(world, accounts={**world.accounts, "hubspot": changed})

    assert miscounts(BY_STATUS, world, Tally()) is None
    assert miscounts(BY_STATUS, mistaken, Tally()) is not None
