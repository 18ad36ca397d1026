"""What connectors of tables have in common: types that are there or not, ids in order, metadata that drifts."""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from typing import Generic, TypeVar

from connectors.base import ById, RelatedResult
from connectors.http import HttpClient, together
from connectors.kept import Kept
from connectors.tables.account import Account, Link, TableType
from connectors.tables.describe import description_of
from connectors.tables.division import Language, folded
from connectors.tables.held import Held
from model.aggregate import AggregateQuery, GroupRow
from model.capabilities import AggregateSplit, Description, Quota, Split
from model.entities import Entity, Record
from model.errors import OurBug, Rejected, SchemaDrift, SourceError, UnsupportedBySource
from model.page import Missing, Page, Position
from model.query import NOTHING, Predicate, Query, Selection, fields_in

__all__ = ["TableConnector"]

C = TypeVar("C")
T = TypeVar("T")


class TableConnector(ABC, Generic[C]):
    """A connector whose types are tables; lives as long as its source is connected, on one event loop.

    What a vendor's own class adds: reading the metadata, planning and reading pages of a predicate that can hold,
    reading one batch of ids, and reading the links of parents. Where it counts, groups or searches, that as well.
    """

    def __init__(self, *, source: str, client: HttpClient, language: Language[C], ttl_s: float) -> None:
        self._source = source
        self._client = client
        self._language = language
        self._kept: Kept[tuple[Account, Description]] = Kept(self._read_metadata, source=source, ttl_s=ttl_s)

    @property
    def source(self) -> str:
        """The source's key."""
        return self._source

    async def describe(self) -> Description:
        """What the account is and can do, no older than the source's option allows."""
        return (await self._kept.fresh())[1]

    def plan(self, query: Query) -> Split:
        """What is pushed, what stays residual, how exact and at what cost; calls nobody."""
        account = self._kept.known[0]
        if query.entity in account.held:
            return account.held[query.entity].plan(query)
        found = account.types.get(query.entity)
        if found is None:
            return Split(unsupported=self._why_missing(account, query.entity), calls=0)
        why = found.why_unfit((*fields_in(query.where), *(item.field for item in query.order)))
        if why is not None:
            return Split(unsupported=why, calls=0)
        where = self._folded(found, query.where)
        if where == NOTHING:
            return Split(pushed=NOTHING, calls=0, brings_total=True)
        return self._split(found, query, where)

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """The rows after *after* in the query's order."""
        account = (await self._kept.fresh())[0]
        if query.entity in account.held:
            return account.held[query.entity].page(query, after)

        async def read(account: Account) -> Page:
            found = self._offered(account, query.entity)
            where = self._folded(found, query.where)
            if where == NOTHING:
                return Page(records=(), has_more=False, total=0)
            return await self._page(found, query, where, after)

        return await self._despite_drift(read)

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[ById]:
        """One result for each id, in the order asked, a batch in each call."""
        account = (await self._kept.fresh())[0]
        if entity in account.held:
            return account.held[entity].by_ids(ids, selection)
        canonical = [self.canonical_id(entity, remote_id) for remote_id in ids]
        wanted = list(dict.fromkeys(remote_id for remote_id in canonical if remote_id is not None))

        async def read(account: Account) -> Mapping[str, Record | SourceError]:
            found = self._offered(account, entity)
            fields, size = found.fields_of(selection), found.batch_read_size or 1
            batches = [wanted[start : start + size] for start in range(0, len(wanted), size)]
            each = await together(*(self._tried(found, batch, fields) for batch in batches))
            return {remote_id: result for batch in each for remote_id, result in batch.items()}

        results = await self._despite_drift(read)
        return [
            results.get(known, Missing(asked)) if known is not None else Missing(asked)
            for asked, known in zip(ids, canonical, strict=True)
        ]

    async def _tried(
        self, found: TableType, batch: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        """One batch; its failure is that of its ids alone."""
        try:
            return await self._batch(found, batch, fields)
        except (Rejected, SchemaDrift):
            raise
        except SourceError as error:
            return dict.fromkeys(batch, error)

    async def related(
        self,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None = None,
    ) -> Sequence[RelatedResult]:
        """The first links of each parent by id."""

        async def read(account: Account) -> Sequence[RelatedResult]:
            found = self._offered(account, entity)
            link = found.links.get(field)
            if link is None:
                raise OurBug(f"{entity.value}.{field} is no relation to be read apart at {self._source}")
            return await self._links(found, field, link, parents, selection=selection, first=first, after=after)

        return await self._despite_drift(read)

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many records held with the metadata satisfy *where*; a vendor that counts others adds them."""
        return self._held(entity, await self._kept.fresh()).count(where)

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Groups of records held with the metadata; a vendor that groups others adds them."""
        if query.entity in self._kept.known[0].held:
            return AggregateSplit(calls=0, operation=query.entity.value)
        return AggregateSplit(unsupported="the CRM does not group", calls=0)

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of a query that `plan_aggregate` took."""
        return self._held(query.entity, await self._kept.fresh()).groups(query)

    def _held(self, entity: Entity, kept: tuple[Account, Description]) -> Held:
        held = kept[0].held.get(entity)
        if held is None:
            raise OurBug(f"{self._source} was asked to count {entity.value} records, and does not")
        return held

    def quotas(self) -> Sequence[Quota]:
        """The limits as last known."""
        return [Quota(**asdict(state)) for state in self._client.quotas()]

    async def aclose(self) -> None:
        """Close connections."""
        await self._client.aclose()

    @abstractmethod
    def id_key(self, remote_id: str) -> object:
        """Something that compares as the CRM compares remote ids."""

    @abstractmethod
    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """The one spelling of *remote_id*, or None where it cannot be an id of this CRM."""

    @abstractmethod
    async def _account(self) -> Account:
        """The account as its metadata tells it; only metadata calls are made."""

    @abstractmethod
    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        """The plan of *query*, whose predicate is *where*: folded, and such that some record may satisfy it."""

    @abstractmethod
    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        """The rows of a predicate that was planned as pushed whole; *where* is it, folded."""

    @abstractmethod
    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        """Records with *fields* by their ids, canonical and distinct, `batch_read_size` at most, in one call."""

    @abstractmethod
    async def _links(
        self,
        found: TableType,
        field: str,
        link: Link,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None,
    ) -> Sequence[RelatedResult]:
        """See `related`; *link* is how the relation *field* is read."""

    async def _read_metadata(self) -> tuple[Account, Description]:
        account = await self._account()
        return account, description_of(account, self._language)

    def _folded(self, found: TableType, where: Predicate) -> Predicate:
        names = tuple(fields_in(where))
        criteria, constants = found.criteria_with(names), found.constants_with(names)
        return folded(where, criteria, constants, entity=found.entity)

    def _offered(self, account: Account, entity: Entity) -> TableType:
        found = account.types.get(entity)
        if found is None:
            text = f"{self._source}: {self._why_missing(account, entity)}"
            raise UnsupportedBySource(text, source=self._source)
        return found

    def _why_missing(self, account: Account, entity: Entity) -> str:
        return account.missing.get(entity, f"it has no {entity.value} records")

    async def _despite_drift(self, read: Callable[[Account], Awaitable[T]]) -> T:
        """What *read* gives, once more where the account's fields changed since they were read.

        Raises:
            SchemaDrift: fields vanished, and it fails without them too.
        """
        account = (await self._kept.fresh())[0]
        try:
            return await read(account)
        except (Rejected, SchemaDrift) as refusal:
            fresh = (await self._kept.reread())[0]
            gone = sorted(_keys(account) - _keys(fresh))
            if not gone:
                raise
            try:
                return await read(fresh)
            except (Rejected, SchemaDrift):
                text = f"{self._source} no longer has {', '.join(gone[:10])}; update the mapping or restore them"
                raise SchemaDrift(text, source=self._source) from refusal


def _keys(account: Account) -> set[str]:
    """Every field of the account, by its object and key."""
    return {f"{found.remote}.{key}" for found in account.types.values() for key in found.own}
