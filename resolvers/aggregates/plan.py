"""How one source answers groups: by grouping itself, or by handing out its records to be folded here."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from connectors.base import Aggregates
from model.aggregate import CURRENCY, AggregateQuery, Bucket, GroupKey
from model.capabilities import AggregateSplit, RelationCapability, TypeCapability
from model.errors import BadRequest
from model.fields import FieldKind, field_of
from model.query import And, Compare, Operator, Or, Predicate
from model.reading import PLATFORM, SOURCE, AggregateRequest, ListRequest
from resolvers.accounts import Account
from resolvers.exchange import currency_named
from resolvers.lists.plan import SourcePlan, check_request

__all__ = ["MAX_KEYS", "PAGE_ROWS", "GroupPlan", "checked", "plan_groups", "rows_of", "told"]

MAX_KEYS = 5
"""Keys that groups may have."""

PAGE_ROWS = 10_000
"""Records wanted in a page that is folded: more than any CRM gives, so that each gives as many as it can."""

_DATES = frozenset({FieldKind.DATE, FieldKind.DATETIME})
_OURS = frozenset({SOURCE, PLATFORM})


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPlan:
    """How one source answers.

    Attributes:
        query: what it is asked, keys that no record has left out.
        rows: how its records are read, where they are folded here.
        split: how it groups itself; None where it does not.
        why_folded: why it does not, where it could group something.
        unknown: keys that its records do not have.
        apart: relations among the keys that do not stand on the record, and are read in batches over the records.
    """

    query: AggregateQuery
    rows: SourcePlan
    split: AggregateSplit | None
    why_folded: str | None
    unknown: tuple[str, ...]
    apart: tuple[RelationCapability, ...]


def checked(request: AggregateRequest) -> AggregateRequest:
    """*request* with a bucket for each date, days where none is given, and its currency as ISO 4217 spells it.

    Raises:
        BadRequest: there is no such currency, a key is repeated or has no meaning, there are too many keys, or no
            group is wanted.
    """
    check_request(rows_of(request), max_first=PAGE_ROWS)
    if request.first < 1:
        raise BadRequest(f"first is {request.first}; it must be at least 1")
    if len(request.keys) > MAX_KEYS:
        raise BadRequest(f"groupBy has {len(request.keys)} keys; at most {MAX_KEYS} are taken")
    keys = tuple(_bucketed(request, key) for key in request.keys)
    twice = next((key for key in keys if keys.count(key) > 1), None)
    if twice is not None:
        raise BadRequest(f"groupBy names {told(twice)} twice; keep one of them")
    convert_to = None if request.convert_to is None else currency_named(request.convert_to)
    return replace(request, keys=keys, convert_to=convert_to)


def _bucketed(request: AggregateRequest, key: GroupKey) -> GroupKey:
    is_date = key.field not in {*_OURS, CURRENCY} and field_of(request.entity, key.field).kind in _DATES
    if key.bucket is not None and not is_date:
        raise BadRequest(f"groupBy {key.field.upper()} takes no bucket; only dates do")
    return GroupKey(key.field, key.bucket or Bucket.DAY) if is_date else key


def told(key: GroupKey) -> str:
    """*key* for people, as groupBy spells it."""
    return f"{key.field.upper()} by {key.bucket.value}" if key.bucket else key.field.upper()


def plan_groups(request: AggregateRequest, account: Account, rows: SourcePlan) -> GroupPlan:
    """The plan of one source, whose records are read as *rows* says; calls nobody."""
    query = replace(_query(request), where=rows.where)
    split, why = _pushed(request, query, account, rows)
    relations = [account.relation(request.entity, key.field) for key in query.keys]
    return GroupPlan(
        query=query,
        rows=rows,
        split=split,
        why_folded=why,
        unknown=tuple(_unknown(query, rows.capability)),
        apart=tuple(relation for relation in relations if relation is not None and not relation.is_keyed),
    )


def _query(request: AggregateRequest) -> AggregateQuery:
    """What a source is asked, before its conditions are its own."""
    return AggregateQuery(
        entity=request.entity,
        keys=tuple(key for key in request.keys if key.field not in _OURS),
        amount=request.amount,
        is_weighted=request.is_weighted,
        zone=request.options.time_zone,
    )


def _pushed(
    request: AggregateRequest, query: AggregateQuery, account: Account, rows: SourcePlan
) -> tuple[AggregateSplit | None, str | None]:
    connector = account.source.connector
    if rows.is_void or not rows.capability.can_aggregate or not isinstance(connector, Aggregates):
        return None, None
    if request.options.include_deleted or request.options.include_archived:
        return None, "it does not group deleted or archived records"
    split = connector.plan_aggregate(query)
    if split.unsupported is not None:
        return None, split.unsupported
    most = _rows_at_most(rows.split.pushed)
    if most is None or rows.split.calls >= split.calls:
        return split, None
    return None, f"{most} records at most are read in fewer calls than they are grouped in"


def _rows_at_most(where: Predicate) -> int | None:
    """How many records can satisfy *where*, as far as it names them by their ids; None where it does not."""
    match where:
        case Compare("remote_id", Operator.EQ | Operator.IN, operand):
            return len(operand) if isinstance(operand, tuple) else 1
        case And(items):
            known = [most for item in items if (most := _rows_at_most(item)) is not None]
            return min(known, default=None)
        case Or(items):
            each = [_rows_at_most(item) for item in items]
            return None if None in each else sum(most for most in each if most is not None)
        case _:
            return None


def _unknown(query: AggregateQuery, capability: TypeCapability) -> Iterator[str]:
    for key in query.keys:
        name = query.amount or "" if key.field == CURRENCY else key.field
        if name not in capability.fields and name not in capability.relations:
            yield key.field


def rows_of(request: AggregateRequest) -> ListRequest:
    """The list of the records that are grouped."""
    return ListRequest(
        entity=request.entity,
        selection=_query(request).selection(),
        first=PAGE_ROWS,
        where=request.where,
        sources=request.sources,
        options=request.options,
    )
