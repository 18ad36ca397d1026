"""Literals in query expressions: the cells that columns are compared with."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from odata_query import ast

from sandbox.dynamics365.errors import VendorError, bad_request, incompatible, syntax_error
from sandbox.dynamics365.org.cells import Cell, folded, guid_key
from sandbox.dynamics365.org.tables import Column

__all__ = ["cell_of_literal", "cell_of_text", "comparable", "edm_type", "like"]

_EDM = {
    "bigint": "Edm.Int64",
    "bool": "Edm.Boolean",
    "date": "Edm.Date",
    "datetime": "Edm.DateTimeOffset",
    "decimal": "Edm.Decimal",
    "guid": "Edm.Guid",
    "lookup": "Edm.Guid",
    "money": "Edm.Decimal",
    "memo": "Edm.String",
    "text": "Edm.String",
    "choices": "Edm.String",
}
_LITERALS: dict[type[ast._Node], str] = {
    ast.Boolean: "Edm.Boolean",
    ast.Date: "Edm.Date",
    ast.DateTime: "Edm.DateTimeOffset",
    ast.Float: "Edm.Decimal",
    ast.GUID: "Edm.Guid",
    ast.Integer: "Edm.Int32",
    ast.String: "Edm.String",
}


def edm_type(column: Column) -> str:
    """What *column* is in the service's model."""
    return _EDM.get(column.kind, "Edm.Int32")


def cell_of_literal(node: ast._Node, column: Column, operator: str) -> Cell:
    """*node* as a cell of *column*.

    Raises:
        VendorError: 400, a literal of another type.
    """
    told = _LITERALS.get(type(node))
    if isinstance(node, ast.Null):
        return None
    if told is None:
        raise bad_request("The right operand of a comparison must be a literal or a property.")
    text = str(getattr(node, "val", ""))
    if column.is_number and told in {"Edm.Int32", "Edm.Decimal"}:
        return Decimal(text)
    if column.kind == "datetime" and told in {"Edm.Date", "Edm.DateTimeOffset"}:
        return _instant(text)
    if edm_type(column) != told:
        raise incompatible(edm_type(column), told, operator)
    if column.kind == "bool":
        return text.lower() == "true"
    return _day(text) if column.kind == "date" else comparable(text, column)


def cell_of_text(text: str, column: Column) -> Cell:
    """The text of a function's PropertyValue as a cell of *column*.

    Raises:
        VendorError: 400, no such value (0x80040203, InvalidArgument).
    """
    try:
        if column.is_number:
            return Decimal(text)
        if column.kind in {"guid", "lookup"}:
            return guid_key(str(UUID(text)))
        if column.kind == "bool":
            return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
        if column.kind == "datetime":
            return _instant(text)
        return datetime.fromisoformat(text).date().isoformat() if column.kind == "date" else folded(text)
    except (InvalidOperation, KeyError, ValueError, VendorError) as error:
        reason = f"Condition for attribute '{column.name}': '{text}' is no value of type '{edm_type(column)}'."
        raise bad_request(reason, "0x80040203") from error


def comparable(cell: Cell, column: Column) -> Cell:
    """*cell* in the form in which cells of its kind compare: texts folded, GUIDs by SQL Server's order."""
    if cell is None or column.is_number or isinstance(cell, bool):
        return cell
    text = str(getattr(cell, "id", cell))
    if column.kind in {"guid", "lookup"}:
        return guid_key(text.lower())
    return folded(text) if column.kind in {"memo", "text"} else text.removesuffix("Z")


def like(pattern: str, *, before: str = "", after: str = "") -> re.Pattern[str]:
    """What LIKE finds with *pattern*: % and _ stand for any signs, [a-c] and [^a] for one of some.

    Args:
        pattern: as the client wrote it.
        before: "%" where anything may stand before it.
        after: "%" where anything may stand behind it.
    """
    parts, told, position = [], f"{before}{pattern.casefold()}{after}", 0
    while position < len(told):
        sign, position = told[position], position + 1
        end = told.find("]", position + 1) if sign == "[" else -1
        if sign == "%":
            parts.append(".*")
        elif sign == "_":
            parts.append(".")
        elif sign == "[" and end < 0:
            parts.append("(?!)")
        elif end > 0:
            inner = re.sub(r"([\\\[\]&~|])", r"\\\1", told[position:end])
            parts.append(f"[{inner}]" if inner != "^" else r"\^")
            position = end + 1
        else:
            parts.append(re.escape(sign))
    try:
        return re.compile("".join(parts), re.DOTALL)
    except re.error as error:
        raise syntax_error(pattern) from error


def _instant(text: str) -> str:
    """UTC, to be compared as text: 2026-11-02T09:15:00, with a fraction where there is one.

    Raises:
        VendorError: 400, an instant without an offset.
    """
    try:
        told = datetime.fromisoformat(text.upper())
        if len(text) > 10 and told.tzinfo is None:
            raise syntax_error(text)
        return told.replace(tzinfo=told.tzinfo or UTC).astimezone(UTC).replace(tzinfo=None).isoformat()
    except (ValueError, OverflowError) as error:
        raise syntax_error(text) from error


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise syntax_error(text) from error
