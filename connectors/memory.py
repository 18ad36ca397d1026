"""A connector over records in memory: for tests, and the smallest example of the contract.

It pushes predicates and orders, or leaves them residual, and groups or does not, as it is told; its pages can be short.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from connectors.scope import CallEvent, current_scope
from model.aggregate import AggregateQuery, Fold, GroupRow
from model.capabilities import (
    AggregateSplit,
    Description,
    FieldCapability,
    Pushdown,
    Quota,
    RelationCapability,
    RelationMode,
    RemoteField,
    SearchSplit,
    Split,
    TypeCapability,
)
from model.entities import Entity, Record, record_type
from model.errors import SourceError
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.fields import FIELDS, RELATIONS, TO_ONE, FieldKind, custom_of, path_of
from model.page import Hit, Link, Missing, Page, Position, RelatedPage, Searched
from model.query import And, Compare, Operator, Predicate, Query, SearchQuery, Selection, comparisons_in, normalised
from model.values import UNSET, Ref

__all__ = ["MemoryConnector"]

_ALWAYS = ("source", "remote_id")
_BATCH = 100
_SEARCHED = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.EMAIL, FieldKind.PHONE})
_UNSEARCHED = frozenset({"remote_id", "version"})


class MemoryConnector:
    """A source whose rows are *records*.

    Args:
        source: key of the source.
        records: whole records, by type.
        links: remote ids at the far end of to-many relations, by (relation, parent's remote id).
        page_size: rows in one page at most, however many are asked.
        pushes: whether predicates are evaluated "at the CRM", or on which fields; if not, they stay residual.
        operators: which operators it evaluates, where it does.
        sorts: whether orders are.
        searches: whether there is a search, of every type.
        looks_behind: whether it evaluates conditions on records behind relations, such as `company.domain`.
        compares_references: whether it evaluates conditions on relations, such as `company`.
        is_keyed: whether the Refs of to-one relations stand on the record; else `related` gives them.
        cached: types that are read as metadata, without a data call.
        own_fields: the fields of its own that it describes, by type; records hold them in `custom`.
        groups: whether records are grouped and summed "at the CRM".
    """

    def __init__(
        self,
        source: str,
        records: Mapping[Entity, Sequence[Record]],
        *,
        links: Mapping[tuple[str, str], Sequence[str]] | None = None,
        page_size: int = 200,
        pushes: bool | frozenset[str] = True,
        operators: frozenset[Operator] = frozenset(Operator),
        sorts: bool = True,
        searches: bool = True,
        looks_behind: bool = True,
        compares_references: bool = True,
        is_keyed: bool = True,
        cached: frozenset[Entity] = frozenset(),
        own_fields: Mapping[Entity, Sequence[RemoteField]] | None = None,
        groups: bool = False,
    ) -> None:
        self.source = source
        self._records = records
        self._links = links or {}
        self._page_size = page_size
        self._pushes = pushes is not False
        self._pushed = pushes if isinstance(pushes, frozenset) else None
        self._operators = operators
        self._sorts = sorts
        self._searches = searches
        self._looks_behind = looks_behind
        self._compares_references = compares_references
        self._is_keyed = is_keyed
        self._cached = cached
        self._own_fields = {entity: tuple(items) for entity, items in (own_fields or {}).items()}
        self._groups = groups

    async def describe(self) -> Description:
        """Every type there are records of."""
        return Description(
            types={entity: self._capability(entity) for entity in self._records}, remote_fields=self._own_fields
        )

    def _capability(self, entity: Entity) -> TypeCapability:
        operators = {
            name: {
                operator: Pushdown.PUSHED if self._evaluates(Compare(name, operator, "")) else Pushdown.LOCAL
                for operator in Operator
            }
            for name in FIELDS[entity]
        }
        return TypeCapability(
            entity=entity,
            remote_type=entity.value,
            can_count=self._pushes,
            can_search=self._searches,
            is_cached=entity in self._cached,
            can_aggregate=self._groups,
            batch_read_size=_BATCH,
            fields={
                name: FieldCapability(field=name, remote_fields=(name,), operators=modes, is_sortable=self._sorts)
                for name, modes in operators.items()
            },
            relations={
                relation.name: RelationCapability(
                    field=relation.name,
                    target=relation.target,
                    is_many=relation.is_many,
                    mode=RelationMode.BATCH,
                    is_keyed=self._is_keyed and not relation.is_many,
                    batch_size=_BATCH,
                )
                for relation in RELATIONS[entity].values()
            },
        )

    def plan(self, query: Query) -> Split:
        """Each condition whole or not at all, as told."""
        where = normalised(query.where)
        conditions = where.items if isinstance(where, And) else (where,)
        pushed = tuple(item for item in conditions if self._evaluates(item))
        left = tuple(item for item in conditions if item not in pushed)
        return Split(
            pushed=normalised(And(pushed)),
            residual=normalised(And(left)),
            is_order_pushed=self._sorts,
            calls=0 if query.entity in self._cached else 1,
            operation="scan",
            vendor_query=f"scan {query.entity.value}",
            remote_fields=tuple(sorted(query.selection.fields)),
        )

    def _evaluates(self, condition: Predicate) -> bool:
        return self._pushes and all(
            (self._looks_behind if path_of(name) else self._compares_references or name not in TO_ONE)
            and (self._pushed is None or name in self._pushed)
            and operator in self._operators
            for name, operator in ((item.field, item.operator) for item in comparisons_in(condition))
        )

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Rows behind *after*."""
        matching = self._matching(query.entity, query.where)
        ordered = sorted_records(matching, entity=query.entity, order=query.order, id_key=self.id_key)
        rest = ordered if after is None else [record for record in ordered if self._is_after(query, record, after)]
        size = min(query.limit, self._page_size)
        chosen = [self._narrowed(record, query.selection, query.entity) for record in rest[:size]]
        self._record_call("scan", query.entity, len(chosen))
        return Page(records=chosen, has_more=len(rest) > size, total=len(ordered) if after is None else None)

    def _matching(self, entity: Entity, where: Predicate) -> list[Record]:
        rows = self._records[entity]
        return [record for record in rows if evaluate(where, record, entity=entity, related=self._at_other_end)]

    def _at_other_end(self, record: Record, relation: str) -> Record | None:
        ref: Ref | None = getattr(record, relation)
        rows = () if ref is None else self._records.get(Entity(ref.entity), ())
        return next((row for row in rows if ref is not None and row.remote_id == ref.remote_id), None)

    def _is_after(self, query: Query, record: Record, after: Position) -> bool:
        sign = comparator(query.entity, query.order)(sort_keys(record, query.order), after.keys)
        return sign > 0 or (sign == 0 and self.id_key(record.remote_id) > self.id_key(after.remote_id))

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """Records or Missing, in order."""
        by_id = {record.remote_id: record for record in self._records.get(entity, ())}
        asked = [remote_id for remote_id in dict.fromkeys(ids) if self.canonical_id(entity, remote_id)]
        for start in range(0, len(asked), _BATCH):
            self._record_call("by_ids", entity, len(asked[start : start + _BATCH]))
        return [
            self._narrowed(by_id[remote_id], selection, entity) if remote_id in by_id else Missing(remote_id)
            for remote_id in ids
        ]

    async def related(
        self,
        entity: Entity,
        field: str,
        parents: Sequence[str],
        *,
        selection: Selection,
        first: int,
        after: str | None = None,
    ) -> Sequence[RelatedPage]:
        """Links without records, in id order; of a to-one relation the one there is."""
        relation = RELATIONS[entity][field]
        self._record_call("related", entity, len(parents))
        pages = []
        refs = {} if relation.is_many else {row.remote_id: getattr(row, field) for row in self._records[entity]}
        for parent in parents:
            ref: Ref | None = refs.get(parent)
            held = self._links.get((field, parent), ()) if relation.is_many else [ref.remote_id] if ref else []
            ids = sorted(held, key=self.id_key)
            rest = [item for item in ids if after is None or self.id_key(item) > self.id_key(after)]
            links = tuple(Link(ref=Ref(relation.target, remote_id)) for remote_id in rest[:first])
            pages.append(RelatedPage(links, has_more=len(rest) > first))
        return pages

    async def count(self, entity: Entity, where: Predicate) -> int:
        """Matching rows."""
        self._record_call("count", entity, 0)
        return len(self._matching(entity, where))

    def plan_search(self, query: SearchQuery) -> SearchSplit:
        """Every type there are records of, in one call."""
        entities = tuple(entity for entity in query.selections if entity in self._records)
        return SearchSplit(
            entities=entities if self._searches else (),
            unsupported=None if self._searches and entities else "there is nothing to search",
            operation="search",
            vendor_query=f"search {query.text}",
        )

    async def search(
        self, query: SearchQuery, after: Mapping[Entity, int] | None = None
    ) -> Mapping[Entity, Searched | SourceError]:
        """Records that hold every word of the text, those that hold them in more fields first."""
        words = query.text.casefold().split()
        found, rows = dict[Entity, Searched | SourceError](), 0
        for entity, selection in query.selections.items():
            hits = [hit for record in self._records[entity] if (hit := _hit(record, words, entity)) is not None]
            hits.sort(key=lambda hit: (-len(hit.matched_on), self.id_key(hit.record.remote_id)))
            rest = hits[(after or {}).get(entity, 0) :]
            size = min(query.limit, self._page_size)
            chosen = [Hit(self._narrowed(hit.record, selection, entity), hit.matched_on) for hit in rest[:size]]
            found[entity] = Searched(chosen, has_more=len(rest) > size)
            rows += len(chosen)
        self._record_call("search", None, rows)
        return found

    def plan_aggregate(self, query: AggregateQuery) -> AggregateSplit:
        """One call, or none of it, as told."""
        if not self._groups:
            return AggregateSplit(unsupported="it does not group")
        return AggregateSplit(operation="aggregate", vendor_query=f"aggregate {query.entity.value}")

    async def aggregate(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """The groups, folded."""
        fold = Fold(query)
        fold.add(self._matching(query.entity, query.where))
        self._record_call("aggregate", query.entity, len(fold))
        return [row for row in fold.rows() if row.count]

    def id_key(self, remote_id: str) -> Any:
        """Ids compare as numbers where they are numbers, and before others."""
        return (0, int(remote_id), "") if remote_id.isdecimal() else (1, 0, remote_id)

    def canonical_id(self, entity: Entity, remote_id: str) -> str | None:
        """Any text is an id."""
        del entity
        return remote_id or None

    def quotas(self) -> Sequence[Quota]:
        """None: nothing is limited."""
        return ()

    async def aclose(self) -> None:
        """Nothing to close."""

    def _narrowed(self, record: Record, selection: Selection, entity: Entity) -> Record:
        keys = [custom.key for name in selection.fields if (custom := custom_of(name)) is not None]
        wanted = {*_ALWAYS, *selection.fields, *(selection.relations if self._is_keyed else ())}
        hidden: dict[str, Any] = {item.name: UNSET for item in fields(record_type(entity)) if item.name not in wanted}
        held = {} if record.custom is UNSET else record.custom
        return replace(record, **{**hidden, "custom": {key: held.get(key) for key in keys} if keys else UNSET})

    def _record_call(self, operation: str, entity: Entity | None, rows: int) -> None:
        if entity in self._cached:
            return
        scope = current_scope()
        scope.spend(self.source)
        scope.record(
            CallEvent(
                source=self.source,
                operation=operation,
                kind="data",
                entity=None if entity is None else entity.value,
                query=None,
                rows=rows,
                size_bytes=0,
                took_ms=0.0,
                retries=0,
                is_cached=False,
                status=None,
            )
        )


def _hit(record: Record, words: Sequence[str], entity: Entity) -> Hit | None:
    """The hit that *record* is; None where a word stands in no text of it."""
    values = {
        field.name: getattr(record, field.name)
        for field in FIELDS[entity].values()
        if field.kind in _SEARCHED and field.name not in _UNSEARCHED
    }
    texts = {name: value.casefold() for name, value in values.items() if isinstance(value, str)}
    if not all(any(word in text for text in texts.values()) for word in words):
        return None
    return Hit(record, tuple(name for name, text in texts.items() if any(word in text for word in words)))
