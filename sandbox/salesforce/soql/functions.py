"""The functions of fields: parts of dates, and aggregates."""

from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sandbox.salesforce.org import Field
from sandbox.salesforce.org.store import Store
from sandbox.salesforce.soql.context import Context
from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import Call, Operand, Path
from sandbox.salesforce.soql.names import Column, Scope

__all__ = ["AGGREGATES", "Operands", "corporate", "define_functions", "extreme_text", "picklist_place"]

AGGREGATES = frozenset({"COUNT", "COUNT_DISTINCT", "SUM", "AVG", "MIN", "MAX"})

_QUARTER_MONTHS = 3
_PARTS: dict[str, Callable[[datetime], int | str]] = {
    "CALENDAR_YEAR": lambda at: at.year,
    "CALENDAR_QUARTER": lambda at: (at.month - 1) // _QUARTER_MONTHS + 1,
    "CALENDAR_MONTH": lambda at: at.month,
    "FISCAL_YEAR": lambda at: at.year,
    "FISCAL_QUARTER": lambda at: (at.month - 1) // _QUARTER_MONTHS + 1,
    "FISCAL_MONTH": lambda at: at.month,
    "DAY_IN_MONTH": lambda at: at.day,
    "DAY_IN_WEEK": lambda at: at.isoweekday() % 7 + 1,
    "DAY_IN_YEAR": lambda at: at.timetuple().tm_yday,
    "WEEK_IN_MONTH": lambda at: (at.day - 1) // 7 + 1,
    "WEEK_IN_YEAR": lambda at: (at.timetuple().tm_yday - 1) // 7 + 1,
    "DAY_ONLY": lambda at: at.date().isoformat(),
    "HOUR_IN_DAY": lambda at: at.hour,
}
"""SOQL date functions (read 2026-11); weeks count from 1 January and from the month's first day."""

_INSTANTS_ONLY = frozenset({"DAY_ONLY", "HOUR_IN_DAY"})


def define_functions(store: Store, zone: ZoneInfo) -> None:
    """Teach the database the date functions; *zone* is the running user's, for convertTimezone."""

    # Many rows share a day: what was told of it is told again.
    @lru_cache(maxsize=1 << 14)
    def part(name: str, text: str | None, is_local: int) -> int | str | None:
        if text is None:
            return None
        if len(text) == len("2000-01-01"):
            day = date.fromisoformat(text)
            return _PARTS[name](datetime(day.year, day.month, day.day))  # noqa: DTZ001 - a day has no zone
        instant = datetime.fromisoformat(text)
        return _PARTS[name](instant.astimezone(zone) if is_local else instant)

    store.define("date_part", 3, part)


def corporate(context: Context, column: Column, sql: str) -> str:
    """An amount in the corporate currency, where the org has several; *sql* itself elsewhere, as of an aggregate."""
    if not context.rates or column.field.type != "currency" or not column.table:
        return sql
    rates = " ".join(f"WHEN '{code}' THEN {rate!r}" for code, rate in context.rates.items())
    return f'({sql} / CASE {column.table}."CurrencyIsoCode" {rates} ELSE 1.0 END)'


def extreme_text(function: str, column: Column) -> str:
    """The text of a group that is least or greatest (*function* is min or max), with its own case.

    Picklists go by the order of their values in Setup (Aggregate Functions, read 2026-11).
    """
    key = f"printf('%06d', {picklist_place(column)})" if column.field.values else column.key
    both = f"{function}({key} || char(1) || {column.sql})"
    return f"substr({both}, instr({both}, char(1)) + 1)"


def picklist_place(column: Column) -> str:
    """Where the value of a picklist stands in Setup, values that are not there last; null for none."""
    places = " ".join(_when(value, place) for place, value in enumerate(column.field.values))
    last = len(column.field.values)
    return f"CASE {column.key} {places} ELSE CASE WHEN {column.key} IS NULL THEN NULL ELSE {last} END END"


def _when(value: str, place: int) -> str:
    quoted = value.upper().replace("'", "''")
    return f"WHEN '{quoted}' THEN {place}"


class Operands:
    """Resolves what stands on the left of comparisons, in sort keys and in groups."""

    def __init__(self, scope: Scope, context: Context) -> None:
        self.scope = scope
        self.context = context

    def column(self, operand: Operand, *, aggregates: bool = False) -> Column:
        """The column or expression that *operand* names.

        Args:
            operand: a path or a function.
            aggregates: whether aggregate functions may stand here.

        Raises:
            SoqlError: an unknown name, or a function where it does not belong.
        """
        if isinstance(operand, Path):
            return self.scope.column(operand)
        if operand.name in _PARTS:
            return self._date_part(operand)
        if aggregates and operand.name in AGGREGATES:
            return self._aggregate(operand)
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{operand.name}'", at=operand.at)

    def _date_part(self, call: Call) -> Column:
        inner, is_local = call.arguments[0] if len(call.arguments) == 1 else None, 0
        if isinstance(inner, Call) and inner.name == "CONVERTTIMEZONE" and len(inner.arguments) == 1:
            inner, is_local = inner.arguments[0], 1
        if not isinstance(inner, Path):
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{call.name}'", at=call.at)
        column = self.scope.column(inner)
        allowed = {"datetime"} if is_local or call.name in _INSTANTS_ONLY else {"date", "datetime"}
        if column.field.type not in allowed:
            raise SoqlError("INVALID_FIELD", f"field '{column.field.name}' does not support {call.name}", at=call.at)
        sql = f"date_part('{call.name}', {column.sql}, {is_local})"
        kind = "date" if call.name == "DAY_ONLY" else "int"
        return Column(Field(name=call.name, type=kind), sql, sql, column.table, nillable=True, is_row_id=False)

    def _aggregate(self, call: Call) -> Column:
        if call.name == "COUNT" and not call.arguments:
            return Column(Field(name="COUNT", type="int"), "count(*)", "count(*)", "", nillable=False, is_row_id=False)
        inner = call.arguments[0] if len(call.arguments) == 1 else None
        if not isinstance(inner, Path):
            raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{call.name}'", at=call.at)
        column = self.scope.column(inner)
        if not _can_aggregate(call.name, column.field):
            reason = f"field {column.field.name} does not support aggregate operator {call.name}"
            raise SoqlError("MALFORMED_QUERY", reason, at=call.at)
        sql = self._aggregate_sql(call.name, column)
        kind = {"COUNT": "int", "COUNT_DISTINCT": "int", "AVG": "double"}.get(call.name, column.field.type)
        return Column(Field(name=call.name, type=kind), sql, sql, "", nillable=True, is_row_id=False)

    def _aggregate_sql(self, name: str, column: Column) -> str:
        if name == "COUNT_DISTINCT":
            return f"count(DISTINCT {column.key})"
        if name in {"MIN", "MAX"} and column.field.has_key:
            return extreme_text(name.lower(), column)
        total = f"{name.lower()}({corporate(self.context, column, column.sql)})"
        return f"round({total}, 2)" if name == "SUM" and column.field.type == "currency" else total


def _can_aggregate(name: str, declared: Field) -> bool:
    if not declared.filterable:
        return False
    if name in {"SUM", "AVG"}:
        return declared.is_number
    return name in {"COUNT", "COUNT_DISTINCT"} or declared.type not in {"boolean", "multipicklist"}
