"""The fictional world: who exists, before any book tells of them."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import accumulate
from random import Random

from sandbox.seed.cultures import CULTURES, Culture
from sandbox.seed.places import PLACES, Place
from sandbox.seed.telling import dice_for, happens, with_digits
from sandbox.seed.words import COINED_ENDS, COINED_STARTS, DEPARTMENTS, INDUSTRIES, JOB_TITLES, TRADES

__all__ = ["SHARED_SHARE", "Cast", "Firm", "Human", "draw_cast"]

SHARED_SHARE = 0.55
"""Share of a book's users, companies and people that stand in every book."""

_CULTURE_WEIGHTS = tuple(accumulate(culture.weight for culture in CULTURES))
_ELSEWHERE_SHARE = 0.1
_CITIES = tuple(PLACES)
_MAIL_DOMAINS = ("example.com", "example.net", "example.org", "mail.example", "post.example")
_LATIN = str.maketrans({"ø": "o", "ł": "l", "ß": "ss", "æ": "ae", "đ": "d", "þ": "th", "ı": "i", "ð": "d"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    """A company of the world; *truth* is None for one that a single book knows, *parent* is a position in the cast."""

    truth: str | None
    name: str
    suffixes: tuple[str, ...]
    domain: str
    place: Place
    street: str
    postal_code: str
    phone: str
    industry: str
    employees: int
    revenue: Decimal
    parent: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Human:
    """A person of the world; *firms* are positions in the cast, the main one first."""

    truth: str | None
    first_name: str
    last_name: str
    latin_first_name: str
    latin_last_name: str
    is_woman: bool
    email: str
    private_email: str
    place: Place
    street: str
    postal_code: str
    phone: str
    mobile: str
    job_title: str
    department: str
    birth_date: date
    firms: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Everybody that one book knows: those of all books first, in an order that all books share."""

    firms: list[Firm]
    humans: list[Human]


def draw_cast(*, seed: int, platform: str, firms: int, humans: int) -> Cast:
    """The cast of *platform*'s book: *firms* companies and *humans* people, `SHARED_SHARE` of each in every book."""
    casting = _Casting(seed=seed, platform=platform, shared_firms=round(firms * SHARED_SHARE))
    shared_humans = round(humans * SHARED_SHARE)
    for index in range(firms):
        casting.add_firm(index)
    for index in range(humans):
        casting.add_human(index, is_shared=index < shared_humans)
    return Cast(firms=casting.firms, humans=casting.humans)


class _Casting:
    """Draws one after the other and keeps domains and addresses apart."""

    def __init__(self, *, seed: int, platform: str, shared_firms: int) -> None:
        self.firms: list[Firm] = []
        self.humans: list[Human] = []
        self._seed, self._platform, self._shared_firms = seed, platform, shared_firms
        self._taken: set[str] = set()

    def add_firm(self, index: int) -> None:
        is_shared = index < self._shared_firms
        truth, dice = self._start("company", index, is_shared=is_shared)
        place = _place_of(dice, _culture(dice))
        name = _firm_name(dice)
        employees = int(10 ** dice.uniform(0.5, 4.3))
        self.firms.append(
            Firm(
                truth=truth,
                name=name,
                suffixes=place.country.suffixes,
                domain=self._free(_latin(name, keep="-"), "{}.example"),
                place=place,
                street=_street(dice, place),
                postal_code=with_digits(dice, place.postal_code),
                phone=with_digits(dice, place.line),
                industry=dice.choice(INDUSTRIES),
                employees=employees,
                revenue=Decimal(employees * dice.randrange(40_000, 400_000)),
                parent=dice.randrange(index) if index and happens(dice, 0.15) else None,
            )
        )

    def add_human(self, index: int, *, is_shared: bool) -> None:
        truth, dice = self._start("person", index, is_shared=is_shared)
        culture = _culture(dice)
        is_woman = happens(dice, 0.5)
        first, latin_first = _scripts(dice.choice(culture.women if is_woman else culture.men))
        last, latin_last = _scripts(dice.choice(culture.families))
        firms = self._firms_of(dice, self._shared_firms if is_shared else len(self.firms))
        place = self.firms[firms[0]].place if firms and happens(dice, 0.7) else _place_of(dice, culture)
        local = f"{_latin(latin_first)}.{_latin(latin_last)}"
        private = self._free(f"{local}{dice.randrange(100, 10_000)}", "{}@" + dice.choice(_MAIL_DOMAINS))
        line, mobile = place.line, place.country.mobile or place.line
        self.humans.append(
            Human(
                truth=truth,
                first_name=first,
                last_name=last,
                latin_first_name=latin_first,
                latin_last_name=latin_last,
                is_woman=is_woman,
                email=self._free(local, "{}@" + self.firms[firms[0]].domain) if firms else private,
                private_email=private,
                place=place,
                street=_street(dice, place),
                postal_code=with_digits(dice, place.postal_code),
                phone=with_digits(dice, line),
                mobile=with_digits(dice, mobile),
                job_title=dice.choice(JOB_TITLES),
                department=dice.choice(DEPARTMENTS),
                birth_date=date(1955, 1, 1) + timedelta(days=dice.randrange(365 * 48)),
                firms=firms,
            )
        )

    def _start(self, kind: str, index: int, *, is_shared: bool) -> tuple[str | None, Random]:
        if is_shared:
            return f"{kind}:{index}", dice_for(f"{self._seed}/{kind}/{index}")
        return None, dice_for(f"{self._seed}/{self._platform}/{kind}/{index}")

    def _firms_of(self, dice: Random, choices: int) -> tuple[int, ...]:
        """Positions among the first *choices* firms, few of them with many people; none for an eighth."""
        if not choices or happens(dice, 0.12):
            return ()
        firms = [int(choices * dice.random() ** 1.5) for _ in range(dice.randint(2, 3) if happens(dice, 0.08) else 1)]
        return tuple(dict.fromkeys(firms))

    def _free(self, stem: str, pattern: str) -> str:
        """*pattern* with *stem*, numbered when that is taken."""
        name, number = pattern.format(stem), 1
        while name in self._taken:
            number += 1
            name = pattern.format(f"{stem}{number}")
        self._taken.add(name)
        return name


def _culture(dice: Random) -> Culture:
    return dice.choices(CULTURES, cum_weights=_CULTURE_WEIGHTS)[0]


def _place_of(dice: Random, culture: Culture) -> Place:
    cities = _CITIES if happens(dice, _ELSEWHERE_SHARE) else culture.cities
    return PLACES[dice.choice(cities)]


def _street(dice: Random, place: Place) -> str:
    return dice.choice(place.country.streets).replace("#", str(dice.randrange(1, 400)))


def _firm_name(dice: Random) -> str:
    trade = dice.choice(TRADES)
    if happens(dice, 0.55):
        return f"{dice.choice(COINED_STARTS)}{dice.choice(COINED_ENDS)} {trade}"
    first, second = (_scripts(dice.choice(_culture(dice).families))[1] for _ in range(2))
    return f"{first} & {second} {trade}" if happens(dice, 0.7) else f"{first} {trade}"


def _scripts(name: str) -> tuple[str, str]:
    """The name as its bearer writes it, and in Latin letters."""
    native, _, latin = name.partition(":")
    return native, latin or native


@lru_cache(maxsize=4096)
def _latin(name: str, keep: str = "") -> str:
    """*name* in the letters a to z, other signs left out or turned into *keep*."""
    plain = unicodedata.normalize("NFKD", name.lower().translate(_LATIN))
    plain = "".join(sign for sign in plain if not unicodedata.combining(sign)).translate(_LATIN)
    return re.sub("[^a-z0-9]+", keep, plain).strip("-")
