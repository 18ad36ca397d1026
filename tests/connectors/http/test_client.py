"""What a call sends, what comes back, and what is recorded of it."""

from urllib.parse import unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.credentials import ClientCredentials
from model.errors import BudgetExceeded, ConfigError, OurBug, Rejected, SourceUnavailable
from tests.connectors.http.conftest import TOKEN, Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

GRANT = ClientCredentials(kind="client_credentials", client_id="an-id", client_secret="a-secret")


async def test_a_call_arrives_signed_and_its_json_comes_back(origin: Origin, connect: Connect) -> None:
    """Method, path, parameters, headers and body arrive as given; the parsed answer is returned."""

    async def handler(asked: Asked) -> Answer:
        return as_json({"rows": [1, 2]})

    origin.handler = handler
    call = a_call(
        method="POST",
        params=(("q", "a b"), ("q", "c+d&e=f")),
        content=b'{"x":1}',
        headers={"Prefer": "odata.maxpagesize=5"},
        parse=lambda value: value["rows"],
    )

    with in_scope():
        rows = await connect().send(call)

    asked = origin.asked[0]
    assert rows == [1, 2]
    assert (asked.method, asked.target) == ("POST", "/things?q=a%20b&q=c%2Bd%26e%3Df")
    assert asked.body == b'{"x":1}'
    assert asked.headers["authorization"] == f"Bearer {TOKEN}"
    assert asked.headers["content-type"] == "application/json"
    assert asked.headers["prefer"] == "odata.maxpagesize=5"
    assert "cookie" not in asked.headers


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=40))
async def test_any_text_survives_as_a_parameter(origin: Origin, connect: Connect, text: str) -> None:
    """What the source decodes is what the connector gave."""
    if any("\ud800" <= character <= "\udfff" for character in text):
        return
    with in_scope():
        await connect().send(a_call(params=(("q", text),), is_shareable=False))

    assert unquote(origin.asked[-1].target.partition("?q=")[2]) == text


async def test_a_call_leaves_one_event(origin: Origin, connect: Connect) -> None:
    """The scope learns operation, entity, query, rows, bytes and status of a call that ended."""

    async def handler(asked: Asked) -> Answer:
        return as_json([1, 2, 3])

    origin.handler = handler

    with in_scope() as scope:
        await connect().send(a_call(entity="contact", query="all of them", rows=len))

    (event,) = scope.calls
    assert (event.source, event.operation, event.kind, event.entity) == ("acme", "read", "data", "contact")
    assert (event.query, event.rows, event.size_bytes, event.status) == ("all of them", 3, 7, 200)
    assert (event.retries, event.is_cached) == (0, False)
    assert event.took_ms > 0


async def test_a_failed_call_leaves_one_event_too(origin: Origin, connect: Connect) -> None:
    """A refusal is a call that ended."""

    async def handler(asked: Asked) -> Answer:
        return as_json({}, 400)

    origin.handler = handler

    with in_scope() as scope, pytest.raises(Rejected):
        await connect().send(a_call())

    assert [(event.status, event.rows) for event in scope.calls] == [(400, 0)]


async def test_data_calls_spend_the_budget_and_no_others_do(origin: Origin, connect: Connect) -> None:
    """With a budget of one, metadata is free, the second data call is refused and nothing is sent for it."""
    client = connect()
    with in_scope(calls=1) as scope:
        await client.send(a_call(kind="metadata"))
        await client.send(a_call())
        with pytest.raises(BudgetExceeded, match="acme"):
            await client.send(a_call(path="/more"))

    assert len(origin.asked) == 2
    assert len(scope.calls) == 2


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Answer(body=b"<html>", headers={"content-type": "text/html; charset=utf-8"}), "answered text/html where JSON"),
        (Answer(body=b"{", headers={"content-type": "application/json"}), "answered application/json where JSON"),
        (Answer(body=b"NaN", headers={"content-type": "\x1b[31m"}), "answered something else where JSON"),
        (Answer(body=b"\xff"), "where JSON"),
        (Answer(body=b"[" * 100_000 + b"]" * 100_000), "where JSON"),
        (Answer(body=b'{"rows": 5}'), "another shape"),
        (Answer(body=b"[]"), "another shape"),
        (Answer(status=204, body=b""), "another shape"),
    ],
)
async def test_a_good_status_with_a_bad_body_means_unavailable(
    origin: Origin, connect: Connect, answer: Answer, text: str
) -> None:
    """HTML, broken or too deep JSON, or JSON of another shape never looks like an empty answer."""

    async def handler(asked: Asked) -> Answer:
        return answer

    origin.handler = handler

    with in_scope(), pytest.raises(SourceUnavailable, match=text) as failed:
        await connect().send(a_call(parse=lambda value: len(value["rows"])))

    assert "acme" in failed.value.message
    assert "read" in failed.value.message


async def test_an_error_in_parsing_keeps_its_cause(origin: Origin, connect: Connect) -> None:
    """The original error is chained, for the maintainer."""
    with in_scope(), pytest.raises(SourceUnavailable) as failed:
        await connect().send(a_call(parse=lambda value: value["rows"]))

    assert isinstance(failed.value.__cause__, KeyError)


async def test_an_empty_body_is_parsed_as_none(origin: Origin, connect: Connect) -> None:
    """Zoho answers an empty list with 204 and nothing: the connector decides what that means."""

    async def handler(asked: Asked) -> Answer:
        return Answer(204, b"")

    origin.handler = handler

    with in_scope():
        assert await connect().send(a_call(parse=lambda value: value or [])) == []


async def test_a_file_is_handed_on_as_its_bytes(origin: Origin, connect: Connect) -> None:
    """Bulk results are no JSON; the caps hold for them as well."""

    async def handler(asked: Asked) -> Answer:
        return Answer(body=b"id,name\n1,Ada\n", headers={"content-type": "text/csv"})

    origin.handler = handler

    with in_scope():
        assert await connect().send(a_call(is_raw=True)) == b"id,name\n1,Ada\n"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_an_error(origin: Origin, connect: Connect, status: int) -> None:
    """No credential follows a Location header."""

    async def handler(asked: Asked) -> Answer:
        return Answer(status, headers={"location": f"{origin.url}/elsewhere"})

    origin.handler = handler

    with in_scope(), pytest.raises(SourceUnavailable, match="redirects elsewhere"):
        await connect().send(a_call())

    assert len(origin.asked) == 1


@pytest.mark.parametrize("path", ["things", "/a b", "/a\r\nx: y", "/ä", "/a#b", ""])
async def test_a_path_that_is_not_encoded_is_a_bug(origin: Origin, connect: Connect, path: str) -> None:
    """Whatever could change the request line is refused before it is sent."""
    with in_scope(), pytest.raises(OurBug):
        await connect().send(a_call(path=path))

    assert origin.asked == []


@pytest.mark.parametrize("value", ["a\r\nx-evil: 1", "a\nb", "a\x00b", "a\x1bb"])
async def test_a_header_with_control_characters_is_a_bug(origin: Origin, connect: Connect, value: str) -> None:
    """No header can be smuggled into another."""
    with in_scope(), pytest.raises(OurBug, match="control characters"):
        await connect().send(a_call(headers={"x-note": value}))

    assert origin.asked == []


async def test_an_address_that_may_not_be_called_is_a_config_error(connect: Connect) -> None:
    """The base address is checked at the start, and again when it is replaced."""
    client = connect()
    before = client.base_url

    with pytest.raises(ConfigError, match="acme"):
        connect(base_url="http://crm.example.com")
    with pytest.raises(ConfigError, match="acme"):
        connect(token_url="https://10.0.0.1/token", auth=GRANT)
    with pytest.raises(ConfigError, match="not a public address"):
        client.base_url = "https://169.254.169.254/latest"

    assert client.base_url == before


async def test_a_replaced_base_url_is_called(origin: Origin, connect: Connect) -> None:
    """Salesforce names its host only in the token answer."""
    client = connect()

    client.base_url = origin.url + "/v2/"
    with in_scope():
        await client.send(a_call())

    assert origin.asked[0].target == "/v2/things"


async def test_a_closed_client_says_so(connect: Connect) -> None:
    """A call after the end is a typed error."""
    client = connect()
    await client.aclose()

    with in_scope(), pytest.raises(SourceUnavailable, match="disconnected"):
        await client.send(a_call())
