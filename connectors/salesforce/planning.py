"""What a page of one query asks of the org; decided from the account as described, without a call."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from connectors.salesforce.account import Account
from connectors.salesforce.capabilities import TEXTS
from connectors.salesforce.manifest import manifest
from connectors.salesforce.objects import Names, ObjectTable
from connectors.salesforce.shapes import ChildShape, RecordShape, child_shape, record_shape
from connectors.salesforce.soql import (
    MAX_QUERY_CHARS,
    Condition,
    Select,
    SortKey,
    all_of,
    condition_of,
    guarded_presence,
    joint_rules,
    segments,
    split,
)
from model.capabilities import Split
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.fields import RELATIONS, field_of
from model.page import Position
from model.query import Order, Predicate, Query, fields_in

__all__ = [
    "PageShape",
    "can_order",
    "names_for",
    "page_selects",
    "page_shapes",
    "split_of",
    "tables_for",
    "told_hidden",
    "too_long",
    "wanted_rows",
]

# Child rows an inline list may bring at the very most: five answers. Typical pages fit one.
_MAX_INLINE_ROWS = 10_000
# Fields that share one guard: a condition on one of them says that the other has a value as well.
_TOGETHER = (frozenset({"starts_at", "ends_at"}),)


@dataclass(frozen=True, slots=True)
class PageShape:
    """What each row of a page is asked for.

    Attributes:
        with_contacts: whether an appointment's contacts are wanted, which its attendees bring along.
    """

    record: RecordShape
    children: Sequence[ChildShape]
    with_contacts: bool

    @property
    def apart(self) -> frozenset[str]:
        """Fields that take calls of their own after the rows are read."""
        return self.record.apart

    @property
    def table(self) -> ObjectTable:
        """The object of the rows."""
        return self.record.table

    @property
    def names(self) -> Names:
        """What names of fields stand for on it."""
        return Names(self.record.tables, self.record.table)

    @property
    def inline(self) -> frozenset[str]:
        """Relations that the page carries."""
        contacts = {"contacts"} if self.with_contacts and "attendees" in self.apart else set()
        return self.record.inline.union(*(child.inline for child in self.children), contacts)

    def items(self) -> list[str]:
        """What to SELECT."""
        carried = (item for child in self.children for item in child.items())
        return list(dict.fromkeys((*self.record.items(), *carried)))


def tables_for(account: Account, entity: Entity) -> tuple[ObjectTable, ...]:
    """The objects whose rows are *entity*'s: one; users and queues are two.

    Raises:
        UnsupportedBySource: the org, or this credential, has none.
    """
    tables = account.tables.all_of(entity)
    if not tables:
        source = account.tables.source
        raise UnsupportedBySource(f"{source} shows no {entity.value}s to this credential", source=source)
    return tables


def names_for(account: Account, entity: Entity) -> list[Names]:
    """What names of fields stand for on each of those objects."""
    return [Names(account.tables, table) for table in tables_for(account, entity)]


def wanted_rows(limit: int) -> int:
    """Rows of one page: one more must fit the answer."""
    return min(limit, manifest().answer_rows - 1)


def page_shapes(account: Account, query: Query) -> list[PageShape]:
    """The shape of *query*'s rows, by object: its selection, the keys of its order, and lists that fit inline."""
    selection = query.selection.with_fields(*(item.field for item in query.order))
    return [
        PageShape(
            record_shape(account.tables, table, selection),
            _children(account, table, query),
            "contacts" in query.selection.relations,
        )
        for table in tables_for(account, query.entity)
    ]


def _children(account: Account, table: ObjectTable, query: Query) -> list[ChildShape]:
    rows, found = wanted_rows(query.limit) + 1, []
    room = _MAX_INLINE_ROWS
    for name, wanted in query.selection.relations.items():
        if not RELATIONS[table.entity][name].is_many:
            continue
        child = child_shape(account.tables, table, name, wanted, with_deleted=_reads_all(query))
        if child is None or not child.is_inline or child.rows_each * rows > room:
            continue
        room -= child.rows_each * rows
        found.append(child)
    return found


def _reads_all(query: Query) -> bool:
    return query.include_deleted or query.include_archived


def _coverage(table: ObjectTable, query: Query) -> Condition:
    """Rows that queryAll adds and the query does not want."""
    if not _reads_all(query):
        return True
    columns = table.info.columns
    return all_of(
        True if query.include_deleted or "IsDeleted" not in columns else "IsDeleted = false",
        True if query.include_archived or "IsArchived" not in columns else "IsArchived = false",
    )


def can_order(every: Sequence[Names], query: Query) -> bool:
    """Whether SOQL gives the order: a key that some rows lack by a condition can only come first.

    Where two objects have rows, they are merged here, and texts cannot be: the org has a collation of its own.
    """
    live = [names for names in every if _where(names, query) is not False]
    if len(live) > 1 and any(field_of(query.entity, item.field).kind in TEXTS for item in query.order):
        return False
    try:
        keys = [[key for item in query.order if (key := names.sort_key(item.field))] for names in every]
    except KeyError:
        return False
    return all(key.present is True for own in keys for key in own[1:])


def _where(names: Names, query: Query) -> Condition:
    return all_of(names.table.base, _coverage(names.table, query), condition_of(query.where, names))


def page_selects(
    query: Query, shapes: Sequence[PageShape], *, after: Position | None
) -> list[tuple[PageShape, Select]]:
    """The queries of one page, in the order of their rows; those that no row can match are left out."""
    found = ((shape, select) for shape in shapes for select in _selects(query, shape, after))
    return [(shape, select) for shape, select in found if not select.is_void]


def _selects(query: Query, shape: PageShape, after: Position | None) -> Iterable[Select]:
    names, rows = shape.names, wanted_rows(query.limit)
    where, items = _where(names, query), shape.items()
    keys: dict[str, SortKey | None] = {item.field: names.sort_key(item.field) for item in query.order}
    for part in segments(query.order, keys, after=after, is_present=_has_first_key(query, keys)):
        yield Select(
            items=items, source=names.table.name, where=all_of(where, part.where), order=part.order, limit=rows + 1
        )


def _has_first_key(query: Query, keys: dict[str, SortKey | None]) -> bool:
    real = [name for name, key in keys.items() if key is not None]
    if not real:
        return False
    together = next((fields for fields in _TOGETHER if real[0] in fields), frozenset({real[0]}))
    return guarded_presence(query.where, together)


def split_of(account: Account, query: Query) -> Split:
    """What the org evaluates of *query*, and what one page costs."""
    every = names_for(account, query.entity)
    complaint = every[0].complaint((*fields_in(query.where), *(item.field for item in query.order)))
    if complaint is not None:
        return Split(unsupported=complaint, calls=0)
    parts = split(query.where, joint_rules(every))
    is_ordered = can_order(every, replace(query, where=parts.pushed))
    asked = replace(
        query,
        selection=query.selection.with_fields(*fields_in(parts.residual)),
        where=parts.pushed,
        order=query.order if is_ordered else (),
    )
    shapes = page_shapes(account, asked)
    texts = [select.text() for _, select in page_selects(asked, shapes, after=None)]
    deviations = _deviations(every[0], query.where, asked.order)
    return Split(
        pushed=parts.pushed,
        residual=parts.residual,
        is_order_pushed=is_ordered,
        is_exact=not deviations,
        notes=(*deviations, *told_hidden(every[0], query.selection.fields)),
        calls=_calls(shapes[0], texts, rows=wanted_rows(query.limit)),
        operation="queryAll" if _reads_all(query) else "query",
        vendor_query="\n".join(texts) or None,
        remote_fields=tuple(shapes[0].record.items()),
        unsupported=too_long(texts),
        inline=frozenset.intersection(*(shape.inline for shape in shapes)),
    )


def _calls(shape: PageShape, texts: Sequence[str], *, rows: int) -> int:
    if not texts:
        return 0
    bodies = rows if "body" in shape.apart else 0
    return 1 + len(shape.apart - {"body"}) + bodies


def too_long(texts: Iterable[str]) -> str | None:
    """Why one of the queries *texts* cannot be asked; None where all can."""
    if all(len(text) <= MAX_QUERY_CHARS for text in texts):
        return None
    return f"the filter makes a query longer than SOQL's {MAX_QUERY_CHARS} characters; name fewer values"


def _deviations(names: Names, where: Predicate, order: Sequence[Order]) -> list[str]:
    compared = [*fields_in(where), *(item.field for item in order)]
    notes = list(told_hidden(names, compared))
    texts = [item.field for item in order if _sorts_text(names, item.field)]
    if texts:
        notes.append(f"{', '.join(texts)} sorted as the org's locale collates text")
    return notes


def _sorts_text(names: Names, field: str) -> bool:
    return field_of(names.table.entity, field).kind in TEXTS and names.sort_key(field) is not None


def told_hidden(names: Names, fields: Iterable[str]) -> Iterable[str]:
    """A note for each of *fields* that this credential may not read."""
    for name in names.hidden(fields):
        yield f"{name} is hidden from this credential, or absent from this org, and reads as missing"
