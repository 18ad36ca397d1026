"""The key, limits in virtual time, faults and options."""

import httpx
import pytest

from gateway.cli.demo_fields import demo_fields
from sandbox import Sandbox
from sandbox.generic_graphql.options import Options
from tests.sandbox.generic_graphql.workspace import Workspace, running_workspace

PING = "{ __typename }"
SLOW = 0.001
"""Virtual seconds per second: the clock all but stands, so that only `advance` moves it."""


@pytest.mark.parametrize("authorization", [None, "", "Bearer wrong", "KEY", "Basic KEY"])
def test_a_wrong_key_is_unauthenticated(workspace: Workspace, authorization: str | None) -> None:
    """With 200, as every error; so is the right key in another scheme."""
    key = str(workspace.http.headers["Authorization"]).removeprefix("Bearer ")
    headers = {} if authorization is None else {"Authorization": authorization.replace("KEY", key)}
    answer = httpx.post(f"{workspace.connect['base_url']}/graphql", json={"query": PING}, headers=headers)

    assert (answer.status_code, answer.json()["data"]) == (200, None)
    assert answer.json()["errors"][0]["extensions"] == {"code": "UNAUTHENTICATED"}


def test_a_minute_has_its_requests() -> None:
    """One too many waits until the oldest is a minute old, and does not count; no header tells of it."""
    with running_workspace(time_scale=SLOW, minute=2) as workspace:
        workspace.data(PING)
        workspace.clock.advance(20)
        answer = workspace.http.post("/graphql", json={"query": PING})
        refused = workspace.ask(PING)
        workspace.clock.advance(40)
        later = [workspace.ask(PING), workspace.ask(PING)]

    (error,) = refused["errors"]
    assert (refused["data"], error["extensions"]) == (None, {"code": "LIMIT_REACHED", "retryAfter": 40})
    assert later[0]["data"] == {"__typename": "Query"}
    assert later[1]["errors"][0]["extensions"] == {"code": "LIMIT_REACHED", "retryAfter": 20}
    assert not {"retry-after", "ratelimit", "x-ratelimit-limit"} & set(answer.headers)


def test_a_day_has_its_requests() -> None:
    """From midnight to midnight UTC; the clock starts at noon."""
    with running_workspace(time_scale=SLOW, daily=2) as workspace:
        workspace.data(PING)
        workspace.data(PING)
        refused = workspace.ask(PING)
        workspace.clock.advance(11.9 * 3600)
        still = workspace.codes(PING)
        workspace.clock.advance(0.2 * 3600)
        again = workspace.data(PING)

    assert (refused["data"], refused["errors"][0]["extensions"]) == (None, {"code": "DAILY_LIMIT_REACHED"})
    assert (still, again) == (["DAILY_LIMIT_REACHED"], {"__typename": "Query"})


def test_the_limits_are_those_of_the_page() -> None:
    """A hundred a minute, ten thousand a day."""
    assert Options() == Options(minute=100, daily=10_000)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("rate_limited", "LIMIT_REACHED"),
        ("quota_exhausted", "DAILY_LIMIT_REACHED"),
        ("unauthorized", "UNAUTHENTICATED"),
        ("revoked", "UNAUTHENTICATED"),
        ("forbidden", "FORBIDDEN"),
        ("internal_error", "INTERNAL_SERVER_ERROR"),
    ],
)
def test_faults_are_told_as_errors(workspace: Workspace, fault: str, code: str) -> None:
    """Once each; the day that a fault has used up ends at midnight."""
    workspace.faults.set(fault, times=1, path="/graphql", value=7 if fault == "rate_limited" else None)
    body = workspace.ask(PING)
    workspace.clock.advance(86_400)

    assert body["data"] is None
    assert body["errors"][0]["extensions"] == {"code": code, **({"retryAfter": 7} if fault == "rate_limited" else {})}
    assert workspace.data(PING)


def test_a_broken_link_leaves_the_rest(workspace: Workspace) -> None:
    """Partial data: the record behind is null with an error at its path, all else is there."""
    workspace.faults.set("broken_link", times=1)
    body = workspace.ask("{ noteTargets(first: 2) { edges { node { noteId note { title } } } } }")

    nodes = [edge["node"] for edge in body["data"]["noteTargets"]["edges"]]
    assert [(bool(node["noteId"]), node["note"]) for node in nodes] == [(True, None)] * 2
    paths = [(error["path"], error["extensions"]["code"]) for error in body["errors"]]
    assert paths == [(["noteTargets", "edges", n, "node", "note"], "INTERNAL_SERVER_ERROR") for n in range(2)]


def test_the_gateway_is_told_how_to_reach_it(workspace: Workspace) -> None:
    """The key is a secret by reference; the account has no fields of its own, and the demo then names none."""
    assert workspace.connect == {
        "key": "generic_graphql",
        "platform": "generic_graphql",
        "base_url": str(workspace.http.base_url).rstrip("/"),
        "auth": {"kind": "bearer", "token": "env:GENERIC_GRAPHQL_KEY"},
    }
    assert demo_fields({"generic_graphql": Sandbox(["generic_graphql"]).own_fields("generic_graphql")}) == {}


def test_it_serves_tls() -> None:
    """As any emulator."""
    with running_workspace(tls=True) as workspace:
        assert workspace.data(PING)


@pytest.mark.parametrize("options", [{"minutes": 1}, {"daily": -1}, {"minute": True}], ids=str)
def test_a_wrong_option_is_refused(options: dict[str, int | bool]) -> None:
    """Unknown names, and values that a switch does not take."""
    with pytest.raises(ValueError, match="generic_graphql emulator"):
        Options.from_mapping(options)
