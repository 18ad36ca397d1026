"""Draws a book."""

import math
from collections.abc import Mapping
from datetime import date

from sandbox.seed.activity import tell_appointments, tell_notes, tell_tasks
from sandbox.seed.book import Book
from sandbox.seed.business import CURRENCIES, tell_deals, tell_leads
from sandbox.seed.parties import Plan, tell_parties
from sandbox.seed.words import PIPELINES

__all__ = ["TODAY", "build_book"]

_COUNTED = ("companies", "people", "leads", "deals", "appointments", "notes", "tasks")

TODAY = date(2026, 11, 2)
"""The day around which books are written unless told otherwise."""


def build_book(
    platform: str,
    *,
    scale: float = 1.0,
    seed: int = 7,
    today: date = TODAY,
    home_currency: str = "EUR",
    counts: Mapping[str, int] | None = None,
) -> Book:
    """The book of *platform*, always the same for the same arguments.

    At scale 1 it has 1,000 people, 300 companies, 600 deals, 300 leads, 400 appointments, 250 notes, 250 tasks and
    20 users; all but the users grow with *scale*. People and companies with a `truth` stand in the books of all
    platforms of the same *scale* and *seed*.

    Args:
        platform: any key; it chooses what the book adds to the shared world and how it tells it.
        scale: multiplies the rows, above 0.
        seed: another seed is another world.
        home_currency: of the account; most of its deals are in it.
        today: nothing is made or changed after the first instant of this day, UTC.
        counts: by the name of a list, such as `deals`, how many rows it has instead.

    Raises:
        ValueError: *scale* is not a finite number above 0, or *counts* has another name or a number below 1.
    """
    if not (math.isfinite(scale) and scale > 0):
        raise ValueError(f"scale must be a finite number above 0, got {scale}")
    _check_counts(counts or {})
    plan = Plan(platform=platform, scale=scale, seed=seed, today=today, counts=counts or {})
    parties = tell_parties(plan)
    deals = tell_deals(plan, parties, home_currency=home_currency)
    leads = tell_leads(plan, parties, deals)
    return Book(
        home_currency=home_currency,
        currencies=CURRENCIES,
        time_zone="Europe/Berlin" if home_currency == "EUR" else "America/New_York",
        users=parties.users,
        companies=parties.companies,
        people=parties.people,
        leads=leads,
        pipelines=PIPELINES,
        deals=deals,
        appointments=tell_appointments(plan, parties, deals, leads),
        notes=tell_notes(plan, parties, deals),
        tasks=tell_tasks(plan, parties, deals),
    )


def _check_counts(counts: Mapping[str, int]) -> None:
    for name, count in counts.items():
        if name not in _COUNTED:
            raise ValueError(f"counts has no {name!r}; known: {', '.join(_COUNTED)}")
        if count < 1:
            raise ValueError(f"counts must be 1 or more, got {count} {name}")
