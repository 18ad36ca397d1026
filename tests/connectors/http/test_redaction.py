"""Secrets stay out of whatever is said, shown or recorded."""

import base64
import json
import traceback
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from structlog.testing import capture_logs

from connectors.credentials import Bearer, Password, RefreshToken
from connectors.http import Call, Failed, Observed, Refresh, Reply, Retry, TokenAnswer, Verdict
from connectors.http.redact import Redactor
from model.errors import RateLimited, ReauthRequired, Rejected, SourceError
from tests.connectors.http.conftest import Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

SECRET = 'Zk9+/"w=Q7r<T&2 x-Strasse-41aB77d0e5'
ENCODINGS = {
    "plain": SECRET,
    "reversed": SECRET[::-1],
    "url": quote(SECRET, safe=""),
    "form": quote_plus(SECRET),
    "json": json.dumps(SECRET),
    "hex": SECRET.encode().hex(),
    "HEX": SECRET.encode().hex().upper(),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64+1": base64.b64encode(b":" + SECRET.encode() + b":").decode(),
    "base64+2": base64.b64encode(b"id:" + SECRET.encode()).decode(),
    "base64url": base64.urlsafe_b64encode(b"an-id:" + SECRET.encode()).decode(),
    "head": SECRET[:12],
    "tail": SECRET[-12:],
}


def traces(text: str) -> list[str]:
    """The encodings of the secret that *text* gives away, or a run of eight characters of one."""
    return [name for name, form in ENCODINGS.items() if any(form[at : at + 10] in text for at in range(len(form) - 9))]


@pytest.mark.parametrize("name", ENCODINGS)
def test_every_encoding_is_blanked(name: str) -> None:
    """The text around it stays."""
    redactor = Redactor([SECRET])

    cleaned = redactor.text(f"before {ENCODINGS[name]} after")

    assert cleaned.startswith("before ")
    assert cleaned.endswith(" after")
    assert "***" in cleaned
    assert ENCODINGS[name] not in cleaned


@given(
    secret=st.text(st.characters(codec="utf-8"), min_size=6, max_size=40),
    before=st.binary(max_size=5),
    after=st.binary(max_size=5),
)
def test_a_secret_inside_base64_is_blanked_at_any_alignment(secret: str, before: bytes, after: bytes) -> None:
    """Basic credentials are the common case."""
    coded = base64.b64encode(before + secret.encode() + after).decode()

    cleaned = Redactor([secret]).text(coded)

    assert "***" in cleaned


def test_a_short_secret_blanks_no_ordinary_words() -> None:
    """A password of two letters cannot be told from text."""
    assert Redactor(["ab"]).text("about") == "about"


def test_old_access_tokens_are_forgotten() -> None:
    """The current and the one before are blanked; the list does not grow for ever."""
    redactor = Redactor()
    for number in range(50):
        redactor.renew(f"token-{number:04}")

    assert redactor.text("token-0049 token-0048 token-0003") == "*** *** token-0003"
    assert len(redactor._forms) < 60


class EchoingDialect:
    """Puts whatever the source says into its errors, as a careless connector would."""

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        said = reply.content.decode()
        if reply.status == 401:
            return Refresh(ReauthRequired(f"acme: {said}", source="acme"))
        if reply.status == 429:
            return Retry(RateLimited(f"acme: {said}", source="acme"), after_s=1e6)
        return Failed(Rejected(f"acme: {said}", source="acme"))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        return ()


def whole(error: BaseException) -> str:
    """All that a log, a debugger or an error tracker would show of *error*."""
    return "\n".join([*traceback.format_exception(error), *_shown(error)])


def _shown(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield f"{error!r} {error!s} {error.args!r} {vars(error)!r}"
        yield from _shown(error.__cause__)
        error = error.__context__


WAYS = [
    Bearer(kind="bearer", token=SECRET),
    RefreshToken(kind="refresh_token", client_id="an-id", client_secret=SECRET, refresh_token=SECRET),
    Password(kind="password", client_id="an-id", client_secret="short-one", username="ada", password=SECRET),
]


@pytest.mark.parametrize("auth", WAYS, ids=lambda auth: auth.kind)
@pytest.mark.parametrize("status", [400, 401, 429])
async def test_a_source_that_echoes_the_secret_gives_nothing_away(
    origin: Origin, connect: Connect, auth: Any, status: int
) -> None:
    """Not in the error, its causes, the events, the log lines or any repr; plain or encoded."""

    async def handler(asked: Asked) -> Answer:
        if asked.target == "/token":
            return as_json({"access_token": SECRET.encode().hex(), "refresh_token": SECRET[::-1] + "2"})
        return Answer(status, "\n".join(ENCODINGS.values()).encode())

    origin.handler = handler
    client = connect(auth=auth, dialect=EchoingDialect())

    with in_scope() as scope, capture_logs() as logs, pytest.raises(SourceError) as failed:
        await client.send(a_call(query=f"login {SECRET} {quote(SECRET)}"))

    shown = "\n".join([whole(failed.value), repr(scope.calls), repr(logs), repr(client), repr(auth)])
    assert traces(shown) == []
    assert "***" in failed.value.message
    assert [line["event"] for line in logs] == ["call.ended"] * len(scope.calls)


@pytest.mark.parametrize("status", [200, 400, 401, 500])
async def test_a_token_endpoint_that_echoes_gives_nothing_away(origin: Origin, connect: Connect, status: int) -> None:
    """Its description is never repeated, only a code that looks like one."""

    async def handler(asked: Asked) -> Answer:
        echo = "\n".join(ENCODINGS.values())
        return as_json({"error": echo, "error_description": echo, "error_uri": echo}, status)

    origin.handler = handler

    with in_scope() as scope, capture_logs() as logs, pytest.raises(SourceError) as failed:
        await connect(auth=WAYS[2], time_scale=100).send(a_call())

    assert traces("\n".join([whole(failed.value), repr(scope.calls), repr(logs)])) == []


async def test_a_broken_connection_gives_nothing_away(origin: Origin, connect: Connect) -> None:
    """Some of the transport's errors carry the request and its headers: none of them is chained."""

    async def handler(asked: Asked) -> bytes:
        return b"HTTP/1.1 200 OK\r\nbroken header\r\n\r\n" + asked.headers["authorization"].encode()

    origin.handler = handler

    with in_scope(), pytest.raises(SourceError) as failed:
        await connect(auth=WAYS[0], time_scale=100).send(a_call())

    assert traces(whole(failed.value)) == []


def test_values_show_no_content() -> None:
    """Calls, replies and token answers may be logged by accident."""
    call = a_call(params=(("api_key", SECRET),), content=SECRET.encode(), headers={"x-key": SECRET}, query=SECRET)
    reply = Reply(status=200, headers={"set-cookie": SECRET}, content=SECRET.encode())
    answer = TokenAnswer(
        access_token=Bearer(kind="bearer", token=SECRET).token,
        refresh_token=None,
        expires_in_s=1.0,
        fields={"session": SECRET},
    )

    assert traces(f"{call!r} {reply!r} {answer!r}") == []
