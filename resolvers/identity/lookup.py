"""Looking in one source for the records of those who were read from others."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import perf_counter

from connectors.scope import Scope, current_scope, entered
from model.entities import Entity, Record
from model.errors import GatewayError
from model.page import Position
from model.query import Query, Selection
from model.values import instant_text
from resolvers.accounts import Account
from resolvers.guard import reading
from resolvers.identity.block import Term, exact_terms, is_phone, keys_of, name_terms, planned
from resolvers.identity.profile import Profile
from resolvers.identity.profiles import Profiles
from resolvers.identity.score import LEAST, Likeness, compare
from resolvers.known import Known
from resolvers.sources import Source

__all__ = ["Place", "Search", "Side", "look", "place_of", "shared_phones"]

MOST_ROWS = 1_000
"""Candidates read of one source for one question at most."""

Place = tuple[str, str]
"""Source key and remote id."""


def place_of(record: Record) -> Place:
    """Where *record* lives."""
    return record.source, record.remote_id


@dataclass(slots=True, eq=False)
class Side:
    """One source, and what was found there.

    Attributes:
        found: the likeness of each candidate to each record looked for, by their places.
        candidates: profiles by place.
        unasked: fields that the source cannot be asked for.
        lacking: places of the records looked for that have a value for one of them.
        is_whole: whether all candidates were read.
        failure: what ended the search early.
    """

    source: Source
    scope: Scope
    found: dict[Place, dict[Place, Likeness]] = field(default_factory=lambda: defaultdict(dict))
    candidates: dict[Place, Profile] = field(default_factory=dict)
    unasked: list[str] = field(default_factory=list)
    lacking: set[Place] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
    is_whole: bool = True
    is_exact: bool = True
    failure: GatewayError | None = None
    latency_s: float = 0.0
    fetched_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for, everywhere alike.

    Attributes:
        wanted: profiles of those to find.
        selection: wanted of each candidate, what it is recognised by included.
        in_steps: ask for numbers only where addresses found nobody for certain, and for names not at all.
        is_hurried: the caller set a deadline of its own.
    """

    entity: Entity
    wanted: Sequence[Profile]
    selection: Selection
    in_steps: bool = False
    is_hurried: bool = False


async def look(source: Source, search: Search, *, profiles: Profiles, known: Known) -> Side:
    """Everybody in *source* who can be one of those wanted; what fails stands in the result."""
    side = Side(source, current_scope().part())
    started = perf_counter()
    try:
        with entered(side.scope):
            async with reading(source.key):
                await _Looking(side, search, await profiles.account(source), profiles, known).run()
    except GatewayError as error:
        side.failure = error
    if side.failure is not None:
        side.is_whole = False
    source.met(side.failure, is_hurried=search.is_hurried)
    side.latency_s = perf_counter() - started
    return side


class _Looking:
    """One search of one source."""

    def __init__(self, side: Side, search: Search, account: Account, profiles: Profiles, known: Known) -> None:
        self._side = side
        self._search = search
        self._account = account
        self._profiles = profiles
        self._known = known
        self._numbers = account.own.identifying(search.entity)
        own = account.own.selection(search.entity, search.selection)
        self._selection = own.with_fields(*self._numbers)

    async def run(self) -> None:
        self._account.listed(self._search.entity)
        exact = {
            place_of(item.record): list(exact_terms(item, self._account, self._numbers)) for item in self._search.wanted
        }
        if self._search.in_steps:
            await self._ask({place: [term for term in terms if not is_phone(term)] for place, terms in exact.items()})
            rest = [place_of(item.record) for item in self._uncertain()]
            await self._ask({place: [term for term in exact[place] if is_phone(term)] for place in rest})
            return
        await self._ask(exact)
        named = {place_of(item.record): list(name_terms(item)) for item in self._uncertain()}
        await self._ask(named, with_company=True)

    def _uncertain(self) -> list[Profile]:
        """Those of whom nobody was found for certain."""
        found = self._side.found
        return [
            item
            for item in self._search.wanted
            if not any(likeness.is_certain for likeness in found[place_of(item.record)].values())
        ]

    async def _ask(self, wanted: Mapping[Place, Sequence[Term]], *, with_company: bool = False) -> None:
        """Look for whatever has one of the terms of those wanted, and compare; a source that failed is left alone."""
        if self._side.failure is not None:
            return
        terms = (term for own in wanted.values() for term in own)
        plan = planned(self._account, self._search.entity, terms, self._selection)
        side = self._side
        side.unasked += [name for name in plan.unasked if name not in side.unasked]
        side.lacking |= {place for place, own in wanted.items() if any(term.field in plan.unasked for term in own)}
        for split in plan.splits:
            side.is_exact &= split.is_exact
            side.notes += [note for note in split.notes if note not in side.notes]
        async with asyncio.TaskGroup() as group:
            reads = [group.create_task(self.read(query)) for query in plan.queries]
        records = [record for read in reads for record in read.result()]
        fresh = [record for record in records if place_of(record) not in side.candidates]
        profiles = await self._profiles.of(fresh, with_company=with_company)
        side.candidates |= {place_of(item.record): item for item in profiles}
        self._compare()

    async def read(self, query: Query) -> list[Record]:
        """All rows of *query*, up to a bound; what fails is noted, and what came before is kept."""
        rows: list[Record] = []
        connector, after = self._account.source.connector, None
        try:
            while True:
                page = await connector.page(query, after)
                for record in (*page.records, *page.primed):
                    self._known.keep(record)
                rows += page.records
                self._side.fetched_at = instant_text(datetime.now(UTC))
                if not page.has_more:
                    return rows
                if len(rows) >= MOST_ROWS or not (page.resume or page.records):
                    self._side.is_whole = False
                    self._side.notes.append(f"more than {MOST_ROWS} records are alike; the first of them were compared")
                    return rows
                after = page.resume or Position((), page.records[-1].remote_id)
        except GatewayError as error:
            self._side.failure = self._side.failure or error
            return rows

    def _compare(self) -> None:
        side = self._side
        shared = shared_phones((*self._search.wanted, *side.candidates.values()))
        by_key: dict[tuple[str, str], list[Profile]] = defaultdict(list)
        for item in side.candidates.values():
            for key in set(keys_of(item)):
                by_key[key].append(item)
        for wanted in self._search.wanted:
            near = {place_of(item.record): item for key in set(keys_of(wanted)) for item in by_key.get(key, ())}
            for place, item in near.items():
                likeness = compare(wanted, item, shared=shared)
                if likeness.score >= LEAST:
                    side.found[place_of(wanted.record)][place] = likeness
                else:
                    side.found[place_of(wanted.record)].pop(place, None)


def shared_phones(profiles: Iterable[Profile]) -> frozenset[str]:
    """Numbers that one source gives to people, or companies, with different names: those of a switchboard."""
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for item in profiles:
        name = item.name if isinstance(item.name, str) else item.name.full
        for phone in item.phones.values():
            names[item.record.source, phone.e164].add(name)
    return frozenset(number for (_, number), found in names.items() if len(found) > 1)
