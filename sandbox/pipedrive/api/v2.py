"""Version 2: lists and single records, and the fields that they have."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.pipedrive.api.extras import extra
from sandbox.pipedrive.api.gate import Gate, Handler
from sandbox.pipedrive.api.parameters import (
    Kind,
    between,
    boolean,
    cursor,
    identifier,
    integers,
    moment,
    offset,
    one_of,
    path_id,
    position,
    read,
    several,
    whole,
)
from sandbox.pipedrive.content import FIELDS, OPTIONAL, SUBFIELDS, Account, Field, Row, instant, place_of
from sandbox.pipedrive.errors import invalid, not_found

__all__ = ["V2Api"]

# API reference of version 2, read 2026-11.
_MOST_ROWS, _MOST_IDS, _MOST_CUSTOM_FIELDS = 500, 100, 15
_TIMES: dict[str, Kind] = {"updated_since": moment, "updated_until": moment}
_OWNED: dict[str, Kind] = {"filter_id": whole, "ids": integers(_MOST_IDS), "owner_id": whole, **_TIMES}
_DEAL_FILTERS: dict[str, Kind] = {
    **_OWNED,
    **dict.fromkeys(("person_id", "org_id", "pipeline_id", "stage_id"), whole),
    "status": several("open", "won", "lost", "deleted"),
}
_NAMESPACES = ("ui_visibility", "important_fields", "required_fields")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Object:
    """One type of record.

    Attributes:
        name: singular.
        table: plural, as in the path.
        filters: parameters that choose rows.
        sorts: what `sort_by` takes.
        cost: tokens of a list (rate limiting page, read 2026-11).
        has_labels: whether `include_option_labels` and `include_labels` are known.
        is_archive: whether it lists what is archived.
    """

    name: str
    table: str
    filters: dict[str, Kind] = field(default_factory=dict)
    sorts: tuple[str, ...] = ("id", "update_time", "add_time")
    cost: int = 10
    has_labels: bool = True
    is_archive: bool = False

    @property
    def has_custom_fields(self) -> bool:
        return self.name in {"person", "organization", "deal"}

    def shaping(self) -> dict[str, Kind]:
        """Parameters that decide which values a record shows."""
        told: dict[str, Kind] = {}
        if OPTIONAL[self.name]:
            told["include_fields"] = several(*OPTIONAL[self.name])
        if self.has_custom_fields:
            own = (one.code for one in FIELDS[self.name].values() if one.is_custom)
            told["custom_fields"] = several(*own, most=_MOST_CUSTOM_FIELDS)
            if self.has_labels:
                told |= {"include_option_labels": boolean, "include_labels": boolean}
        return told

    def listing(self) -> dict[str, Kind]:
        """Every parameter of its list."""
        paging: dict[str, Kind] = {"limit": between(1, _MOST_ROWS), "cursor": position}
        sorting: dict[str, Kind] = {"sort_by": one_of(*self.sorts), "sort_direction": one_of("asc", "desc")}
        return {**self.filters, **sorting, **self.shaping(), **paging}


_OBJECTS = (
    _Object(name="person", table="persons", filters={**_OWNED, "org_id": whole, "deal_id": whole}),
    _Object(name="organization", table="organizations", filters=_OWNED),
    _Object(name="deal", table="deals", filters=_DEAL_FILTERS),
    _Object(
        name="activity",
        table="activities",
        filters={
            **_OWNED,
            **dict.fromkeys(("deal_id", "person_id", "org_id"), whole),
            "lead_id": identifier,
            "done": boolean,
        },
        sorts=("id", "update_time", "add_time", "due_date"),
    ),
    _Object(name="pipeline", table="pipelines", cost=5),
    _Object(
        name="stage",
        table="stages",
        filters={"pipeline_id": whole},
        sorts=("id", "update_time", "add_time", "order_nr"),
        cost=5,
    ),
)
_ARCHIVE = _Object(name="deal", table="deals", filters=_DEAL_FILTERS, cost=20, has_labels=False, is_archive=True)


class V2Api:
    """The endpoints of version 2 but searches."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self, gate: Gate) -> list[Route]:
        """A list and single records of every type, and definitions of fields."""
        made = [Route("/api/v2/deals/archived", gate.endpoint(self._list(_ARCHIVE), 20), methods=["GET"])]
        for one in _OBJECTS:
            path = f"/api/v2/{one.table}"
            made += [
                Route(path, gate.endpoint(self._list(one), one.cost), methods=["GET"]),
                Route(f"{path}/{{id}}", gate.endpoint(self._one(one), 1), methods=["GET"]),
            ]
        for name in FIELDS:
            path = f"/api/v2/{name}Fields"
            made += [
                Route(path, gate.endpoint(self._fields(name), 10), methods=["GET"]),
                Route(f"{path}/{{code}}", gate.endpoint(self._field(name), 1), methods=["GET"]),
            ]
        return made

    def _list(self, kind: _Object) -> Handler:
        known = kind.listing()

        def listing(request: Request) -> dict[str, Any]:
            asked = read(request, known, is_strict=True)
            rows, following = _page(self._chosen(kind, asked), asked)
            told = [self._told(kind, row, asked) for row in rows]
            return {"success": True, "data": told, "additional_data": {"next_cursor": following}}

        return listing

    def _one(self, kind: _Object) -> Handler:
        """Deleted and archived records are given as well, and say so."""
        known = kind.shaping()

        def one(request: Request) -> dict[str, Any]:
            asked = read(request, known, is_strict=True)
            row = self._account.tables[kind.table].get(path_id(request))
            if row is None:
                raise not_found(kind.name.capitalize())
            return {"success": True, "data": self._told(kind, row, asked)}

        return one

    def _chosen(self, kind: _Object, asked: dict[str, Any]) -> list[Row]:
        """The rows that every filter lets through, in ascending order; deleted ones only by a status."""
        wanted, by = {**asked}, asked.get("sort_by", "id")
        rows = self._account.ordered(kind.table, by)
        if "ids" in wanted:
            table = self._account.tables[kind.table]
            rows = [table[one] for one in set(wanted.pop("ids")) if one in table]
            rows.sort(key=lambda row: place_of(row, by))
        if kind.name == "person" and "deal_id" in wanted:
            people = set(self._account.participants.get(wanted.pop("deal_id"), []))
            rows = [row for row in rows if row["id"] in people]
        statuses = wanted.pop("status", None)
        since, until = (instant(wanted[one]) if one in wanted else None for one in _TIMES)
        equal = [(name, wanted[name]) for name in kind.filters if name in wanted and name not in _TIMES]
        return [
            row
            for row in rows
            if self._is_listed(kind, row, statuses)
            and (since is None or row["update_time"] >= since)
            and (until is None or row["update_time"] < until)
            and all(row[name] == value for name, value in equal)
        ]

    def _is_listed(self, kind: _Object, row: Row, statuses: list[str] | None) -> bool:
        if row.get("is_archived", False) is not kind.is_archive:
            return False
        if row["is_deleted"]:
            return "deleted" in (statuses or ()) and bool(row["update_time"] >= self._account.deleted_since)
        return statuses is None or row["status"] in statuses

    def _told(self, kind: _Object, row: Row, asked: dict[str, Any]) -> Row:
        optional = OPTIONAL[kind.name]
        told = {name: value for name, value in row.items() if name not in optional}
        for code in asked.get("include_fields", ()):
            told[code] = extra(self._account, kind.name, row, code)
        if kind.has_custom_fields:
            own = row["custom_fields"]
            own = {code: own[code] for code in asked["custom_fields"]} if "custom_fields" in asked else own
            known = FIELDS[kind.name]
            if asked.get("include_option_labels"):
                own = {code: _labelled(known[code], value) for code, value in own.items()}
            told["custom_fields"] = own
            if asked.get("include_labels"):
                told["labels"] = _labelled(known["label_ids"], row["label_ids"])
        return told

    def _fields(self, name: str) -> Handler:
        known: dict[str, Kind] = {
            "include_fields": several(*_NAMESPACES),
            "limit": between(1, _MOST_ROWS),
            "cursor": offset,
        }

        def fields(request: Request) -> dict[str, Any]:
            asked = read(request, known, is_strict=True)
            start, limit = asked.get("cursor", 0), asked.get("limit", 100)
            rows = [_field_json(one, asked) for one in self._account.fields[name].values()]
            following = cursor({"offset": start + limit}) if start + limit < len(rows) else None
            page = rows[start : start + limit]
            return {"success": True, "data": page, "additional_data": {"next_cursor": following}}

        return fields

    def _field(self, name: str) -> Handler:
        def one_field(request: Request) -> dict[str, Any]:
            asked = read(request, {"include_fields": several(*_NAMESPACES)}, is_strict=True)
            found = self._account.fields[name].get(request.path_params["code"])
            if found is None:
                raise not_found("Field")
            return {"success": True, "data": _field_json(found, asked)}

        return one_field


def _page(rows: list[Row], asked: dict[str, Any]) -> tuple[list[Row], str | None]:
    """The page of *rows* at the cursor, which names the first row of it, and the cursor of the next page.

    Args:
        rows: in ascending order.
        asked: the query.

    Raises:
        VendorError: 400 for a cursor of another order.
    """
    by, direction = asked.get("sort_by", "id"), asked.get("sort_direction", "asc")
    is_desc, first = direction == "desc", len(rows) if direction == "desc" else 0
    if (start := asked.get("cursor")) is not None:
        if (start.get("field"), start.get("sortDirection")) != (by, direction):
            raise invalid("query parameter cursor is invalid")
        mark = place_of({by: start.get("fieldValue"), "id": start.get("id")}, by)
        try:
            first = (bisect_right if is_desc else bisect_left)(rows, mark, key=lambda row: place_of(row, by))
        except TypeError:
            raise invalid("query parameter cursor is invalid") from None
    rows = rows[:first][::-1] if is_desc else rows[first:]
    limit = asked.get("limit", 100)
    if len(rows) <= limit:
        return rows, None
    following = rows[limit]
    place = {"field": by, "fieldValue": following[by], "sortDirection": direction, "id": following["id"]}
    return rows[:limit], cursor(place)


def _labelled(known: Field, value: Any) -> Any:
    """Option ids as objects with their labels; other values as they are."""
    if known.options is None or value is None:
        return value
    told = [{"id": one, "label": known.options[one]} for one in (value if isinstance(value, list) else [value])]
    return told if isinstance(value, list) else told[0]


def _field_json(one: Field, asked: dict[str, Any]) -> Row:
    options = one.options
    told: Row = {
        "field_name": one.name,
        "field_code": one.code,
        "field_type": one.type,
        "is_custom_field": one.is_custom,
        "is_optional_response_field": one.is_optional,
        "options": None
        if options is None
        else [{"id": key, "label": label, "color": None} for key, label in options.items()],
        "subfields": None
        if one.type not in SUBFIELDS
        else [{"field_code": part, "field_name": part, "field_type": "varchar"} for part in SUBFIELDS[one.type]],
    }
    spaces: Row = {
        "ui_visibility": {"add_visible_flag": one.is_custom, "details_visible_flag": True},
        "important_fields": {"enabled": False, "stage_ids": []},
        "required_fields": {"enabled": False},
    }
    return {**told, **{name: spaces[name] for name in asked.get("include_fields", ())}}
