"""One search filter as a condition of SQL, with HubSpot's rules of case and of missing values.

A missing value matches no operator but `NOT_HAS_PROPERTY`; for `NOT_CONTAINS_TOKEN` that is a guess.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from sandbox.hubspot.definitions import OBJECTS, Property
from sandbox.hubspot.errors import VendorError, invalid_json, validation
from sandbox.hubspot.options import Options
from sandbox.hubspot.tables import Cell, folded, instant_ms, literal_of

__all__ = ["Condition", "Conditions"]

Condition = tuple[str, list[Cell]]
"""SQL with `?` marks, and the values for them."""

Filter = Mapping[str, object]

_COMPARISONS = {"EQ": "=", "NEQ": "<>", "LT": "<", "LTE": "<=", "GT": ">", "GTE": ">="}
_ASSOCIATED = ("contact", "company", "deal", "ticket")


class Conditions:
    """Turns filters on one object type into conditions."""

    def __init__(self, kind: str, properties: Mapping[str, Property], options: Options) -> None:
        self._kind = kind
        self._properties = properties
        self._options = options

    def of(self, told: Filter) -> Condition:
        """The condition for one filter.

        Raises:
            VendorError: 400 for an unknown property or operator, or values that the operator does not take.
        """
        name, operator = told.get("propertyName"), told.get("operator")
        if not isinstance(name, str) or not isinstance(operator, str):
            missing = [key for key in ("propertyName", "operator") if not isinstance(told.get(key), str)]
            raise invalid_json(f"Cannot build Filter, some of required attributes are not set {missing}")
        if name.startswith("associations."):
            return self._association(name.removeprefix("associations."), operator, told)
        if name not in self._properties:
            raise unknown_property(name)
        return self._property(self._properties[name], operator, told)

    def _property(self, one: Property, operator: str, told: Filter) -> Condition:
        column = self._column(one)
        if operator in {"HAS_PROPERTY", "NOT_HAS_PROPERTY"}:
            return self._presence(one, operator, told)
        if operator in {"IN", "NOT_IN"} and one.is_multiple and self._options.multi_select_in == "any":
            return _any_choice(column, operator, _values(told, operator))
        if operator in {"IN", "NOT_IN"}:
            values = [self._comparable(one, _cell(one, value, keep_case=True)) for value in _values(told, operator)]
            marks = ", ".join("?" * len(values))
            return f"{column} {'NOT IN' if operator == 'NOT_IN' else 'IN'} ({marks})", values
        if operator == "BETWEEN":
            low, high = (_cell(one, _value(told, operator, key)) for key in ("value", "highValue"))
            return f"{column} BETWEEN ? AND ?", [self._comparable(one, low), self._comparable(one, high)]
        value = _value(told, operator, "value")
        if operator in {"CONTAINS_TOKEN", "NOT_CONTAINS_TOKEN"}:
            return _tokens(one, column, operator, value)
        if operator not in _COMPARISONS:
            raise invalid_json(f"Cannot deserialize value of type `Filter$Operator` from String {operator!r}")
        cell = self._comparable(one, _cell(one, value))
        if operator == "EQ" and one.name == "email" and self._options.email_matches_additional:
            keyed = "id IN (SELECT id FROM key WHERE type = 'contacts' AND property = 'email' AND value = ?)"
            return f"{column} = ? OR {keyed}", [cell, cell]
        return f"{column} {_COMPARISONS[operator]} ?", [cell]

    def _column(self, one: Property) -> str:
        if one.column == "id" and self._options.ids == "lexicographic":
            return "CAST(id AS TEXT)"
        return f'"{folded(one.column) if one.type == "string" else one.column}"'

    def _comparable(self, one: Property, cell: Cell) -> Cell:
        return str(cell) if one.column == "id" and self._options.ids == "lexicographic" else cell

    def _presence(self, one: Property, operator: str, told: Filter) -> Condition:
        if any(told.get(key) is not None for key in ("value", "values", "highValue")):
            raise validation(f"operator {operator} does not take a value")
        also = " OR id % 28 = 0" if self._options.cleared_has_property else ""
        has = f'("{one.column}" IS NOT NULL{also})'
        return (has if operator == "HAS_PROPERTY" else f"NOT {has}"), []

    def _association(self, singular: str, operator: str, told: Filter) -> Condition:
        if singular not in _ASSOCIATED:
            raise unknown_property(f"associations.{singular}")
        if operator != "EQ":
            raise validation(f"associations.{singular} can only be compared with EQ, got {operator}")
        value = _value(told, operator, "value")
        if not value.isdecimal():
            raise validation(f"associations.{singular} takes a record id, got {value!r}")
        target = next((one.name for one in OBJECTS.values() if one.singular == singular), singular)
        linked = "id IN (SELECT from_id FROM link WHERE to_type = ? AND to_id = ? AND from_type = ?)"
        return linked, [target, int(value), self._kind]


def unknown_property(name: str) -> VendorError:
    """400 for a property that the object type does not have."""
    return validation(f'Property "{name}" does not exist', context={"propertyName": [name]})


def _any_choice(column: str, operator: str, values: list[str]) -> Condition:
    """Whether one of *values* is among several choices, which semicolons separate."""
    found = " OR ".join([f"instr(';' || {column} || ';', ?) > 0"] * len(values))
    return f"{column} IS NOT NULL AND {'NOT ' if operator == 'NOT_IN' else ''}({found})", [f";{one};" for one in values]


def _tokens(one: Property, column: str, operator: str, value: str) -> Condition:
    if one.type not in {"string", "enumeration"}:
        raise validation(f"operator {operator} does not apply to property {one.name} of type {one.type}")
    text = f"lower({column})" if one.type == "enumeration" else column
    pattern = value.lower()
    # The plain text test first: the token test runs in Python.
    found = f"(instr({text}, ?) > 0 AND contains_tokens({text}, ?))"
    if operator == "NOT_CONTAINS_TOKEN":
        return f"{column} IS NOT NULL AND NOT {found}", [literal_of(pattern), pattern]
    return f"{column} IS NOT NULL AND {found}", [literal_of(pattern), pattern]


def _value(told: Filter, operator: str, key: str) -> str:
    value = told.get(key)
    if isinstance(value, bool | int | float):
        value = str(value).lower()
    if not isinstance(value, str) or not value.strip():
        raise validation(f"operator {operator} requires a {key}")
    return value


def _values(told: Filter, operator: str) -> list[str]:
    values = told.get("values")
    if not isinstance(values, list) or not values:
        raise validation(f"operator {operator} requires values")
    return [str(value).lower() if isinstance(value, bool) else str(value) for value in values]


def _cell(one: Property, value: str, *, keep_case: bool = False) -> Cell:
    """*value* as the property's cells compare: string values fold, but not in lists."""
    if one.type == "number":
        return _number(one, value)
    if one.type in {"datetime", "date"}:
        return _time_ms(one, value)
    if one.type == "string" and not keep_case:
        return value.lower()
    return value


def _number(one: Property, value: str) -> Cell:
    if re.fullmatch(r"[+-]?\d+", value):
        return int(value)
    try:
        return float(value)
    except ValueError:
        raise validation(f"{value!r} was not a valid number for property {one.name}") from None


def _time_ms(one: Property, value: str) -> int:
    if re.fullmatch(r"-?\d+", value):
        return int(value)
    try:
        told = datetime.fromisoformat(value)
    except ValueError:
        raise validation(f"{value!r} was not a valid time for property {one.name}") from None
    return instant_ms(told if told.tzinfo else told.replace(tzinfo=UTC))
