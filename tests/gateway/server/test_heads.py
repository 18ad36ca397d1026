"""Request heads: bounded in bytes, headers and time, and refused without a word to the application."""

import socket
import time

import pytest

from gateway import server
from tests.gateway.serving import Served

LINE = b"GET /graphql?query={__typename} HTTP/1.1\r\nHost: localhost\r\n"
END = b"Connection: close\r\n\r\n"


def told(served: Served, *parts: bytes, pause_s: float = 0.0) -> bytes:
    """What the server says to *parts*, until it closes; a part that it no longer takes ends the sending."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as connection:
        for part in parts:
            try:
                connection.sendall(part)
            except OSError:
                break
            time.sleep(pause_s)
        answer = b""
        try:
            while chunk := connection.recv(65_536):
                answer += chunk
        except ConnectionResetError:
            # Closed with bytes unread, as it is when the client has more to say than the server wants to hear.
            pass
        return answer


def status(answer: bytes) -> int:
    """The status code of an answer."""
    return int(answer.split(b" ", 2)[1])


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (b"GET /graphql?query=" + b"a" * 3_000_000 + b" HTTP/1.1\r\n", 414),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n", 414),
        (LINE + b"X: " + b"a" * 5_000_000 + b"\r\n", 431),
        (LINE + b"X" * 70_000 + b": a\r\n", 431),
        (LINE + b"".join(b"X-%d: a\r\n" % number for number in range(20_000)), 431),
        (LINE + b"".join(b"X-%d: a\r\n" % number for number in range(101)), 431),
        (LINE + b"".join(b"X-%d: %s\r\n" % (number, b"a" * 1_000) for number in range(70)), 431),
        (b"NONSENSE\r\n", 400),
        (b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nX\x00: a\r\n", 400),
        (b"GET /graphql HTTP/1.1\r\nHost: localhost\r\nX: a\nb\x1b[2J\r\n", 400),
        (LINE + b"Content-Length: 5\r\nContent-Length: 6\r\n", 400),
        (LINE + b"Content-Length: -1\r\n", 400),
        (LINE + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", 400),
    ],
    ids=range(13),
)
def test_excessive_head_is_refused(shipped: Served, head: bytes, code: int) -> None:
    """URL, header and count each have a ceiling; the answer is JSON, the connection closes, nothing is logged."""
    shipped.log.clear()

    answer = told(shipped, head, END)

    assert status(answer) == code
    assert b"\r\nConnection: close\r\n" in answer
    assert b'{"errors":[{"message":' in answer
    assert shipped.log.text == ""


@pytest.mark.parametrize(
    "head",
    [
        LINE,
        LINE + b"".join(b"X-%d: a\r\n" % number for number in range(90)),
        LINE + b"X: " + b"a" * 60_000 + b"\r\n",
        b"GET /graphql?query={__typename}" + b"%20" * 10_000 + b" HTTP/1.1\r\nHost: localhost\r\n",
    ],
    ids=["plain", "90 headers", "60 kB header", "30 kB URL"],
)
def test_head_below_the_ceilings_is_answered(shipped: Served, head: bytes) -> None:
    """What clients send is far below, and may arrive in pieces."""
    whole = head + END

    assert status(told(shipped, whole)) == 200
    assert status(told(shipped, *(whole[at : at + 9_000] for at in range(0, len(whole), 9_000)), pause_s=0.01)) == 200


def test_trickling_header_is_refused_by_its_bytes(shipped: Served) -> None:
    """One header that never ends is counted as it arrives."""
    answer = told(shipped, LINE + b"X: ", *[b"a" * 10_000] * 20)

    assert status(answer) == 431


def test_second_head_on_a_connection_has_the_same_ceilings(shipped: Served) -> None:
    """Ceilings start anew with each request, and hold for each."""
    first = LINE + b"X: " + b"a" * 50_000 + b"\r\n\r\n"

    answer = told(shipped, first, first, LINE + b"X: " + b"a" * 70_000 + b"\r\n", END, pause_s=0.05)

    assert [int(part.split(b" ")[0]) for part in answer.split(b"HTTP/1.1 ")[1:]] == [200, 200, 431]


def test_slow_head_is_closed(shipped: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that does not finish its head in time is closed, one that finishes in time is answered."""
    monkeypatch.setattr(server, "_HEAD_S", 0.5)  # the real one is longer than a test should wait

    slow = told(shipped, LINE, b"X: a\r\n", b"Y: b\r\n", pause_s=0.3)
    silent = told(shipped)
    quick = told(shipped, LINE, END, pause_s=0.1)

    assert status(slow) == 408
    assert status(silent) == 408
    assert status(quick) == 200


def test_declared_ten_gigabytes_are_refused_at_once(shipped: Served) -> None:
    """The body is not waited for."""
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 10000000000\r\n\r\n"
    )
    started = time.monotonic()

    answer = told(shipped, head)

    assert status(answer) == 413
    assert time.monotonic() - started < 2


def test_upgrade_is_ignored(shipped: Served) -> None:
    """There is no WebSocket here: the request is answered as it is, and nothing is logged about it."""
    shipped.log.clear()
    head = LINE + b"Connection: upgrade, close\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n"

    with socket.create_connection(("127.0.0.1", shipped.port), timeout=10) as connection:
        connection.sendall(head)
        answer = connection.recv(65_536)

    assert status(answer) == 200
    assert [event["event"] for event in shipped.log.events()] == ["request.ended"]
