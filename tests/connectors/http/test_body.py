"""Reading bodies under caps."""

import gzip
import os
import tracemalloc
import zlib

import pytest

from connectors.http import Wire
from connectors.http.address import AddressPolicy
from connectors.http.body import Caps
from model.errors import SourceUnavailable
from tests.connectors.http.conftest import Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin

TEXT = b'{"rows":[' + b",".join(b'{"id":"%d"}' % number for number in range(5000)) + b"]}"
SMALL = Caps(max_bytes=200_000, max_compressed_bytes=50_000, max_ratio=20, ratio_from_bytes=10_000, max_headers=20)


def small_wire() -> Wire:
    """A wire whose caps a test reaches with little."""
    return Wire(addresses=AddressPolicy(allow_loopback=True), caps=SMALL)


def deflated(data: bytes) -> bytes:
    """*data* as bare deflate, which some servers send for "deflate"."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def chunked(data: bytes) -> bytes:
    """An answer without a length, in chunks."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
    pieces = [data[start : start + 7000] for start in range(0, len(data), 7000)]
    return head + b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(TEXT)),
        ("x-gzip", gzip.compress(TEXT)),
        ("GZIP", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", deflated(TEXT)),
        ("identity", TEXT),
        ("gzip", b""),
    ],
)
async def test_compressed_bodies_are_read(origin: Origin, connect: Connect, encoding: str, packed: bytes) -> None:
    """Gzip is asked for; deflate in both its forms is understood as well."""

    async def handler(asked: Asked) -> Answer:
        return Answer(body=packed, headers={"content-encoding": encoding})

    origin.handler = handler

    with in_scope() as scope:
        value = await connect().send(a_call())

    assert value == (None if packed == b"" else {"rows": [{"id": str(number)} for number in range(5000)]})
    assert scope.calls[0].size_bytes == (0 if packed == b"" else len(TEXT))


async def test_compression_is_asked_for_unless_the_source_is_this_machine(origin: Origin, connect: Connect) -> None:
    """On loopback, unpacking costs more than receiving (docs/decisions/0003-http-transport.md)."""
    near, far = connect(), connect(base_url="https://crm.example.com")

    with in_scope():
        await near.send(a_call())

    assert origin.asked[0].headers["accept-encoding"] == "identity"
    assert far._headers(a_call(), "Bearer x")["accept-encoding"] == "gzip"


async def test_a_chunked_body_is_read(origin: Origin, connect: Connect) -> None:
    """A length is not needed."""

    async def handler(asked: Asked) -> bytes:
        return chunked(TEXT)

    origin.handler = handler

    with in_scope():
        assert len((await connect().send(a_call()))["rows"]) == 5000


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Answer(body=b"[" + b"1," * 110_000 + b"1]"), "announced 220003 bytes"),
        (chunked(b"[" + b"1," * 110_000 + b"1]"), "more than the 200000 bytes"),
        (Answer(body=os.urandom(60_000), headers={"content-encoding": "gzip"}), "announced 60000 bytes"),
        (Answer(body=gzip.compress(b"1" * 100_000), headers={"content-encoding": "gzip"}), "more than 20 times"),
        (Answer(body=gzip.compress(TEXT * 4, 1), headers={"content-encoding": "gzip"}), "200000 bytes allowed"),
        (Answer(body=gzip.compress(TEXT)[:-9], headers={"content-encoding": "gzip"}), "ends early"),
        (Answer(body=b"not gzip at all", headers={"content-encoding": "gzip"}), "damaged"),
        (Answer(body=gzip.compress(b"{}") + b"{}", headers={"content-encoding": "gzip"}), "behind the end"),
        (Answer(body=b"{}", headers={"content-encoding": "br"}), "not asked for"),
        (Answer(body=b"{}", headers={"content-encoding": "gzip, gzip"}), "not asked for"),
        (Answer(headers={f"x-{number}": "1" for number in range(30)}), "oversized HTTP headers"),
        (Answer(headers={"x-long": "y" * 20_000}), "oversized HTTP headers"),
    ],
)
async def test_a_body_beyond_the_caps_is_refused_once(
    origin: Origin, connect: Connect, answer: Answer | bytes, text: str
) -> None:
    """Too much, too dense, damaged or foreign: one typed error, and no second attempt at the same."""

    async def handler(asked: Asked) -> Answer | bytes:
        return answer

    origin.handler = handler

    with in_scope(), pytest.raises(SourceUnavailable, match=text):
        await connect(wire=small_wire()).send(a_call())

    assert len(origin.asked) == 1


async def test_a_bomb_never_unfolds(origin: Origin, connect: Connect) -> None:
    """A quarter of a gigabyte of zeros in a small body costs no more memory than the ratio allows."""
    bomb = gzip.compress(b"0" * 2**28, 9)

    async def handler(asked: Asked) -> Answer:
        return Answer(body=bomb, headers={"content-encoding": "gzip"})

    origin.handler = handler
    client = connect()

    tracemalloc.start()
    try:
        with in_scope(), pytest.raises(SourceUnavailable, match="expands more than 200 times"):
            await client.send(a_call())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert peak < 40 * 2**20
