"""Vendor ids of the rows of a book."""

__all__ = ["owner_id", "record_id", "user_id"]

_LONG: dict[str, tuple[int, int, int]] = {
    "contacts": (5, 21_000_000_000, 13),
    "companies": (4, 13_000_000_000, 17),
    "deals": (3, 31_000_000_000, 11),
    "leads": (2, 41_000_000_000, 7),
    "meetings": (2, 51_000_000_000, 19),
    "notes": (2, 61_000_000_000, 23),
    "tasks": (2, 71_000_000_000, 29),
}
"""Type → every so many-th id is long, from this base, in these steps; the others count up from 101."""


def record_id(kind: str, number: int) -> int:
    """The id of row *number* (from 1) of type *kind*.

    Ids mix 3 and 11 digits, so that their order as text differs from their order as numbers,
    and ids of different types overlap.
    """
    every, base, step = _LONG[kind]
    return base + number * step if number % every == 0 else 100 + number


def owner_id(number: int) -> int:
    """The owner id of user *number*, as `hubspot_owner_id` holds it."""
    return 70_000_000 + number * 101


def user_id(number: int) -> int:
    """The user id of user *number*, which is not the owner id."""
    return 9_000_000 + number * 7
