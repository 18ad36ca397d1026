"""A client that leaves takes its work with it."""

import asyncio
import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.gateway.records import memory_source
from tests.gateway.server.slow import Slow
from tests.gateway.serving import Served, gateway_over, serving

BODY = json.dumps({"query": "query Late { contacts { nodes { id company { name } } } }"}).encode()
REQUEST = (
    b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    b"Content-Length: %d\r\n\r\n%s" % (len(BODY), BODY)
)
RESET = struct.pack("ii", 1, 0)


def until(claim: Callable[[], bool], *, within_s: float = 10) -> None:
    """Come back when *claim* holds."""
    ends = time.monotonic() + within_s
    while not claim():
        assert time.monotonic() < ends, "it did not come to hold"
        time.sleep(0.01)


@pytest.fixture
def slow() -> Slow:
    """The slow source."""
    found = memory_source("slow", connect=Slow)
    assert isinstance(found, Slow)
    return found


@pytest.fixture
def served(slow: Slow) -> Iterator[Served]:
    """A gateway over a slow source and a quick one."""
    with serving(gateway_over([slow, memory_source("quick")])) as found:
        yield found


@pytest.mark.parametrize("how", ["close", "reset", "half-close"])
def test_leaving_cancels_the_upstream_work(served: Served, slow: Slow, how: str) -> None:
    """However the connection ends, the source's call is cancelled at once, and one line is logged."""
    with socket.create_connection(("127.0.0.1", served.port)) as connection:
        connection.sendall(REQUEST)
        until(lambda: slow.started == 1)
        if how == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        if how == "half-close":
            connection.shutdown(socket.SHUT_WR)

            until(lambda: slow.cancelled == 1, within_s=2)
    until(lambda: slow.cancelled == 1, within_s=2)
    until(lambda: len(served.log.events("request.abandoned")) == 1)

    assert served.log.events("request.abandoned")[0]["operation"] == "Late"
    assert served.log.events("request.ended") == []
    assert (slow.started, slow.ended) == (1, 0)


def test_staying_gets_the_answer(served: Served, slow: Slow) -> None:
    """The same request from a client that waits is answered."""
    slow.delay_s = 0.2

    answer = served.post("{ contacts(first: 1) { nodes { source { key } } } }")

    assert "errors" not in answer
    assert (slow.ended, slow.cancelled) == (1, 0)


def test_three_hundred_aborted_requests_leave_nothing_behind(served: Served, slow: Slow) -> None:
    """Honest clients are answered at once meanwhile, and afterwards there are no more tasks than before."""
    served.post("{ sources { key } }")
    slow.delay_s = 0.0
    served.post("{ contacts { isPartial } }")
    slow.delay_s = 30.0
    loop = slow.loop
    assert loop is not None
    before = len(asyncio.all_tasks(loop))
    slow.started = 0

    connections = [socket.create_connection(("127.0.0.1", served.port)) for _ in range(300)]
    for connection in connections:
        connection.sendall(REQUEST)
    until(lambda: slow.started == 300)
    for connection in connections:
        connection.close()
    started = time.monotonic()
    answer = served.post("{ sources { key } }")
    took_s = time.monotonic() - started
    until(lambda: slow.cancelled == 300)
    until(lambda: len(asyncio.all_tasks(loop)) <= before)

    assert answer == {"data": {"sources": [{"key": "slow"}, {"key": "quick"}]}}
    assert took_s < 2
    assert len(served.log.events("request.abandoned")) == 300


def test_request_under_way_ends_before_the_server_does(slow: Slow) -> None:
    """At shutdown new connections are refused, and who is being served gets the answer."""
    slow.delay_s = 1.0
    answers = []
    with serving(gateway_over([slow])) as served:
        asking = threading.Thread(
            target=lambda: answers.append(served.post("{ contacts(first: 1) { nodes { source { key } } } }"))
        )
        asking.start()
        until(lambda: slow.started == 1)
        served.stop()
        until(lambda: not accepts(served.port), within_s=0.8)
        assert answers == []
        asking.join(5)

    assert answers == [{"data": {"contacts": {"nodes": [{"source": {"key": "slow"}}]}}}]


def accepts(port: int) -> bool:
    """Whether a connection can be made."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
