"""Settings become sources and a schema; sources that fail do not keep the gateway from serving the others."""

import asyncio
import time
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from connectors.credentials import Bearer
from connectors.memory import MemoryConnector
from connectors.registry import SourceConfig, platforms
from gateway.config import Features, Limits
from gateway.server import server_of
from gateway.wiring import Gateway
from model.capabilities import Description
from model.errors import ConfigError, ReauthRequired, SourceUnavailable
from model.page import Page, Position
from model.query import Query
from tests.gateway.records import memory_source
from tests.gateway.server.slow import Slow
from tests.gateway.serving import gateway_over, serving, serving_by, settings_with

CONTACTS = (
    "{ contacts(first: 2) { nodes { source { key } } isPartial sources { source { key } status error { code } } } }"
)


class Down(MemoryConnector):
    """A source whose rows cannot be had."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Never a page."""
        del query, after
        raise SourceUnavailable(f"{self.source} is down", source=self.source, retry_after_s=7)


class Unreadable(MemoryConnector):
    """A source whose metadata cannot be had."""

    async def describe(self) -> Description:
        """Never a description."""
        raise ReauthRequired(f"{self.source} refuses its credential", source=self.source)


class Buggy(MemoryConnector):
    """A source with a bug in its metadata."""

    async def describe(self) -> Description:
        """Never a description."""
        raise KeyError("nobody thought of this")


def test_failing_source_is_told_beside_the_others_rows() -> None:
    """The list is partial, the outcome has the code, and `extensions.sources` repeats what a machine needs."""
    with serving(gateway_over([memory_source("up"), memory_source("down", connect=Down)])) as served:
        answer = served.post(CONTACTS)

    found = answer["data"]["contacts"]
    assert found["isPartial"]
    assert [node["source"]["key"] for node in found["nodes"]] == ["up", "up"]
    assert [outcome["status"] for outcome in found["sources"]] == ["OK", "FAILED"]
    assert "errors" not in answer
    assert answer["extensions"] == {
        "sources": [
            {
                "source": "down",
                "platform": "memory",
                "code": "SOURCE_UNAVAILABLE",
                "isRetryable": True,
                "retryAfterS": 7.0,
            }
        ]
    }


@pytest.mark.parametrize(("kind", "event"), [(Unreadable, "source.unavailable"), (Buggy, "source.broken")])
def test_source_without_metadata_does_not_stop_the_start(kind: type[MemoryConnector], event: str) -> None:
    """The gateway is ready, says in one line what is wrong, and serves the other source."""
    with serving(gateway_over([memory_source("bad", connect=kind), memory_source("good")])) as served:
        ready = served.client.get("/health/ready")
        answer = served.post('{ contacts(first: 1, sources: ["good"]) { nodes { source { key } } } }')

        assert ready.status_code == 200
        assert [found["source"] for found in served.log.events(event)] == ["bad"]
        assert [found["source"] for found in served.log.events("source.ready")] == ["good"]
    assert answer["data"]["contacts"]["nodes"] == [{"source": {"key": "good"}}]


class Slowly(MemoryConnector):
    """A source whose metadata takes a second."""

    async def describe(self) -> Description:
        """The description, late."""
        await asyncio.sleep(1)
        return await super().describe()


def test_gateway_is_live_before_it_is_ready() -> None:
    """While metadata is read, the process answers that it lives and is not ready yet."""
    server = server_of(gateway_over([memory_source("slow", connect=Slowly)]))
    with serving_by(server) as (_, client, log):
        early = [client.get(f"/health/{name}").status_code for name in ("live", "ready")]
        until_ready(client)

        assert early == [200, 503]
        assert [event["event"] for event in log.events()] == ["source.ready"]


def until_ready(client: httpx.Client) -> None:
    """Come back when the gateway is ready."""
    ends = time.monotonic() + 10
    while client.get("/health/ready").status_code != 200:
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_late_source_is_cut_off_at_the_deadline() -> None:
    """A source that does not answer in time is SOURCE_TIMEOUT, the others' rows are there, the call is cancelled."""
    slow = memory_source("slow", connect=Slow)
    settings = settings_with(limits=Limits(deadline_s=0.5))
    with serving(gateway_over([slow, memory_source("quick")], settings)) as served:
        started = time.monotonic()
        answer = served.post(CONTACTS)

    assert time.monotonic() - started < 3
    found = answer["data"]["contacts"]
    assert [outcome["error"] for outcome in found["sources"]] == [{"code": "SOURCE_TIMEOUT"}, None]
    assert isinstance(slow, Slow)
    assert (slow.started, slow.cancelled) == (1, 1)


def test_call_budget_bounds_a_request() -> None:
    """What can need more calls than the settings allow is refused before it runs."""
    query = "{ contacts(first: 50) { nodes { company { name } owner { name } } } }"
    for calls, expected in ((200, set()), (3, {"QUERY_TOO_COMPLEX"})):
        settings = settings_with(limits=Limits(upstream_calls=calls))
        with serving(gateway_over([memory_source("alpha")], settings)) as served:
            errors = served.post(query).get("errors", [])

        assert {error["extensions"]["code"] for error in errors} == expected


AGGREGATE = "{ dealAggregate(%s) { groups { count } sources { status notes upstreamCalls error { code } } } }"


def test_field_may_ask_for_more_time_than_the_default() -> None:
    """Up to the settings' most; its neighbours keep the default, and so does a field that asks for less."""
    slow = memory_source("slow", connect=Slow)
    slow.delay_s = 0.8  # type: ignore[attr-defined]  # a Slow
    settings = settings_with(limits=Limits(deadline_s=0.4, max_deadline_s=1.5))
    fields = "contacts(first: 2%s) { nodes { id } sources { status error { code } } }"
    longer = f"{{ a: {fields % ', options: {deadlineMs: 60000}'} b: {fields % ''} }}"
    variables = {"options": {"deadlineMs": 1400}}
    declared = f"query ($options: ReadOptions) {{ a: {fields % ', options: $options'} }}"

    with serving(gateway_over([slow], settings)) as served:
        answer = served.post(longer)
        by_variable = served.post(declared, variables)

    assert [outcome["status"] for outcome in answer["data"]["a"]["sources"]] == ["OK"]
    assert answer["data"]["b"] is None
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["SOURCE_TIMEOUT"]
    assert [outcome["status"] for outcome in by_variable["data"]["a"]["sources"]] == ["OK"]


def test_time_asked_for_is_capped() -> None:
    """What is late by the settings' most is late, whatever was asked."""
    slow = memory_source("slow", connect=Slow)
    settings = settings_with(limits=Limits(deadline_s=0.2, max_deadline_s=0.4))
    started = time.monotonic()
    with serving(gateway_over([slow], settings)) as served:
        code = served.code("{ contacts(first: 2, options: {deadlineMs: 200000}) { isPartial } }")

    assert code == "SOURCE_TIMEOUT"
    assert time.monotonic() - started < 5


def test_field_may_ask_for_more_calls_than_the_default() -> None:
    """Up to the settings' most; a field that asks for nothing has the default, and all share the widest."""
    source = memory_source("alpha")
    source._page_size = 10  # a fold of ten pages
    settings = settings_with(limits=Limits(upstream_calls=4, max_upstream_calls=8))

    with serving(gateway_over([source], settings)) as served:
        usual, more, most = (
            served.post(AGGREGATE % options)["data"]["dealAggregate"]
            for options in ("first: 9", "options: {maxCalls: 6}", "options: {maxCalls: 5000}")
        )

    assert [found["sources"][0]["upstreamCalls"] for found in (usual, more, most)] == [4, 6, 8]
    assert [found["groups"][0]["count"] for found in (usual, more, most)] == [40, 60, 80]
    assert most["sources"][0]["error"] == {"code": "BUDGET_EXCEEDED"}


def config(base_url: str) -> SourceConfig:
    """A source at *base_url*."""
    platform = platforms()["hubspot"]
    auth = Bearer(kind="bearer", token=SecretStr("pat-0123456789"))
    return SourceConfig(
        key="a", name="A", platform=platform.key, base_url=base_url, auth=auth, options=platform.options()
    )


def connected(base_url: str, **more: Any) -> Gateway:
    """A gateway over a source at *base_url*, closed again."""
    settings = settings_with(features=Features(), **more)
    return Gateway(settings.model_copy(update={"sources": (config(base_url),)}))


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:1", "https://169.254.169.254", "https://[::1]", "https://evil.example", "http://api.hubapi.com"],
)
async def test_sources_are_under_the_address_policy(url: str) -> None:
    """The policy of the settings reaches the connectors: what it refuses is refused before any call."""
    with pytest.raises(ConfigError):
        connected(url)


@pytest.mark.parametrize(
    ("url", "more"),
    [
        ("https://api.hubapi.com", {}),
        ("http://127.0.0.1:1", {"allow_loopback": True}),
        ("https://crm.example.org", {"allow_hosts": ("crm.example.org",)}),
    ],
)
async def test_allowed_addresses_are_connected(url: str, more: dict[str, Any]) -> None:
    """The vendor's own hosts, and what the operator allows."""
    gateway = connected(url, **more)

    assert [source.key for source in gateway.sources] == ["a"]
    await gateway.aclose()
