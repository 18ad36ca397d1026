"""Version 1, where version 2 has nothing: leads, notes, users, participants, sums and short lists."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.pipedrive.api.gate import Gate, Handler
from sandbox.pipedrive.api.parameters import (
    Kind,
    between,
    day,
    identifier,
    moment,
    one_of,
    path_id,
    read,
    text,
    whole,
)
from sandbox.pipedrive.api.summary import summary
from sandbox.pipedrive.content import Account, Row, clock_time, instant, null_first
from sandbox.pipedrive.errors import invalid, not_found

__all__ = ["V1Api"]

_PREFIXES = ("/api/v1", "/v1")
# API reference of version 1, read 2026-11.
_PAGING: dict[str, Kind] = {"start": whole, "limit": between(1, 500)}
_LEADS: dict[str, Kind] = {
    **dict.fromkeys(("owner_id", "person_id", "organization_id", "filter_id"), whole),
    "updated_since": moment,
    "sort": text,
    **_PAGING,
}
_LEAD_SORTS = ("id", "title", "owner_id", "creator_id", "was_seen", "expected_close_date", "next_activity_id")
_PINS = tuple(f"pinned_to_{one}_flag" for one in ("lead", "deal", "organization", "person", "project", "task"))
_NOTES: dict[str, Kind] = {
    **dict.fromkeys(("user_id", "deal_id", "person_id", "org_id", "project_id", "task_id"), whole),
    **dict.fromkeys(_PINS, between(0, 1)),
    "lead_id": identifier,
    **dict.fromkeys(("start_date", "end_date"), day),
    "updated_since": moment,
    "sort": text,
    **_PAGING,
}
_NOTE_SORTS = ("id", "user_id", "deal_id", "person_id", "org_id", "content")
_SUMMARY: dict[str, Kind] = {
    "status": one_of("open", "won", "lost"),
    **dict.fromkeys(("filter_id", "user_id", "pipeline_id", "stage_id"), whole),
}


class V1Api:
    """The endpoints of version 1, which passes over parameters that it does not know."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self, gate: Gate) -> list[Route]:
        """All of them, below both prefixes."""
        account = self._account
        served: dict[str, tuple[Handler, int]] = {
            "/leads": (self._leads(is_archive=False), 20),
            "/leads/archived": (self._leads(is_archive=True), 20),
            "/leads/{id}": (self._lead, 2),
            "/notes": (self._notes, 20),
            "/notes/{id}": (self._of("notes", "Note"), 2),
            "/users": (lambda _: _whole(list(account.tables["users"].values())), 20),
            "/users/me": (self._me, 2),
            "/users/{id}": (self._of("users", "User"), 2),
            "/deals/summary": (self._summary(is_archive=False), 20),
            "/deals/summary/archived": (self._summary(is_archive=True), 20),
            "/deals/{id}/participants": (self._participants, 20),
            "/leadLabels": (lambda _: _whole(account.lead_labels), 20),
            "/leadSources": (lambda _: _whole(account.lead_sources), 20),
            "/activityTypes": (lambda _: _whole(account.activity_types), 20),
            "/currencies": (self._currencies, 20),
        }
        return [
            Route(f"{prefix}{path}", gate.endpoint(handler, cost), methods=["GET"])
            for prefix in _PREFIXES
            for path, (handler, cost) in served.items()
        ]

    def _leads(self, *, is_archive: bool) -> Handler:
        """Leads from the oldest on, unless sorted."""

        def leads(request: Request) -> dict[str, Any]:
            asked = read(request, _LEADS, is_strict=False)
            since = instant(asked["updated_since"]) if "updated_since" in asked and not is_archive else ""
            keys = [one for one in ("owner_id", "person_id", "organization_id") if one in asked]
            rows = [
                row
                for row in self._account.tables["leads"].values()
                if row["is_archived"] is is_archive
                and row["update_time"] >= since.removesuffix("Z")
                and all(row[key] == asked[key] for key in keys)
            ]
            return _page(_sorted(rows, asked.get("sort", "add_time"), _LEAD_SORTS), asked)

        return leads

    def _lead(self, request: Request) -> dict[str, Any]:
        row = self._account.tables["leads"].get(request.path_params["id"])
        if row is None:
            raise not_found("Lead")
        return _whole(row)

    def _of(self, table: str, name: str) -> Handler:
        def one(request: Request) -> dict[str, Any]:
            row = self._account.tables[table].get(path_id(request))
            if row is None:
                raise not_found(name)
            return _whole(row)

        return one

    def _notes(self, request: Request) -> dict[str, Any]:
        asked = read(request, _NOTES, is_strict=False)
        since = clock_time(instant(asked["updated_since"])) if "updated_since" in asked else ""
        first, last = asked.get("start_date", ""), asked.get("end_date", "9999-12-31")
        keys = [one for one in _NOTES if one.endswith(("_id", "_flag")) and one in asked]
        rows = [
            row
            for row in self._account.tables["notes"].values()
            if row["active_flag"]
            and row["update_time"] >= since
            and first <= row["add_time"][:10] <= last
            and all(row[key] == asked[key] for key in keys)
        ]
        return _page(_sorted(rows, asked.get("sort", "id"), _NOTE_SORTS), asked)

    def _me(self, _: Request) -> dict[str, Any]:
        admin = next(one for one in self._account.tables["users"].values() if one["is_you"])
        company = {
            "company_id": 7_350_001,
            "company_name": "Sandbox",
            "company_domain": "sandbox",
            "company_country": "DE",
            "company_industry": None,
        }
        return _whole({**admin, **company, "language": {"language_code": "en", "country_code": "US"}})

    def _participants(self, request: Request) -> dict[str, Any]:
        asked, deal_id = read(request, _PAGING, is_strict=False), path_id(request)
        deal = self._account.tables["deals"].get(deal_id)
        if deal is None:
            raise not_found("Deal")
        people = (self._account.tables["persons"][one] for one in self._account.participants[deal_id])
        rows = [_participant(deal, person, place) for place, person in enumerate(people)]
        return _page(rows, asked)

    def _summary(self, *, is_archive: bool) -> Handler:
        def handler(request: Request) -> dict[str, Any]:
            asked = read(request, _SUMMARY, is_strict=False)
            return _whole(summary(self._account, asked, is_archive=is_archive))

        return handler

    def _currencies(self, request: Request) -> dict[str, Any]:
        term = request.query_params.get("term", "").lower()
        return _whole([one for one in self._account.currencies if term in f"{one['code']} {one['name']}".lower()])


def _whole(data: list[Row] | Row) -> dict[str, Any]:
    return {"success": True, "data": data}


def _page(rows: list[Row], asked: dict[str, Any]) -> dict[str, Any]:
    start, limit = asked.get("start", 0), asked.get("limit", 100)
    has_more = start + limit < len(rows)
    pagination = {"start": start, "limit": limit, "more_items_in_collection": has_more}
    if has_more:
        pagination["next_start"] = start + limit
    return {"success": True, "data": rows[start : start + limit], "additional_data": {"pagination": pagination}}


def _sorted(rows: list[Row], told: str, sorts: tuple[str, ...]) -> list[Row]:
    """*rows* by `field ASC, field2 DESC`, equal ones by id.

    Raises:
        VendorError: 400 for another field or direction.
    """
    rows = sorted(rows, key=lambda row: row["id"])
    for part in reversed(told.split(",")):
        name, _, direction = part.strip().partition(" ")
        if name not in {*sorts, "add_time", "update_time"} or direction.upper() not in {"", "ASC", "DESC"}:
            raise invalid(f"query parameter sort cannot be {part.strip()!r}")
        rows.sort(key=_key(name), reverse=direction.upper() == "DESC")
    return rows


def _key(name: str) -> Callable[[Row], tuple[bool, Any]]:
    return lambda row: null_first(row[name])


def _participant(deal: Row, person: Row, place: int) -> Row:
    return {
        "id": deal["id"] * 10 + place,
        "person_id": {
            "value": person["id"],
            "name": person["name"],
            "email": person["emails"],
            "phone": person["phones"],
            "owner_id": person["owner_id"],
        },
        "add_time": clock_time(deal["add_time"]),
        "active_flag": not person["is_deleted"],
        "related_item_type": "deal",
        "related_item_id": deal["id"],
    }
