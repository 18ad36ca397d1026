"""Dataloaders: keys that arrive together at one source share one upstream read.

They live as long as one request and call `by_ids` and `related`, nothing else.
What is known already is given at once; else a future is.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from aiodataloader import DataLoader

from connectors.base import ById, RelatedResult, RelatesRecords
from model.capabilities import RelationCapability
from model.entities import Entity, Record
from model.errors import GatewayError, OurBug
from model.page import Missing, RelatedPage
from model.query import Selection, union
from resolvers.accounts import Account
from resolvers.guard import reading
from resolvers.known import Known

__all__ = ["Batches", "RecordByIdLoader", "RelatedByParentLoader", "Soon", "arrived"]

T = TypeVar("T")
Soon: TypeAlias = T | asyncio.Future[T]
"""A value that is there, or one that a batch under way will bring."""


def arrived(future: asyncio.Future[T]) -> Soon[T]:
    """What *future* has brought, if it has; a failure is met by whoever awaits it."""
    is_there = future.done() and not future.cancelled() and future.exception() is None
    return future.result() if is_there else future


@dataclass(slots=True)
class Batches:
    """The batches of one request; a dataloader runs each in a task that nobody else holds.

    Args:
        on_failure: told what each source could not deliver.
    """

    on_failure: Callable[[str, GatewayError], None]
    _tasks: set[asyncio.Task[Any]] = field(default_factory=set)
    _futures: list[dict[Any, asyncio.Future[Any]]] = field(default_factory=list)
    _is_over: bool = False

    def loader(
        self, load: Callable[[list[Any]], Awaitable[list[Any]]], *, max_size: int | None = None
    ) -> DataLoader[Any, Any]:
        """A dataloader over *load*, which gives a value or an exception for each key; it ends with the request."""

        async def run(keys: list[Any]) -> list[Any]:
            task = asyncio.current_task()
            if task is None or self._is_over:
                for key in keys:
                    futures[key].cancel()
                return [None] * len(keys)
            self._tasks.add(task)
            try:
                return await load(keys)
            finally:
                self._tasks.discard(task)

        futures: dict[Any, asyncio.Future[Any]] = {}
        self._futures.append(futures)
        return DataLoader(run, cache_map=futures, max_batch_size=max_size)

    async def cancel(self) -> None:
        """End every batch that is still under way, and whoever still waits for one."""
        self._is_over = True
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        for future in [future for futures in self._futures for future in futures.values()]:
            if not future.cancel() and not future.cancelled():
                future.exception()  # seen, where nobody was left to see it
        await asyncio.gather(*tasks, return_exceptions=True)


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


class RecordByIdLoader:
    """Records of one type at one source, by remote id."""

    def __init__(self, account: Account, entity: Entity, *, known: Known, batches: Batches) -> None:
        self._source = account.source
        self._entity = entity
        self._keyed = account.keyed(entity)
        self._known = known
        self._missing: set[str] = set()
        self._on_failure = batches.on_failure
        self._loader = batches.loader(self._load)

    def load(self, remote_id: str, selection: Selection) -> Soon[Record | None]:
        """The record, or None where the CRM has none; awaiting raises where the CRM did not deliver it."""
        if remote_id in self._missing:
            return None
        # The Refs of keyed relations stand on the record, and are asked with its fields.
        needed = selection.fields
        if selection.relations:
            needed |= self._keyed.intersection(selection.relations)
        held = self._known.record(self._source.key, self._entity, remote_id, needed)
        if held is not None:
            return held
        return arrived(self._loader.load(_Wanted(remote_id, selection, needed)))

    async def _load(self, wanted: list[_Wanted]) -> list[Record | Exception | None]:
        ids = list(dict.fromkeys(item.remote_id for item in wanted))
        selection = union(list({item.needed: item.selection for item in wanted}.values()))
        try:
            async with reading(self._source.key):
                results = await self._source.connector.by_ids(self._entity, ids, selection)
                _require_aligned(results, ids, "by_ids")
        except GatewayError as error:
            self._source.met(error)
            self._on_failure(self._source.key, error)
            return [error] * len(wanted)
        found = {remote_id: self._kept(remote_id, result) for remote_id, result in zip(ids, results, strict=True)}
        return [found[item.remote_id] for item in wanted]

    def _kept(self, remote_id: str, result: ById) -> Record | Exception | None:
        if isinstance(result, Missing):
            self._missing.add(remote_id)
            return None
        if isinstance(result, Record):
            self._known.keep(result, asked_as=remote_id)
        else:
            self._on_failure(self._source.key, result)
        return result


@dataclass(frozen=True, slots=True)
class _Links:
    """What one read of links asks of each parent, the parent aside; *after* only with one parent."""

    first: int
    after: str | None
    selection: Selection


class RelatedByParentLoader:
    """First links of one relation at one source, by the parent's remote id."""

    def __init__(
        self, account: Account, entity: Entity, relation: RelationCapability, *, known: Known, batches: Batches
    ) -> None:
        self._source = account.source
        self._entity = entity
        self._name = relation.field
        # Links alone are the same whatever is wanted of the records behind them.
        self._carries_records = relation.carries_records
        self._known = known
        self._batches = batches
        self._batch_size = relation.batch_size or 1
        self._loaders: dict[_Links, DataLoader[Any, Any]] = {}

    def load(self, parent: str, *, first: int, after: str | None, selection: Selection) -> Soon[RelatedPage]:
        """The first links of *parent*; awaiting raises where the CRM did not deliver them."""
        if not self._carries_records:
            selection = _NOTHING_MORE
        if after is None:
            held = self._known.related(self._place(parent), first=first, selection=selection)
            if held is not None:
                return held
        return arrived(self._loader(_Links(first, after, selection)).load(parent))

    def _loader(self, links: _Links) -> DataLoader[Any, Any]:
        found = self._loaders.get(links)
        if found is None:

            async def load(parents: list[str]) -> list[RelatedPage | Exception]:
                return await self._load(parents, links)

            size = self._batch_size if links.after is None else 1
            found = self._loaders[links] = self._batches.loader(load, max_size=size)
        return found

    def _place(self, parent: str) -> tuple[str, Entity, str, str]:
        return (self._source.key, self._entity, self._name, parent)

    async def _load(self, parents: list[str], links: _Links) -> list[RelatedPage | Exception]:
        connector = self._source.connector
        try:
            async with reading(self._source.key):
                if not isinstance(connector, RelatesRecords):
                    raise OurBug(f"{self._source.key} describes {self._name} and cannot read it")
                results = await connector.related(
                    self._entity,
                    self._name,
                    parents,
                    selection=links.selection,
                    first=links.first,
                    after=links.after,
                )
                _require_aligned(results, parents, self._name)
        except GatewayError as error:
            self._source.met(error)
            self._batches.on_failure(self._source.key, error)
            return [error] * len(parents)
        for parent, result in zip(parents, results, strict=True):
            self._keep(parent, result, links)
        return list(results)

    def _keep(self, parent: str, result: RelatedResult, links: _Links) -> None:
        if not isinstance(result, RelatedPage):
            self._batches.on_failure(self._source.key, result)
        elif links.after is None:
            self._known.keep_related(self._place(parent), first=links.first, selection=links.selection, page=result)


_NOTHING_MORE = Selection()


def _require_aligned(results: Iterable[object], keys: Sequence[str], operation: str) -> None:
    count = sum(1 for _ in results)
    if count != len(keys):
        raise OurBug(f"{operation} gave {count} results for {len(keys)} keys")
