"""Dataloaders: keys that arrive together at one source share one upstream read.

They live as long as one request and call `by_ids` and `related`, nothing else.
"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from aiodataloader import DataLoader

from connectors.base import Connector, RelatedResult, RelatesRecords
from model.entities import Entity, Record
from model.errors import BudgetExceeded, OurBug, SourceError
from model.page import Missing, RelatedPage
from model.query import RelationSelection, Selection
from resolvers.known import Known

__all__ = ["Batches", "RecordByIdLoader", "RelatedByParentLoader", "Relation", "needed_fields", "union"]


def needed_fields(selection: Selection, keyed: frozenset[str]) -> frozenset[str]:
    """Attributes a record must carry for *selection*: its fields, and the Refs of its *keyed* relations."""
    return selection.fields | keyed.intersection(selection.relations)


def union(selections: Sequence[Selection]) -> Selection:
    """A selection that covers each of *selections*."""
    if len(selections) == 1:
        return selections[0]
    fields = frozenset().union(*(selection.fields for selection in selections))
    relations: dict[str, RelationSelection] = {}
    for selection in selections:
        for name, item in selection.relations.items():
            held = relations.get(name)
            relations[name] = item if held is None else _wider(held, item)
    return Selection(fields, relations)


def _wider(a: RelationSelection, b: RelationSelection) -> RelationSelection:
    firsts = [first for first in (a.first, b.first) if first is not None]
    return RelationSelection(union((a.selection, b.selection)), max(firsts, default=None))


class _Wanted:
    """A loader key that compares by id and needed fields and carries the selection along."""

    __slots__ = ("key", "needed", "remote_id", "selection")

    def __init__(self, remote_id: str, selection: Selection, needed: frozenset[str]) -> None:
        self.remote_id = remote_id
        self.selection = selection
        self.needed = needed
        self.key = (remote_id, needed)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wanted) and self.key == other.key


class Batches:
    """The batches of one request that are under way; a dataloader runs each in a task that nobody else holds."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Hold the current task while the block runs."""
        task = asyncio.current_task()
        if task is None:
            raise OurBug("a batch runs outside a task")
        self._tasks.add(task)
        try:
            yield
        finally:
            self._tasks.discard(task)

    async def cancel(self) -> None:
        """End every batch that is still under way, and wait until it has ended."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class RecordByIdLoader:
    """Records of one type at one source, by remote id."""

    def __init__(
        self, connector: Connector, entity: Entity, *, keyed: frozenset[str], known: Known, batches: Batches
    ) -> None:
        self._batches = batches
        self._connector = connector
        self._entity = entity
        self._keyed = keyed
        self._known = known
        # A batch may hold exceptions in place of values; the library's types do not say so.
        self._loader: DataLoader[_Wanted, Any] = DataLoader(self._load_batch)

    async def load(self, remote_id: str, selection: Selection) -> Record | None:
        """The record, or None where the CRM has none.

        Raises:
            SourceError: the CRM did not deliver it.
        """
        needed = needed_fields(selection, self._keyed)
        held = self._known.record(self._connector.source, self._entity, remote_id, needed)
        if held is not None:
            return held
        loaded: Record | None = await self._loader.load(_Wanted(remote_id, selection, needed))
        return loaded

    async def _load_batch(self, wanted: list[_Wanted]) -> list[Record | Exception | None]:
        ids = list(dict.fromkeys(item.remote_id for item in wanted))
        selection = union(list({item.needed: item.selection for item in wanted}.values()))
        try:
            with self._batches.running():
                results = await self._connector.by_ids(self._entity, ids, selection)
        except (SourceError, BudgetExceeded) as error:
            return [error] * len(wanted)
        if len(results) != len(ids):
            return [OurBug(f"{self._connector.source}: by_ids gave {len(results)} results for {len(ids)} ids")] * len(
                wanted
            )
        by_id = dict(zip(ids, results, strict=True))
        for result in results:
            if isinstance(result, Record):
                self._known.keep(result)
        return [None if isinstance(found := by_id[item.remote_id], Missing) else found for item in wanted]


@dataclass(frozen=True, slots=True)
class Relation:
    """What one related loader reads of each parent."""

    entity: Entity
    field: str
    first: int
    after: str | None
    selection: Selection


class RelatedByParentLoader:
    """First links of one relation at one source, by the parent's remote id."""

    def __init__(self, connector: Connector, relation: Relation, *, batch_size: int, batches: Batches) -> None:
        self._batches = batches
        self._connector = connector
        self._relation = relation
        self._loader: DataLoader[str, Any] = DataLoader(self._load_batch, max_batch_size=batch_size)

    async def load(self, parent: str) -> RelatedPage:
        """The first links of *parent*.

        Raises:
            SourceError: the CRM did not deliver them.
        """
        loaded: RelatedPage = await self._loader.load(parent)
        return loaded

    async def _load_batch(self, parents: list[str]) -> list[RelatedPage | Exception]:
        connector, relation = self._connector, self._relation
        if not isinstance(connector, RelatesRecords):
            return [OurBug(f"{connector.source} describes {relation.field} and cannot read it")] * len(parents)
        try:
            with self._batches.running():
                results: Sequence[RelatedResult] = await connector.related(
                    relation.entity,
                    relation.field,
                    parents,
                    selection=relation.selection,
                    first=relation.first,
                    after=relation.after,
                )
        except (SourceError, BudgetExceeded) as error:
            return [error] * len(parents)
        return list(results)
