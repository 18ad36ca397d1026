"""What the API refuses, with its code and what is wrong; the key, the limits in virtual time, and faults."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from sandbox import Sandbox
from sandbox.run import Option

LEAF = {"field": "email", "op": "eq", "value": "x"}
QUERY = "/api/v1/contacts/query"
SLOW = 0.001
"""Virtual seconds per second: the clock all but stands, so that only `advance` moves the windows."""


def leaf(field: str, op: str, value: object) -> dict[str, object]:
    """A query of one condition."""
    return {"filter": {"field": field, "op": op, "value": value}}


def nested(levels: int) -> dict[str, object]:
    """A query whose filter is so deep, its leaf included."""
    tree: dict[str, Any] = LEAF
    for _ in range(levels - 1):
        tree = {"not": tree}
    return {"filter": tree}


def sort(*fields: str) -> dict[str, object]:
    """A query in the order of *fields*."""
    return {"sort": [{"field": field, "direction": "asc"} for field in fields]}


REFUSED: list[tuple[str, object, int, str, str | None]] = [
    (QUERY, [], 400, "invalid_request", None),
    (QUERY, {"where": {}}, 400, "invalid_request", "where"),
    (QUERY, {"limit": "5"}, 400, "invalid_request", "limit"),
    (QUERY, {"limit": True}, 400, "invalid_request", "limit"),
    (QUERY, {"filter": None}, 400, "invalid_request", "filter"),
    (QUERY, {"fields": [1]}, 400, "invalid_request", "fields"),
    (QUERY, {"sort": [{"field": "id"}]}, 400, "invalid_request", "sort"),
    (QUERY, {"limit": 201}, 422, "invalid_request", "limit"),
    (QUERY, {"offset": 10_001}, 422, "invalid_request", "offset"),
    (QUERY, {"offset": -1}, 422, "invalid_request", "offset"),
    (QUERY, sort("id", "created_at", "updated_at", "birth_date"), 422, "invalid_request", "sort"),
    (QUERY, sort("email"), 422, "invalid_field", "email"),
    (QUERY, sort("nps"), 422, "invalid_field", "nps"),
    (QUERY, {"fields": ["nps"]}, 422, "invalid_field", "nps"),
    (QUERY, {"fields": ["address.zip"]}, 422, "invalid_field", "address.zip"),
    (QUERY, leaf("nps", "eq", 1), 422, "invalid_filter", "nps"),
    (QUERY, leaf("description", "contains", "x"), 422, "invalid_filter", "description"),
    (QUERY, leaf("custom.interests", "eq", "pricing"), 422, "invalid_filter", "custom.interests"),
    (QUERY, leaf("address", "is_null", True), 422, "invalid_filter", "address"),
    (QUERY, leaf("email", "like", "x"), 422, "invalid_filter", "email"),
    (QUERY, leaf("email", "gt", "x"), 422, "invalid_filter", "email"),
    (QUERY, leaf("email", "eq", None), 422, "invalid_filter", "email"),
    (QUERY, leaf("email", "is_null", "true"), 422, "invalid_filter", "email"),
    (QUERY, leaf("email", "in", []), 422, "invalid_filter", "email"),
    (QUERY, leaf("email", "in", ["x"] * 201), 422, "invalid_filter", "email"),
    (QUERY, leaf("company_id", "eq", "23"), 422, "invalid_filter", "company_id"),
    (QUERY, leaf("custom.nps", "eq", "7,5"), 422, "invalid_filter", "custom.nps"),
    (QUERY, leaf("custom.is_vip", "eq", 1), 422, "invalid_filter", "custom.is_vip"),
    (QUERY, leaf("custom.is_vip", "lt", True), 422, "invalid_filter", "custom.is_vip"),
    (QUERY, leaf("birth_date", "gt", "1980-01-01T00:00:00Z"), 422, "invalid_filter", "birth_date"),
    (QUERY, leaf("birth_date", "gt", "1980-02-30"), 422, "invalid_filter", "birth_date"),
    (QUERY, leaf("updated_at", "gt", "2026-01-01"), 422, "invalid_filter", "updated_at"),
    (QUERY, leaf("updated_at", "gt", "2026-01-01T00:00:00"), 422, "invalid_filter", "updated_at"),
    ("/api/v1/deals/query", leaf("contact_ids", "nin", [1]), 422, "invalid_filter", "contact_ids"),
    ("/api/v1/deals/query", leaf("status", "contains", "w"), 422, "invalid_filter", "status"),
    (QUERY, {"filter": {"and": []}}, 422, "invalid_filter", None),
    (QUERY, {"filter": {"and": [LEAF], "or": [LEAF]}}, 422, "invalid_filter", None),
    (QUERY, {"filter": {**LEAF, "case": True}}, 422, "invalid_filter", None),
    (QUERY, {"filter": {"or": [LEAF] * 101}}, 422, "invalid_filter", None),
    (QUERY, nested(7), 422, "invalid_filter", None),
    (QUERY, {"filter": {"or": [LEAF], "pad": "x" * 256_000}}, 413, "too_large", None),
    (f"{QUERY}?limit=1", {}, 400, "invalid_request", "limit"),
    ("/api/v1/pipelines/query", {}, 404, "not_found", None),
    ("/api/v1/contacts", {}, 404, "not_found", None),
    ("/api/v1/contacts/1", {}, 405, "method_not_allowed", None),
]


@contextmanager
def running(*, tls: bool = False, time_scale: float = 1.0, **options: Option) -> Iterator[tuple[Sandbox, httpx.Client]]:
    """A small account, and a client that sends its key."""
    with Sandbox(
        ["generic_rest"], scale=0.02, tls=tls, time_scale=time_scale, options={"generic_rest": options}
    ) as sandbox:
        headers = {"X-Api-Key": sandbox.secrets["GENERIC_REST_KEY"]}
        url = sandbox.url("generic_rest")
        with httpx.Client(base_url=url, headers=headers, verify=not tls) as http:
            yield sandbox, http


@pytest.fixture(scope="module")
def account() -> Iterator[tuple[Sandbox, httpx.Client]]:
    """One whose burst is lifted."""
    with running(burst=10**6) as one:
        yield one


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: json.dumps(case)[:70])
def test_what_is_wrong_is_refused(
    account: tuple[Sandbox, httpx.Client], case: tuple[str, object, int, str, str | None]
) -> None:
    """With the status, a code, a message, and the name where there is one."""
    path, body, status, code, field = case

    answer = account[1].post(path, json=body)

    error = answer.json()["error"]
    assert (answer.status_code, error.pop("code"), error.pop("message") != "") == (status, code, True)
    assert error == ({} if field is None else {"field": field})


@pytest.mark.parametrize("body", [b"", b"{", b'{"limit": NaN}', b"\xff", b"[" * 5_000], ids=str)
def test_a_body_is_json(account: tuple[Sandbox, httpx.Client], body: bytes) -> None:
    """Or it is refused."""
    answer = account[1].post(QUERY, content=body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "body",
    [
        {"filter": {"or": [LEAF] * 100}},
        nested(6),
        leaf("email", "nin", ["x"] * 200),
        {"limit": 200, "offset": 10_000},
        sort("id", "created_at", "custom.nps"),
    ],
    ids=lambda body: json.dumps(body)[:40],
)
def test_what_just_fits_is_answered(account: tuple[Sandbox, httpx.Client], body: dict[str, object]) -> None:
    """Every cap includes its number."""
    assert account[1].post(QUERY, json=body).status_code == 200


@pytest.mark.parametrize("path", ["contacts/0", "contacts/x", "contacts/-1", f"contacts/{'9' * 5_000}", "cats/1", "x"])
def test_what_is_not_there_is_not_found(account: tuple[Sandbox, httpx.Client], path: str) -> None:
    """Records, resources and paths alike."""
    answer = account[1].get(f"/api/v1/{path}")

    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize("headers", [{}, {"X-Api-Key": "wrong"}, {"Authorization": "Bearer KEY"}], ids=str)
def test_the_key_stands_in_its_header(account: tuple[Sandbox, httpx.Client], headers: dict[str, str]) -> None:
    """A call without it is refused, wherever it goes, and still hears of the limits."""
    sandbox, _ = account
    key = sandbox.secrets["GENERIC_REST_KEY"]
    answer = httpx.get(
        f"{sandbox.url('generic_rest')}/nowhere",
        headers={name: value.replace("KEY", key) for name, value in headers.items()},
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "unauthorized")
    assert answer.headers["x-ratelimit-limit"] == "1000000"


def test_ten_seconds_have_their_calls() -> None:
    """Every answer tells what is left; one call too many waits until the first leaves the window."""
    with running(time_scale=SLOW, burst=2) as (sandbox, http):
        answers = [http.get("/api/v1/account")]
        sandbox.clock.advance(4)
        answers += [http.get("/api/v1/nowhere"), http.post(QUERY, json={})]
        sandbox.clock.advance(6)
        answers += [http.post(QUERY, json={}), http.get("/api/v1/account")]

    assert [one.status_code for one in answers] == [200, 404, 429, 200, 429]
    assert [one.headers["x-ratelimit-remaining"] for one in answers] == ["1", "0", "0", "0", "0"]
    assert [one.headers["x-ratelimit-reset"] for one in answers] == ["10", "6", "6", "4", "4"]
    assert [one.headers.get("retry-after") for one in answers] == [None, None, "6", None, "4"]
    assert answers[2].json()["error"]["code"] == "rate_limited"
    assert [one.headers["x-daily-remaining"] for one in answers] == ["19999", "19998", "19998", "19997", "19997"]


def test_a_day_has_its_calls() -> None:
    """Any 24 hours; nothing says when they end."""
    with running(time_scale=SLOW, daily=1) as (sandbox, http):
        statuses = [http.get("/api/v1/account").status_code]
        answer = http.get("/api/v1/account")
        for wait_s in (86_300, 100):
            sandbox.clock.advance(wait_s)
            statuses.append(http.get("/api/v1/account").status_code)

    assert statuses == [200, 429, 200]
    assert answer.json()["error"]["code"] == "quota_exceeded"
    assert (answer.headers.get("retry-after"), answer.headers["x-daily-remaining"]) == (None, "0")


async def test_five_calls_run_at_a_time() -> None:
    """A sixth comes back at once and may be tried again after a second."""
    with running() as (sandbox, http):
        sandbox.faults("generic_rest").set("latency", value=1.0)
        async with httpx.AsyncClient(base_url=http.base_url, headers=http.headers) as client:
            answers = await asyncio.gather(*(client.get("/api/v1/account") for _ in range(6)))

    assert Counter(one.status_code for one in answers) == {200: 5, 429: 1}
    (refused,) = [one for one in answers if one.status_code == 429]
    assert (refused.json()["error"]["code"], refused.headers["retry-after"]) == ("rate_limited", "1")


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("rate_limited", 429, "rate_limited"),
        ("quota_exhausted", 429, "quota_exceeded"),
        ("unauthorized", 401, "unauthorized"),
        ("revoked", 401, "unauthorized"),
        ("forbidden", 403, "forbidden"),
    ],
)
def test_faults_are_told_in_the_apis_words(
    account: tuple[Sandbox, httpx.Client], fault: str, status: int, code: str
) -> None:
    """Once each."""
    sandbox, http = account
    sandbox.faults("generic_rest").set(fault, times=1, path="/account", value=7 if fault == "rate_limited" else None)
    answer = http.get("/api/v1/account")

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.headers.get("retry-after") == ("7" if fault == "rate_limited" else None)
    assert http.get("/api/v1/account").status_code == 200


def test_it_serves_tls_and_tells_the_gateway_how_to_reach_it() -> None:
    """The key is a secret by reference."""
    with running(tls=True) as (sandbox, http):
        status = http.get("/api/v1/account").status_code
        connect = sandbox.connect("generic_rest")

    assert status == 200
    assert connect == {
        "key": "generic_rest",
        "platform": "generic_rest",
        "base_url": str(http.base_url).rstrip("/"),
        "auth": {"kind": "bearer", "token": "env:GENERIC_REST_KEY"},
    }


def test_a_wrong_option_is_refused() -> None:
    """By the platform's name."""
    with pytest.raises(ValueError, match="generic_rest emulator"), running(bursts=1):
        pass
