"""The connector that a file tells: planned, read and related by its data alone."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict, Field

from connectors.base import RelatedResult
from connectors.declarative.account import canonical
from connectors.declarative.calls import DeclaredDialect, limits_of, signing_of
from connectors.declarative.filters import Condition, Declared
from connectors.declarative.lists import Lists, Wanted
from connectors.declarative.metadata import Metadata
from connectors.declarative.relations import Relations
from connectors.declarative.spec import Spec
from connectors.http import HttpClient, Wire
from connectors.registry import SourceConfig
from connectors.tables import Account, Division, Link, TableConnector, TableType, divided
from model.capabilities import Split
from model.entities import Entity, Record
from model.errors import OurBug, SourceError
from model.fields import RELATIONS
from model.page import Page, Position
from model.query import NOTHING, Predicate, Query, Selection, fields_in

__all__ = ["DeclarativeConnector", "DeclaredOptions"]

_NO_DELETED = "deleted records are not shown"


class DeclaredOptions(BaseModel):
    """What a source told by a file may set beside key, name, base_url and auth."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    currency: str | None = Field(default=None, description="Of amounts that name none, in place of the account's own.")
    metadata_ttl_s: float = Field(
        default=300.0, gt=0, description="Real seconds for which users, pipelines and the account are kept."
    )


class DeclarativeConnector(TableConnector[Condition]):
    """One account at an API that *spec* tells; lives as long as its source is connected, on one event loop.

    What it keeps is the account's metadata, for the time the options allow, and where its walks were left.
    """

    def __init__(self, spec: Spec, config: SourceConfig, wire: Wire) -> None:
        """Make ready; nothing is called yet.

        Raises:
            ConfigError: an address may not be called, or the credential cannot be used.
        """
        if not isinstance(config.options, DeclaredOptions) or config.base_url is None:
            raise OurBug(f"{config.key} has options of another platform")
        self._spec = spec
        self._options = config.options
        client = HttpClient(
            source=config.key,
            base_url=config.base_url,
            auth=config.auth,
            token_url=None if spec.auth.token_path is None else config.base_url + spec.auth.token_path,
            dialect=DeclaredDialect(config.key, spec.errors, spec.limits),
            limits=limits_of(spec.limits),
            wire=wire,
            signing=signing_of(spec),
            hosts=spec.hosts,
        )
        language = Declared(spec.filter, spec.formats)
        self._lists = Lists(client, spec, language)
        self._metadata = Metadata(client, spec, self._lists)
        super().__init__(source=config.key, client=client, language=language, ttl_s=config.options.metadata_ttl_s)

    def id_key(self, remote_id: str) -> object:
        """Ids compare as the file says."""
        return self._lists.id_key(remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """By the form that the file says ids have."""
        return canonical(remote_id, self._spec.ids_of(entity))

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many rows satisfy *where*, by the total of a list."""
        account = (await self._kept.fresh())[0]
        if entity in account.held:
            return account.held[entity].count(where)
        found = self._offered(account, entity)
        folded = self._folded(found, where)
        if folded == NOTHING:
            return 0
        total = await self._lists.total(found, self._division(found, folded).condition)
        if total is None:
            raise OurBug(f"{self._source} was asked to count {entity.value} records, and does not")
        return total

    async def _account(self) -> Account:
        return await self._metadata.account(self._options.currency)

    def _division(self, found: TableType, where: Predicate) -> Division[Condition]:
        language = self._lists.language
        return divided(where, found.criteria_with(tuple(fields_in(where))), language, fits=language.fits)

    def _split(self, found: TableType, query: Query, where: Predicate) -> Split:
        division = self._division(found, where)
        keys = self._lists.keys(found, query.order)
        further = (*fields_in(division.residual), *(item.field for item in query.order))
        wanted = Wanted(
            found=found,
            fields=found.fields_of(query.selection.with_fields(*further)),
            condition=division.condition,
            order=query.order if keys is not None else (),
        )
        is_split = keys is not None and keys.is_split
        return Split(
            pushed=division.pushed,
            residual=division.residual,
            is_order_pushed=keys is not None,
            is_exact=not query.include_deleted,
            notes=(*division.notes, *((_NO_DELETED,) * query.include_deleted)),
            calls=1 + is_split,
            operation="list",
            vendor_query=self._lists.first(wanted, query.limit),
            remote_fields=found.columns(wanted.fields),
            brings_total=self._spec.list.total is not None and not is_split,
        )

    async def _page(self, found: TableType, query: Query, where: Predicate, after: Position | None) -> Page:
        wanted = Wanted(
            found=found,
            fields=found.fields_of(query.selection) | {item.field for item in query.order},
            condition=self._division(found, where).condition,
            order=query.order,
        )
        return await self._lists.page(wanted, limit=query.limit, after=after)

    async def _batch(
        self, found: TableType, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        return await self._lists.by_ids(found, ids, fields)

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
        account = (await self._kept.fresh())[0]
        relations = Relations(
            lists=self._lists,
            spec=self._spec,
            near=found,
            far=self._offered(account, RELATIONS[found.entity][field].target),
            link=link,
            selection=selection,
            first=first,
            after=after,
        )
        return await relations.of(parents)
