"""The shop answers as its manner says, and refuses everything else."""

from datetime import UTC, datetime
from typing import Any, get_args, get_type_hints

import httpx
import pytest

from tests.connectors.declarative.shop import (
    API_KEY,
    CLIENT_ID,
    CLIENT_SECRET,
    PASSWORD,
    REFRESH_TOKEN,
    USER,
    Manner,
    Row,
    draw_companies,
    draw_people,
)
from tests.connectors.declarative.shop.visit import ids_of, visiting

PEOPLE = draw_people(5)
COMPANIES = draw_companies(5)

_PAGINGS = [
    (paging, envelope)
    for paging in get_args(get_type_hints(Manner)["paging"])
    for envelope in get_args(get_type_hints(Manner)["envelope"])
    if envelope != "bare" or paging in {"offset", "page", "link"}
]


@pytest.mark.parametrize(("paging", "envelope"), _PAGINGS)
async def test_walk_gives_every_row_once(paging: str, envelope: str) -> None:
    """The pages of a sorted list are all rows in order, and each tells the total."""
    async with visiting(PEOPLE, COMPANIES, paging=paging, envelope=envelope) as (_, http):
        url: httpx.URL | str | None = "/people"
        size = "size" if paging == "page" else "limit"
        query: dict[str, Any] = {"sort": "-changed,id", size: 30}
        seen: list[str] = []
        while url is not None:
            answer = await http.get(url, params=query)
            rows, total, told_next = _opened(answer, envelope)
            seen += [str(row["id"]) for row in rows]
            assert total == len(PEOPLE)
            url, query = _next(paging, answer, told_next, query, seen=len(seen))

    in_order = sorted(sorted(PEOPLE, key=lambda row: row["id"]), key=lambda row: row["changed"], reverse=True)
    assert seen == [str(row["id"]) for row in in_order]


def _opened(answer: httpx.Response, envelope: str) -> tuple[list[Any], int, Any]:
    content = answer.json()
    match envelope:
        case "bare":
            return content, int(answer.headers["X-Total-Count"]), None
        case "nested":
            rows = [item["record"] for item in content["result"]["items"]]
            return rows, content["result"]["count"], content.get("next")
        case _:
            return content["data"], content["meta"]["total"], content.get("next")


def _next(
    paging: str, answer: httpx.Response, told: Any, query: dict[str, Any], *, seen: int
) -> tuple[httpx.URL | str | None, Any]:
    match paging:
        case "offset" | "page":
            place = {"offset": seen} if paging == "offset" else {"page": seen // 30 + 1}
            return ("/people" if seen < len(PEOPLE) else None), {**query, **place}
        case "cursor":
            return (None if told is None else "/people"), {**query, "cursor": told}
        case "link":
            return answer.links.get("next", {}).get("url"), None
        case _:
            return told, None


@pytest.mark.parametrize("missing", ["last", "high", "low"])
@pytest.mark.parametrize("direction", ["asc", "desc"])
@pytest.mark.parametrize("sort", ["minus", "words", "two_parameters", "objects"])
async def test_sorts_put_missing_values_where_the_manner_says(sort: str, direction: str, missing: str) -> None:
    """Scores in order, ties by id upwards, and those without a score before or behind all."""
    said: dict[str, dict[str, Any]] = {
        "minus": {"sort": "-score" if direction == "desc" else "score"},
        "words": {"order": f"score {direction}"},
        "two_parameters": {"sort": "score", "direction": direction},
        "objects": {"sort": [{"score": direction}]},
    }
    rows = PEOPLE[:100]
    async with visiting(rows, COMPANIES, sort=sort, missing=missing) as (_, http):
        method, place = ("POST", "json") if sort == "objects" else ("GET", "params")
        seen = ids_of(await http.request(method, "/people", **{place: {**said[sort], "limit": 100}}))  # type: ignore[arg-type]  # one of two

    by_id = sorted(rows, key=lambda row: row["id"])
    scored = sorted((row for row in by_id if row["score"] is not None), key=lambda row: row["score"])
    if direction == "desc":
        scored = sorted(scored, key=lambda row: -row["score"])
    none = [row for row in by_id if row["score"] is None]
    is_first = (missing, direction) in {("high", "desc"), ("low", "asc")}
    assert none
    assert seen == [row["id"] for row in (none + scored if is_first else scored + none)]


ADA: Row = {
    "id": 7,
    "first": "Ada",
    "last": "Abel",
    "email": None,
    "score": None,
    "vip": False,
    "born": "1990-02-03",
    "company": 3,
    "status": "active",
    "changed": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
}


@pytest.mark.parametrize(
    ("words", "field", "told", "asked"),
    [
        ({}, "born", "1990-02-03", "1990-02-03"),
        ({"days": "%d/%m/%Y"}, "born", "03/02/1990", "03/02/1990"),
        ({"days": "%d/%m/%Y", "filter_days": "iso"}, "born", "03/02/1990", "1990-02-03"),
        ({}, "changed", "2026-01-02T03:04:05Z", "2026-01-02T04:04:05+01:00"),
        ({"instants": "epoch"}, "changed", 1767323045, "1767323045"),
        ({"filter_instants": "%Y-%m-%d %H:%M:%S"}, "changed", "2026-01-02T03:04:05Z", "2026-01-02 03:04:05"),
        ({"ids": "text"}, "id", "7", "7"),
        ({"ids": "uuid"}, "id", "c7b8a5ff-9d5c-5e4c-8c4c-000000000000", None),
        ({"company": "pair"}, "company", [3, COMPANIES[2]["name"]], "3"),
        ({"status": "number"}, "status", 2, "2"),
        ({}, "status", "active", "active"),
        ({"empties": ""}, "email", "", None),
        ({"empties": False}, "score", False, None),
        ({}, "email", None, None),
    ],
)
async def test_values_are_told_and_asked_in_the_manners_form(
    words: dict[str, Any], field: str, told: Any, asked: str | None
) -> None:
    """A row shows the value so, and a filter finds the row by it, or by its absence."""
    async with visiting([ADA], COMPANIES, **words) as (_, http):
        row = (await http.get("/people")).json()["data"][0]
        if words.get("ids") == "uuid":
            told = asked = row["id"]
            assert len(told) == 36
        said = {f"filter[{field}][is_null]": "true"} if asked is None else {f"filter[{field}][eq]": asked}

        assert row[field] == told
        assert type(row[field]) is type(told)
        assert ids_of(await http.get("/people", params=said)) == [row["id"]]


async def test_relationships_stand_beside_attributes() -> None:
    """A JSON:API resource tells ids as texts, and no company as null."""
    async with visiting([ADA, {**ADA, "id": 8, "company": None}], COMPANIES, envelope="jsonapi", empties="") as (
        _,
        http,
    ):
        first, second = (await http.get("/people")).json()["data"]

    assert (first["type"], first["id"], first["attributes"]["last"]) == ("people", "7", "Abel")
    assert first["relationships"] == {"company": {"data": {"type": "companies", "id": "3"}}}
    assert second["relationships"] == {"company": {"data": None}}
    assert not {"id", "company"} & first["attributes"].keys()


async def test_rows_are_got_in_one_way_only() -> None:
    """One by one, by a parameter, or with a filter; the other ways are refused."""
    async with visiting([ADA], COMPANIES, gets="one") as (_, http):
        assert (await http.get("/people/7")).json()["data"]["last"] == "Abel"
        assert {(await http.get(path)).status_code for path in ("/people/8", "/people/x", "/deals")} == {404}
        assert (await http.get("/people", params={"ids": "7"})).status_code == 400
    async with visiting(PEOPLE, COMPANIES, gets="ids") as (_, http):
        assert ids_of(await http.get("/people", params={"ids": "7,9,999"})) == [7, 9]
        assert (await http.get("/people/7")).status_code == 404
    async with visiting(PEOPLE, COMPANIES, gets="filter") as (_, http):
        assert ids_of(await http.get("/people", params={"filter[id][in]": "7,9,999"})) == [7, 9]
        assert (await http.get("/people", params={"ids": "7"})).status_code == 400


@pytest.mark.parametrize(
    ("auth", "signed"),
    [
        ("header", {"headers": {"X-Api-Key": API_KEY}}),
        ("query", {"params": {"api_key": API_KEY}}),
        ("basic", {"auth": (USER, PASSWORD)}),
        ("bearer", {"headers": {"Authorization": f"Bearer {API_KEY}"}}),
    ],
)
async def test_only_the_signed_are_let_in(auth: str, signed: dict[str, Any]) -> None:
    """A request without the key is a 401, and so is one that shows it elsewhere."""
    async with visiting([ADA], COMPANIES, auth=auth) as (_, http):
        del http.headers["X-Api-Key"]
        elsewhere = {"X-Api-Key": API_KEY} if auth != "header" else {"Authorization": f"Bearer {API_KEY}"}

        assert ids_of(await http.get("/people", **signed)) == [7]
        assert (await http.get("/people", headers=elsewhere)).status_code == 401


async def test_tokens_are_given_and_expire() -> None:
    """A log-in and a client's own grant give tokens that are good until they expire."""
    client = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
    for auth in ("login", "client_credentials"):
        async with visiting([ADA], COMPANIES, auth=auth) as (shop, http):
            if auth == "login":
                assert (await http.post("/login", json={"user": USER, "password": "no"})).status_code == 401
                given = (await http.post("/login", json={"user": USER, "password": PASSWORD})).json()
                assert given.keys() == {"token", "expires"}
            else:
                given = (await http.post("/token", data={"grant_type": "client_credentials", **client})).json()
                assert given.keys() == {"access_token", "token_type", "expires_in"}
            bearer = {"Authorization": f"Bearer {given.get('token') or given['access_token']}"}

            assert (await http.get("/people")).status_code == 401
            assert (await http.get("/people", headers=bearer)).status_code == 200
            shop.expire_tokens()
            assert (await http.get("/people", headers=bearer)).status_code == 401


async def test_refresh_tokens_are_good_for_one_use() -> None:
    """Each use gives another one, and the old one is an invalid grant."""
    async with visiting([ADA], COMPANIES, auth="refresh") as (_, http):
        form = {"grant_type": "refresh_token", "refresh_token": REFRESH_TOKEN}
        signed: dict[str, Any] = {"auth": (CLIENT_ID, CLIENT_SECRET)}
        given = (await http.post("/token", data=form, **signed)).json()
        again = await http.post("/token", data=form, **signed)
        next_one = await http.post("/token", data={**form, "refresh_token": given["refresh_token"]}, **signed)

        bearer = {"Authorization": f"Bearer {given['access_token']}"}
        assert (await http.get("/people", headers=bearer)).status_code == 200
        assert (again.status_code, again.json()) == (400, {"error": "invalid_grant"})
        assert next_one.json()["refresh_token"] != given["refresh_token"]


@pytest.mark.parametrize("status", [401, 403, 404, 429])
async def test_refusals_are_told_by_status_or_in_the_body(status: int) -> None:
    """One call is refused as the test wants it, and the next one is answered."""
    for errors in ("status", "body200"):
        async with visiting([ADA], COMPANIES, errors=errors) as (shop, http):
            shop.refuse(status, retry_after_s=3 if status == 429 else None)
            refused, answered = await http.get("/people"), await http.get("/people")

        assert refused.headers.get("Retry-After") == ("3" if status == 429 else None)
        assert answered.json().get("ok", True) is True
        assert ids_of(answered) == [7]
        if errors == "status":
            assert refused.status_code == status
        else:
            assert (refused.status_code, refused.json()["ok"]) == (200, False)
            assert refused.json()["error"].keys() == {"code", "message"}


async def test_calls_are_kept() -> None:
    """Every request is there with its parameters and its body."""
    async with visiting([ADA], COMPANIES, filters="json") as (shop, http):
        await http.post("/people", params={"limit": 1}, json={"filter": ["vip", "=", False]})
        await http.get("/people")

    first, second = shop.calls
    assert (first.method, first.path, first.params) == ("POST", "/people", {"limit": "1"})
    assert first.body == {"filter": ["vip", "=", False]}
    assert (second.method, second.body) == ("GET", None)
