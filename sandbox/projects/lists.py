"""Lists of records: filtered, in order, page by page."""

import re
from collections.abc import Iterable
from math import ceil

from starlette.datastructures import QueryParams

from sandbox.projects.content import Record
from sandbox.projects.errors import bad_parameter
from sandbox.projects.parameters import Resource

__all__ = ["listed"]

_NUMBER = re.compile(r"[0-9]{1,9}")
_USUAL_ROWS, _MOST_ROWS, _LAST_PAGE = 25, 100, 10**9
_PAIR = {"subjectType", "subjectId"}


def listed(records: Iterable[Record], resource: Resource, query: QueryParams) -> dict[str, object]:
    """The page of *records*, which come by id, that *query* asks for; one beyond the last is empty.

    Missing values come first in ascending order and last in descending order; equal ones by ascending id in both.

    Raises:
        VendorError: 400.
    """
    _check_names(resource, query)
    page = _whole(query, "page", 1, most=_LAST_PAGE)
    size = _whole(query, "perPage", _USUAL_ROWS, most=_MOST_ROWS)
    kept = _in_order(_kept(records, resource, query), resource, query.get("sort", "id"))
    rows = [record.row for record in kept[(page - 1) * size : page * size]]
    return {"items": rows, "page": page, "perPage": size, "total": len(kept), "pages": ceil(len(kept) / size)}


def _check_names(resource: Resource, query: QueryParams) -> None:
    for name in query:
        if name not in resource.filters and name not in {"page", "perPage", "sort"}:
            raise bad_parameter(f"Unknown parameter {name}")
        if len(query.getlist(name)) > 1 or not query[name]:
            raise bad_parameter(f"{name} takes one value")
    if len(_PAIR & query.keys()) == 1:
        raise bad_parameter("subjectType and subjectId go together")


def _whole(query: QueryParams, name: str, usual: int, *, most: int) -> int:
    text = query.get(name, str(usual))
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        raise bad_parameter(f"{name} takes a whole number from 1 to {most}")
    return int(text)


def _kept(records: Iterable[Record], resource: Resource, query: QueryParams) -> list[Record]:
    kept = list(records)
    for name, one in resource.filters.items():
        if name in query:
            try:
                keeps = one.read(query[name])
            except ValueError as error:
                raise bad_parameter(f"{name} takes {error}") from None
            kept = [record for record in kept if keeps(record.value(one.column))]
    return kept


def _in_order(records: list[Record], resource: Resource, sort: str) -> list[Record]:
    name = sort.removeprefix("-")
    if name not in resource.sorts:
        raise bad_parameter(f"sort takes one of {', '.join(resource.sorts)}, with - before it for descending")
    return sorted(records, key=lambda record: _sort_key(record.row[name]), reverse=sort.startswith("-"))


def _sort_key(value: str | int | None) -> tuple[bool, str | int | None]:
    return value is not None, value.casefold() if isinstance(value, str) else value
