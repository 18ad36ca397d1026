"""The wire: blind to the environment, strict about identity, and typed whatever comes back."""

import asyncio
import contextlib
import random
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
import trustme
from yarl import URL

from connectors.http import AddressPolicy, Pace, Wire
from connectors.http.transport import UndeliveredError, Upstream
from model.errors import SourceError, SourceTimeout, SourceUnavailable
from tests.connectors.http.conftest import TOKEN, Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

LOCAL = Wire(pace=Pace(100), addresses=AddressPolicy(allow_loopback=True))


@contextlib.asynccontextmanager
async def listening(reply: bytes, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """A socket that answers *reply* to whatever arrives and closes; yields host and port."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(reply)
        with contextlib.suppress(ConnectionError):
            await writer.drain()
            writer.close()
            await writer.wait_closed()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_environment_changes_nothing(
    origin: Origin, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """No proxy, no netrc and no trusted certificates come from outside the settings."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login eve password evil\n")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("SSL_CERT_FILE", str(netrc))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))

    with in_scope():
        await connect().send(a_call())

    assert origin.asked[0].headers["authorization"] == f"Bearer {TOKEN}"


async def test_cookies_are_neither_kept_nor_sent(origin: Origin, connect: Connect) -> None:
    """A session cookie would tie one request to another."""

    async def handler(asked: Asked) -> Answer:
        return Answer(headers={"set-cookie": "session=1; Path=/"})

    origin.handler = handler
    client = connect()

    with in_scope():
        await client.send(a_call())
        await client.send(a_call())

    assert "cookie" not in origin.asked[1].headers


async def test_connections_are_kept(origin: Origin, connect: Connect) -> None:
    """Ten calls in a row use one connection, and none is left after closing."""
    client = connect()
    peak = 0

    with in_scope():
        for _ in range(10):
            await client.send(a_call())
            peak = max(peak, origin.open_connections)
    await client.aclose()

    assert peak == 1
    async with asyncio.timeout(1):
        await origin.idle.wait()


@pytest.mark.parametrize(
    ("name", "is_trusted", "text"),
    [
        ("127.0.0.1", True, None),
        ("127.0.0.1", False, "could not prove its identity"),
        ("crm.example.com", True, "could not prove its identity"),
    ],
)
async def test_https_proves_who_answers(connect: Connect, name: str, is_trusted: bool, text: str | None) -> None:
    """A certificate of nobody we trust, or of another name, ends the call before anything is sent, and once."""
    authority = trustme.CA()
    serving, trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context()
    authority.issue_cert(name).configure_cert(serving)
    if is_trusted:
        authority.configure_trust(trusting)
    wire = Wire(addresses=AddressPolicy(allow_loopback=True), tls=trusting)

    async with listening(as_json("secure").raw(), tls=serving) as place:
        client = connect(base_url=f"https://{place}", wire=wire)
        with in_scope() as scope:
            if text is None:
                assert await client.send(a_call()) == "secure"
            else:
                with pytest.raises(SourceUnavailable, match=text):
                    await client.send(a_call())
        await client.aclose()

    assert [event.retries for event in scope.calls] == [0]


async def test_a_plain_answer_on_a_tls_port_is_unavailable(connect: Connect) -> None:
    """And the other way round it would be refused by the address policy."""
    async with listening(b"HTTP/1.1 400 Bad Request\r\n\r\n") as place:
        with in_scope(), pytest.raises(SourceUnavailable, match="TLS"):
            await connect(base_url=f"https://{place}", wire=LOCAL).send(a_call())


async def test_a_name_that_does_not_exist_is_unavailable(connect: Connect) -> None:
    """After as many attempts as for any other trouble on the way."""
    with in_scope(seconds=20), pytest.raises((SourceUnavailable, SourceTimeout)) as failed:
        await connect(base_url="https://no-such-host.invalid", wire=LOCAL).send(a_call())

    assert "acme" in failed.value.message


async def test_a_name_that_leads_inside_is_refused(connect: Connect) -> None:
    """A public-looking name that resolves to this machine is not connected to."""
    wire = Wire(addresses=AddressPolicy(allow_loopback=False))
    client = connect(wire=LOCAL)
    client._upstream = Upstream(wire)
    client.base_url = "http://localhost:9"

    with in_scope() as scope, pytest.raises(SourceUnavailable, match="not public"):
        await client.send(a_call())

    assert scope.calls[0].retries == 0


async def test_what_speaks_httpx_passes_the_same_gate(origin: Origin) -> None:
    """The OAuth flows use an httpx client over the same connections, caps and rules."""

    async def handler(asked: Asked) -> Answer:
        return as_json({"echo": asked.body.decode(), "method": asked.method}, 201)

    origin.handler = handler
    upstream = Upstream(LOCAL)
    client = httpx.AsyncClient(transport=upstream, trust_env=False)

    response = await client.post(f"{origin.url}/token?x=%20", data={"a": "b c"}, headers={"x-one": "1"})
    await upstream.aclose()

    assert (response.status_code, response.json()) == (201, {"echo": "a=b+c", "method": "POST"})
    assert origin.asked[0].target == "/token?x=%20"
    assert origin.asked[0].headers["x-one"] == "1"


async def test_a_refused_connection_was_not_sent(origin: Origin) -> None:
    """What the retry rules rest on: nothing left this machine."""
    url = URL(origin.url)
    origin.stop_accepting()
    upstream = Upstream(LOCAL)

    with pytest.raises(UndeliveredError) as lost:
        await upstream.exchange("GET", url, headers={}, content=None)
    await upstream.aclose()

    assert (lost.value.is_sent, lost.value.is_passing) == (False, True)


ODD_REPLIES = [
    b"",
    b"\x00" * 50,
    b"HTTP/9.9 200 OK\r\n\r\n",
    b"HTTP/1.1 abc OK\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ncontent-length: -5\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n{}",
    b"HTTP/1.1 200 OK\r\nx: \x80\xff\r\n\r\n{",
    b"HTTP/1.1 200 OK\r\n : nameless\r\n\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 5000 + b"\r\n",
    b"HTTP/1.1 200 OK\r\nx: " + b"y" * 100_000 + b"\r\n\r\n",
    b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    b"SSH-2.0-OpenSSH_9.6\r\n",
]


@pytest.mark.parametrize("reply", ODD_REPLIES)
async def test_whatever_comes_back_is_a_source_error(connect: Connect, reply: bytes) -> None:
    """Broken framing, foreign protocols, headers beyond measure."""
    async with listening(reply) as place:
        with in_scope(seconds=2), pytest.raises(SourceError, match="acme"):
            await connect(base_url=f"http://{place}", wire=LOCAL).send(a_call())


@pytest.mark.parametrize("seed", range(60))
async def test_a_mutilated_answer_is_an_answer_or_a_source_error(connect: Connect, seed: int) -> None:
    """Any byte may be wrong, missing or doubled (the seed names the case)."""
    chance = random.Random(seed)  # noqa: S311  # a repeatable case, no secret
    good = bytearray(as_json({"rows": [{"id": "1"}]}, retry_after="1", content_encoding="identity").raw())
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(good))
        good[at : at + chance.randint(0, 3)] = chance.randbytes(chance.randint(0, 3))

    async with listening(bytes(good)) as place:
        with in_scope(seconds=1), contextlib.suppress(SourceError):
            await connect(base_url=f"http://{place}", wire=LOCAL).send(a_call())
