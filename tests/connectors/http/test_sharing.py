"""Deadlines, cancellation, and answers shared by identical reads in flight."""

import asyncio
import time

import pytest

from connectors.http import HttpClient
from model.errors import BudgetExceeded, Rejected, SourceTimeout, SourceUnavailable
from tests.connectors.http.conftest import Connect, a_call, client_tasks, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin, as_json


class SlowOrigin:
    """Answers when told to, with the number of the request."""

    def __init__(self, origin: Origin) -> None:
        self.gate = asyncio.Event()
        self.origin = origin
        self.hung_up = 0
        origin.handler = self.handle

    async def handle(self, asked: Asked) -> Answer:
        """The number of requests so far, once the gate is open."""
        number = len(self.origin.asked)
        try:
            await self.gate.wait()
        except asyncio.CancelledError:
            self.hung_up += 1
            raise
        return as_json({"number": number})


async def sending(client: HttpClient, *, seconds: float = 5.0, calls: int = 9, path: str = "/things") -> object:
    """One request of its own; its answer and its events."""
    with in_scope(seconds, calls) as scope:
        answer = await client.send(a_call(path=path))
        return answer, scope.calls


async def test_a_slow_source_is_a_timeout_at_the_deadline(origin: Origin, connect: Connect) -> None:
    """The caller is not kept longer than its deadline, the source is not asked to go on."""
    slow = SlowOrigin(origin)

    started = time.monotonic()
    with (
        in_scope(seconds=0.2) as scope,
        pytest.raises(SourceTimeout, match="acme did not answer read before"),
    ):
        await connect().send(a_call())

    assert 0.2 <= time.monotonic() - started < 1
    assert [(event.status, event.retries) for event in scope.calls] == [(None, 0)]
    async with asyncio.timeout(1):
        await origin.idle.wait()
    assert slow.hung_up == 1
    assert client_tasks() == []


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"])
async def test_a_source_that_stalls_midway_is_a_timeout_too(origin: Origin, connect: Connect, head: bytes) -> None:
    """Whether it stops before the headers or inside the body."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        client = connect(base_url=f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        with in_scope(seconds=0.2), pytest.raises(SourceTimeout):
            await client.send(a_call())

    assert client_tasks() == []


async def test_no_time_left_means_nothing_is_sent(origin: Origin, connect: Connect) -> None:
    """Nor spent, nor recorded."""
    with in_scope(seconds=-1.0, calls=1) as scope, pytest.raises(SourceTimeout, match="no time was left"):
        await connect().send(a_call())

    assert origin.asked == []
    assert scope.calls == []
    scope.spend("acme")


async def test_waiting_for_a_slot_ends_at_the_deadline(origin: Origin, connect: Connect) -> None:
    """A full source is a timeout for who waits, and the one in flight goes on."""
    slow = SlowOrigin(origin)
    client = connect()
    client._slots = asyncio.Semaphore(1)
    first = asyncio.create_task(sending(client))
    await origin.busy.wait()

    with pytest.raises(SourceTimeout):
        await sending(client, seconds=0.1, path="/other")
    slow.gate.set()
    await first

    assert [asked.target for asked in origin.asked] == ["/things"]


async def test_cancelling_the_caller_hangs_up(origin: Origin, connect: Connect) -> None:
    """No task and no connection outlives the request; the event is recorded."""
    slow = SlowOrigin(origin)
    client = connect()
    with in_scope() as scope:
        caller = asyncio.create_task(client.send(a_call()))
        await origin.busy.wait()

        caller.cancel()
        with pytest.raises(asyncio.CancelledError):
            await caller

    assert client_tasks() == []
    assert [event.status for event in scope.calls] == [None]
    async with asyncio.timeout(1):
        await origin.idle.wait()
    assert slow.hung_up == 1


async def test_a_cancelled_connection_is_not_used_again(origin: Origin, connect: Connect) -> None:
    """The answer to a call that was given up never answers the next one."""
    slow = SlowOrigin(origin)
    client = connect()
    with pytest.raises(SourceTimeout):
        await sending(client, seconds=0.1)
    slow.gate.set()

    assert (await sending(client))[0] == {"number": 2}


async def test_identical_reads_in_flight_are_one_call(origin: Origin, connect: Connect) -> None:
    """Eight requests, one upstream call; seven events say cached, and seven budgets are untouched."""
    slow = SlowOrigin(origin)
    client = connect()
    leader = asyncio.create_task(sending(client))
    await origin.busy.wait()
    followers = [asyncio.create_task(sending(client, calls=0)) for _ in range(7)]
    await asyncio.sleep(0)

    slow.gate.set()
    results = await asyncio.gather(leader, *followers)

    assert len(origin.asked) == 1
    assert [answer for answer, _ in results] == [{"number": 1}] * 8
    assert [[event.is_cached for event in events] for _, events in results] == [[False]] + [[True]] * 7
    assert {event.size_bytes for _, events in results for event in events} == {len(b'{"number":1}')}


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/other"},
        {"params": (("a", "1"),)},
        {"content": b"{}"},
        {"method": "POST"},
        {"headers": {"prefer": "odata.maxpagesize=5"}},
        {"is_raw": True},
        {"is_shareable": False},
    ],
)
async def test_what_differs_is_not_shared(origin: Origin, connect: Connect, changes: dict[str, object]) -> None:
    """Method, path, parameters, body and headers all count; so does the connector's word."""
    client = connect()

    with in_scope():
        await asyncio.gather(client.send(a_call()), client.send(a_call(**changes)))

    assert len(origin.asked) == 2


async def test_a_finished_answer_is_not_kept(origin: Origin, connect: Connect) -> None:
    """Sharing is for calls in flight: this is no cache."""
    client = connect()

    await sending(client)
    await sending(client)

    assert len(origin.asked) == 2


async def test_followers_read_the_answer_their_own_way(origin: Origin, connect: Connect) -> None:
    """The decoded JSON is shared, its parsing is each call's own."""
    slow = SlowOrigin(origin)
    client = connect()
    with in_scope():
        whole = asyncio.create_task(client.send(a_call()))
        part = asyncio.create_task(client.send(a_call(parse=lambda value: value["number"])))
        bad = asyncio.create_task(client.send(a_call(parse=lambda value: value["nothing"])))
        await origin.busy.wait()
        slow.gate.set()

        assert (await whole, await part) == ({"number": 1}, 1)
        with pytest.raises(SourceUnavailable):
            await bad


async def test_a_read_after_a_write_is_not_answered_by_one_from_before(origin: Origin, connect: Connect) -> None:
    """A read under way when a write ends may have missed it: whoever reads then asks anew."""
    slow = SlowOrigin(origin)
    client = connect()
    early = asyncio.create_task(sending(client))
    await origin.busy.wait()

    with in_scope():
        write = asyncio.create_task(client.send(a_call(method="POST", is_shareable=False, is_idempotent=False)))
        while len(origin.asked) < 2:  # noqa: ASYNC110  # the second of two arrivals has no event
            await asyncio.sleep(0.001)
        slow.origin.handler = Origin()._plain
        slow.gate.set()
        await write
    late = await sending(client)
    await early

    assert len(origin.asked) == 3
    assert late[1][0].is_cached is False


async def test_the_leader_may_leave_and_the_followers_stay(origin: Origin, connect: Connect) -> None:
    """Its cancellation is its own affair; the call goes on while one waits."""
    slow = SlowOrigin(origin)
    client = connect()
    leader = asyncio.create_task(sending(client))
    await origin.busy.wait()
    follower = asyncio.create_task(sending(client))
    await asyncio.sleep(0.01)

    leader.cancel()
    await asyncio.gather(leader, return_exceptions=True)
    await asyncio.sleep(0.01)
    slow.gate.set()

    assert (await follower)[0] == {"number": 1}
    assert len(origin.asked) == 1
    assert slow.hung_up == 0


async def test_each_waits_for_its_own_deadline(origin: Origin, connect: Connect) -> None:
    """An impatient leader does not take the patient follower with it."""
    slow = SlowOrigin(origin)
    client = connect()
    leader = asyncio.create_task(sending(client, seconds=0.1))
    await origin.busy.wait()
    follower = asyncio.create_task(sending(client, seconds=5.0))

    with pytest.raises(SourceTimeout):
        await leader
    slow.gate.set()

    assert (await follower)[0] == {"number": 1}
    assert len(origin.asked) == 1


async def test_the_last_to_leave_ends_the_call(origin: Origin, connect: Connect) -> None:
    """Then it is hung up, and a newcomer starts afresh."""
    slow = SlowOrigin(origin)
    client = connect()
    callers = [asyncio.create_task(sending(client)) for _ in range(3)]
    await origin.busy.wait()

    for caller in callers:
        caller.cancel()
    await asyncio.gather(*callers, return_exceptions=True)
    slow.gate.set()

    assert client_tasks() == []
    assert (await sending(client))[0] == {"number": 2}


async def test_followers_share_a_failure_as_well(origin: Origin, connect: Connect) -> None:
    """One refusal, everybody's error."""

    async def handler(asked: Asked) -> Answer:
        await asyncio.sleep(0.02)
        return Answer(400)

    origin.handler = handler
    client = connect()

    outcomes = await asyncio.gather(*(sending(client) for _ in range(4)), return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [Rejected] * 4
    assert len(origin.asked) == 1


async def test_an_exhausted_budget_refuses_a_new_call_and_not_a_shared_one(origin: Origin, connect: Connect) -> None:
    """Joining is free."""
    slow = SlowOrigin(origin)
    client = connect()
    leader = asyncio.create_task(sending(client))
    await origin.busy.wait()

    with pytest.raises(BudgetExceeded):
        await sending(client, calls=0, path="/other")
    follower = asyncio.create_task(sending(client, calls=0))
    await asyncio.sleep(0)
    slow.gate.set()

    assert (await follower)[0] == (await leader)[0]


async def test_closing_the_client_ends_every_call(origin: Origin, connect: Connect) -> None:
    """Those who wait get a typed error, and nothing hangs."""
    SlowOrigin(origin)
    client = connect()
    callers = [asyncio.create_task(sending(client, path=f"/{number}")) for number in range(3)]
    await origin.busy.wait()

    await client.aclose()
    outcomes = await asyncio.gather(*callers, return_exceptions=True)

    assert [type(outcome) for outcome in outcomes] == [SourceUnavailable] * 3
    assert client_tasks() == []


async def test_many_cancellations_at_odd_moments_leave_nothing(origin: Origin, connect: Connect) -> None:
    """Wherever the cancellation strikes, no task, no slot and no connection is lost."""

    async def handler(asked: Asked) -> Answer:
        await asyncio.sleep(0.003)
        return Answer()

    origin.handler = handler
    client = connect()

    for number in range(150):
        caller = asyncio.create_task(sending(client, path=f"/{number % 3}"))
        await asyncio.sleep(0.00005 * number)
        caller.cancel()
        await asyncio.gather(caller, return_exceptions=True)

    assert client_tasks() == []
    assert client._slots._value == 50
    assert (await sending(client))[0] == {}
