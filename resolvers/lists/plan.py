"""What one source does for one list: decided before anybody is called, and shown by `explain`."""

from dataclasses import dataclass, replace

from model.capabilities import Split, TypeCapability
from model.entities import Entity, record_type
from model.errors import BadCursor, BadRequest, UnsupportedBySource
from model.evaluate import evaluate
from model.fields import RELATIONS, TO_ONE, FieldKind, field_of, is_filterable, path_of
from model.query import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    MoneyBound,
    Or,
    Order,
    Predicate,
    Query,
    fields_in,
    mapped,
    normalised,
)
from model.reading import ListRequest
from resolvers.accounts import Account
from resolvers.cursor import Place
from resolvers.custom import is_lacking
from resolvers.lists.localise import for_source

__all__ = ["MERGEABLE", "START", "SourcePlan", "check_request", "plan_source"]

START = Place()
"""Where a walk begins."""

MERGEABLE = frozenset({FieldKind.DATE, FieldKind.DATETIME, FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY})
"""Kinds whose order has one meaning across CRMs; each collates text in its own way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """How one source answers.

    Attributes:
        query: what its pages are asked: the pushed predicate, an order only where it is pushed.
        order: the order the rows must have here; a key that the source lacks is missing on all of them.
        where: the whole condition as the source sees it.
        residual: what is checked here on every row.
        behind: relations that must be followed from every row to check it.
        unkeyed: relations whose links are read to check it, since their Refs do not stand on the records.
        is_sorted_here: every matching row is read, then sorted.
        is_collated_here: sorted here by a text, so that the order is ours and not the CRM's own.
        is_void: no row of it can match, so that nobody is asked.
        roads: how conditions behind relations are met, for people.
        has_exact_ids: whether the ids that were looked up for such conditions are those that the query means.
    """

    query: Query
    order: tuple[Order, ...]
    where: Predicate
    residual: Predicate
    is_sorted_here: bool = False
    is_collated_here: bool = False
    is_void: bool = False
    split: Split
    capability: TypeCapability
    behind: frozenset[str] = frozenset()
    unkeyed: frozenset[str] = frozenset()
    roads: tuple[str, ...] = ()
    has_exact_ids: bool = True

    @classmethod
    def of(cls, query: Query, account: Account) -> "SourcePlan":
        """The plan of *query*, whose conditions are of this source already, in no order.

        Raises:
            UnsupportedBySource: the source cannot answer it.
        """
        split = _split(query, account)
        return cls(
            query=_asked(query, split),
            order=(),
            where=query.where,
            residual=split.residual,
            split=split,
            capability=account.description.types[query.entity],
            behind=_behind(split.residual),
            unkeyed=_unkeyed(split.residual, query.entity, account),
        )

    @property
    def lacking(self) -> frozenset[int]:
        """Indexes of the keys in `order` that the source lacks and its pages are not asked for."""
        if self.is_sorted_here:
            return frozenset()
        return frozenset(index for index, key in enumerate(self.order) if is_lacking(key.field))

    @property
    def is_exact(self) -> bool:
        """Whether every row that a page gives matches."""
        return self.residual == EVERYTHING

    @property
    def means_the_query(self) -> bool:
        """Whether its rows, order and count mean what the query says; the notes say why not."""
        return self.split.is_exact and self.has_exact_ids

    @property
    def notes(self) -> tuple[str, ...]:
        """What the caller should know of it."""
        return tuple(dict.fromkeys((*self.split.notes, *self.roads)))

    def counts_apart(self, before: Place = START) -> bool:
        """Whether the total of the walk that stands at *before* takes a call of its own.

        Deleted and archived rows are in no count, so where they are wanted as well, none is asked for.
        """
        if self.query.include_deleted or self.query.include_archived:
            return False
        is_read = not before.is_ended
        comes_first = before.position is None and self.split.brings_total
        comes_along = self.is_void or (is_read and (self.is_sorted_here or comes_first))
        return self.capability.can_count and self.is_exact and not comes_along


def check_request(request: ListRequest, *, max_first: int) -> None:
    """Refuse what no source could answer.

    Raises:
        BadRequest: `first` is out of bounds, or amounts are ordered without a currency.
    """
    if not 1 <= request.first <= max_first:
        raise BadRequest(f"first is {request.first}; it must be from 1 to {max_first}")
    for key in request.order:
        kind = field_of(request.entity, key.field).kind
        if kind is FieldKind.MONEY and not _has_currency(normalised(request.where), key.field):
            raise BadRequest(f"ordering by {key.field} needs one currency: add where: {{{key.field}: {{currency: …}}}}")
    for name in fields_in(request.where):
        if not is_filterable(field_of(request.entity, name)):
            raise BadRequest(f"{request.entity.value}.{name} cannot be filtered")


def _has_currency(where: Predicate, field: str) -> bool:
    """Whether every row that satisfies *where* has an amount in *field*, all of them in one currency."""
    found = _currencies(where, field)
    return found is not None and len(found) <= 1


def _currencies(where: Predicate, field: str) -> frozenset[str] | None:
    """The currencies that *field* may have where *where* holds; None for any."""
    match where:
        case Compare(name, _, MoneyBound(currency, _)) if name == field:
            return frozenset({currency})
        case And(items):
            known = [found for item in items if (found := _currencies(item, field)) is not None]
            return frozenset.intersection(*known) if known else None
        case Or(items):
            each = [_currencies(item, field) for item in items]
            return None if None in each else frozenset().union(*(found for found in each if found is not None))
        case _:
            return None


def plan_source(
    request: ListRequest,
    account: Account,
    *,
    is_alone: bool,
    before: Place = START,
    where: Predicate | None = None,
) -> SourcePlan:
    """The plan of one source.

    Args:
        request: the list.
        account: of the source.
        is_alone: no other source takes part.
        before: where the walk stands.
        where: in place of the request's own condition, as an earlier plan's `where` has it.

    Raises:
        UnsupportedBySource: it lacks the type or a field, or cannot answer such a query at all.
        BadCursor: the walk stands in an order of the CRM's own, which it gives no longer.
    """
    source, capability = account.source.key, account.listed(request.entity)
    request = _in_own_names(request, account)
    query = _query(request, account)
    if where is not None:
        query = replace(query, where=where)
    is_void = query.where == NOTHING
    split = Split(pushed=NOTHING, calls=0) if is_void else _split(query, account)
    is_one_order = split.is_order_pushed and (is_alone or _is_mergeable(request)) and not before.is_sorted_here
    is_sorted_here = bool(query.order) and not is_one_order
    is_collated_here = is_sorted_here and not _is_mergeable(request)
    if is_collated_here and before.position is not None and not before.is_sorted_here:
        raise BadCursor(f"{source} no longer sorts as it did when this cursor was made; start again without it")
    if is_sorted_here:
        query = replace(query, order=())
        if split.is_order_pushed and not is_void:
            split = _split(query, account)
    return SourcePlan(
        query=_asked(query, split),
        order=request.order,
        where=query.where,
        residual=split.residual,
        is_sorted_here=is_sorted_here,
        is_collated_here=is_collated_here,
        is_void=is_void,
        split=split,
        capability=capability,
        behind=_behind(split.residual),
        unkeyed=_unkeyed(split.residual, request.entity, account),
    )


def _split(query: Query, account: Account) -> Split:
    split = account.source.connector.plan(query)
    if split.unsupported is not None:
        source = account.source.key
        raise UnsupportedBySource(f"{source}: {split.unsupported}", source=source)
    return split


def _asked(query: Query, split: Split) -> Query:
    """What the pages of *query* are asked: the rest of it is checked here, and read for that."""
    return replace(query, where=split.pushed, selection=query.selection.with_fields(*fields_in(split.residual)))


def _behind(residual: Predicate) -> frozenset[str]:
    """The relations that *residual* looks behind."""
    return frozenset(path[0] for name in fields_in(residual) if (path := path_of(name)))


def _in_own_names(request: ListRequest, account: Account) -> ListRequest:
    """*request* with the source's own names for its own fields."""
    own, entity = account.own, request.entity
    return replace(
        request,
        selection=own.selection(entity, request.selection),
        where=own.predicate(entity, request.where),
        order=own.order(entity, request.order),
    )


def _unkeyed(residual: Predicate, entity: Entity, account: Account) -> frozenset[str]:
    """The relations that *residual* compares by themselves and whose Ref does not stand on the record."""
    return TO_ONE.intersection(fields_in(residual)).difference(account.keyed(entity))


def _query(request: ListRequest, account: Account) -> Query:
    """The whole of *request* as the source would be asked it."""
    source = account.source
    order = tuple(key for key in request.order if not is_lacking(key.field))
    where = for_source(request.where, entity=request.entity, source=source.key, canonical=source.connector.canonical_id)
    return Query(
        entity=request.entity,
        selection=request.selection.with_fields(*(key.field for key in order)),
        where=_without_absent(where, request.entity, account),
        order=order,
        limit=request.first,
        include_deleted=request.options.include_deleted,
        include_archived=request.options.include_archived,
    )


def _without_absent(where: Predicate, entity: Entity, account: Account) -> Predicate:
    """*where* decided for the relations that the source does not have: nothing stands behind them."""
    absent = [name for name in RELATIONS[entity] if name in TO_ONE and account.relation(entity, name) is None]
    nothing = record_type(entity)(source="", remote_id="")
    for name in absent:
        setattr(nothing, name, None)

    def decided(compare: Compare) -> Predicate:
        relation, _, _ = compare.field.partition(".")
        if relation not in absent:
            return compare
        holds = evaluate(compare, nothing, entity=entity, related=lambda *_: None)
        return EVERYTHING if holds else NOTHING

    return normalised(mapped(where, decided)) if absent else where


def _is_mergeable(request: ListRequest) -> bool:
    """Whether every key has one meaning across CRMs."""
    return all(
        field_of(request.entity, key.field).kind in MERGEABLE for key in request.order if not is_lacking(key.field)
    )
