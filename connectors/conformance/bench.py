"""A connector under test: read through the contract alone, with all it showed, called and raised kept."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any, TypeVar

from connectors.base import Connector, RelatedResult, RelatesRecords
from connectors.conformance.generate import Draw
from connectors.conformance.names import Related, customs
from connectors.conformance.report import Broken, Untested
from connectors.scope import CallEvent, Deadline, Scope, entered
from model.capabilities import Description, RelationCapability, RelationMode, Split
from model.entities import Entity, Record, record_type
from model.errors import SourceError
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.fields import FIELDS, RELATIONS, FieldKind, field_of
from model.page import Page, Position, RelatedPage
from model.query import EVERYTHING, Predicate, Query, RelationSelection, Selection, fields_in
from model.values import UNSET

__all__ = ["Asked", "Bench", "Trouble", "Walk"]

T = TypeVar("T")
Trouble = Callable[[], AbstractContextManager[object]]
"""Makes the source misbehave while the context lasts."""

_ENTITIES = {record_type(entity): entity for entity in Entity}
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
        self._whole: dict[tuple[Entity, str], Record] = {}
        self._has_behind = False

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
        """Every row of a type with every field, its own included, and to-one relation, in id order; read once."""
        if entity not in self._rows:
            walk = await self.walk(Query(entity=entity, selection=self._everything(entity), limit=200))
            rows = await self._with_links(entity, walk.records)
            self._rows[entity] = sorted_records(rows, entity=entity, order=(), id_key=self.connector.id_key)
            self._whole.update({(entity, row.remote_id): row for row in rows})
        return self._rows[entity]

    def _everything(self, entity: Entity) -> Selection:
        """Every field of a type, and the relations that stand on the record."""
        relations = self.description.types[entity].relations
        keyed = {name: RelationSelection(Selection()) for name, found in relations.items() if found.is_keyed}
        return Selection(frozenset({*FIELDS[entity], *customs(self.description, entity)}), keyed)

    async def _with_links(self, entity: Entity, rows: Sequence[Record]) -> list[Record]:
        """*rows* with a Ref, or None, for each to-one relation, wherever the source keeps it."""
        apart = {found.field: found for found in self.relations(entity) if not found.is_many}
        found: list[dict[str, Any]] = [{} for _ in rows]
        for name, relation in RELATIONS[entity].items():
            if relation.is_many or not rows or getattr(rows[0], name) is not UNSET:
                continue
            pages = await self._links_of(entity, apart.get(name), [row.remote_id for row in rows])
            for refs, page in zip(found, pages, strict=True):
                refs[name] = page.links[0].ref if page.links else None
        changed: list[Record] = [replace(row, **refs) for row, refs in zip(rows, found, strict=True)]
        return changed

    async def _links_of(
        self, entity: Entity, relation: RelationCapability | None, parents: Sequence[str]
    ) -> list[RelatedPage]:
        if relation is None:
            return [RelatedPage(())] * len(parents)
        pages: list[RelatedPage] = []
        size = relation.batch_size or 1
        for start in range(0, len(parents), size):
            pages += (await self.related(entity, relation, parents[start : start + size], first=1))[0]
        return pages

    async def by_id(self, entity: Entity) -> dict[str, Record]:
        """The rows of a type by remote id."""
        return {row.remote_id: row for row in await self.rows(entity)}

    async def behind(self) -> Related:
        """Gives what stands at the other end of to-one relations, what no list shows read by its id."""
        if not self._has_behind:
            for entity in self.entities():
                await self.rows(entity)
            await self._read_unlisted()
            self._has_behind = True
        return self._at_other_end

    async def _read_unlisted(self) -> None:
        wanted: dict[Entity, set[str]] = {}
        for (entity, _), row in self._whole.items():
            refs = (getattr(row, name) for name, found in RELATIONS[entity].items() if not found.is_many)
            for ref in refs:
                if ref and ref.entity in self.description.types and (ref.entity, ref.remote_id) not in self._whole:
                    wanted.setdefault(Entity(ref.entity), set()).add(ref.remote_id)
        for entity, ids in wanted.items():
            found, _ = await self.calling(self.connector.by_ids(entity, sorted(ids), self._everything(entity)))
            rows = await self._with_links(entity, [row for row in found if isinstance(row, Record)])
            self._whole.update({(entity, row.remote_id): row for row in rows})

    def _at_other_end(self, record: Record, relation: str) -> Record | None:
        ref = getattr(self._whole.get((_ENTITIES[type(record)], record.remote_id), record), relation)
        return self._whole.get((Entity(ref.entity), ref.remote_id)) if ref else None

    async def draw(self, random: Random, entity: Entity) -> Draw:
        """Draws queries for a type."""
        rows = await self.rows(entity) if entity in self.entities() else ()
        related = await self.behind()
        return Draw(random, description=self.description, entity=entity, rows=rows, related=related)

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
        await self.behind()
        rows = [row for row in await self.rows(query.entity) if self.satisfies(row, query.where)]
        return sorted_records(rows, entity=query.entity, order=query.order, id_key=self.connector.id_key)

    def satisfies(self, record: Record, where: Predicate) -> bool:
        """What the oracle says of *record*, after `behind` was read once."""
        return evaluate(where, record, entity=_ENTITIES[type(record)], related=self._at_other_end)

    def finished(self, asked: Asked, records: Sequence[Record]) -> list[Record]:
        """Those of *records* that satisfy what the CRM did not evaluate."""
        residual = asked.split.residual
        if residual == EVERYTHING:
            return list(records)
        names = {name for name in fields_in(residual) if name in RELATIONS[asked.query.entity]}
        return [record for record in records if self.satisfies(self._with_refs(record, names), residual)]

    def _with_refs(self, record: Record, names: set[str]) -> Record:
        """*record* with the Refs that the host reads apart, for relations that do not stand on it."""
        absent = [name for name in names if getattr(record, name) is UNSET]
        if not absent:
            return record
        whole = self._whole[_ENTITIES[type(record)], record.remote_id]
        dressed: Record = replace(record, **{name: getattr(whole, name) for name in absent})
        return dressed

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
