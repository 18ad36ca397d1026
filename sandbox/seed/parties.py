"""The users, companies and people of a book."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import Literal

from sandbox.seed.book import Company, Person, User
from sandbox.seed.cast import Cast, Firm, Human, draw_cast
from sandbox.seed.own_fields import customer_number, person_fields, tier
from sandbox.seed.stamps import Stamp, draw_stamps
from sandbox.seed.telling import (
    TYPO_SHARE,
    company_as_told,
    dice_for,
    email_as_told,
    happens,
    misspelt,
    optional,
    phone_as_told,
)
from sandbox.seed.words import AWKWARD_TEXTS, LEAD_SOURCES, LIFECYCLES, SENTENCES

__all__ = ["Parties", "Plan", "remark", "tell_parties"]

_QUEUES = ("Inbound queue", "Customer care queue")
_TIME_ZONES = ("Europe/Berlin", "America/New_York", "Europe/London", "Asia/Tokyo", "America/Los_Angeles", "UTC")
_OTHER_SCRIPT_SHARE = 0.4
_PRIVATE_EMAIL_SHARE = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a book is drawn from; see `build_book`."""

    platform: str
    scale: float
    seed: int
    today: date
    counts: Mapping[str, int]

    def count(self, name: str, at_scale_one: int) -> int:
        """How many rows the list *name* has; at least one, and *at_scale_one* at scale 1 unless it is counted."""
        return self.counts.get(name) or max(1, round(at_scale_one * self.scale))

    def dice(self, *what: object) -> Random:
        """The chances of one thing in this book."""
        return dice_for(f"{self.seed}/{self.platform}/{'/'.join(map(str, what))}")

    def stamps(self, kind: str, count: int) -> list[Stamp]:
        """Stamps for the *count* rows of a *kind*."""
        world = f"{self.seed}/stamps/{kind}"
        return draw_stamps(count, world=world, book=f"{self.seed}/{self.platform}/stamps/{kind}", today=self.today)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """Those whom the other rows refer to; *sellers* and *queues* are numbers of users."""

    users: tuple[User, ...]
    companies: tuple[Company, ...]
    people: tuple[Person, ...]
    sellers: tuple[int, ...]
    queues: tuple[int, ...]

    def owner(self, dice: Random, *, may_be_queue: bool = False) -> int | None:
        """An owner, or None; CRMs let queues own leads and tasks only."""
        if may_be_queue and happens(dice, 0.1):
            return dice.choice(self.queues)
        return optional(dice, dice.choice(self.sellers))


def remark(dice: Random) -> str:
    """A few sentences, one in ten of them hard to escape."""
    sentences = dice.sample(SENTENCES, dice.randint(1, 3))
    if happens(dice, 0.1):
        sentences.append(dice.choice(AWKWARD_TEXTS))
    return " ".join(sentences)


def tell_parties(plan: Plan) -> Parties:
    """The users, companies and people of *plan*'s book."""
    users = _users(plan)
    cast = draw_cast(
        seed=plan.seed, platform=plan.platform, firms=plan.count("companies", 300), humans=plan.count("people", 1000)
    )
    sellers = tuple(user.number for user in users if user.kind == "user")
    teller = _Teller(plan, cast, sellers=sellers)
    return Parties(
        users=users,
        companies=teller.companies(),
        people=teller.people(),
        sellers=sellers,
        queues=tuple(user.number for user in users if user.kind == "queue"),
    )


def _users(plan: Plan) -> tuple[User, ...]:
    """Two queues at the end, two inactive users before them."""
    count = max(6, round(20 * plan.scale**0.3))
    staff = draw_cast(seed=plan.seed + 1, platform=plan.platform, firms=0, humans=count - len(_QUEUES)).humans
    names = [(f"{one.latin_first_name} {one.latin_last_name}", one) for one in staff]
    rows: list[tuple[str, str | None, str | None, Literal["user", "queue"]]] = [
        (name, _staff_email(human), human.truth, "user") for name, human in names
    ]
    rows += [(name, None, None, "queue") for name in _QUEUES]
    stamps = plan.stamps("user", count)
    return tuple(
        User(
            number=number,
            truth=truth and truth.replace("person", "user"),
            created_at=stamp.created_at,
            updated_at=stamp.updated_at,
            name=name,
            email=email,
            kind=kind,
            is_active=kind == "queue" or number <= len(staff) - 2,
            time_zone=plan.dice("user", number).choice(_TIME_ZONES),
        )
        for number, ((name, email, truth, kind), stamp) in enumerate(zip(rows, stamps, strict=True), start=1)
    )


def _staff_email(human: Human) -> str:
    return f"{human.private_email.partition('@')[0]}@crew.example"


class _Teller:
    """Tells a cast in the words of one book, in an order of that book."""

    def __init__(self, plan: Plan, cast: Cast, *, sellers: tuple[int, ...]) -> None:
        self._plan, self._cast, self._sellers = plan, cast, sellers
        self._phone_style = plan.dice("phone style").randrange(6)
        self._firm_order = self._order("company", len(cast.firms))
        self._human_order = self._order("person", len(cast.humans))
        self._number_of_firm = {position: number for number, position in enumerate(self._firm_order, start=1)}

    def companies(self) -> tuple[Company, ...]:
        stamps = self._plan.stamps("company", len(self._firm_order))
        return tuple(
            self._company(number, self._cast.firms[position], stamp)
            for number, (position, stamp) in enumerate(zip(self._firm_order, stamps, strict=True), start=1)
        )

    def people(self) -> tuple[Person, ...]:
        stamps = self._plan.stamps("person", len(self._human_order))
        return tuple(
            self._person(number, self._cast.humans[position], stamp)
            for number, (position, stamp) in enumerate(zip(self._human_order, stamps, strict=True), start=1)
        )

    def _order(self, kind: str, count: int) -> list[int]:
        positions = list(range(count))
        self._plan.dice("order", kind).shuffle(positions)
        return positions

    def _company(self, number: int, firm: Firm, stamp: Stamp) -> Company:
        dice = self._plan.dice("company", "told", number)
        name = misspelt(dice, firm.name) if happens(dice, TYPO_SHARE) else firm.name
        country = firm.place.country
        return Company(
            number=number,
            truth=firm.truth,
            created_at=stamp.created_at,
            updated_at=stamp.updated_at,
            name=company_as_told(dice, name, firm.suffixes),
            domain=optional(dice, firm.domain),
            phone=optional(dice, phone_as_told(dice, firm.phone, country, style=self._phone_style)),
            industry=optional(dice, firm.industry),
            employees=optional(dice, firm.employees),
            annual_revenue=optional(dice, firm.revenue),
            street=optional(dice, firm.street),
            city=optional(dice, firm.place.city),
            region=optional(dice, firm.place.region),
            postal_code=optional(dice, firm.postal_code or None),
            country=optional(dice, _country_name(dice, country.names)),
            description=optional(dice, remark(dice)),
            owner=optional(dice, dice.choice(self._sellers)),
            parent=None if firm.parent is None else optional(dice, self._number_of_firm[firm.parent]),
            customer_number=self._customer_number("F", number, firm.truth),
            tier=tier(self._plan.dice("company", "own", number)),
        )

    def _person(self, number: int, human: Human, stamp: Stamp) -> Person:
        dice = self._plan.dice("person", "told", number)
        first, last = _name_as_told(dice, human)
        told_email = human.private_email if happens(dice, _PRIVATE_EMAIL_SHARE) else human.email
        others = (human.private_email,) if told_email != human.private_email and happens(dice, 0.15) else ()
        country = human.place.country
        companies = [self._number_of_firm[position] for position in human.firms]
        main = optional(dice, companies[0]) if companies else None
        own = person_fields(self._plan.dice("person", "own", number), self._plan.today)
        return Person(
            number=number,
            truth=human.truth,
            created_at=stamp.created_at,
            updated_at=stamp.updated_at,
            first_name=optional(dice, first),
            last_name=last,
            salutation=optional(dice, _salutation(dice, human)),
            email=optional(dice, email_as_told(dice, told_email)),
            other_emails=others,
            phone=optional(dice, phone_as_told(dice, human.phone, country, style=self._phone_style)),
            mobile=optional(dice, phone_as_told(dice, human.mobile, country, style=self._phone_style)),
            job_title=optional(dice, human.job_title),
            department=optional(dice, human.department),
            lead_source=optional(dice, dice.choice(LEAD_SOURCES)),
            lifecycle=optional(dice, dice.choice(LIFECYCLES)),
            birth_date=optional(dice, human.birth_date),
            email_opt_out=happens(dice, 0.12),
            do_not_call=happens(dice, 0.07),
            street=optional(dice, human.street),
            city=optional(dice, human.place.city),
            region=optional(dice, human.place.region),
            postal_code=optional(dice, human.postal_code or None),
            country=optional(dice, _country_name(dice, country.names)),
            description=optional(dice, remark(dice)),
            company=main,
            other_companies=tuple(companies[1:]) if main is not None else (),
            owner=optional(dice, dice.choice(self._sellers)),
            customer_number=self._customer_number("K", number, human.truth),
            nps=own.nps,
            renewal_on=own.renewal_on,
            is_vip=own.is_vip,
            preferred_channel=own.preferred_channel,
            interests=own.interests,
        )

    def _customer_number(self, letter: str, number: int, truth: str | None) -> str | None:
        return customer_number(letter, number, truth, seed=self._plan.seed, platform=self._plan.platform)


def _name_as_told(dice: Random, human: Human) -> tuple[str, str]:
    """First and last name, in the other script here and there, misspelt in `TYPO_SHARE` of the cases."""
    first, last = human.first_name, human.last_name
    if happens(dice, _OTHER_SCRIPT_SHARE):
        first, last = human.latin_first_name, human.latin_last_name
    if not happens(dice, TYPO_SHARE):
        return first, last
    return (misspelt(dice, first), last) if happens(dice, 0.4) else (first, misspelt(dice, last))


def _salutation(dice: Random, human: Human) -> str:
    usual = "Ms." if human.is_woman else "Mr."
    return dice.choices((usual, "Dr.", "Prof.", "Mx."), cum_weights=(85, 94, 98, 100))[0]


def _country_name(dice: Random, names: tuple[str, ...]) -> str:
    return dice.choice(names) if happens(dice, 0.15) else names[0]
