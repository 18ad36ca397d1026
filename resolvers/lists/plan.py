"""What one source does for one list: decided before anybody is called, and shown by `explain`."""

from dataclasses import dataclass, replace

from connectors.base import Connector
from model.capabilities import Description, Split, TypeCapability
from model.errors import BadRequest, UnsupportedBySource
from model.fields import FIELDS, FieldKind, is_filterable
from model.query import (
    EVERYTHING,
    And,
    Compare,
    MoneyBound,
    Order,
    Predicate,
    Query,
    Selection,
    fields_in,
)
from model.reading import ListRequest
from resolvers.lists.localise import for_source

__all__ = ["SourcePlan", "check_request", "plan_source"]

_MERGEABLE = frozenset({FieldKind.DATE, FieldKind.DATETIME, FieldKind.INTEGER, FieldKind.DECIMAL, FieldKind.MONEY})


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """How one source answers.

    Attributes:
        query: what its pages are asked: the pushed predicate, an order only where it is pushed.
        order: the order the rows must have here.
        residual: what is checked here on every row.
        is_sorted_here: every matching row is read, then sorted.
    """

    query: Query
    order: tuple[Order, ...]
    residual: Predicate
    is_sorted_here: bool
    split: Split
    capability: TypeCapability


def check_request(request: ListRequest, *, max_first: int) -> None:
    """Refuse what no source could answer.

    Raises:
        BadRequest: `first` is out of bounds, or amounts are ordered without a currency.
    """
    if not 1 <= request.first <= max_first:
        raise BadRequest(f"first is {request.first}; it must be from 1 to {max_first}")
    for key in request.order:
        kind = FIELDS[request.entity][key.field].kind
        if kind is FieldKind.MONEY and not _has_currency(request.where, key.field):
            raise BadRequest(f"ordering by {key.field} needs one currency: add where: {{{key.field}: {{currency: …}}}}")
    for name in fields_in(request.where):
        if not is_filterable(FIELDS[request.entity][name]):
            raise BadRequest(f"{request.entity.value}.{name} cannot be filtered")


def _has_currency(where: Predicate, field: str) -> bool:
    match where:
        case Compare(name, _, MoneyBound()):
            return name == field
        case And(items):
            return any(_has_currency(item, field) for item in items)
        case _:
            return False


def plan_source(
    request: ListRequest, *, source: str, connector: Connector, description: Description, is_alone: bool
) -> SourcePlan:
    """The plan of one described source; *is_alone* when no other source takes part.

    Raises:
        UnsupportedBySource: it lacks the type, or cannot answer such a query at all.
    """
    capability = description.types.get(request.entity)
    if capability is None or not capability.can_list:
        raise UnsupportedBySource(f"{source} has no list of {request.entity.value}s", source=source)
    query = Query(
        entity=request.entity,
        selection=_needed(request),
        where=for_source(request.where, entity=request.entity, source=source),
        order=request.order,
        limit=request.first,
        include_deleted=request.options.include_deleted,
        include_archived=request.options.include_archived,
    )
    split = connector.plan(query)
    if split.unsupported is not None:
        raise UnsupportedBySource(f"{source}: {split.unsupported}", source=source)
    is_sorted_here = bool(request.order) and not (split.is_order_pushed and (is_alone or _is_mergeable(request)))
    if is_sorted_here and split.is_order_pushed:
        split = connector.plan(replace(query, order=()))
    order = () if is_sorted_here else request.order
    needed = query.selection.with_fields(*fields_in(split.residual))
    return SourcePlan(
        query=replace(query, where=split.pushed, order=order, selection=needed),
        order=request.order,
        residual=split.residual,
        is_sorted_here=is_sorted_here,
        split=split,
        capability=capability,
    )


def _needed(request: ListRequest) -> Selection:
    return request.selection.with_fields(*(key.field for key in request.order))


def _is_mergeable(request: ListRequest) -> bool:
    """Whether every key has one meaning across CRMs; each collates text in its own way."""
    return all(FIELDS[request.entity][key.field].kind in _MERGEABLE for key in request.order)


def is_everything(predicate: Predicate) -> bool:
    """Whether nothing is left to check."""
    return predicate == EVERYTHING
