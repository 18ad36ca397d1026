"""Text search over several objects, and the exact look-up."""

import re
from collections.abc import Iterator
from typing import Any

from sandbox.freshsales.account import Account
from sandbox.freshsales.errors import invalid
from sandbox.freshsales.queries.sideloads import Included
from sandbox.freshsales.tables import OBJECTS, Row

__all__ = ["look_up", "search"]

_SEARCHED = {
    "contact": ("display_name", "email", "mobile_number", "work_number"),
    "sales_account": ("name", "website", "phone"),
    "deal": ("name",),
    "user": ("display_name", "email"),
}
_PLURALS = {one.singular: plural for plural, one in OBJECTS.items()} | {"user": "users"}
_LOOKED_UP = {
    "contact": ("email", "mobile_number", "work_number", "external_id"),
    "sales_account": ("name", "website"),
    "deal": ("name",),
}


def search(account: Account, text: str, include: str, most: int) -> list[Row]:
    """At most *most* hits, of each type in *include* in turn and by id: those where every word begins some word.

    Raises:
        VendorError: 400 for a type that is not searched.
    """
    types = _checked(include, _SEARCHED, "include")
    words = _words(text)
    return [hit for kind in types for hit in _hits(account, kind, words)][:most] if words else []


def _hits(account: Account, kind: str, words: list[str]) -> Iterator[Row]:
    for row in account.rows(_PLURALS[kind]):
        held = _words(" ".join(str(row[key]) for key in _SEARCHED[kind] if row[key]))
        if all(any(one.startswith(word) for one in held) for word in words):
            name = row.get("display_name") or row.get("name")
            yield {
                "id": str(row["id"]),
                "type": kind,
                "name": name,
                "avatar": None,
                **{key: row[key] for key in _SEARCHED[kind] if key not in {"display_name", "name"}},
            }


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def look_up(account: Account, value: str, field: str, entities: str) -> dict[str, dict[str, list[Row]]]:
    """For each of *entities*, the records whose *field* is *value*, regardless of case.

    Raises:
        VendorError: 400 for an unknown entity, or a field that none of them can be looked up by.
    """
    types = _checked(entities, _LOOKED_UP, "entities")
    able = [kind for kind in types if field in _LOOKED_UP[kind] or _has_own(kind, field)]
    if not able:
        raise invalid(f"Invalid field: {field}")
    found: dict[str, dict[str, list[Row]]] = {}
    for kind in types:
        plural = _PLURALS[kind]
        shown = Included(account, OBJECTS[plural], None)
        rows = [row for row in account.rows(plural) if kind in able and value.casefold() in _held(row, field)]
        found[plural] = {plural: [shown.show(row) for row in rows]}
    return found


def _held(row: Row, field: str) -> list[str]:
    if field == "email":
        return [one["value"].casefold() for one in row["emails"]]
    value: Any = row["custom_field"].get(field) if field.startswith("cf_") else row.get(field)
    return [] if value is None else [str(value).casefold()]


def _has_own(kind: str, field: str) -> bool:
    return field.startswith("cf_") and any(one.name == field for one in OBJECTS[_PLURALS[kind]].fields)


def _checked(names: str, known: dict[str, tuple[str, ...]], parameter: str) -> list[str]:
    found = list(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))
    for name in found:
        if name not in known:
            raise invalid(f"Invalid {parameter}: {name}")
    if not found:
        raise invalid(f"Invalid or missing attributes: {parameter}")
    return found
