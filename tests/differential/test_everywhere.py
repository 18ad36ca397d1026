"""Over every CRM there is: generated lists and groups give the oracle's rows, order, counts and sums."""

import sys

import pytest

from tests.differential.aggregates import aggregate_cases, miscounts
from tests.differential.cases import SLOW_CASES, compared
from tests.differential.lists import Tally, differences, list_cases
from tests.differential.world import World

pytestmark = pytest.mark.slow


def test_lists_are_those_of_the_oracle(everywhere: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is asked of whichever type; deviations that a source declares are few."""
    tally = Tally()

    compared(list_cases(everywhere), lambda case: differences(case, everywhere, tally), share=0.7, count=SLOW_CASES)

    with capsys.disabled():
        sys.stdout.write(f"\nlists everywhere: {tally}\n")
    assert tally.empty < tally.compared / 2


def test_aggregates_are_those_of_the_oracle(everywhere: World, capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever is grouped by whichever keys."""
    tally = Tally()

    compared(aggregate_cases(everywhere), lambda case: miscounts(case, everywhere, tally), share=0.3, count=SLOW_CASES)

    with capsys.disabled():
        sys.stdout.write(f"\naggregates everywhere: {tally}\n")
    assert tally.empty < tally.compared / 2
