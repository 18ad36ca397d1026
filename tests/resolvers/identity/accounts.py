"""Contacts and companies of sources in memory, and a request's reads over them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from connectors.base import Connector
from connectors.memory import MemoryConnector
from model.aliases import Alias, Aliases
from model.entities import Entity, Record
from model.errors import StoreUnavailable
from model.ids import GlobalId
from model.query import Selection
from model.reading import IDENTITY, Decision, ListRequest, MatchRequest, MatchResult, MatchState, PlatformInfo
from resolvers import Cursors, ReadLimits, Reads, Source, Sources
from tests.resolvers.books import record

__all__ = ["NOW", "Said", "companies_of", "contacts_of", "matches_of", "reads_over"]

NOW = "2026-11-28T12:00:00.000Z"
_MEMORY = PlatformInfo(key="memory", name="Memory", auth_kinds=())


@dataclass
class Said:
    """Decisions in memory; *is_out* makes them unreachable."""

    pairs: dict[frozenset[GlobalId], MatchState] = field(default_factory=dict)
    is_out: bool = False

    async def of(self, records: Sequence[GlobalId]) -> Sequence[Decision]:
        """Every decision about any of *records*."""
        self._refuse()
        found = [(sorted(pair, key=GlobalId.encode), state) for pair, state in self.pairs.items() if pair & {*records}]
        return [Decision(a=a, b=b, state=state, decided_at=NOW) for (a, b), state in found]

    async def confirm(self, a: GlobalId, b: GlobalId) -> None:
        """Keep it."""
        self._refuse()
        self.pairs[frozenset((a, b))] = MatchState.CONFIRMED

    async def reject(self, a: GlobalId, b: GlobalId) -> None:
        """Keep it."""
        self._refuse()
        self.pairs[frozenset((a, b))] = MatchState.REJECTED

    def _refuse(self) -> None:
        if self.is_out:
            raise StoreUnavailable("the store is out")


def contacts_of(source: str, *people: Mapping[str, Any]) -> dict[Entity, list[Record]]:
    """Contacts 1, 2, … of *source* with these fields, and no company."""
    return {
        Entity.CONTACT: [
            record(Entity.CONTACT, number, source=source, **{"custom": {"phones": None}, **fields})
            for number, fields in enumerate(people, start=1)
        ],
        Entity.COMPANY: [],
    }


def companies_of(source: str, *firms: Mapping[str, Any]) -> dict[Entity, list[Record]]:
    """Companies 1, 2, … of *source* with these fields."""
    return {
        Entity.COMPANY: [
            record(Entity.COMPANY, number, source=source, **fields) for number, fields in enumerate(firms, start=1)
        ]
    }


def reads_over(
    *accounts: Connector | dict[Entity, list[Record]], said: Said | None = None, aliases: Iterable[Alias] = ()
) -> Reads:
    """The reads of one request over *accounts*, connectors or records of one source each."""
    names = Aliases(aliases)
    connectors = [item if not isinstance(item, dict) else _connector(item) for item in accounts]
    return Reads(
        sources=Sources(
            Source(key=item.source, name=item.source, platform=_MEMORY, connector=item, aliases=names)
            for item in connectors
        ),
        cursors=Cursors(b"k" * 32),
        limits=ReadLimits(),
        platforms=lambda: [_MEMORY],
        decisions=said,
    )


def _connector(records: dict[Entity, list[Record]]) -> Connector:
    source = next(item.source for rows in records.values() for item in rows)
    return MemoryConnector(source, records)


async def matches_of(
    reads: Reads, source: str, entity: Entity = Entity.CONTACT, **request: Any
) -> dict[str, MatchResult]:
    """The matches of every record of *source*, asked together, by remote id."""
    page = await reads.list(ListRequest(entity=entity, selection=IDENTITY[entity], sources=(source,)))
    wanted = MatchRequest(**{"selection": Selection(frozenset({"email"})), **request})
    asked = [reads.matches(item, wanted) for item in page.records]
    return {item.remote_id: await result for item, result in zip(page.records, asked, strict=True)}
