"""Delays, generic faults, the journal and the control routes, over real sockets."""

import contextlib
import gzip
import json
import threading
import time
import zlib
from collections.abc import Iterator

import httpx
import pytest

from sandbox import Call, Sandbox
from sandbox.faults import GENERIC
from sandbox.misbehaviour import BOMB_SIZE_BYTES
from tests.sandbox.toy import toy

ANSWER = {"greeting": "hello", "written": 0, "is_late": False}


@pytest.fixture(scope="module")
def shared() -> Iterator[Sandbox]:
    """One toy emulator for the tests of this file."""
    with Sandbox([toy()], scale=0.01) as running:
        yield running


@pytest.fixture
def sandbox(shared: Sandbox) -> Iterator[Sandbox]:
    """The same without faults and calls."""
    shared.faults("toy").clear()
    shared.clear_calls()
    yield shared
    shared.faults("toy").clear()


@pytest.fixture
def client(sandbox: Sandbox) -> Iterator[httpx.Client]:
    """A client of the toy's API."""
    with httpx.Client(base_url=sandbox.url("toy"), timeout=10) as client:
        yield client


def written(client: httpx.Client) -> int:
    """How many writes the toy carried out."""
    count: int = client.get("/records").json()["written"]
    return count


def test_request_without_faults_reaches_the_emulator(client: httpx.Client) -> None:
    """The wrapper adds nothing to an answer."""
    response = client.get("/records")

    assert response.status_code == 200
    assert response.json()["greeting"] == "hello"


def test_latency_delays_in_virtual_seconds() -> None:
    """Both the base latency and the fault's seconds pass on the virtual clock, and the answer is the emulator's."""
    with Sandbox([toy()], scale=0.01, time_scale=1000, latency_s=50) as sandbox:
        sandbox.faults("toy").set("latency", value=150, times=1)

        start_s = sandbox.clock.monotonic()
        response = httpx.get(f"{sandbox.url('toy')}/records", timeout=10)
        slow_s = sandbox.clock.monotonic() - start_s
        start_real_s, start_s = time.monotonic(), sandbox.clock.monotonic()
        httpx.get(f"{sandbox.url('toy')}/records", timeout=10)
        usual_s, usual_real_s = sandbox.clock.monotonic() - start_s, time.monotonic() - start_real_s

    assert response.json() == ANSWER
    assert slow_s >= 199
    assert usual_s >= 49
    assert usual_real_s < 10


def test_latency_goes_with_another_fault(sandbox: Sandbox, client: httpx.Client) -> None:
    """A slow error is both slow and an error."""
    sandbox.faults("toy").set("latency", value=0.05)
    sandbox.faults("toy").set("status", value=500)
    start_s = time.monotonic()

    response = client.get("/records")

    assert response.status_code == 500
    assert time.monotonic() - start_s >= 0.049


def test_request_with_a_late_answer_is_carried_out_at_once(sandbox: Sandbox, client: httpx.Client) -> None:
    """A client that gives up waiting has written all the same, as with a slow server."""
    before = written(client)
    sandbox.faults("toy").set("latency", value=3600, times=1)

    with pytest.raises(httpx.ReadTimeout):
        client.post("/records", timeout=0.2)

    assert written(client) == before + 1


def test_hang_never_answers(sandbox: Sandbox, client: httpx.Client) -> None:
    """The client's own time limit ends the wait, nothing is carried out, and the next request is served."""
    before = written(client)
    sandbox.faults("toy").set("hang", times=1)

    with pytest.raises(httpx.ReadTimeout):
        client.post("/records", timeout=0.2)

    assert written(client) == before
    assert [call.status for call in sandbox.calls("toy")] == [200, None, 200]


def test_reset_closes_without_an_answer(sandbox: Sandbox, client: httpx.Client) -> None:
    """The connection ends before a status line, and nothing is carried out."""
    before = written(client)
    sandbox.faults("toy").set("reset", times=1)

    with pytest.raises(httpx.TransportError):
        client.post("/records")

    assert written(client) == before


def test_lost_reply_carries_the_request_out(sandbox: Sandbox, client: httpx.Client) -> None:
    """The client cannot know it, but the write was done."""
    before = written(client)
    sandbox.faults("toy").set("lost_reply", times=1)

    with pytest.raises(httpx.TransportError):
        client.post("/records")

    assert written(client) == before + 1


def test_truncate_sends_half_the_body(sandbox: Sandbox, client: httpx.Client) -> None:
    """The headers promise the whole body, and half of it comes."""
    whole = client.get("/people").content
    sandbox.faults("toy").set("truncate", times=1)
    received: list[bytes] = []

    with client.stream("GET", "/people") as response, pytest.raises(httpx.RemoteProtocolError):
        received.extend(response.iter_raw())

    assert int(response.headers["content-length"]) == len(whole)
    assert b"".join(received) == whole[: len(whole) // 2]


@pytest.mark.parametrize("status", [429, 500, 503, 520])
def test_status_answers_with_a_page_of_a_web_tier(sandbox: Sandbox, client: httpx.Client, status: int) -> None:
    """The body is HTML, not the vendor's error."""
    sandbox.faults("toy").set("status", value=status, times=1)

    response = client.get("/records")

    assert response.status_code == status
    assert response.headers["content-type"].startswith("text/html")
    assert f"<h1>{status} " in response.text


def test_html_200_answers_with_a_page(sandbox: Sandbox, client: httpx.Client) -> None:
    """Success by status, a sign-in page by content."""
    sandbox.faults("toy").set("html_200", times=1)

    response = client.get("/records")

    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "sign in" in response.text


def test_garbage_is_called_json_but_is_none(sandbox: Sandbox, client: httpx.Client) -> None:
    """The content type lies."""
    sandbox.faults("toy").set("garbage", times=1)

    response = client.get("/records")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    with pytest.raises(ValueError, match="codec can't decode"):
        json.loads(response.content)


def test_wrong_types_is_json_of_another_shape(sandbox: Sandbox, client: httpx.Client) -> None:
    """A bare list of numbers."""
    sandbox.faults("toy").set("wrong_types", times=1)

    assert client.get("/records").json() == [1, 2, 3]


def test_bomb_is_small_on_the_wire_and_huge_unpacked(sandbox: Sandbox, client: httpx.Client) -> None:
    """A hundred MiB come as a tenth of one, and only a limit on the unpacked size can refuse it."""
    sandbox.faults("toy").set("bomb", times=1)

    with client.stream("GET", "/records", timeout=30) as response:
        packed = b"".join(response.iter_raw())

    assert response.headers["content-encoding"] == "gzip"
    assert len(packed) < 200_000
    unpacker, size = zlib.decompressobj(wbits=31), 0
    while not unpacker.eof:
        size += len(unpacker.decompress(unpacker.unconsumed_tail or packed, 1_000_000))
    assert size == BOMB_SIZE_BYTES + 2
    assert gzip.decompress(packed)[:3] == b"[  "


@pytest.mark.parametrize("name", [name for name in GENERIC if name not in {"latency", "hang", "bomb"}])
def test_service_goes_on_after_a_fault(sandbox: Sandbox, client: httpx.Client, name: str) -> None:
    """A fault for one request leaves the next one alone."""
    sandbox.faults("toy").set(name, times=1, value=503 if name == "status" else None)
    with contextlib.suppress(httpx.TransportError):
        client.get("/records")

    assert sandbox.faults("toy").active() == []
    assert client.get("/records").json()["greeting"] == "hello"


def test_path_chooses_which_requests_a_fault_hits(sandbox: Sandbox, client: httpx.Client) -> None:
    """Other paths are served."""
    sandbox.faults("toy").set("status", value=503, path="/people")

    statuses = [client.get(path).status_code for path in ("/records", "/people", "/records", "/people")]

    assert statuses == [200, 503, 200, 503]


def test_vendor_faults_are_told_by_the_emulator(sandbox: Sandbox, client: httpx.Client) -> None:
    """A vendor fault answers in the vendor's words, a declared one changes what the emulator does."""
    sandbox.faults("toy").set("rate_limited", times=1)
    sandbox.faults("toy").set("index_lag")

    limited, late = client.get("/records"), client.get("/records")

    assert (limited.status_code, limited.json()) == (429, {"error": "slow down"})
    assert late.json()["is_late"] is True


def test_journal_holds_the_calls_in_order(sandbox: Sandbox, client: httpx.Client) -> None:
    """Method, decoded path, raw query, status and body size of each."""
    body = client.get("/records?q=a%20b&limit=1").content
    client.post("/records", content=b"x")
    client.get("/no%20where")

    assert sandbox.calls("toy") == [
        Call(method="GET", path="/records", query="q=a%20b&limit=1", status=200, bytes_out=len(body)),
        Call(method="POST", path="/records", query="", status=204, bytes_out=0),
        Call(method="GET", path="/no where", query="", status=404, bytes_out=len("Not Found")),
    ]


def test_journal_shows_a_call_that_still_runs(sandbox: Sandbox, client: httpx.Client) -> None:
    """A request stands in the journal from its first moment, without a status."""
    sandbox.faults("toy").set("hang")
    waiting = threading.Thread(
        target=pytest.raises, args=(httpx.ReadTimeout, client.get, "/records"), kwargs={"timeout": 1}
    )
    waiting.start()
    deadline_s = time.monotonic() + 10

    while not sandbox.calls("toy") and time.monotonic() < deadline_s:
        time.sleep(0.005)
    calls = sandbox.calls("toy")
    waiting.join()

    assert calls == [Call(method="GET", path="/records", query="", status=None, bytes_out=0)]


def test_journal_counts_what_faults_answered(sandbox: Sandbox, client: httpx.Client) -> None:
    """A faulty answer is a call with its own status and size; none at all has no status."""
    sandbox.faults("toy").set("wrong_types", times=1)
    client.get("/records")
    sandbox.faults("toy").set("reset", times=1)
    with pytest.raises(httpx.TransportError):
        client.get("/records")

    assert [(call.status, call.bytes_out) for call in sandbox.calls("toy")] == [(200, 9), (None, 0)]


def test_faults_can_be_switched_over_http(sandbox: Sandbox, client: httpx.Client) -> None:
    """What is posted is on, is listed, and is deleted by name or all at once."""
    posted = client.post("/_sandbox/faults", json={"name": "status", "value": 503, "times": 2, "path": "/records"})
    hit = client.get("/records").status_code
    listed = client.get("/_sandbox/faults").json()
    client.post("/_sandbox/faults", json={"name": "hang"})
    client.delete("/_sandbox/faults?name=status")
    left = [fault.name for fault in sandbox.faults("toy").active()]
    client.delete("/_sandbox/faults")

    assert posted.status_code == 200
    assert hit == 503
    assert listed == [{"name": "status", "times": 1, "value": 503.0, "path": "/records"}]
    assert left == ["hang"]
    assert sandbox.faults("toy").active() == []


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({"name": "hangs"}, "did you mean hang?"),
        ({"name": "hang", "count": 2}, "count"),
        ({"name": "hang", "times": "2"}, "times"),
        ({"name": "latency"}, "value = seconds"),
        ({"times": 1}, "name"),
        ([1], "object"),
    ],
)
def test_mistaken_fault_is_refused_over_http(client: httpx.Client, body: object, told: str) -> None:
    """The answer says what is wrong."""
    response = client.post("/_sandbox/faults", json=body)

    assert response.status_code == 400
    assert told in response.json()["error"].lower()


def test_unknown_fault_cannot_be_deleted_over_http(client: httpx.Client) -> None:
    """A misspelt name never looks cleared."""
    response = client.delete("/_sandbox/faults?name=hangs")

    assert response.status_code == 400
    assert "did you mean hang?" in response.json()["error"]


def test_calls_can_be_read_and_forgotten_over_http(client: httpx.Client) -> None:
    """The journal is the same as in process."""
    body = client.get("/records?a=1").content

    listed = client.get("/_sandbox/calls").json()
    forgotten = client.delete("/_sandbox/calls")

    assert listed == [{"method": "GET", "path": "/records", "query": "a=1", "status": 200, "bytes_out": len(body)}]
    assert forgotten.status_code == 204
    assert client.get("/_sandbox/calls").json() == []


def test_control_routes_are_beyond_faults_and_journal(sandbox: Sandbox, client: httpx.Client) -> None:
    """A sandbox in trouble can be asked and repaired, and asking leaves no trace."""
    sandbox.faults("toy").set("reset")

    health = client.get("/_sandbox/health")

    assert health.status_code == 200
    assert health.json()["status"] == "ok"
    assert health.json()["now"].startswith("2026-11-02T12:")
    assert sandbox.calls("toy") == []
    assert len(sandbox.faults("toy").active()) == 1


def test_answers_are_not_held_back(client: httpx.Client) -> None:
    """Small answers on a kept connection come at once, not after the 40 ms of a delayed acknowledgement."""
    client.get("/records")
    start_s = time.monotonic()

    for _ in range(50):
        client.get("/records")

    assert time.monotonic() - start_s < 50 * 0.04
