"""The deals and leads of a book."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import chain, cycle
from random import Random
from typing import Literal

from sandbox.seed.book import Deal, DealRole, Lead, Person, Stage
from sandbox.seed.own_fields import deal_fields
from sandbox.seed.parties import Parties, Plan, remark
from sandbox.seed.stamps import Stamp
from sandbox.seed.telling import happens, optional
from sandbox.seed.words import DEAL_TYPES, LEAD_SOURCES, LOST_REASONS, NEXT_STEPS, PIPELINES, PRODUCTS, ROLES

__all__ = ["CURRENCIES", "tell_deals", "tell_leads"]

CURRENCIES = ("EUR", "USD", "GBP", "JPY")
"""Every currency of every book."""

_HOME_CURRENCY_SHARE = 0.6
_YEN_PER_UNIT = 160
_CONVERTED_SHARE = 0.12
_Status = Literal["new", "working", "qualified", "disqualified"]
_STATUSES: tuple[_Status, ...] = ("new", "working", "qualified", "disqualified")
_STATUS_WEIGHTS = (34, 34, 17, 15)
_WAYS = tuple(pipeline for pipeline in PIPELINES if pipeline.kind == "deal")
_STAGES = {
    (pipeline.key, outcome): [stage for stage in pipeline.stages if stage.outcome == outcome]
    for pipeline in _WAYS
    for outcome in ("open", "won", "lost")
}
_RATINGS: tuple[Literal["hot", "warm", "cold"], ...] = ("hot", "warm", "cold")


def tell_deals(plan: Plan, parties: Parties, *, home_currency: str) -> tuple[Deal, ...]:
    """The deals; about every second person has one or two of them."""
    count = plan.count("deals", 600)
    deck = _deck(plan.dice("deal", "deck"), len(parties.people))
    return tuple(
        _deal(number, stamp, plan, parties, deck=deck, home_currency=home_currency)
        for number, stamp in enumerate(plan.stamps("deal", count), start=1)
    )


def _deck(dice: Random, people: int) -> Iterator[int]:
    """Numbers of people in the order in which deals take them: every second person, two in five of these twice."""
    chosen = dice.sample(range(1, people + 1), max(1, people // 2))
    twice = [number for number in chosen if happens(dice, 0.4)]
    return cycle(chain(chosen, twice))


def _deal(number: int, stamp: Stamp, plan: Plan, parties: Parties, *, deck: Iterator[int], home_currency: str) -> Deal:
    dice = plan.dice("deal", number)
    roles = _roles(dice, deck)
    main = parties.people[roles[0].person - 1].company if roles else dice.randrange(len(parties.companies)) + 1
    company = optional(dice, main)
    pipeline, stage = _stage(dice)
    currency = home_currency if happens(dice, _HOME_CURRENCY_SHARE) else dice.choice(CURRENCIES)
    closed_at = _between(dice, stamp.created_at, stamp.updated_at) if stage.outcome != "open" else None
    own = deal_fields(plan.dice("deal", "own", number))
    return Deal(
        number=number,
        truth=None,
        created_at=stamp.created_at,
        updated_at=stamp.updated_at,
        name=_deal_name(dice, parties, company, stamp.created_at.year),
        amount=optional(dice, _amount(dice, currency)),
        currency=currency,
        pipeline=pipeline,
        stage=stage.key,
        close_on=closed_at.date() if closed_at else _expected_close(dice, plan.today),
        closed_at=closed_at,
        deal_type=optional(dice, "renewal" if pipeline == "renewals" else dice.choice(DEAL_TYPES)),
        next_step=optional(dice, dice.choice(NEXT_STEPS)) if closed_at is None else None,
        lost_reason=optional(dice, dice.choice(LOST_REASONS)) if stage.outcome == "lost" else None,
        lead_source=optional(dice, dice.choice(LEAD_SOURCES)),
        description=optional(dice, remark(dice)),
        company=company,
        owner=parties.owner(dice),
        roles=roles,
        contract_months=own.contract_months,
        competitor=own.competitor,
    )


def _roles(dice: Random, deck: Iterator[int]) -> tuple[DealRole, ...]:
    """None to three people, the first of them the primary one."""
    wanted = dice.choices((0, 1, 2, 3), cum_weights=(20, 70, 92, 100))[0]
    people = dict.fromkeys(next(deck) for _ in range(wanted))
    return tuple(
        DealRole(person=person, role=optional(dice, dice.choice(ROLES)), is_primary=position == 0)
        for position, person in enumerate(people)
    )


def _stage(dice: Random) -> tuple[str, Stage]:
    """A pipeline's key and one of its stages: half of the deals are open, three in ten won, the others lost."""
    pipeline = dice.choices(_WAYS, cum_weights=(75, 100))[0]
    outcome = dice.choices(("open", "won", "lost"), cum_weights=(50, 80, 100))[0]
    return pipeline.key, dice.choice(_STAGES[pipeline.key, outcome])


def _amount(dice: Random, currency: str) -> Decimal:
    """From 500 to 250,000 in cents, small ones more often; whole yen."""
    cents = int(100 * 500 * 500 ** dice.random())
    if currency == "JPY":
        return Decimal(cents // 100 * _YEN_PER_UNIT)
    return Decimal(cents if happens(dice, 0.6) else cents // 100_00 * 100_00) / 100


def _deal_name(dice: Random, parties: Parties, company: int | None, year: int) -> str:
    product = dice.choice(PRODUCTS)
    return f"{product} {year}" if company is None else f"{parties.companies[company - 1].name} – {product} {year}"


def _expected_close(dice: Random, today: date) -> date:
    """Mostly ahead, one in eight overdue."""
    days = -dice.randrange(1, 60) if happens(dice, 0.125) else dice.randrange(180)
    return today + timedelta(days=days)


def _between(dice: Random, start: datetime, end: datetime) -> datetime:
    span_ms = (end - start) // timedelta(milliseconds=1)
    return start + timedelta(milliseconds=int(span_ms * dice.random()))


def tell_leads(plan: Plan, parties: Parties, deals: tuple[Deal, ...]) -> tuple[Lead, ...]:
    """The leads; each has its own person, and a converted one its own deal with a company and that person."""
    count = plan.count("leads", 300)
    dice = plan.dice("lead", "deck")
    converted = [deal for deal in deals if deal.company is not None and deal.roles]
    dice.shuffle(converted)
    del converted[round(count * _CONVERTED_SHARE) :]
    deal_of = {deal.roles[0].person: deal for deal in converted}
    others = [person.number for person in parties.people if person.number not in deal_of]
    dice.shuffle(others)
    people = [*deal_of, *others][:count]
    dice.shuffle(people)
    drawn = zip(people, plan.stamps("lead", len(people)), strict=True)
    return tuple(
        _lead(number, stamp, plan, parties, person=parties.people[person - 1], deal=deal_of.get(person))
        for number, (person, stamp) in enumerate(drawn, start=1)
    )


def _lead(number: int, stamp: Stamp, plan: Plan, parties: Parties, *, person: Person, deal: Deal | None) -> Lead:
    dice = plan.dice("lead", number)
    open_status = dice.choices(_STATUSES, weights=_STATUS_WEIGHTS)[0]
    employer = deal.company if deal else person.company
    company_name = "Self-employed" if employer is None else parties.companies[employer - 1].name
    called = " ".join(name for name in (person.first_name, person.last_name) if name)
    return Lead(
        number=number,
        truth=person.truth,
        created_at=stamp.created_at,
        updated_at=stamp.updated_at,
        title=f"{called} – {dice.choice(PRODUCTS)}",
        first_name=person.first_name,
        last_name=person.last_name,
        company_name=company_name,
        job_title=person.job_title,
        email=person.email,
        phone=person.phone,
        status="converted" if deal else open_status,
        rating=optional(dice, dice.choice(_RATINGS)),
        lead_source=optional(dice, dice.choice(LEAD_SOURCES)),
        city=person.city,
        country=person.country,
        description=optional(dice, remark(dice)),
        owner=parties.owner(dice, may_be_queue=deal is None),
        person=person.number,
        company=deal.company if deal else None,
        deal=deal.number if deal else None,
        converted_on=_between(dice, stamp.created_at, stamp.updated_at).date() if deal else None,
    )
