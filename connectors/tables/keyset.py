"""Pages in order by key set, for vendors that take conditions and orders of several keys.

Records without a value of the order's key come last: by themselves where the vendor puts them there, else as a
segment of their own, read after the others. Ties are in the order of ids.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from connectors.tables.account import TableType
from connectors.tables.criteria import Criterion
from connectors.tables.division import Language
from model.entities import Record
from model.errors import OurBug
from model.page import Page, Position
from model.query import Compare, Direction, Operator, Order

__all__ = ["Answer", "Ask", "Keys", "SortKey", "keys_for"]

C = TypeVar("C")

SortKey: TypeAlias = tuple[str, bool]
"""A vendor's column, and whether great values come first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Records in the order asked, whether others follow, and how many match in all where the vendor said so."""

    records: Sequence[Record]
    has_more: bool
    total: int | None = None


Ask: TypeAlias = Callable[[C | None, Sequence[SortKey], int], Awaitable[Answer]]
"""Reads the records under a condition (None: all) in an order, so many at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys(Generic[C]):
    """How one order is read: by id, or by one key and then id.

    Attributes:
        identity: criterion of the record's id, which is always there.
        order: None for the order by id; then *criterion* is None as well.
    """

    language: Language[C]
    identity: Criterion
    order: Order | None = None
    criterion: Criterion | None = None

    @property
    def is_split(self) -> bool:
        """Whether records without a value are read apart, in a call of their own."""
        return self.criterion is not None and not self.criterion.is_always and not self._is_natural

    @property
    def _is_natural(self) -> bool:
        direction = "desc" if self._falls else "asc"
        return self.criterion is not None and direction in self.criterion.sorts_missing_last

    @property
    def _falls(self) -> bool:
        return self.order is not None and self.order.direction is Direction.DESC

    @property
    def columns(self) -> tuple[SortKey, ...]:
        """What the vendor sorts by."""
        own = () if self.criterion is None else ((self.criterion.column, self._falls),)
        return (*own, (self.identity.column, False))

    def first(self, condition: C | None) -> C | None:
        """The condition of a walk's first call."""
        return self._with(condition, self._present()) if self.is_split else condition

    async def page(self, ask: Ask[C], condition: C | None, *, limit: int, after: Position | None) -> Page:
        """The records under *condition* behind *after*."""
        if self.criterion is None:
            start = None if after is None else self._behind(after.remote_id)
            return _page(await ask(self._with(condition, start), self.columns, limit), is_whole=after is None)
        if after is not None and after.keys[0] is None:
            return await self._absent(ask, condition, limit=limit, after=after.remote_id)
        start = None if after is None else self._from(str(after.keys[0]), after.remote_id)
        if self.is_split and start is None:
            start = self._present()
        answer = await ask(self._with(condition, start), self.columns, limit)
        if answer.has_more or not self.is_split:
            return _page(answer, is_whole=after is None and not self.is_split)
        room = limit - len(answer.records)
        rest = await self._absent(ask, condition, limit=max(room, 1), after=None)
        if room <= 0:
            return Page(records=answer.records, has_more=bool(rest.records))
        return Page(records=[*answer.records, *rest.records], has_more=rest.has_more)

    async def _absent(self, ask: Ask[C], condition: C | None, *, limit: int, after: str | None) -> Page:
        """Records without a value, by id."""
        parts = [self._key(Operator.IS_NULL, operand=True), *([] if after is None else [self._behind(after)])]
        answer = await ask(self._with(condition, *parts), ((self.identity.column, False),), limit)
        return _page(answer, is_whole=False)

    def _from(self, key: str, remote_id: str) -> C:
        """Behind the record with this key and this id."""
        tied = self.language.both([self._key(Operator.EQ, operand=key), self._behind(remote_id)])
        beyond = self._key(Operator.LT if self._falls else Operator.GT, operand=key)
        absent = [] if self.is_split or self.criterion is None or self.criterion.is_always else [self._missing()]
        found = self.language.either([beyond, tied, *absent])
        if found is None:
            raise OurBug(f"{self.columns} is a key set of a vendor that knows no alternatives")
        return found

    def _present(self) -> C:
        return self._key(Operator.IS_NULL, operand=False)

    def _missing(self) -> C:
        return self._key(Operator.IS_NULL, operand=True)

    def _behind(self, remote_id: str) -> C:
        return self._told(self.identity, Compare("remote_id", Operator.GT, remote_id))

    def _key(self, operator: Operator, *, operand: str | bool) -> C:
        if self.criterion is None or self.order is None:
            raise OurBug("a page by id was read by a key")
        return self._told(self.criterion, Compare(self.order.field, operator, operand))

    def _told(self, criterion: Criterion, compare: Compare) -> C:
        told = self.language.tell(criterion, compare, negate=False)
        if told is None or not told.is_exact:
            raise OurBug(f"{criterion.column} is sorted by and cannot be compared")
        return told.condition

    def _with(self, condition: C | None, *further: C | None) -> C | None:
        parts = [part for part in (condition, *further) if part is not None]
        return self.language.both(parts) if len(parts) > 1 else parts[0] if parts else None


def keys_for(found: TableType, order: Sequence[Order], language: Language[C]) -> Keys[C] | None:
    """How *order* is read of a type: by id, or by one key that the vendor sorts by; None where it is made here."""
    identity = found.criteria["remote_id"]
    if not order:
        return Keys(language=language, identity=identity)
    criterion = found.criterion(order[0].field)
    if len(order) > 1 or criterion is None or not criterion.may_sort:
        return None
    return Keys(language=language, identity=identity, order=order[0], criterion=criterion)


def _page(answer: Answer, *, is_whole: bool) -> Page:
    return Page(records=answer.records, has_more=answer.has_more, total=answer.total if is_whole else None)
