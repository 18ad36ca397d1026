"""Which queries give the groups of one object, decided without a call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from connectors.salesforce.account import Account
from connectors.salesforce.groups.terms import Grain, Part, complaint_of, grain_of, part_of
from connectors.salesforce.objects import TO_ONE, Names
from connectors.salesforce.planning import names_for, told_hidden, too_long
from connectors.salesforce.shapes import RecordShape, record_shape
from connectors.salesforce.soql import Condition, Select, all_of, condition_of, identifier, joint_rules, split
from model.aggregate import CURRENCY, AggregateQuery, Bucket, GroupKey
from model.capabilities import AggregateSplit
from model.errors import UnsupportedBySource
from model.fields import FieldKind, custom_of, field_of, is_filterable, path_of
from model.query import EVERYTHING, Selection, fields_in

__all__ = ["MAX_BUCKETS", "MAX_GROUPS", "QUERIES_A_CALL", "ObjectGroups", "Range", "groups_of", "plan_of"]

# Salesforce, SOQL reference, "GROUP BY": there is no queryMore for groups, so that one answer holds them all.
MAX_GROUPS = 2_000
# REST API Developer Guide, "Composite": 5 of the 25 parts may be queries (both read 2026-11).
QUERIES_A_CALL = 5
# Buckets in a zone other than UTC take a query each; more records than these span are folded cheaper.
MAX_BUCKETS = 40
_UTC = frozenset({"UTC", "Etc/UTC"})


@dataclass(frozen=True, slots=True)
class Range:
    """A span of instants: from *starts_at* to before *ends_at*; without both, the rows that have no instant."""

    starts_at: str | None = None
    ends_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectGroups:
    """One object's groups.

    Attributes:
        shape: the fields of the keys.
        parts: by column, what is grouped by.
        ranged: the column of instants that SOQL cannot put into buckets of the zone; asked bucket by bucket.
        bucket: how long one of its spans is.
        amount: the column of amounts whose totals are wanted.
        scale: digits behind the point of such an amount.
    """

    names: Names
    shape: RecordShape
    where: Condition
    parts: Sequence[Part]
    ranged: str | None = None
    bucket: Bucket = Bucket.DAY
    amount: str | None = None
    scale: int = 0

    def aliases(self) -> Mapping[str, str]:
        """Names in the answer, by term."""
        terms = dict.fromkeys(term for part in self.parts for term in part.terms)
        return {term: f"g{place}" for place, term in enumerate(terms)}

    def select(self, span: Range | None = None) -> Select:
        """The query for the groups, within *span* of the ranged column."""
        aliases = self.aliases()
        totals = ["COUNT(Id) n"]
        if self.amount is not None:
            words = ("COUNT", "filled"), ("SUM", "total"), ("MIN", "least"), ("MAX", "most")
            totals += [f"{word}({identifier(self.amount)}) {alias}" for word, alias in words]
        return Select(
            items=[*(f"{term} {alias}" for term, alias in aliases.items()), *totals],
            source=self.names.table.name,
            where=all_of(self.where, self._within(span)),
            group=tuple(aliases),
            limit=MAX_GROUPS if aliases else None,
        )

    def _within(self, span: Range | None) -> Condition:
        if span is None or self.ranged is None:
            return True
        column = identifier(self.ranged)
        if span.starts_at is None or span.ends_at is None:
            return f"{column} = null"
        return f"({column} >= {span.starts_at} AND {column} < {span.ends_at})"

    def bounds(self) -> Select:
        """The query for the first and last instant of the ranged column, and whether some rows have none."""
        column = identifier(self.ranged or "")
        return Select(
            items=["COUNT(Id) n", f"COUNT({column}) filled", f"MIN({column}) least", f"MAX({column}) most"],
            source=self.names.table.name,
            where=self.where,
        )


def plan_of(account: Account, query: AggregateQuery) -> AggregateSplit:
    """Whether the org groups so, and what it costs."""
    try:
        every = groups_of(account, query)
    except UnsupportedBySource as error:
        return AggregateSplit(unsupported=error.message, calls=0)
    named = [*fields_in(query.where), *(key.field for key in query.keys), query.amount or ""]
    deviations = tuple(told_hidden(names_for(account, query.entity)[0], filter(None, named)))
    is_ranged = any(groups.ranged for groups in every)
    notes = [*deviations]
    texts = [(groups.bounds() if groups.ranged else groups.select()).text() for groups in every]
    calls = min(1, len(texts))
    if is_ranged:
        notes.append(f"a query for each bucket in {query.zone}, {MAX_BUCKETS} at most; SOQL has buckets of UTC alone")
        calls = len(every) - (-(MAX_BUCKETS + 1) * len(every) // QUERIES_A_CALL)
    return AggregateSplit(
        unsupported=too_long(texts),
        calls=calls,
        is_exact=not deviations,
        notes=tuple(notes),
        operation="query" if len(texts) == 1 and not is_ranged else "composite",
        vendor_query="\n".join(texts) or None,
    )


def groups_of(account: Account, query: AggregateQuery) -> list[ObjectGroups]:
    """The groups by object; objects of which no row can match are left out.

    Raises:
        UnsupportedBySource: SOQL cannot group so with our meaning; the message says why.
    """
    every, source = names_for(account, query.entity), account.tables.source
    complaint = every[0].complaint((*fields_in(query.where), *(key.field for key in query.keys)))
    parts = split(query.where, joint_rules(every)) if complaint is None else None
    if parts is not None and parts.residual != EVERYTHING:
        complaint = f"{', '.join(sorted(set(fields_in(parts.residual))))}: compared here, and not by SOQL"
    if query.is_weighted:
        complaint = "SOQL has no sum of a product, and ExpectedRevenue is rounded record by record"
    if complaint is not None or parts is None:
        raise UnsupportedBySource(complaint or "", source=source)
    found = []
    for names in every:
        where = all_of(names.table.base, condition_of(parts.pushed, names))
        if where is not False:
            found.append(_object_groups(names, query, where))
    return found


def _object_groups(names: Names, query: AggregateQuery, where: Condition) -> ObjectGroups:
    keys = [key for key in query.keys if key.field != CURRENCY]
    grains: dict[str, Grain] = {}
    buckets: dict[str, set[Bucket]] = {}
    for key in keys:
        for column, grain in _columns_of(names, key):
            grains[column] = min(grain, grains.get(column, grain))
            buckets.setdefault(column, set()).update({key.bucket} if key.bucket else ())
    columns = names.table.info.columns
    ranged = [name for name in grains if columns[name].kind is FieldKind.DATETIME and query.zone not in _UTC]
    if len(ranged) > 1:
        raise _unsupported(
            names, f"SOQL has no buckets of {query.zone}, and one instant alone is asked bucket by bucket"
        )
    amount = _amount_column(names, query.amount) if query.amount else None
    return ObjectGroups(
        names=names,
        shape=record_shape(
            names.tables, names.table, Selection().with_fields(*(key.field for key in keys)), can_follow=False
        ),
        where=where,
        parts=[part_of(columns[name], grain) for name, grain in grains.items() if name not in ranged],
        ranged=next(iter(ranged), None),
        bucket=_finest(buckets[ranged[0]]) if ranged else Bucket.DAY,
        amount=amount,
        scale=columns[amount].scale if amount else 0,
    )


def _finest(buckets: set[Bucket]) -> Bucket:
    """The longest span that lies within one bucket of each; weeks lie across the ends of months."""
    if Bucket.WEEK in buckets and len(buckets) > 1:
        return Bucket.DAY
    return next(bucket for bucket in Bucket if bucket in buckets)


def _columns_of(names: Names, key: GroupKey) -> Iterable[tuple[str, Grain]]:
    """The columns that a key's value is read from, each with the grain that the key needs.

    Raises:
        UnsupportedBySource: SOQL cannot group by one of them.
    """
    field = field_of(names.table.entity, key.field)
    if path_of(key.field) is not None or not is_filterable(field) or key.field == "remote_id":
        raise _unsupported(names, f"{key.field} is no key of SOQL's groups")
    columns = names.table.info.columns
    for name in _remotes(names, key.field):
        column = columns[name]
        is_instant = column.kind is FieldKind.DATETIME
        complaint = complaint_of(column) if not is_instant else None
        if is_instant and key.bucket is None:
            complaint = f"SOQL does not group by {name}, an instant, without a bucket"
        if complaint is not None:
            raise _unsupported(names, complaint)
        yield name, grain_of(key.bucket if column.kind in {FieldKind.DATE, FieldKind.DATETIME} else None)


def _remotes(names: Names, field: str) -> Sequence[str]:
    path = TO_ONE[names.table.name].get(field) if custom_of(field) is None else None
    if path is not None:
        return [path.column] if path.column in names.table.info.columns else []
    if field in names.table.hidden:
        return []
    try:
        found = names.mapped(field)
    except KeyError:
        return []
    return found.column.remote if found is not None else []


def _amount_column(names: Names, field: str) -> str | None:
    """The column of amounts; None where no record has one."""
    if names.tables.facts.currency_column is not None:
        raise _unsupported(names, "amounts of several currencies: SOQL converts what it sums")
    found = names.table.fields.get(field)
    if found is None:
        return None
    (column,) = found.column.remote
    if not names.table.info.columns[column].is_aggregatable:
        raise _unsupported(names, f"SOQL does not sum {column}")
    return column


def _unsupported(names: Names, why: str) -> UnsupportedBySource:
    return UnsupportedBySource(why, source=names.tables.source)
