"""Keeping inside a source's limits: exactly, in order, and never past a deadline."""

import asyncio
import time
from collections.abc import Sequence

import pytest

from connectors.http import LimitClass, Limits, Observed, Pace, QuotaState, Window
from connectors.http.limiter import Limiter
from model.errors import OurBug, QuotaExhausted, RateLimited
from tests.connectors.http.conftest import Connect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin

FAST = 100.0


class Until:
    """A deadline for the limiter: so many real seconds from now."""

    def __init__(self, seconds: float = 60.0) -> None:
        self.deadline_s = asyncio.get_running_loop().time() + seconds


def limiter(*classes: LimitClass, time_scale: float = FAST) -> Limiter:
    """A limiter on its own."""
    return Limiter(Limits(classes, concurrency=9), source="acme", pace=Pace(time_scale))


def one(limit: int, window_s: float, name: str = "window") -> LimitClass:
    """The default class with one window."""
    return LimitClass("default", (Window(limit, window_s, name),))


def most_in(moments: Sequence[float], window_s: float) -> int:
    """The most moments in any stretch of *window_s*."""
    return max(sum(1 for other in moments if 0 <= other - start < window_s) for start in moments)


def only(states: tuple[QuotaState, ...]) -> QuotaState:
    """The one state there is."""
    (state,) = states
    return state


async def test_a_window_is_never_exceeded_and_never_wasted() -> None:
    """Forty calls at five in a second: never six in one, and done in about seven seconds of virtual time."""
    # At a faster pace a stalled event loop would wake two windows' calls at once and read one moment for both.
    pace = Pace(4.0)
    limits = limiter(one(5, 1.0), time_scale=4.0)
    moments: list[float] = []

    async def call() -> None:
        await limits.admit("default", Until())
        moments.append(pace.monotonic())

    await asyncio.gather(*(call() for _ in range(40)))

    assert most_in(moments, 1.0) == 5
    assert moments[-1] - moments[0] < 7 * (1 + 0.02 * 4) + 3


async def test_calls_go_in_the_order_they_came() -> None:
    """First come, first served."""
    limits = limiter(one(1, 1.0))
    order: list[int] = []

    async def call(number: int) -> None:
        await limits.admit("default", Until())
        order.append(number)

    await asyncio.gather(*(call(number) for number in range(12)))

    assert order == list(range(12))


async def test_a_shared_window_counts_both_classes_and_a_search_spares_the_burst() -> None:
    """HubSpot's search has its own second and shares the day with the rest, not the burst."""
    limits = limiter(
        LimitClass("default", (Window(2, 100.0, "burst"),), shares=("daily",)),
        LimitClass("search", (Window(3, 100.0, "search"),), shares=("daily",)),
        LimitClass("daily", (Window(1000, 86_400.0, "daily"),)),
    )

    for _ in range(2):
        await limits.admit("default", Until())
    for _ in range(3):
        await limits.admit("search", Until())

    left = {state.name: state.remaining for state in limits.states()}
    assert left == {"burst": 0, "search": 0, "daily": 995}


async def test_a_wait_past_the_deadline_is_refused_at_once_and_takes_nothing() -> None:
    """The refusal says how long; those who can wait lose no place to it."""
    limits = limiter(one(1, 10.0), time_scale=1.0)
    await limits.admit("default", Until())
    before = only(limits.states()).remaining

    started = time.monotonic()
    for _ in range(5):
        with pytest.raises(RateLimited, match="acme allows 1 calls in 10 s") as failed:
            await limits.admit("default", Until(2.0))

    assert time.monotonic() - started < 0.5
    assert failed.value.retry_after_s == pytest.approx(10, abs=0.3)
    assert only(limits.states()).remaining == before == 0


async def test_a_place_in_a_queue_counts_those_before() -> None:
    """The third waiter is refused because of the two before it, before they have gone."""
    limits = limiter(one(1, 1.0), time_scale=10.0)
    waiting = [asyncio.create_task(limits.admit("default", Until(5.0))) for _ in range(3)]
    await asyncio.sleep(0)

    with pytest.raises(RateLimited) as failed:
        await limits.admit("default", Until(0.3))

    assert failed.value.retry_after_s == pytest.approx(0.36, abs=0.1)
    await asyncio.gather(*waiting)


async def test_a_cancelled_waiter_gives_its_place_back() -> None:
    """Nothing is counted for a call that never went."""
    limits = limiter(one(1, 10.0), time_scale=1.0)
    await limits.admit("default", Until())
    waiting = asyncio.create_task(limits.admit("default", Until()))
    await asyncio.sleep(0.01)

    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    with pytest.raises(RateLimited) as failed:
        await limits.admit("default", Until(0.1))

    assert failed.value.retry_after_s == pytest.approx(10, abs=0.3)


async def test_others_calls_that_the_source_reports_are_counted() -> None:
    """A remaining figure below the own one holds the rest back; one above it gives nothing."""
    limits = limiter(one(10, 100.0), time_scale=1.0)
    await limits.admit("default", Until())

    limits.learn((Observed(name="window", remaining=2),))
    limits.learn((Observed(name="window", remaining=7),))
    limits.learn((Observed(name="unheard of", remaining=0),))

    state = only(limits.states())
    assert (state.remaining, state.limit, state.is_observed) == (2, 10, True)
    for _ in range(2):
        await limits.admit("default", Until(0.1))
    with pytest.raises(RateLimited):
        await limits.admit("default", Until(0.1))


async def test_a_boundless_limit_costs_no_time() -> None:
    """A vendor may say any number: an empty window of a billion calls is waited for, and not counted out."""
    limits = limiter(one(10, 1.0))
    started = time.monotonic()

    limits.learn((Observed(name="window", limit=10**9, remaining=0),))
    with pytest.raises(RateLimited):
        await limits.admit("default", Until(0.005))

    assert time.monotonic() - started < 1


async def test_an_empty_window_waits_for_its_reset() -> None:
    """Where the source says when, its word counts more than the own log."""
    limits = limiter(one(10, 5.0))

    limits.learn((Observed(name="window", remaining=0, resets_in_s=30.0),))
    started = time.monotonic()
    await limits.admit("default", Until())

    assert time.monotonic() - started >= 0.3


async def test_a_window_found_empty_moves_those_who_wait() -> None:
    """A place reserved before others emptied the window is given up."""
    limits = limiter(one(1, 5.0))
    await limits.admit("default", Until())
    waiting = asyncio.create_task(limits.admit("default", Until()))
    await asyncio.sleep(0.01)

    started = time.monotonic()
    limits.learn((Observed(name="window", remaining=0, resets_in_s=30.0),))
    await waiting

    assert time.monotonic() - started >= 0.28


async def test_the_source_knows_its_limit_better() -> None:
    """A plan with other figures than configured is learned from the headers."""
    limits = limiter(one(10, 100.0), time_scale=1.0)

    limits.learn((Observed(name="window", limit=3, window_s=50.0),))
    for _ in range(3):
        await limits.admit("default", Until(0.1))
    with pytest.raises(RateLimited, match="allows 3 calls"):
        await limits.admit("default", Until(0.1))

    limits.learn((Observed(name="window", limit=5),))
    for _ in range(2):
        await limits.admit("default", Until(0.1))


@pytest.mark.parametrize("resets_in_s", [3600.0, None])
async def test_an_exhausted_day_is_said_to_be_one(resets_in_s: float | None) -> None:
    """The code differs from a short limit's; where the reset is unknown, somebody looks again in five minutes."""
    limits = limiter(one(1000, 86_400.0, "daily"))

    limits.learn((Observed(name="daily", remaining=0, resets_in_s=resets_in_s),))
    with pytest.raises(QuotaExhausted, match="daily") as failed:
        await limits.admit("default", Until(1.0))

    assert failed.value.retry_after_s == pytest.approx((resets_in_s or 300.0) / FAST, abs=0.5)
    assert only(limits.states()).remaining == 0
    assert (only(limits.states()).resets_in_s is None) is (resets_in_s is None)


async def test_a_day_comes_back_after_its_reset() -> None:
    """The full figure counts again, until the source says otherwise."""
    limits = limiter(one(1000, 86_400.0, "daily"))
    limits.learn((Observed(name="daily", remaining=0, resets_in_s=5.0),))

    await limits.admit("default", Until())

    assert only(limits.states()).remaining == 999


async def test_a_days_own_count_gives_way_to_the_sources() -> None:
    """Others spend from it too, and what they spent comes back."""
    limits = limiter(one(3, 86_400.0, "daily"))
    for _ in range(3):
        await limits.admit("default", Until(0.1))
    with pytest.raises(QuotaExhausted) as failed:
        await limits.admit("default", Until(0.1))
    assert failed.value.retry_after_s == pytest.approx(86_400 / FAST, rel=0.01)

    limits.learn((Observed(name="daily", limit=500, remaining=400),))
    await limits.admit("default", Until(0.1))

    state = only(limits.states())
    assert (state.limit, state.remaining, state.resets_in_s) == (500, 399, None)


async def test_a_weighed_window_counts_what_calls_cost() -> None:
    """A day's tokens go by each call's weight, and a dear call is refused where a cheap one still fits."""
    day = Window(50, 86_400.0, "tokens", is_weighed=True)
    limits = limiter(LimitClass("default", (day, Window(100, 10.0, "burst"))))

    await limits.admit("default", Until(), weight=40)
    with pytest.raises(QuotaExhausted, match="50 units"):
        await limits.admit("default", Until(0.5), weight=20)
    await limits.admit("default", Until(), weight=10)

    assert [state.remaining for state in limits.states()] == [0, 98]


async def test_a_hold_stops_one_class_or_all() -> None:
    """Even the calls that had their place already."""
    limits = limiter(one(5, 1.0), LimitClass("search", (Window(5, 1.0, "search"),)))

    limits.hold("default", 20.0)
    await limits.admit("search", Until(0.05))
    with pytest.raises(RateLimited, match="left alone") as failed:
        await limits.admit("default", Until(0.05))
    limits.hold("*", 40.0)
    with pytest.raises(RateLimited):
        await limits.admit("search", Until(0.2))

    assert failed.value.retry_after_s == pytest.approx(0.2, abs=0.05)


async def test_a_hold_that_comes_later_moves_those_who_wait() -> None:
    """A place reserved before the source asked for silence is given up."""
    limits = limiter(one(1, 5.0))
    await limits.admit("default", Until())
    waiting = asyncio.create_task(limits.admit("default", Until()))
    await asyncio.sleep(0.01)

    started = time.monotonic()
    limits.hold("default", 30.0)
    await waiting

    assert time.monotonic() - started >= 0.28


async def test_an_unknown_class_is_a_bug() -> None:
    """A connector names only classes that it declared."""
    with pytest.raises(OurBug, match="searches"):
        await limiter(one(1, 1.0)).admit("searches", Until())


@pytest.mark.parametrize(
    "classes",
    [
        (one(1, 1.0, "a"), one(2, 2.0, "b")),
        (one(1, 1.0, "a"), LimitClass("search", (Window(1, 1.0, "a"),))),
        (LimitClass("default", (), shares=("daily",)),),
    ],
)
def test_limits_that_contradict_themselves_are_refused(classes: tuple[LimitClass, ...]) -> None:
    """Two of one name, or a share of nothing."""
    with pytest.raises(ValueError, match=r"name|shares"):
        Limits(classes, concurrency=1)


def test_limits_need_room_for_one_call() -> None:
    """A concurrency of nothing would wait for ever."""
    with pytest.raises(ValueError, match="concurrency"):
        Limits((), concurrency=0)


async def test_the_client_keeps_its_concurrency(origin: Origin, connect: Connect) -> None:
    """Never more than so many in flight; all are answered."""
    running = most = 0

    async def handler(asked: Asked) -> Answer:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        running -= 1
        return Answer()

    origin.handler = handler
    client = connect(limits=Limits((one(1000, 10.0),), concurrency=3))

    with in_scope():
        await asyncio.gather(*(client.send(a_call(path=f"/{number}")) for number in range(20)))

    assert most == 3


async def test_the_client_learns_from_headers_and_shows_its_quotas(origin: Origin, connect: Connect) -> None:
    """What the dialect observes is what quotas() says and what the next call obeys."""

    async def handler(asked: Asked) -> Answer:
        return Answer(headers={"x-window": "daily", "x-left": "0", "x-resets": "7200"})

    origin.handler = handler
    client = connect(limits=Limits((one(1000, 86_400.0, "daily"),), concurrency=3))

    with in_scope() as scope:
        await client.send(a_call())
        with pytest.raises(QuotaExhausted) as failed:
            await client.send(a_call())

    state = only(client.quotas())
    assert (state.name, state.remaining, state.is_observed) == ("daily", 0, True)
    assert state.resets_in_s == pytest.approx(7200, abs=5)
    assert failed.value.retry_after_s == pytest.approx(7200, abs=5)
    assert len(origin.asked) == len(scope.calls) == 1


async def test_every_attempt_is_counted(origin: Origin, connect: Connect) -> None:
    """The source counts repeats as well."""
    answers = [Answer(503), Answer(503), Answer()]

    async def handler(asked: Asked) -> Answer:
        return answers.pop(0)

    origin.handler = handler
    client = connect(limits=Limits((one(10, 1000.0),), concurrency=3), time_scale=50)

    with in_scope():
        await client.send(a_call())

    assert only(client.quotas()).remaining == 7
