"""What one source does for one list: decided before anybody is called, and shown by `explain`."""

from dataclasses import dataclass, replace

from model.capabilities import Split, TypeCapability
from model.errors import BadCursor, BadRequest, UnsupportedBySource
from model.fields import FieldKind, field_of, is_filterable
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
    normalised,
)
from model.reading import ListRequest
from resolvers.accounts import Account
from resolvers.cursor import Place
from resolvers.lists.localise import for_source

__all__ = ["START", "SourcePlan", "check_request", "plan_source"]

START = Place()
"""Where a walk begins."""

_MERGEABLE = frozenset({FieldKind.DATE, FieldKind.DATETIME, FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """How one source answers.

    Attributes:
        query: what its pages are asked: the pushed predicate, an order only where it is pushed.
        order: the order the rows must have here.
        residual: what is checked here on every row.
        is_sorted_here: every matching row is read, then sorted.
        is_collated_here: sorted here by a text, so that the order is ours and not the CRM's own.
        is_void: no row of it can match, so that nobody is asked.
    """

    query: Query
    order: tuple[Order, ...]
    residual: Predicate
    is_sorted_here: bool
    is_collated_here: bool
    is_void: bool
    split: Split
    capability: TypeCapability

    @property
    def is_exact(self) -> bool:
        """Whether every row that a page gives matches."""
        return self.residual == EVERYTHING

    def counts_apart(self, before: Place = START) -> bool:
        """Whether the total of the walk that stands at *before* takes a call of its own."""
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


def plan_source(request: ListRequest, account: Account, *, is_alone: bool, before: Place = START) -> SourcePlan:
    """The plan of one source.

    Args:
        request: the list.
        account: of the source.
        is_alone: no other source takes part.
        before: where the walk stands.

    Raises:
        UnsupportedBySource: it lacks the type, or cannot answer such a query at all.
        BadCursor: the walk stands in an order of the CRM's own, which it gives no longer.
    """
    source, connector = account.source.key, account.source.connector
    capability = account.description.types.get(request.entity)
    if capability is None or not capability.can_list:
        raise UnsupportedBySource(f"{source} offers no list of {request.entity.value} records", source=source)
    query = _query(request, account)
    is_void = query.where == NOTHING
    split = Split(pushed=NOTHING, calls=0) if is_void else connector.plan(query)
    if split.unsupported is not None:
        raise UnsupportedBySource(f"{source}: {split.unsupported}", source=source)
    is_one_order = split.is_order_pushed and (is_alone or _is_mergeable(request)) and not before.is_sorted_here
    is_sorted_here = bool(request.order) and not is_one_order
    is_collated_here = is_sorted_here and not _is_mergeable(request)
    if is_collated_here and before.position is not None and not before.is_sorted_here:
        raise BadCursor(f"{source} no longer sorts as it did when this cursor was made; start again without it")
    if is_sorted_here and split.is_order_pushed and not is_void:
        split = connector.plan(replace(query, order=()))
    return SourcePlan(
        query=replace(
            query,
            where=split.pushed,
            order=() if is_sorted_here else request.order,
            selection=query.selection.with_fields(*fields_in(split.residual)),
        ),
        order=request.order,
        residual=split.residual,
        is_sorted_here=is_sorted_here,
        is_collated_here=is_collated_here,
        is_void=is_void,
        split=split,
        capability=capability,
    )


def _query(request: ListRequest, account: Account) -> Query:
    """The whole of *request* as the source would be asked it."""
    source = account.source
    return Query(
        entity=request.entity,
        selection=request.selection.with_fields(*(key.field for key in request.order)),
        where=for_source(
            request.where, entity=request.entity, source=source.key, canonical=source.connector.canonical_id
        ),
        order=request.order,
        limit=request.first,
        include_deleted=request.options.include_deleted,
        include_archived=request.options.include_archived,
    )


def _is_mergeable(request: ListRequest) -> bool:
    """Whether every key has one meaning across CRMs; each collates text in its own way."""
    return all(field_of(request.entity, key.field).kind in _MERGEABLE for key in request.order)
