"""Version 2's searches: of one type, of several, and by one field."""

from collections.abc import Callable
from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from sandbox.pipedrive.api.found import CUSTOM_TYPES, SEARCHED, Document, Documents
from sandbox.pipedrive.api.gate import Gate, Handler
from sandbox.pipedrive.api.parameters import (
    Kind,
    between,
    boolean,
    cursor,
    offset,
    one_of,
    read,
    several,
    text,
    whole,
)
from sandbox.pipedrive.content import FIELDS, Account, Row
from sandbox.pipedrive.errors import invalid

__all__ = ["SearchApi"]

# API reference of version 2 and rate limiting page, read 2026-11.
_COST, _MOST_RELATED, _MOST_LINKED = 20, 100, 2_000
_PLURALS = {"person": "persons", "organization": "organizations", "deal": "deals", "lead": "leads"}
_EMPTY = ("product", "file", "mail_attachment", "project")
"""Types that this account has none of."""

_LINKS: dict[str, dict[str, Kind]] = {
    "person": {"organization_id": whole},
    "organization": {},
    "deal": {"person_id": whole, "organization_id": whole, "status": one_of("open", "won", "lost")},
    "lead": {"person_id": whole, "organization_id": whole},
}
_INCLUDED = {"person": "person.picture", "deal": "deal.cc_email", "lead": "lead.was_seen"}
_MATCHES: dict[str, Callable[[str, str], bool]] = {
    "exact": lambda value, term: value == term,
    "beginning": str.startswith,
    "middle": lambda value, term: term in value,
}

_Scored = tuple[float, Document]


class SearchApi:
    """The search endpoints of one account; what is deleted is not found, what is archived is."""

    def __init__(self, account: Account) -> None:
        self._documents = Documents(account)

    def routes(self, gate: Gate) -> list[Route]:
        """All of them; they share one window of calls."""
        served: dict[str, Handler] = {"/itemSearch": self._items, "/itemSearch/field": self._by_field}
        served |= {f"/{plural}/search": self._of(name) for name, plural in _PLURALS.items()}
        return [
            Route(f"/api/v2{path}", gate.endpoint(handler, _COST, is_search=True), methods=["GET"])
            for path, handler in served.items()
        ]

    def _of(self, name: str) -> Handler:
        known: dict[str, Kind] = {
            "term": text,
            "fields": several(*SEARCHED[name]),
            "exact_match": boolean,
            **_LINKS[name],
            **({"include_fields": several(_INCLUDED[name])} if name in _INCLUDED else {}),
            "limit": between(1, 500),
            "cursor": offset,
        }

        def search(request: Request) -> dict[str, Any]:
            asked = read(request, known, is_strict=True)
            links = {key: asked[key] for key in _LINKS[name] if key in asked}
            documents = [one for one in self._documents.of(name) if _is_linked(one.row, links)]
            page, following = self._page(documents[:_MOST_LINKED] if links else documents, asked)
            return _answer({"items": [self._result(*one, asked) for one in page]}, following)

        return search

    def _items(self, request: Request) -> dict[str, Any]:
        """Related items come beside those that are found, the newest 100 of each kind for each."""
        known: dict[str, Kind] = {
            "term": text,
            "item_types": several(*_PLURALS, *_EMPTY),
            "fields": several(*dict.fromkeys((*sum(SEARCHED.values(), ()), "code", "description"))),
            "search_for_related_items": boolean,
            "exact_match": boolean,
            "include_fields": several("deal.cc_email", "person.picture", "product.price"),
            "limit": between(1, 100),
            "cursor": offset,
        }
        asked = read(request, known, is_strict=True)
        names = [one for one in asked.get("item_types", _PLURALS) if one in _PLURALS]
        page, following = self._page([one for name in names for one in self._documents.of(name)], asked)
        data = {"items": [self._result(*one, asked) for one in page]}
        if asked.get("search_for_related_items"):
            related = (near for _, one in page for near in self._documents.related(one, _MOST_RELATED))
            data["related_items"] = [self._result(0, one, asked) for one in related]
        return _answer(data, following)

    def _by_field(self, request: Request) -> dict[str, Any]:
        """Records by the value of one field, capitals told apart."""
        known: dict[str, Kind] = {
            "term": text,
            "entity_type": one_of(*_PLURALS, "product", "project"),
            "field": text,
            "match": one_of(*_MATCHES),
            "limit": between(1, 500),
            "cursor": offset,
        }
        asked = read(request, known, is_strict=True)
        match = asked.get("match", "exact")
        term = _term(asked, is_exact=match == "exact")
        name, code = asked.get("entity_type"), asked.get("field")
        if name is None or code is None:
            raise invalid("query parameters entity_type and field are required")
        if not _is_searchable(name, code):
            raise invalid(f"query parameter field cannot be {code}")
        documents = self._documents.of(name) if name in _PLURALS else []
        found = [
            {"result_score": 1.0, "item": {"id": one.row["id"], "type": name, code: value}}
            for one in documents
            for value in one.values(code)
            if _MATCHES[match](value, term)
        ]
        return _answer(*_cut(found, asked))

    def _page(self, documents: list[Document], asked: dict[str, Any]) -> tuple[list[_Scored], str | None]:
        """What holds the term, the best first: equal values, then those that begin with it, then the others."""
        is_exact = bool(asked.get("exact_match"))
        term, fields = _term(asked, is_exact=is_exact).lower(), asked.get("fields")
        scored = ((one.score(term, fields, is_exact=is_exact), one) for one in documents)
        found = [(score, one) for score, one in scored if score]
        found.sort(key=lambda pair: (-pair[0], pair[1].kind, str(pair[1].row["id"])))
        return _cut(found, asked)

    def _result(self, score: float, one: Document, asked: dict[str, Any]) -> Row:
        included = (told.partition(".") for told in asked.get("include_fields", ()))
        extra = {code: one.row.get(code) for kind, _, code in included if kind == one.kind}
        return {"result_score": score, "item": {**self._documents.item(one), **extra}}


def _is_searchable(name: str, code: str) -> bool:
    field = FIELDS.get("deal" if name == "lead" else name, {}).get(code)
    if field is not None and field.is_custom:
        return field.type in CUSTOM_TYPES
    return code in {"name", "title", "email", "phone", "address"} and code in SEARCHED.get(name, ())


def _is_linked(row: Row, links: dict[str, Any]) -> bool:
    organization = row.get("org_id", row.get("organization_id"))
    return all((organization if key == "organization_id" else row[key]) == value for key, value in links.items())


def _term(asked: dict[str, Any], *, is_exact: bool) -> str:
    term = str(asked.get("term", "")).strip()
    if len(term) < (1 if is_exact else 2):
        raise invalid(f"query parameter term must be at least {1 if is_exact else 2} characters long")
    return term


def _cut(found: list[Any], asked: dict[str, Any]) -> tuple[list[Any], str | None]:
    """The page at the cursor, and the cursor of the next one."""
    start, limit = asked.get("cursor", 0), asked.get("limit", 100)
    following = cursor({"offset": start + limit}) if start + limit < len(found) else None
    return found[start : start + limit], following


def _answer(data: Any, following: str | None) -> dict[str, Any]:
    return {"success": True, "data": data, "additional_data": {"next_cursor": following}}
