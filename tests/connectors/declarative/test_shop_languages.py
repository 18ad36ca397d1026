"""Each language of the shop means the same, and knows nothing more."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.connectors.declarative.shop import Row, draw_people
from tests.connectors.declarative.shop.visit import ids_of, visiting

ROWS = draw_people(5)[:100]


def _kept(holds: Callable[[Row], bool]) -> list[int]:
    return sorted(row["id"] for row in ROWS if holds(row))


def _is_said(row: Row, field: str, test: Callable[[Any], bool]) -> bool:
    return row[field] is not None and test(row[field])


def _company_or_name(row: Row) -> bool:
    return row["vip"] and (row["company"] in {3, 5} or "ü" in row["last"].lower() or "a" in row["last"].lower())


_Spellings = list[tuple[str, dict[str, Any]]]

_SCORED: _Spellings = [
    ("nested_keys", {"filter[score][gte]": "5", "filter[score][lt]": "20"}),
    ("odata", {"$filter": "score ge 5 and score lt 20"}),
    ("search", {"q": "score:>=5 score:<20"}),
    ("json", {"filter": {"and": [["score", ">=", 5], ["score", "<", 20]]}}),
    ("prefix", {"domain": ["&", ["score", ">=", 5], ["score", "<", 20]]}),
    ("flat_keys", {"score_from": "5", "score_to": "19"}),
]
_QUOTED: _Spellings = [
    ("nested_keys", {"filter[last][contains]": "O'N"}),
    ("odata", {"$filter": "contains(last,'O''N')"}),
    ("search", {"q": 'last:"o\'n"'}),
    ("json", {"filter": ["last", "ilike", "%o'n%"]}),
    ("prefix", {"domain": [["last", "ilike", "o'n"]]}),
]
_STARTING: _Spellings = [
    ("nested_keys", {"filter[last][starts_with]": "back\\"}),
    ("odata", {"$filter": "startswith(last,'BACK\\')"}),
    ("search", {"q": 'last:^"back\\\\"'}),
    ("json", {"filter": ["last", "ilike", "back\\\\%"]}),
    ("prefix", {"domain": [["last", "=ilike", "back\\\\%"]]}),
]
_NULL: _Spellings = [
    ("nested_keys", {"filter[email][is_null]": "true"}),
    ("odata", {"$filter": "email eq null"}),
    ("search", {"q": "email:=null"}),
    ("json", {"filter": ["email", "=", None]}),
    ("prefix", {"domain": [["email", "=", False]]}),
]
_OTHER: _Spellings = [
    ("nested_keys", {"filter[company][ne]": "3"}),
    ("odata", {"$filter": "company ne 3"}),
    ("search", {"q": "company:!=3"}),
    ("json", {"filter": ["company", "!=", 3]}),
    ("prefix", {"domain": [["company", "!=", 3]]}),
]
_NESTED: _Spellings = [
    ("odata", {"$filter": "vip eq true and (company in (3, 5) or contains(last,'ü') or contains(last,'A'))"}),
    (
        "json",
        {
            "filter": {
                "and": [
                    ["vip", "=", True],
                    {"or": [["company", "in", [3, 5]], ["last", "ilike", "%ü%"], ["last", "ilike", "%A%"]]},
                ]
            }
        },
    ),
    (
        "prefix",
        {
            "domain": [
                "&",
                ["vip", "=", True],
                "|",
                ["company", "in", [3, 5]],
                "|",
                ["last", "ilike", "ü"],
                ["last", "ilike", "A"],
            ]
        },
    ),
]
_CASES: list[tuple[Callable[[Row], bool], _Spellings]] = [
    (lambda row: _is_said(row, "score", lambda score: 5 <= score < 20), _SCORED),
    (lambda row: "o'n" in row["last"].lower(), _QUOTED),
    (lambda row: row["last"].startswith("Back\\"), _STARTING),
    (lambda row: row["email"] is None, _NULL),
    (lambda row: _is_said(row, "company", lambda company: company != 3), _OTHER),
    (_company_or_name, _NESTED),
    (lambda row: "%" in row["last"], [("json", {"filter": ["last", "ilike", "%\\%%"]})]),
    (lambda row: row["last"] == "Lee, Jr.", [("search", {"q": 'last:["lee, jr.",nobody]'})]),
    (lambda row: row["id"] in {4, 9}, [("flat_keys", {"ids": "4,9"})]),
    (lambda row: row["company"] == 7 and row["vip"], [("flat_keys", {"company": "7", "vip": "true"})]),
]


@pytest.mark.parametrize("filters", ["nested_keys", "odata", "search", "json", "prefix", "flat_keys"])
async def test_each_language_means_the_same(filters: str) -> None:
    """A condition keeps the rows that it keeps by plain comparison, and there are some."""
    async with visiting(ROWS, filters=filters) as (_, http):
        for holds, spellings in _CASES:
            for said in (said for language, said in spellings if language == filters):
                assert ids_of(await _list(http, filters, said)) == _kept(holds), said
                assert 0 < len(_kept(holds)) < len(ROWS)


async def _list(http: httpx.AsyncClient, filters: str, said: dict[str, Any]) -> httpx.Response:
    if filters in {"json", "prefix"}:
        return await http.post("/people", json={"limit": 100, **said})
    return await http.get("/people", params={"limit": 100, **said})


_REFUSED: dict[str, list[dict[str, Any]]] = {
    "nested_keys": [
        {"filter[last][like]": "a"},
        {"filter[nobody][eq]": "a"},
        {"filter[score][contains]": "1"},
        {"filter[score][eq]": "five"},
        {"filter[score][eq]": "1_0"},
        {"filter[born][eq]": "03/02/1990"},
        {"filter[changed][gt]": "2026-01-02T03:04:05"},
        {"fields": "id"},
        {"limit": "101"},
        {"page": "1"},
        {"sort": "nobody"},
        {"order": "id asc"},
    ],
    "flat_keys": [
        {"last_from": "a"},
    ],
    "odata": [
        {"$filter": "last eq ab"},
        {"$filter": "score eq '5'"},
        {"$filter": "contains(last,'O'N')"},
        {"$filter": "score eq 5 and"},
        {"$filter": "(score eq 5"},
    ],
    "search": [
        {"q": "last"},
        {"q": 'last:"ab'},
        {"q": "score:5"},
    ],
    "json": [
        {"filter": {"and": []}},
        {"filter": ["score", "=", "5"]},
        {"filter": ["score", "in", []]},
        {"filter": {"not": ["score", "=", 5]}},
    ],
    "prefix": [
        {"domain": [["score", "=", 5], ["vip", "=", True]]},
        {"domain": ["&", ["score", "=", 5]]},
        {"domain": 0},
        {"domain": [], "sort": ["id"]},
    ],
}


@pytest.mark.parametrize("filters", list(_REFUSED))
async def test_what_it_does_not_know_is_refused(filters: str) -> None:
    """A 400 for each, and never rows."""
    async with visiting(ROWS, filters=filters) as (_, http):
        for said in _REFUSED[filters]:
            answer = await _list(http, filters, said)

            assert answer.status_code == 400, said
            assert answer.json().keys() == {"error"}
