"""What is tried again, when, and what never is."""

import asyncio
import time
from email.utils import formatdate

import pytest

from connectors.http import Reply, retry_after_s
from model.errors import RateLimited, ReauthRequired, Rejected, SourceUnavailable
from tests.connectors.http.conftest import Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

WRITE = {"method": "POST", "content": b"{}", "is_idempotent": False, "is_shareable": False}


def failing(origin: Origin, *answers: Answer | bytes | None) -> None:
    """Let *origin* give *answers* in turn, and 200 after them."""
    left = list(answers)

    async def handler(asked: Asked) -> Answer | bytes | None:
        return left.pop(0) if left else as_json("at last")

    origin.handler = handler


@pytest.mark.parametrize(
    "answers",
    [
        (Answer(503),),
        (Answer(500), Answer(502), Answer(504)),
        (Answer(429, headers={"retry-after": "0"}),),
        (None,),
        (None, None, None),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{",),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{",),
    ],
)
async def test_a_read_is_tried_again(origin: Origin, connect: Connect, answers: tuple[Answer | bytes | None]) -> None:
    """Server errors, limits and broken connections are bridged, and counted in the event."""
    failing(origin, *answers)

    with in_scope() as scope:
        assert await connect(time_scale=50).send(a_call()) == "at last"

    assert len(origin.asked) == len(answers) + 1
    assert [(event.retries, event.status) for event in scope.calls] == [(len(answers), 200)]


async def test_four_attempts_are_all(origin: Origin, connect: Connect) -> None:
    """A source that stays down is left alone; the error says when it may be asked again."""
    failing(origin, *[Answer(503)] * 9)

    with in_scope() as scope, pytest.raises(SourceUnavailable) as failed:
        await connect(time_scale=50).send(a_call())

    assert len(origin.asked) == 4
    assert scope.calls[0].retries == 3
    assert failed.value.retry_after_s is not None


async def test_a_budgeted_call_is_spent_once_however_often_it_is_tried(origin: Origin, connect: Connect) -> None:
    """Attempts are not calls."""
    failing(origin, Answer(503), Answer(503))

    with in_scope(calls=1):
        assert await connect(time_scale=50).send(a_call()) == "at last"


@pytest.mark.parametrize("answer", [Answer(500), Answer(503), None, b"HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{"])
async def test_a_write_is_never_repeated_after_an_unknown_outcome(
    origin: Origin, connect: Connect, answer: Answer | bytes | None
) -> None:
    """The source may have done it."""
    failing(origin, answer)

    with in_scope(), pytest.raises(SourceUnavailable):
        await connect(time_scale=50).send(a_call(**WRITE))

    assert len(origin.asked) == 1


@pytest.mark.parametrize("method", ["PUT", "DELETE", "GET"])
async def test_the_transport_repeats_nothing_by_itself(origin: Origin, connect: Connect, method: str) -> None:
    """Not even a method that HTTP calls idempotent, when the connector says that the call is not."""
    failing(origin, None)

    with in_scope(), pytest.raises(SourceUnavailable, match="may have done"):
        await connect().send(a_call(**{**WRITE, "method": method}))

    assert len(origin.asked) == 1


async def test_a_write_is_repeated_when_the_source_said_too_many_requests(origin: Origin, connect: Connect) -> None:
    """Then it provably was not done."""
    failing(origin, Answer(429, headers={"retry-after": "1"}))

    with in_scope():
        assert await connect(time_scale=50).send(a_call(**WRITE)) == "at last"

    assert len(origin.asked) == 2


async def test_a_write_is_repeated_when_it_could_not_be_sent(origin: Origin, connect: Connect) -> None:
    """A refused connection means that nothing arrived: the call is tried until the attempts are used up."""
    client = connect(time_scale=50)
    origin.stop_accepting()

    with in_scope() as scope, pytest.raises(SourceUnavailable, match="did not accept the connection"):
        await client.send(a_call(**WRITE))

    assert scope.calls[0].retries == 3
    assert scope.calls[0].status is None


async def test_a_refusal_is_final(origin: Origin, connect: Connect) -> None:
    """What the dialect calls failed is not tried again."""
    failing(origin, Answer(422))

    with in_scope(), pytest.raises(Rejected):
        await connect().send(a_call())

    assert len(origin.asked) == 1


async def test_a_fixed_token_cannot_be_renewed(origin: Origin, connect: Connect) -> None:
    """A refused bearer token needs a human at once."""
    failing(origin, Answer(401))

    with in_scope(), pytest.raises(ReauthRequired):
        await connect().send(a_call())

    assert len(origin.asked) == 1


async def test_retry_after_is_waited_for_in_virtual_time(origin: Origin, connect: Connect) -> None:
    """Twenty virtual seconds at a pace of fifty are four tenths of a real one."""
    failing(origin, Answer(429, headers={"retry-after": "20"}))

    started = time.monotonic()
    with in_scope():
        await connect(time_scale=50).send(a_call())

    assert 0.4 <= time.monotonic() - started < 2


async def test_a_wait_past_the_deadline_fails_now_and_says_how_long(origin: Origin, connect: Connect) -> None:
    """The caller gets the answer at once, with the seconds in it."""
    failing(origin, Answer(429, headers={"retry-after": "20"}))

    started = time.monotonic()
    with in_scope(seconds=2), pytest.raises(RateLimited) as failed:
        await connect().send(a_call())

    assert time.monotonic() - started < 1
    assert failed.value.retry_after_s == pytest.approx(20)


async def test_a_pause_holds_back_the_other_calls_of_its_class(origin: Origin, connect: Connect) -> None:
    """While the source wants to be left alone, a second call does not go out."""
    failing(origin, Answer(429, headers={"retry-after": "10", "x-pauses": "default"}))
    client = connect(time_scale=50)

    with in_scope():
        started = time.monotonic()
        first = asyncio.create_task(client.send(a_call()))
        await origin.busy.wait()
        await asyncio.sleep(0.02)
        await client.send(a_call(path="/other"))
        waited = time.monotonic() - started
        await first

    assert waited >= 0.2
    assert len(origin.asked) == 3


NOW = 1_795_000_000


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("3", 3.0),
        ("0.5", 0.5),
        ("-7", 0.0),
        ("1e12", 86_400.0),
        ("nan", None),
        ("inf", None),
        ("soon", None),
        ("", None),
        (formatdate(NOW + 30, usegmt=True), 30.0),
        (formatdate(NOW - 30, usegmt=True), 0.0),
        ("Fri, 99 Nov 2026 10:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, seconds: float | None) -> None:
    """A date counts from the source's own clock; nonsense counts as nothing; a day is the most."""
    reply = Reply(status=429, headers={"retry-after": value, "date": formatdate(NOW, usegmt=True)}, content=b"")

    assert retry_after_s(reply) == seconds


def test_retry_after_as_a_date_works_without_a_date_header() -> None:
    """The own clock serves where the source does not tell its time."""
    reply = Reply(status=429, headers={"retry-after": formatdate(time.time() + 60, usegmt=True)}, content=b"")

    assert retry_after_s(reply) == pytest.approx(60, abs=2)


def test_no_retry_after_is_none() -> None:
    """The client's own back-off decides then."""
    assert retry_after_s(Reply(status=503, headers={}, content=b"")) is None
