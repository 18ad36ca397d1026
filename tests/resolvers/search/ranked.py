"""Sources in memory whose hits are told one by one, and that misbehave as told."""

import asyncio
from collections.abc import Mapping, Sequence

from connectors.memory import MemoryConnector
from model.capabilities import SearchSplit
from model.entities import Entity
from model.errors import SourceError
from model.page import Hit, Searched
from model.query import SearchQuery
from tests.resolvers.books import record

__all__ = ["Ranked", "ranks"]

TYPES = (Entity.CONTACT, Entity.COMPANY, Entity.DEAL)


class Ranked(MemoryConnector):
    """Every search finds *found*: remote ids by type, the best first.

    Attributes:
        asked: each search as what was wanted of which type, behind how many hits.
        fails: what a type meets instead of an answer.
        error: raised instead of any answer.
        hangs: whether a search never ends.
        notes: of the plan.
        only: the types that its search takes.
    """

    def __init__(self, source: str, found: Mapping[Entity, Sequence[int]], *, page_size: int = 200) -> None:
        numbers = {entity: sorted(set(ids)) for entity, ids in found.items()}
        book = {entity: [record(entity, n, source=source) for n in ids] for entity, ids in numbers.items()}
        super().__init__(source, book, page_size=page_size)
        self.found = {entity: list(ids) for entity, ids in found.items()}
        self.asked: list[dict[Entity, int]] = []
        self.fails: dict[Entity, SourceError] = {}
        self.error: Exception | None = None
        self.hangs = False
        self.notes: tuple[str, ...] = ()
        self.only: tuple[Entity, ...] = TYPES

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """The types it takes."""
        entities = tuple(entity for entity in query.selections if entity in self.only)
        unsupported = None if entities else "not these"
        return SearchSplit(entities=entities, unsupported=unsupported, notes=self.notes, operation="search")

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """What was told, cut to the page."""
        self.asked.append({entity: (after or {}).get(entity, 0) for entity in query.selections})
        self._record_call("search", None, 0)
        if self.error is not None:
            raise self.error
        if self.hangs:
            await asyncio.Event().wait()
        return {entity: self._searched(entity, query, after or {}) for entity in query.selections}

    def _searched(self, entity: Entity, query: SearchQuery, after: Mapping[Entity, int]) -> Searched | SourceError:
        if entity in self.fails:
            return self.fails[entity]
        rest = self.found[entity][after.get(entity, 0) :]
        size = min(query.limit, self._page_size)
        hits = [Hit(record(entity, number, source=self.source)) for number in rest[:size]]
        return Searched(hits, has_more=len(rest) > size)


def ranks(found: Sequence[Hit]) -> list[tuple[str, str, str]]:
    """Hits as (source, type, remote id)."""
    return [(hit.record.source, type(hit.record).__name__, hit.record.remote_id) for hit in found]
