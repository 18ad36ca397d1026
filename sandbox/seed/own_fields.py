"""The values of the fields that an account's administrator added, each from chances of its own.

So the rest of a book is the same as if they were not there.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal, TypeVar, cast
from zlib import crc32

from sandbox.seed.telling import dice_for, happens
from sandbox.seed.words import CHANNELS, COMPETITORS, INTERESTS, TIERS

__all__ = ["DealFields", "PersonFields", "customer_number", "deal_fields", "person_fields", "tier"]

Channel = Literal["email", "phone", "visit"]
Tier = Literal["gold", "silver", "bronze"]

_UNNUMBERED_SHARE = 0.3
_NUMBERS = 999_983
"""A prime, so that steps through the numbers below it meet each once."""

_FIRST_NUMBER, _STEP = 4_711, 7_919
_MONTHS = (1, 3, 6, 12, 12, 24, 24, 36, 60)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFields:
    """See `Person`."""

    nps: int | None
    renewal_on: date | None
    is_vip: bool | None
    preferred_channel: Channel | None
    interests: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DealFields:
    """See `Deal`."""

    contract_months: int | None
    competitor: str | None


def person_fields(dice: Random, today: date) -> PersonFields:
    """What an account adds to a person; about a third has no score, half no renewal."""
    return PersonFields(
        nps=_told(dice, dice.randrange(11), missing=1 / 3),
        renewal_on=_told(dice, today + timedelta(days=dice.randrange(-60, 400)), missing=0.5),
        is_vip=_told(dice, happens(dice, 0.2), missing=0.5),
        preferred_channel=cast("Channel | None", _told(dice, dice.choice(CHANNELS), missing=0.3)),
        interests=tuple(one for one in INTERESTS if happens(dice, 0.4)),
    )


def tier(dice: Random) -> Tier | None:
    """How much a company matters to an account; two in five are not rated."""
    return cast("Tier | None", _told(dice, dice.choice(TIERS), missing=0.4))


def deal_fields(dice: Random) -> DealFields:
    """What an account adds to a deal."""
    return DealFields(
        contract_months=_told(dice, dice.choice(_MONTHS), missing=0.3),
        competitor=_told(dice, dice.choice(COMPETITORS), missing=0.6),
    )


def customer_number(letter: str, number: int, truth: str | None, *, seed: int, platform: str) -> str | None:
    """Such as K-004711: one for a truth in whatever book, longer where only this book knows the row.

    Args:
        letter: K for people, F for companies.
        number: of the row.
        truth: of the row.
        seed: of the world.
        platform: whose book; about three in ten of its rows lack the number.
    """
    if happens(dice_for(f"{seed}/{platform}/customer number/{letter}/{number}"), _UNNUMBERED_SHARE):
        return None
    if truth is None:
        return f"{letter}-{crc32(platform.encode()) % 90 + 10}{number:06d}"
    index = int(truth.rpartition(":")[2])
    return f"{letter}-{(_FIRST_NUMBER + index * _STEP) % _NUMBERS:06d}"


def _told(dice: Random, value: _T, *, missing: float) -> _T | None:
    return None if happens(dice, missing) else value
