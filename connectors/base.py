"""What a connector gives: one source, read in unified records.

Every method that reads runs inside a scope (`connectors.scope`), raises nothing but `SourceError`s and
`BudgetExceeded`, and leaves no task behind when it is cancelled.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, runtime_checkable

from model.aggregate import AggregateQuery, GroupRow
from model.capabilities import AggregateSplit, Description, Quota, SearchSplit, Split
from model.entities import Entity, Record
from model.errors import SourceError
from model.page import Missing, Page, Position, RelatedPage, Searched
from model.query import Predicate, Query, SearchQuery, Selection

__all__ = ["Aggregates", "ById", "Connector", "Counts", "RelatedResult", "RelatesRecords", "Searches"]

ById: TypeAlias = Record | Missing | SourceError
RelatedResult: TypeAlias = RelatedPage | SourceError


class Connector(Protocol):
    """One connected CRM account."""

    @property
    def source(self) -> str:
        """The source's key."""

    async def describe(self) -> Description:
        """What the account is and can do; cached, read again when it is older than the connector's TTL.

        Only metadata calls are made. `plan` may be called once this has succeeded.
        """

    def plan(self, query: Query) -> Split:
        """What is pushed, what stays residual, how exact and at what cost; calls nobody.

        A deviation that the CRM's own semantics force (tokeniser, collation, index lag) is named in the notes.
        """

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """The rows after *after* in the query's order, `query.limit` at most.

        Only what `plan` declared is ever asked: the host gives `split.pushed` as the predicate, and an order only
        where it is pushed. Records carry the asked fields and the keys of the order; other fields are UNSET.
        Ties of the order are in `id_key` order. To-one relations asked for and keyed have their Ref set.
        """

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[ById]:
        """One result for each id, in the order asked; one bad id never fails its neighbours."""

    def id_key(self, remote_id: str) -> Any:
        """Something that compares as the CRM compares remote ids; used only among ids of one type."""

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """The one spelling of *remote_id*, or None where it cannot be an id of this CRM."""

    def quotas(self) -> Sequence[Quota]:
        """The limits as last known; calls nobody."""

    async def aclose(self) -> None:
        """Close connections; the connector is not used after."""


@runtime_checkable
class Counts(Protocol):
    """A connector that can count; present exactly when a type's `can_count` is true."""

    async def count(self, entity: Entity, where: Predicate) -> int:
        """How many rows satisfy a predicate that `plan` pushed exactly."""


@runtime_checkable
class RelatesRecords(Protocol):
    """A connector that reads relations which do not stand on the record."""

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
        """The first links of each parent, in the order of *parents*.

        Args:
            entity: type of the parents.
            field: name of the relation.
            parents: remote ids, at most the relation's batch size.
            selection: wanted of the related records, where the read carries them.
            first: links wanted of each parent, in remote-id order; a to-one relation gives its primary link.
            after: remote id to start behind; only with one parent.
        """


@runtime_checkable
class Aggregates(Protocol):
    """A connector whose CRM can group and count some queries; present exactly when a type's `can_aggregate` is true."""

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """Whether the CRM can answer *query* with the meaning of `model.aggregate`, and at what cost; calls nobody."""

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups of a query that `plan_aggregate` took, in any order; groups of no record are left out.

        Raises:
            UnsupportedBySource: the CRM cannot after all, such as for too many groups; the records are folded then.
        """


@runtime_checkable
class Searches(Protocol):
    """A connector whose CRM has a search of its own; present exactly when a type's `can_search` is true."""

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """Which types would be searched, and at what cost; calls nobody."""

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of each type in `query.selections`, behind the first *after* ones of that type.

        Hits carry the selected fields. Ranks are the CRM's own and may shift when its data does.
        """
