"""Pages of records in order: by ranges behind the last row, or by places in a list."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from connectors.declarative.account import id_key
from connectors.declarative.calls import Asked, NotThere, Requests, Rows
from connectors.declarative.filters import Condition, Declared, Term, both
from connectors.declarative.places import Chunk, Place, Places
from connectors.declarative.spec import DeclaredType, Spec
from connectors.http import HttpClient
from connectors.mapping import Row, understood
from connectors.scope import CallKind
from connectors.tables import Answer, Ask, Criterion, Keys, Kind, SortKey, TableType, at, keys_for
from model.entities import Record
from model.errors import OurBug
from model.evaluate import comparator, sort_keys, sorted_records
from model.page import Page, Position
from model.query import Compare, Operator, Order

__all__ = ["Lists", "Wanted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is read of a list.

    Attributes:
        condition: beside what makes a row one of the type.
        columns: further ones, for *seen*.
        seen: told of every row that was read, with its record.
        path: in place of the type's own.
    """

    found: TableType
    fields: frozenset[str]
    condition: Condition | None = None
    order: tuple[Order, ...] = ()
    columns: tuple[str, ...] = ()
    seen: Callable[[Row, Record], None] = field(default=lambda *_: None, compare=False)
    path: str | None = None
    kind: CallKind = "data"
    operation: str = "list"


class Lists:
    """Reads the lists of one source; lives as long as its connector."""

    def __init__(self, client: HttpClient, spec: Spec, language: Declared) -> None:
        self.language = language
        self._client = client
        self._spec = spec
        self._requests = Requests(spec)
        by: Literal["offset", "page", "cursor", "link"] = "offset" if spec.paging.by == "ranges" else spec.paging.by
        self._places = Places(client.source, by, spec.paging.max)

    def id_key(self, remote_id: str) -> tuple[int, int, str]:
        """Something that compares as the API compares ids."""
        return id_key(remote_id, is_text=self._spec.has_text_ids)

    def keys(self, found: TableType, order: Sequence[Order]) -> Keys[Condition] | None:
        """How an order is read; None where it has to be made here."""
        keys, sort = keys_for(found, order, self.language), self._spec.sort
        if keys is None or keys.criterion is None:
            return keys
        if sort.keys == 0 or (sort.keys == 1 and sort.ties != "id"):
            return None
        if self._spec.paging.by == "ranges":
            return keys if self._has_ranges(keys.criterion) else None
        return None if keys.is_split else keys

    def first(self, wanted: Wanted, limit: int) -> str | None:
        """The request of a walk's first page, as people see it."""
        keys = self.keys(wanted.found, wanted.order) or self.keys(wanted.found, ())
        condition = self._whole(wanted)
        if keys is not None and self._spec.paging.by == "ranges":
            condition = keys.first(condition)
        order = () if keys is None else keys.columns
        return self._requests.page(self._asked(wanted, condition, order, limit, None)).query

    async def page(self, wanted: Wanted, *, limit: int, after: Position | None) -> Page:
        """Up to *limit* records behind *after*."""
        keys = self.keys(wanted.found, wanted.order)
        limit = min(limit, self._spec.paging.max)
        if keys is not None and self._spec.paging.by == "ranges":
            return await keys.page(self._asking(wanted, keys), self._whole(wanted), limit=limit, after=after)
        compare = comparator(wanted.found.entity, wanted.order)

        def is_behind(record: Record, start: Position) -> bool:
            sign = compare(sort_keys(record, wanted.order), start.keys)
            return sign > 0 or (sign == 0 and self.id_key(record.remote_id) > self.id_key(start.remote_id))

        order = self._sorted(wanted, keys)
        condition = self._whole(wanted)

        async def read(place: Place, size: int) -> Chunk:
            answer, records = await self._read(wanted, condition, order, size, place)
            return Chunk(records, answer.has_more, self._following(answer), answer.total)

        return await self._places.page(
            read,
            walk=(wanted.found.remote, wanted.path, condition, wanted.order),
            limit=limit,
            after=after,
            is_behind=is_behind,
            position=lambda record: Position(sort_keys(record, wanted.order), record.remote_id),
        )

    async def by_ids(
        self,
        found: TableType,
        ids: Sequence[str],
        fields: frozenset[str],
        *,
        columns: tuple[str, ...] = (),
        seen: Callable[[Row, Record], None] = lambda *_: None,
    ) -> Mapping[str, Record]:
        """The records that there are with *ids*, `batch_read_size` at most, in one call."""
        wanted = Wanted(found=found, fields=fields, columns=columns, operation="by_ids")
        spec, declared = self._spec, self._spec.types[found.entity]
        get = spec.get_many or (None if found.batch_read_size is not None else spec.get)
        if get is None:
            identity = found.criteria["remote_id"]
            if not isinstance(identity, Term):
                raise OurBug(f"{self._client.source} has ids of another kind")
            values = tuple(int(one) if identity.is_numeric else one for one in ids)
            condition = self.language.test(identity, "in", values)
            if condition is None:
                raise OurBug(f"{self._client.source} has no way to read records by their ids")
            whole = self._whole(replace(wanted, condition=condition))
            asked = replace(self._asked(wanted, whole, (), len(ids), None), operation="by_ids")
            rows: Sequence[Row] = (await self._client.send(self._requests.page(asked))).rows
        else:
            bases = tuple(one.column for one in declared.where)
            paths = tuple(dict.fromkeys((*found.columns(fields), *columns, *bases)))
            try:
                rows = (await self._client.send(self._requests.one(found.entity, get, ids, paths))).rows
            except NotThere:
                rows = ()
            rows = [row for row in rows if _is_one(row, declared)]
        read = found.reader(fields, source=self._client.source)
        with understood(self._client.source):
            records = [read(row) for row in rows]
            for row, record in zip(rows, records, strict=True):
                seen(row, record)
        held = {record.remote_id: record for record in records}
        return {one: held[one] for one in ids if one in held}

    async def total(self, found: TableType, condition: Condition | None) -> int | None:
        """How many rows of the type satisfy *condition*."""
        wanted = Wanted(found=found, fields=frozenset(), condition=condition, operation="count")
        answer, _ = await self._read(wanted, self._whole(wanted), (), 1, None)
        return answer.total

    def _sorted(self, wanted: Wanted, keys: Keys[Condition] | None) -> Sequence[SortKey]:
        """What is asked for: nothing where the API's own order is that by id."""
        is_own = not wanted.order and self._spec.sort.default == "id"
        return () if keys is None or is_own else keys.columns

    def _has_ranges(self, criterion: Criterion) -> bool:
        """Whether rows behind one with a value can be asked for."""
        asked = [Compare("", operator, "2026-01-01") for operator in (Operator.GT, Operator.LT, Operator.EQ)]
        if criterion.kind.value == "NUMBER":
            asked = [Compare("", one.operator, "1") for one in asked]
        elif criterion.kind.value == "INSTANT":
            asked = [Compare("", one.operator, "2026-01-01T00:00:00.000Z") for one in asked]
        if not criterion.is_always:
            asked += [Compare("", Operator.IS_NULL, operand) for operand in (True, False)]
        told = [self.language.tell(criterion, compare, negate=False) for compare in asked]
        return all(one is not None and one.is_exact for one in told)

    def _whole(self, wanted: Wanted) -> Condition | None:
        parts = [part for part in (wanted.found.base, wanted.condition) if part is not None]
        return both(parts) if parts else None

    def _asking(self, wanted: Wanted, keys: Keys[Condition]) -> Ask[Condition]:
        is_instant = keys.criterion is not None and keys.criterion.kind is Kind.INSTANT

        async def ask(condition: Condition | None, order: Sequence[SortKey], limit: int) -> Answer:
            is_fine = self._spec.formats.stored == "finer" and len(order) > 1 and is_instant
            # One more tells whether the last one wanted ends its millisecond.
            size = min(limit + is_fine, self._spec.paging.max)
            answer, records = await self._read(wanted, condition, order, size, None)
            found = Answer(records, answer.has_more, answer.total)
            return await self._settled(wanted, keys, condition, found, limit) if is_fine else found

        return ask

    async def _settled(
        self, wanted: Wanted, keys: Keys[Condition], condition: Condition | None, answer: Answer, limit: int
    ) -> Answer:
        """*answer* with the rows of each millisecond by id, and without a last one that may not be whole.

        The API orders them by what is finer; rows of one millisecond alone that fill an answer are read again, by id.
        """
        by_key = sorted_records(answer.records, entity=wanted.found.entity, order=wanted.order, id_key=self.id_key)
        if not answer.has_more or not by_key:
            return Answer(by_key[:limit], len(by_key) > limit or answer.has_more, answer.total)
        last = sort_keys(by_key[-1], wanted.order)
        whole = [record for record in by_key if sort_keys(record, wanted.order) != last]
        if whole:
            return Answer(whole[:limit], has_more=True, total=answer.total)
        compare = Compare(wanted.order[0].field, Operator.EQ, str(last[0]))
        tied = None if keys.criterion is None else self.language.tell(keys.criterion, compare, negate=False)
        if tied is None:
            raise OurBug(f"{self._client.source} is sorted by what it cannot be asked for")
        within = tied.condition if condition is None else both([condition, tied.condition])
        _, records = await self._read(wanted, within, ((keys.identity.column, False),), limit, None)
        return Answer(records, has_more=True, total=answer.total)

    async def _read(
        self, wanted: Wanted, condition: Condition | None, order: Sequence[SortKey], limit: int, place: Place
    ) -> tuple[Rows, Sequence[Record]]:
        answer = await self._client.send(self._requests.page(self._asked(wanted, condition, order, limit, place)))
        read = wanted.found.reader(wanted.fields, source=self._client.source)
        with understood(self._client.source):
            records = [read(row) for row in answer.rows]
            for row, record in zip(answer.rows, records, strict=True):
                wanted.seen(row, record)
        return answer, records

    def _asked(
        self, wanted: Wanted, condition: Condition | None, order: Sequence[SortKey], limit: int, place: Place
    ) -> Asked:
        columns = tuple(dict.fromkeys((*wanted.found.columns(wanted.fields), *wanted.columns)))
        return Asked(
            entity=wanted.found.entity,
            remote=wanted.found.remote,
            condition=condition,
            order=order,
            columns=columns,
            limit=limit,
            place=place,
            path=wanted.path,
            kind=wanted.kind,
            operation=wanted.operation,
        )

    def _following(self, answer: Rows) -> str | None:
        if answer.next is None or self._spec.paging.by != "link":
            return answer.next
        return self._client.path_of(answer.next)


def _is_one(row: Row, declared: DeclaredType) -> bool:
    """Whether *row*, which was asked for by its id, is one of the type."""
    return all(at(one.column)(row) == one.value for one in declared.where if one.operator == "eq")
