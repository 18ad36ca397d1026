"""When rows were made and changed, with the ties that real accounts have."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random

from sandbox.seed.telling import dice_for

__all__ = ["BULK_SHARE", "TIED_SHARE", "Stamp", "draw_stamps"]

TIED_SHARE = 0.3
"""Share of the rows that share their `updated_at` with 1 to 14 others."""

BULK_SHARE = 0.08
"""Share of the rows that one bulk import stamped with one `updated_at`."""

_SPAN = timedelta(days=730)
_SPAN_MS = _SPAN // timedelta(milliseconds=1)
_BULK_AGE_MS = int(_SPAN_MS * 0.18)
_YOUNGER = 1.6


@dataclass(frozen=True, slots=True)
class Stamp:
    """UTC, whole milliseconds, *created_at* not after *updated_at*."""

    created_at: datetime
    updated_at: datetime


def draw_stamps(count: int, *, world: str, book: str, today: date) -> list[Stamp]:
    """Stamps for *count* rows, from two years before *today* up to its first instant.

    Args:
        count: how many.
        world: seeds the instants of ties, so that books of one world share them.
        book: seeds all else.
        today: the day after the last stamp.
    """
    dice = dice_for(book)
    end = datetime.combine(today, time(), UTC)
    ages_ms = [int(_SPAN_MS * dice.random() ** _YOUNGER) for _ in range(count)]
    bulk = _tie(ages_ms, dice, world=world)
    return [_stamp(dice, end, age_ms, is_bulk=position in bulk) for position, age_ms in enumerate(ages_ms)]


def _tie(ages_ms: list[int], dice: Random, *, world: str) -> set[int]:
    """Make ages equal in groups; the positions of the bulk import are given back."""
    shared = dice_for(world)
    bulk_age_ms = _BULK_AGE_MS + shared.randrange(86_400_000)
    positions = list(range(len(ages_ms)))
    dice.shuffle(positions)
    bulk_size = round(BULK_SHARE * len(ages_ms))
    bulk, rest = positions[:bulk_size], positions[bulk_size:]
    for position in bulk:
        ages_ms[position] = bulk_age_ms
    tied = rest[: round(TIED_SHARE * len(ages_ms))]
    while len(tied) >= 2:
        size = min(dice.randint(2, 15), len(tied))
        group, tied = tied[:size], tied[size:]
        age_ms = int(_SPAN_MS * shared.random() ** _YOUNGER)
        for position in group:
            ages_ms[position] = age_ms
    return set(bulk)


def _stamp(dice: Random, end: datetime, age_ms: int, *, is_bulk: bool) -> Stamp:
    """Half of the bulk import's rows were made by it, the others before."""
    before_ms = int((_SPAN_MS - age_ms) * dice.random())
    updated_at = end - timedelta(milliseconds=age_ms)
    if is_bulk and dice.random() < 0.5:
        return Stamp(updated_at, updated_at)
    return Stamp(updated_at - timedelta(milliseconds=before_ms), updated_at)
