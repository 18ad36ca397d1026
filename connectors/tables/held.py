"""Records that a connector holds whole, such as users read with the metadata: answered here by the oracle."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from connectors.base import ById
from connectors.mapping import matched_on, offered, words_of
from model.aggregate import AggregateQuery, Fold, GroupRow
from model.capabilities import FieldCapability, Pushdown, Split, TypeCapability
from model.entities import Entity, Record, record_type
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.fields import FIELDS, is_filterable
from model.page import Hit, Missing, Page, Position, Searched
from model.query import Predicate, Query, SearchQuery, Selection
from model.values import UNSET

__all__ = ["Held"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Every record of one type, each with all its fields.

    Attributes:
        remote_type: the vendor's name of the type.
        id_key: compares ids as the vendor does.
        searched: fields whose texts are searched; none where they are not.
    """

    entity: Entity
    remote_type: str
    records: Mapping[str, Record]
    id_key: Callable[[str], Any]
    searched: tuple[str, ...] = ()

    def capability(self) -> TypeCapability:
        """The type as it is described: everything is compared and sorted without a call."""
        return TypeCapability(
            entity=self.entity,
            remote_type=self.remote_type,
            can_count=True,
            can_aggregate=True,
            can_search=bool(self.searched),
            is_cached=True,
            fields={
                name: FieldCapability(
                    field=name,
                    remote_fields=(),
                    operators=dict.fromkeys(offered(field), Pushdown.PUSHED),
                    is_sortable=is_filterable(field),
                )
                for name, field in FIELDS[self.entity].items()
            },
        )

    def plan(self, query: Query) -> Split:
        """Everything is done here."""
        return Split(pushed=query.where, calls=0, operation=self.remote_type, brings_total=True)

    def page(self, query: Query, after: Position | None) -> Page:
        """Records behind *after* in the query's order."""
        found = self._matching(query.where)
        ordered = sorted_records(found, entity=self.entity, order=query.order, id_key=self.id_key)
        compare = comparator(self.entity, query.order)

        def is_behind(record: Record, start: Position) -> bool:
            sign = compare(sort_keys(record, query.order), start.keys)
            return sign > 0 or (sign == 0 and self.id_key(record.remote_id) > self.id_key(start.remote_id))

        rest = [record for record in ordered if after is None or is_behind(record, after)]
        names = [item.field for item in query.order]
        chosen = [self._narrowed(record, query.selection, names) for record in rest[: query.limit]]
        return Page(records=chosen, has_more=len(rest) > query.limit, total=len(ordered) if after is None else None)

    def by_ids(self, ids: Sequence[str], selection: Selection) -> Sequence[ById]:
        """One result for each id, in the order asked."""
        return [
            self._narrowed(self.records[one], selection, ()) if one in self.records else Missing(one) for one in ids
        ]

    def count(self, where: Predicate) -> int:
        """How many satisfy *where*."""
        return len(self._matching(where))

    def groups(self, query: AggregateQuery) -> Sequence[GroupRow]:
        """Groups of the records."""
        fold = Fold(query)
        fold.add(self._matching(query.where))
        return [row for row in fold.rows() if row.count]

    def hits(self, query: SearchQuery, after: int) -> Searched:
        """Records that have every word in the searched fields, by id, behind the first *after*."""
        words = words_of(query.text)
        found = [row for row in self.records.values() if all(matched_on(row, self.searched, [word]) for word in words)]
        rest = sorted(found, key=lambda row: self.id_key(row.remote_id))[after:] if words else []
        selection = query.selections[self.entity]
        hits = [
            Hit(self._narrowed(row, selection, ()), matched_on(row, self.searched, words))
            for row in rest[: query.limit]
        ]
        return Searched(hits, has_more=len(rest) > query.limit)

    def _matching(self, where: Predicate) -> list[Record]:
        return [record for record in self.records.values() if evaluate(where, record, entity=self.entity)]

    def _narrowed(self, record: Record, selection: Selection, further: Sequence[str]) -> Record:
        wanted = {"source", "remote_id", *selection.fields, *selection.relations, *further}
        hidden: dict[str, Any] = {
            item.name: UNSET for item in fields(record_type(self.entity)) if item.name not in wanted
        }
        return replace(record, **hidden)
