"""Precision and recall of matches on data whose truth is known.

Run it with ``uv run python -m benchmarks.identity``. The seeded books hold the same people and companies, told
differently: typos, other scripts, missing values, other ways to write numbers and legal forms. Every contact and every
company of every book is asked for its matches in the other books, through the same look-ups as in production.

A *pair* is two records of two sources. It is *true* when the same fictional person or company stands behind both.
A true pair *shares a key* when it has in common

- of people: an e-mail address (any of each, normalised) that is no role's, or a telephone number (any of each, in
  E.164, with the same extension or none);
- of companies: a domain, or the name without case, accents and legal form.

A pair is found when either of its records lists the other. *certain* are pairs with state CERTAIN, *listed* those
that are certain or suggested. Recall from one side alone is told as well.

All of it is measured twice: by what everybody has, and with the customer numbers that seven in ten records of a book
carry, one for a truth in all books. They are no shared key of a pair here, so that the two compare.
"""

import argparse
import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from itertools import combinations
from time import perf_counter
from typing import Any

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.aliases import Alias, Aliases
from model.capabilities import Description, RemoteField
from model.entities import Company, Contact, Entity, Record
from model.fields import FieldKind
from model.query import Selection, union
from model.reading import IDENTITY, ListRequest, MatchRequest, MatchState, PlatformInfo
from model.values import Address, LabelledValue, Ref, instant_text
from resolvers import Cursors, ReadLimits, Reads, Source, Sources
from resolvers.identity.normalise import is_role
from resolvers.identity.profile import PersonProfile, Profile, profile_of
from sandbox.seed import Book, build_book
from sandbox.seed import Company as Firm
from sandbox.seed import Person as Human

__all__ = ["Figures", "main", "measured"]

BOOKS = {"salesforce": "EUR", "hubspot": "USD", "dynamics365": "EUR"}
THRESHOLDS = (0.5, 0.6, 0.7, 0.8, 0.9)

Pair = frozenset[tuple[str, str]]
_PAGE = 50
_NUMBER = RemoteField(remote_field="number", label="Customer number", kind=FieldKind.TEXT)


@dataclass(slots=True)
class Figures:
    """What was found of one type: the state and score of each pair, from how many sides, and what is true of it."""

    true: set[Pair] = field(default_factory=set)
    keyed: set[Pair] = field(default_factory=set)
    certain: set[Pair] = field(default_factory=set)
    listed: dict[Pair, float] = field(default_factory=dict)
    sides: int = 0
    keyed_sides: int = 0
    calls: int = 0
    took_s: float = 0.0

    @property
    def precision(self) -> float:
        """Share of the certain pairs that are true."""
        return len(self.certain & self.true) / max(len(self.certain), 1)

    @property
    def recall_keyed(self) -> float:
        """Share of the true pairs with a shared key that are listed."""
        return len(self.keyed & self.listed.keys()) / max(len(self.keyed), 1)

    def certain_of(self, pairs: set[Pair]) -> float:
        """Share of *pairs* that are certain."""
        return len(pairs & self.certain) / max(len(pairs), 1)

    def listed_of(self, pairs: set[Pair]) -> float:
        """Share of *pairs* that are listed."""
        return len(pairs & self.listed.keys()) / max(len(pairs), 1)

    def suggested(self, least: float) -> tuple[int, float]:
        """How many pairs are suggested with *least* or more, and the share of them that are true."""
        found = {pair for pair, score in self.listed.items() if score >= least} - self.certain
        return len(found), len(found & self.true) / max(len(found), 1)


class _Account(MemoryConnector):
    """A book in memory whose contacts keep a second number in a field of its own, as CRMs do."""

    def __init__(self, source: str, book: "_Told", *, time_zone: str) -> None:
        super().__init__(source, book.records, own_fields={entity: [_NUMBER] for entity in IDENTITY})
        self._time_zone = time_zone

    async def describe(self) -> Description:
        """As any account in memory, with a time zone."""
        found = await super().describe()
        contact = found.types[Entity.CONTACT]
        phones = replace(contact.fields["phones"], remote_fields=("phone", "mobile"))
        types = {**found.types, Entity.CONTACT: replace(contact, fields={**contact.fields, "phones": phones})}
        return replace(found, types=types, time_zone=self._time_zone)


@dataclass(frozen=True, slots=True)
class _Told:
    """One book as records, and the truth behind each by type and remote id."""

    records: dict[Entity, list[Record]]
    truth: dict[tuple[Entity, str], str]
    companies: dict[str, Company]


def _told(source: str, book: Book) -> _Told:
    companies = [_company(source, firm) for firm in book.companies]
    people = [_contact(source, human) for human in book.people]
    truth = {(Entity.CONTACT, str(row.number)): row.truth for row in book.people}
    truth |= {(Entity.COMPANY, str(row.number)): row.truth for row in book.companies}
    return _Told(
        {Entity.CONTACT: list(people), Entity.COMPANY: list(companies)},
        {key: value for key, value in truth.items() if value is not None},
        {company.remote_id: company for company in companies},
    )


def _blank(kind: type[Record]) -> dict[str, Any]:
    return {item.name: None for item in fields(kind) if item.name not in {"source", "remote_id", "custom"}}


def _company(source: str, firm: Firm) -> Company:
    own = {
        "updated_at": instant_text(firm.updated_at),
        "name": firm.name,
        "domain": firm.domain,
        "website": firm.domain and f"https://www.{firm.domain}/",
        "phone": firm.phone,
        "addresses": (Address(country=firm.country),),
        "custom": {"number": firm.customer_number},
    }
    return Company(source=source, remote_id=str(firm.number), **{**_blank(Company), **own})


def _contact(source: str, human: Human) -> Contact:
    own = {
        "updated_at": instant_text(human.updated_at),
        "first_name": human.first_name,
        "last_name": human.last_name,
        "display_name": " ".join(filter(None, (human.first_name, human.last_name))),
        "job_title": human.job_title,
        "email": human.email,
        "emails": tuple(LabelledValue(item) for item in (human.email, *human.other_emails) if item),
        "phone": human.phone,
        "phones": tuple(LabelledValue(item) for item in (human.phone, human.mobile) if item),
        "addresses": (Address(country=human.country),),
        "company": human.company and Ref(Entity.COMPANY, str(human.company)),
        "custom": {"mobile": human.mobile, "number": human.customer_number},
    }
    return Contact(source=source, remote_id=str(human.number), **{**_blank(Contact), **own})


async def measured(
    *, scale: float, books: Mapping[str, str] = BOOKS, seed: int = 7, has_numbers: bool = False
) -> dict[Entity, Figures]:
    """What matching finds over *books* (home currencies by key), by type; *has_numbers* compares customer numbers."""
    told = {key: _told(key, build_book(key, scale=scale, seed=seed, home_currency=home)) for key, home in books.items()}
    zones = {"EUR": "Europe/Berlin", "USD": "America/New_York"}
    memory = PlatformInfo(key="memory", name="Memory", auth_kinds=())
    aliases = Aliases(_numbers(books) if has_numbers else ())
    sources = Sources(
        Source(
            key=key,
            name=key,
            platform=memory,
            connector=_Account(key, book, time_zone=zones[books[key]]),
            aliases=aliases,
        )
        for key, book in told.items()
    )
    return {entity: await _measured(entity, told, sources, zones, books) for entity in IDENTITY}


def _numbers(books: Mapping[str, str]) -> Iterator[Alias]:
    for entity in IDENTITY:
        yield Alias(
            entity=entity,
            name="customerNumber",
            kind=FieldKind.TEXT,
            description="In our books.",
            keys=dict.fromkeys(books, _NUMBER.remote_field),
            identifies=True,
        )


async def _measured(
    entity: Entity, told: Mapping[str, _Told], sources: Sources, zones: Mapping[str, str], books: Mapping[str, str]
) -> Figures:
    figures = Figures()
    _note_truth(figures, entity, told, {key: zones[home] for key, home in books.items()})
    started = perf_counter()
    for source in told:
        after: str | None = None
        while True:
            scope = Scope(deadline=Deadline.after(600), max_calls=100_000)
            with entered(scope):
                after = await _page(figures, entity, source, sources, after)
            figures.calls += len(scope.calls)
            if after is None:
                break
    figures.took_s = perf_counter() - started
    return figures


async def _page(figures: Figures, entity: Entity, source: str, sources: Sources, after: str | None) -> str | None:
    """Match one page of *source*; where the next one starts, None behind the last."""
    reads = Reads(sources=sources, cursors=Cursors(b"k" * 32), limits=ReadLimits(), platforms=())
    request = MatchRequest(selection=Selection())
    wanted = union([IDENTITY[entity], Selection(matches=request.selection)])
    page = await reads.list(ListRequest(entity=entity, selection=wanted, first=_PAGE, sources=(source,), after=after))
    results = await asyncio.gather(*(reads.matches(record, request) for record in page.records))
    for record, result in zip(page.records, results, strict=True):
        for match in result.items:
            pair = frozenset({(source, record.remote_id), (match.record.source, match.record.remote_id)})
            figures.sides += pair in figures.true
            figures.keyed_sides += pair in figures.keyed
            figures.listed[pair] = max(figures.listed.get(pair, 0.0), match.score)
            if match.state is MatchState.CERTAIN:
                figures.certain.add(pair)
    await reads.aclose()
    return page.cursor_of(len(page.records) - 1) if page.has_next_page else None


def _note_truth(figures: Figures, entity: Entity, told: Mapping[str, _Told], zones: Mapping[str, str]) -> None:
    behind: dict[str, list[Profile]] = {}
    for key, book in told.items():
        for record in book.records[entity]:
            truth = book.truth.get((entity, record.remote_id))
            if truth is not None and isinstance(record, Contact | Company):
                behind.setdefault(truth, []).append(profile_of(record, time_zone=zones[key]))
    for group in behind.values():
        for a, b in combinations(group, 2):
            pair = frozenset({(a.record.source, a.record.remote_id), (b.record.source, b.record.remote_id)})
            figures.true.add(pair)
            if _shared_keys(a) & _shared_keys(b):
                figures.keyed.add(pair)


def _shared_keys(profile: Profile) -> set[object]:
    if isinstance(profile, PersonProfile):
        return {*profile.phones.values(), *(key for key in profile.emails.values() if not is_role(key))}
    return {*profile.domains, profile.name} - {""}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="of the seeded books")
    parser.add_argument("--seed", type=int, default=7, help="of the fictional world")
    given = parser.parse_args()
    for has_numbers in (False, True):
        print("with customer numbers" if has_numbers else "without customer numbers")
        found = asyncio.run(measured(scale=given.scale, seed=given.seed, has_numbers=has_numbers))
        for entity, figures in found.items():
            print("\n".join(_lines(entity, figures)))


def _lines(entity: Entity, figures: Figures) -> Iterator[str]:
    true, keyed = figures.true, figures.keyed
    wrong = len(figures.certain - true)
    yield f"{entity.value}: {len(true)} true pairs, {len(keyed)} of them share a key"
    yield f"  certain: {len(figures.certain)} pairs, precision {figures.precision:.4f} ({wrong} wrong)"
    yield (
        f"  recall over pairs that share a key: listed {figures.recall_keyed:.4f}, certain"
        f" {figures.certain_of(keyed):.4f}; from one side {figures.keyed_sides / max(2 * len(keyed), 1):.4f}"
    )
    yield (
        f"  recall over all true pairs: listed {figures.listed_of(true):.4f}, certain {figures.certain_of(true):.4f};"
        f" from one side {figures.sides / max(2 * len(true), 1):.4f}"
    )
    for least in THRESHOLDS:
        count, precision = figures.suggested(least)
        yield f"  suggested with at least {least}: {count} pairs, precision {precision:.3f}"
    yield f"  {figures.calls} look-ups and reads, {figures.took_s:.1f} s"


if __name__ == "__main__":
    main()
