"""Renewing tokens in time and once for all, and giving up when a human is needed."""

import asyncio

import pytest

from connectors.credentials import Auth
from connectors.http import Signing, TokenAnswer
from model.errors import RateLimited, ReauthRequired, SourceTimeout, SourceUnavailable
from tests.connectors.http.auth.tokens import ASSERTION, CREDENTIALS, PASSWORD, REFRESH, TokenServer
from tests.connectors.http.conftest import Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Origin, as_json


@pytest.mark.parametrize("auth", [CREDENTIALS, REFRESH, ASSERTION, PASSWORD])
async def test_thirty_calls_on_a_dead_token_renew_it_once(origin: Origin, connect: Connect, auth: Auth) -> None:
    """Single flight: one token call at the start, one when the source refuses the token, thirty good answers."""
    server = TokenServer(origin)
    client = connect(auth=auth)

    async def burst() -> list[str]:
        return await asyncio.gather(*(client.send(a_call(path=f"/{number}")) for number in range(30)))

    with in_scope():
        assert await burst() == ["data"] * 30
        assert len(server.token_calls) == 1
        server.valid = "revoked"
        assert await burst() == ["data"] * 30

    assert len(server.token_calls) == 2


async def test_a_token_is_renewed_before_it_ends(origin: Origin, connect: Connect) -> None:
    """Within the margin before expires_in, on the virtual clock, the next call fetches another first."""
    server = TokenServer(origin, expires_in="100")
    client = connect(auth=CREDENTIALS, time_scale=500)

    with in_scope():
        await client.send(a_call())
        await client.send(a_call())
        assert len(server.token_calls) == 1
        await asyncio.sleep(91 / 500)
        await client.send(a_call())

    assert len(server.token_calls) == 2
    assert all(asked.headers["authorization"] for asked in origin.asked if asked.target != "/token")


@pytest.mark.parametrize("expires_in", [None, "soon", -5, True, 1e999])
async def test_without_a_usable_lifetime_a_token_lives_until_it_is_refused(
    origin: Origin, connect: Connect, expires_in: object
) -> None:
    """Salesforce says none: only its 401 ends the token."""
    server = TokenServer(origin, expires_in=expires_in)
    client = connect(auth=CREDENTIALS, time_scale=1000)

    with in_scope():
        await client.send(a_call())
        await asyncio.sleep(0.05)
        await client.send(a_call())
        assert len(server.token_calls) == 1
        server.valid = "revoked"
        await client.send(a_call())

    assert len(server.token_calls) == 2


async def test_a_token_that_is_over_at_birth_starts_no_storm(origin: Origin, connect: Connect) -> None:
    """A lifetime of nothing is taken for a second."""
    server = TokenServer(origin, expires_in=0)
    client = connect(auth=CREDENTIALS)

    with in_scope():
        for _ in range(20):
            await client.send(a_call())

    assert len(server.token_calls) == 1


async def test_a_second_refusal_after_renewal_is_final(origin: Origin, connect: Connect) -> None:
    """One renewal, one repeat, then the dialect's error."""
    server = TokenServer(origin)
    server.header = "x-never-sent"

    with in_scope() as scope, pytest.raises(ReauthRequired, match="no longer takes the token"):
        await connect(auth=CREDENTIALS).send(a_call())

    assert len(server.token_calls) == 2
    assert [event.retries for event in scope.calls if event.kind == "data"] == [1]


async def test_a_write_is_repeated_after_renewal(origin: Origin, connect: Connect) -> None:
    """A refused token means that nothing was done."""
    server = TokenServer(origin)
    client = connect(auth=CREDENTIALS)

    with in_scope():
        await client.send(a_call())
        server.valid = "revoked"
        write = a_call(method="POST", content=b"{}", is_idempotent=False, is_shareable=False)
        assert await client.send(write) == "data"


async def test_a_rotated_refresh_token_is_used_from_then_on(origin: Origin, connect: Connect) -> None:
    """And the connector is told of it, with what else the answer said, secrets apart."""
    server = TokenServer(origin, refresh_token="second-refresh", instance_url="https://eu1.example", id_token="x.y.z")
    told: list[TokenAnswer] = []
    client = connect(auth=REFRESH, on_token=told.append)

    with in_scope():
        await client.send(a_call())
        server.valid = "revoked"
        await client.send(a_call())

    assert [asked.form["refresh_token"] for asked in server.token_calls] == ["first-refresh", "second-refresh"]
    assert told[0].refresh_token is not None
    assert told[0].refresh_token.get_secret_value() == "second-refresh"
    assert told[0].expires_in_s == 1800
    assert dict(told[0].fields) == {"token_type": "Bearer", "instance_url": "https://eu1.example"}


async def test_the_token_answer_may_move_the_base_url(origin: Origin, connect: Connect) -> None:
    """The very call that needed the token already goes to the address it named."""
    TokenServer(origin)
    client = connect(auth=CREDENTIALS, on_token=lambda answer: setattr(client, "base_url", origin.url + "/moved"))

    with in_scope():
        await client.send(a_call())

    assert origin.asked[-1].target == "/moved/things"


async def test_a_token_answer_cannot_move_the_base_url_inside(origin: Origin, connect: Connect) -> None:
    """An address that may not be called is a source error, and nothing is sent there."""
    TokenServer(origin)
    client = connect(auth=CREDENTIALS, on_token=lambda answer: setattr(client, "base_url", "https://10.0.0.1"))

    with in_scope(), pytest.raises(SourceUnavailable, match="may not be called"):
        await client.send(a_call())

    assert client.base_url == origin.url


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (as_json({"error": "invalid_grant", "error_description": "gone"}, 400), "invalid_grant"),
        (as_json({"error": "invalid_client"}, 401), "invalid_client"),
        (as_json({"status": "BAD_REFRESH_TOKEN", "message": "no"}, 400), "BAD_REFRESH_TOKEN"),
        (as_json({"error": "invalid_code"}, 200), "invalid_code"),
        (as_json({"error": "<script>\r\nforged"}, 400), "status 400"),
        (Answer(403, b"<html>"), "status 403"),
        (Answer(404, b""), "status 404"),
    ],
)
async def test_a_refused_credential_needs_a_human_and_is_not_hammered(
    origin: Origin, connect: Connect, answer: Answer, said: str
) -> None:
    """No retry, and for a minute of virtual time no further token call; then it is asked again."""
    server = TokenServer(origin)
    server.refusals = [answer]
    client = connect(auth=REFRESH, time_scale=200)

    with in_scope() as scope:
        for _ in range(5):
            with pytest.raises(ReauthRequired) as failed:
                await client.send(a_call())
        assert len(server.token_calls) == 1
        await asyncio.sleep(61 / 200)
        assert await client.send(a_call()) == "data"

    assert said in failed.value.message
    assert "acme" in failed.value.message
    assert [event.kind for event in scope.calls] == ["auth", "auth", "data"]


@pytest.mark.parametrize(
    "answers",
    [
        (Answer(503),),
        (Answer(500, b"<html>"), Answer(502)),
        (Answer(429, headers={"retry-after": "2"}),),
        (None,),
        (as_json({"error": "temporarily_unavailable"}, 400),),
        (Answer(200, b"<html>"),),
        (as_json({"token_type": "Bearer"}),),
        (as_json({"access_token": ""}),),
        (as_json({"access_token": 5}),),
        (as_json([]),),
        (as_json({"error": "Access Denied"}, 400),),
    ],
)
async def test_a_passing_trouble_at_the_token_endpoint_is_waited_out(
    origin: Origin, connect: Connect, answers: tuple[Answer | None]
) -> None:
    """Limits, server errors, broken connections and garbage are tried again like any call's."""
    server = TokenServer(origin)
    server.refusals = list(answers)
    signing = Signing(throttled=frozenset({"Access Denied"}))

    with in_scope() as scope:
        assert await connect(auth=CREDENTIALS, time_scale=50, signing=signing).send(a_call()) == "data"

    assert len(server.token_calls) == len(answers) + 1
    assert scope.calls[0].retries == len(answers)


async def test_a_throttled_token_endpoint_says_when(origin: Origin, connect: Connect) -> None:
    """A wait past the deadline is not begun."""
    TokenServer(origin).refusals = [Answer(429, headers={"retry-after": "600"})]

    with in_scope(), pytest.raises(RateLimited) as failed:
        await connect(auth=CREDENTIALS).send(a_call())

    assert failed.value.retry_after_s == pytest.approx(600)


async def test_a_renewal_that_may_rotate_outlives_its_caller(origin: Origin, connect: Connect) -> None:
    """Else the only copy of a new refresh token would be lost with an impatient request."""
    server = TokenServer(origin, refresh_token="second-refresh")
    server.delay_s = 0.2
    client = connect(auth=REFRESH)

    with in_scope(seconds=0.1), pytest.raises(SourceTimeout):
        await client.send(a_call())
    with in_scope():
        assert await client.send(a_call()) == "data"

    assert len(server.token_calls) == 1


async def test_a_renewal_that_rotates_nothing_ends_with_its_callers(origin: Origin, connect: Connect) -> None:
    """A cancelled request leaves no token call behind."""
    server = TokenServer(origin)
    server.delay_s = 30.0
    client = connect(auth=CREDENTIALS)

    with in_scope(seconds=0.1), pytest.raises(SourceTimeout):
        await client.send(a_call())

    async with asyncio.timeout(1):
        await origin.idle.wait()


async def test_closing_ends_a_hanging_renewal(
    origin: Origin, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that is kept: it has its grace, then it is cut."""
    monkeypatch.setattr("connectors.http.auth.signer._GRACE_S", 0.05)  # two seconds are too long for a test
    server = TokenServer(origin)
    server.delay_s = 30.0
    client = connect(auth=REFRESH)

    with in_scope(seconds=0.1), pytest.raises(SourceTimeout):
        await client.send(a_call())
    await client.aclose()

    async with asyncio.timeout(1):
        await origin.idle.wait()
