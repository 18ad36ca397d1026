"""Runs generated cases: some hundreds by default, the same ones every time."""

import os
from collections.abc import Callable
from typing import TypeVar

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

__all__ = ["SLOW_CASES", "compared"]

T = TypeVar("T")

CASES = int(os.environ.get("DIFFERENTIAL_CASES", "300"))
SLOW_CASES = int(os.environ.get("DIFFERENTIAL_CASES", "1000"))
SEED = os.environ.get("DIFFERENTIAL_SEED")


def compared(
    cases: st.SearchStrategy[T], differs: Callable[[T], str | None], *, share: float, count: int = CASES
) -> None:
    """Draw *share* of *count* cases from *cases*; fail on the smallest that *differs*, with what differs."""

    @settings(
        max_examples=max(1, round(count * share)),
        deadline=None,
        database=None,
        derandomize=SEED is None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    @given(case=cases)
    def compare(case: T) -> None:
        told = differs(case)
        assert told is None, told

    (compare if SEED is None else seed(int(SEED))(compare))()
