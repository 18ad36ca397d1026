"""A connector under test: read through the contract alone, with all it showed, called and raised kept."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from random import Random
from typing import TypeVar

from connectors.base import Connector, RelatedResult, RelatesRecords
from connectors.conformance.generate import Draw
from connectors.conformance.report import Broken, Untested
from connectors.scope import CallEvent, Deadline, Scope, entered
from model.capabilities import Description, RelationCapability, RelationMode, Split
from model.entities import Entity, Record
from model.errors import SourceError
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.fields import FIELDS, FieldKind, field_of
from model.page import Page, Position, RelatedPage
from model.query import EVERYTHING, Query, RelationSelection, Selection, fields_in

__all__ = ["Asked", "Bench", "Trouble", "Walk"]

T = TypeVar("T")
Trouble = Callable[[], AbstractContextManager[object]]
"""Makes the source misbehave while the context lasts."""

_TEXTS = frozenset({FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL, FieldKind.CHOICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One query as a host asks it.

    Attributes:
        query: as the caller wrote it.
        pages: what pages are asked: the pushed part, and the order only where it is pushed.
        is_collated: the CRM sorts text in its own way, and says so.
    """

    query: Query
    split: Split
    pages: Query
    is_collated: bool


@dataclass(slots=True)
class Walk:
    """All pages of a query."""

    pages: list[Page] = field(default_factory=list)

    @property
    def records(self) -> list[Record]:
        """Rows of all pages in the order read."""
        return [record for page in self.pages for record in page.records]


class Bench:
    """What the laws read with; lives as long as one run.

    Args:
        connector: under test, over data that nobody changes meanwhile.
        again: makes another connector to the same account; positions are resumed there.
        secrets: texts that may never be seen.
        troubles: by name, ways to make the source misbehave.
        tie_calls: data calls that a page may make beyond `Split.calls` where its end cuts a group of ties.
        timeout_s: deadline of each call.

    Attributes:
        description: of the account; read by `open`.
        events: every upstream call so far.
        errors: every error so far.
    """

    def __init__(
        self,
        connector: Connector,
        *,
        again: Callable[[], Connector] | None = None,
        secrets: Sequence[str] = (),
        troubles: Mapping[str, Trouble] | None = None,
        tie_calls: int = 0,
        timeout_s: float = 30.0,
    ) -> None:
        self.connector = connector
        self.again = again
        self.secrets = tuple(secrets)
        self.troubles = dict(troubles or {})
        self.tie_calls = tie_calls
        self.timeout_s = timeout_s
        self.events: list[CallEvent] = []
        self.errors: list[BaseException] = []
        self.description = Description(types={})
        self._rows: dict[Entity, list[Record]] = {}

    async def open(self) -> None:
        """Read the description."""
        self.description, _ = await self.calling(self.connector.describe())

    def entities(self) -> list[Entity]:
        """Types that can be listed."""
        return sorted(entity for entity, found in self.description.types.items() if found.can_list)

    async def calling(self, work: Awaitable[T], *, max_calls: int = 1_000_000) -> tuple[T, list[CallEvent]]:
        """What *work* gives, and the data calls it made."""
        scope = Scope(deadline=Deadline.after(self.timeout_s), max_calls=max_calls)
        try:
            with entered(scope):
                return await work, [event for event in scope.calls if event.kind == "data"]
        except Exception as error:
            self.errors.append(error)
            raise
        finally:
            self.events.extend(scope.calls)

    async def rows(self, entity: Entity) -> list[Record]:
        """Every row of a type with every field and keyed relation, in id order; read once."""
        if entity not in self._rows:
            relations = {
                name: RelationSelection(Selection())
                for name, found in self.description.types[entity].relations.items()
                if found.is_keyed
            }
            whole = Selection(frozenset(FIELDS[entity]), relations)
            query = Query(entity=entity, selection=whole, limit=200)
            walk = await self.walk(query)
            self._rows[entity] = sorted_records(walk.records, entity=entity, order=(), id_key=self.connector.id_key)
        return self._rows[entity]

    async def by_id(self, entity: Entity) -> dict[str, Record]:
        """The rows of a type by remote id."""
        return {row.remote_id: row for row in await self.rows(entity)}

    async def draw(self, random: Random, entity: Entity) -> Draw:
        """Draws queries for a type."""
        rows = await self.rows(entity) if entity in self.entities() else ()
        return Draw(random, description=self.description, entity=entity, rows=rows)

    def ask(self, query: Query) -> Asked:
        """*query* as a host would ask it.

        Raises:
            Untested: the source says that it cannot answer it.
        """
        keys = [key.field for key in query.order]
        query = replace(query, selection=query.selection.with_fields(*keys))
        split = self.connector.plan(query)
        if split.unsupported is not None:
            raise Untested(split.unsupported)
        pages = replace(
            query,
            where=split.pushed,
            order=query.order if split.is_order_pushed else (),
            selection=query.selection.with_fields(*fields_in(split.residual)),
        )
        has_text = any(field_of(query.entity, name).kind in _TEXTS for name in keys)
        is_collated = split.is_order_pushed and has_text and not split.is_exact
        return Asked(query=query, split=split, pages=pages, is_collated=is_collated)

    async def expected(self, asked: Asked) -> list[Record]:
        """The oracle's answer to the whole query, in the order that pages have."""
        return await self.matching(replace(asked.pages, where=asked.query.where))

    async def matching(self, query: Query) -> list[Record]:
        """The oracle's rows for *query*, ordered."""
        rows = [row for row in await self.rows(query.entity) if evaluate(query.where, row, entity=query.entity)]
        return sorted_records(rows, entity=query.entity, order=query.order, id_key=self.connector.id_key)

    def finished(self, asked: Asked, records: Sequence[Record]) -> list[Record]:
        """Those of *records* that satisfy what the CRM did not evaluate."""
        residual = asked.split.residual
        if residual == EVERYTHING:
            return list(records)
        return [record for record in records if evaluate(residual, record, entity=asked.query.entity)]

    async def page(self, query: Query, after: Position | None = None, *, of: Connector | None = None) -> Page:
        """One page."""
        found, _ = await self.calling((of or self.connector).page(query, after))
        return found

    async def walk(self, query: Query) -> Walk:
        """Every page of *query*.

        Raises:
            Broken: the pages go round in a circle.
        """
        walk, after = Walk(), None
        while True:
            page = await self.page(query, after)
            walk.pages.append(page)
            if not page.has_more:
                return walk
            after, before = self.end_of(page, query, after), after
            if after is None or after == before or len(walk.pages) > 10_000:
                raise Broken(f"after {len(walk.pages)} pages a page says has_more and goes no further than {before}")

    def end_of(self, page: Page, query: Query, before: Position | None) -> Position | None:
        """Where the next page starts."""
        if page.resume is not None:
            return page.resume
        return position_of(page.records[-1], query) if page.records else before

    def is_after(self, record: Record, place: Position, query: Query) -> bool:
        """Whether *record* stands behind *place* in *query*'s order."""
        sign = comparator(query.entity, query.order)(sort_keys(record, query.order), place.keys)
        id_key = self.connector.id_key
        return sign > 0 or (sign == 0 and bool(id_key(record.remote_id) > id_key(place.remote_id)))

    def relations(self, entity: Entity, *, apart: bool = True) -> list[RelationCapability]:
        """Relations of a type that lead to types on offer; those read by `related` where *apart*, all otherwise."""
        found = self.description.types[entity].relations
        return [
            found[name]
            for name in sorted(found)
            if found[name].mode is not RelationMode.UNSUPPORTED
            and found[name].target in self.description.types
            and not (apart and found[name].is_keyed)
        ]

    def without_apart(self, entity: Entity, selection: Selection) -> Selection:
        """The fields of *selection* alone, without those for which a page makes calls of their own."""
        bare = Query(entity=entity, selection=Selection())
        least = self.connector.plan(bare).calls
        fields = (Selection(frozenset({name})) for name in sorted(selection.fields))
        cheap = (one.fields for one in fields if self.connector.plan(replace(bare, selection=one)).calls <= least)
        return Selection(frozenset().union(*cheap))

    async def related(
        self,
        entity: Entity,
        relation: RelationCapability,
        parents: Sequence[str],
        *,
        first: int,
        selection: Selection = Selection(),  # noqa: B008 - frozen
        after: str | None = None,
    ) -> tuple[list[RelatedPage], list[CallEvent]]:
        """Links of *parents*, and the data calls made.

        Raises:
            Broken: the answer is not aligned, or an error.
        """
        connector = self.connector
        if not isinstance(connector, RelatesRecords):
            raise Broken(f"{relation.field} is described as read apart, and the connector has no method for it")
        work = connector.related(entity, relation.field, parents, selection=selection, first=first, after=after)
        results, calls = await self.calling(work)
        if len(results) != len(parents):
            raise Broken(f"{relation.field}: {len(results)} results for {len(parents)} parents")
        return [_page_of(result) for result in results], calls


def _page_of(result: RelatedResult) -> RelatedPage:
    if isinstance(result, SourceError):
        raise result
    return result


def position_of(record: Record, query: Query) -> Position:
    """The place just after *record* in *query*'s order."""
    return Position(sort_keys(record, query.order), record.remote_id)
