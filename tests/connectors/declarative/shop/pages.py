"""Order and pages of rows, and the envelopes that they are told in."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlencode

import orjson

from tests.connectors.declarative.shop.manner import Manner, Refusal
from tests.connectors.declarative.shop.rows import Row, Table
from tests.connectors.declarative.shop.values import Values
from tests.connectors.http.origin import Answer

__all__ = ["Envelope", "Page", "Pages", "in_order"]

_USUAL_ROWS, _MOST_ROWS = 20, 100
_DIRECTIONS = {"asc": False, "desc": True}
_NONE: Mapping[str, str] = MappingProxyType({})


def in_order(rows: list[Row], told: list[tuple[str, bool]], table: Table, values: Values, manner: Manner) -> list[Row]:
    """*rows* by the fields that *told* names, each with whether the greatest come first; ties by id.

    Raises:
        Refusal: 400, there is no such field.
    """
    for name, descending in reversed([*told, ("id", False)]):
        kind = table.kinds.get(name)
        if kind is None:
            raise Refusal(400, f"there is no field {name!r} to sort by")
        is_high = manner.missing == "high" or (manner.missing == "last" and not descending)
        missing = (1 if is_high else -1,)
        places = {row["id"]: missing if row.get(name) is None else (0, values.key(kind, row[name])) for row in rows}
        rows = sorted(rows, key=lambda row: places[row["id"]], reverse=descending)
    return rows


@dataclass(frozen=True, slots=True)
class Page:
    """Rows, how many there are on all pages, and how the next page is asked for."""

    rows: list[Row]
    total: int
    next: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


class Pages:
    """Takes sorts and pages from the parameters of a request."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner

    def sort(self, parameters: dict[str, Any]) -> list[tuple[str, bool]]:
        """Fields, each with whether the greatest come first; its parameters are removed.

        Raises:
            Refusal: 400.
        """
        match self._manner.sort, parameters.pop("order" if self._manner.sort == "words" else "sort", None):
            case _, None:
                return []
            case "minus", str(text):
                return [(key.removeprefix("-"), key.startswith("-")) for key in text.split(",")]
            case "words", str(text) if re.fullmatch(r"\w+ (asc|desc)(, ?\w+ (asc|desc))*", text):
                return [(field, word == "desc") for field, word in re.findall(r"(\w+) (asc|desc)", text)]
            case "two_parameters", str(field) if (word := parameters.pop("direction", None)) in ("asc", "desc"):
                return [(field, _DIRECTIONS[word])]
            case "objects", [*keys] if all(_is_key(key) for key in keys):
                return [(field, _DIRECTIONS[word]) for key in keys for field, word in key.items()]
            case _, told:
                raise Refusal(400, f"{told!r} is no sort")

    def cut(
        self, rows: list[Row], parameters: dict[str, Any], *, url: str, query: Mapping[str, str], asked: str
    ) -> Page:
        """The page that *parameters* ask for, which are removed.

        Args:
            rows: in order.
            parameters: those that are left.
            url: of the list, without the query.
            query: the parameters in the URL of this request, but for a key.
            asked: what was asked, but for the page.

        Raises:
            Refusal: 400.
        """
        paging = self._manner.paging
        limit = _number(parameters, "size" if paging == "page" else "limit", _USUAL_ROWS, 1, _MOST_ROWS)
        if paging == "offset":
            start = _number(parameters, "offset", 0, 0)
        elif paging == "page":
            start = limit * (_number(parameters, "page", 1, 1) - 1)
        else:
            start = _start(parameters.pop("cursor", None), asked)
        page = rows[start : start + limit]
        if paging in {"offset", "page"} or start + limit >= len(rows):
            return Page(page, len(rows))
        cursor = _cursor(start + limit, asked)
        if paging == "cursor":
            return Page(page, len(rows), cursor)
        following = f"{url}?{urlencode({**query, 'cursor': cursor})}"
        if paging == "next_url":
            return Page(page, len(rows), following)
        return Page(page, len(rows), headers={"Link": f'<{url}>; rel="first", <{following}>; rel="next"'})


class Envelope:
    """Tells rows of one table."""

    def __init__(self, table: Table, companies: Table, values: Values, manner: Manner) -> None:
        self._table, self._values, self._manner = table, values, manner
        self._names = {row["id"]: row["name"] for row in companies.rows}

    def page(self, page: Page) -> Answer:
        """A list."""
        rows = [self._told(row) for row in page.rows]
        match self._manner.envelope:
            case "bare":
                return _answer(rows, {"X-Total-Count": str(page.total), **page.headers})
            case "nested":
                result = {"items": [{"record": row} for row in rows], "count": page.total}
                content: dict[str, Any] = {"result": result}
            case _:
                content = {"data": rows, "meta": {"total": page.total}}
        if self._manner.paging in {"cursor", "next_url"}:
            content["next"] = page.next
        return self._object(content, page.headers)

    def one(self, row: Row) -> Answer:
        """One row."""
        told = self._told(row)
        match self._manner.envelope:
            case "bare":
                return self._object(told)
            case "nested":
                return self._object({"result": {"record": told}})
            case _:
                return self._object({"data": told})

    def _object(self, content: dict[str, Any], headers: Mapping[str, str] = _NONE) -> Answer:
        is_marked = self._manner.errors == "body200"
        return _answer({"ok": True, **content} if is_marked else content, headers)

    def _told(self, row: Row) -> dict[str, Any]:
        values = {name: self._values.told(kind, row.get(name)) for name, kind in self._table.kinds.items()}
        company = row.get("company")
        if self._manner.envelope != "jsonapi":
            if self._manner.company == "pair" and company is not None:
                values["company"] = [values["company"], self._names.get(company, "")]
            return values
        told = {"type": self._table.name, "id": values.pop("id"), "attributes": values}
        if "company" in values:
            identifier = {"type": "companies", "id": values.pop("company")}
            told["relationships"] = {"company": {"data": None if company is None else identifier}}
        return told


def _answer(content: Any, headers: Mapping[str, str]) -> Answer:
    return Answer(200, orjson.dumps(content), headers)


def _is_key(key: Any) -> bool:
    return isinstance(key, dict) and len(key) == 1 and all(word in ("asc", "desc") for word in key.values())


def _number(parameters: dict[str, Any], name: str, usual: int, least: int, most: int | None = None) -> int:
    told = parameters.pop(name, usual)
    is_digits = isinstance(told, str) and told.isascii() and told.isdigit()
    if not is_digits and (not isinstance(told, int) or isinstance(told, bool)):
        raise Refusal(400, f"{name} is no number: {told!r}")
    number = int(told)
    if number < least or (most is not None and number > most):
        raise Refusal(400, f"{name} is out of bounds: {number}")
    return number


def _cursor(start: int, asked: str) -> str:
    return base64.b64encode(orjson.dumps([start, asked])).decode()


def _start(cursor: Any, asked: str) -> int:
    if cursor is None:
        return 0
    try:
        start, given_for = orjson.loads(base64.b64decode(cursor, validate=True))
    except (ValueError, TypeError) as error:
        raise Refusal(400, f"{cursor!r} is no cursor") from error
    if given_for != asked:
        raise Refusal(400, "the cursor was given for another filter or sort")
    return int(start)
