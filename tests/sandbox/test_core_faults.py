"""The switches that make an emulator misbehave."""

import math
from concurrent.futures import ThreadPoolExecutor

import pytest

from sandbox import Fault, Faults
from sandbox.faults import GENERIC, VENDOR

VALUES: dict[str, float] = {"latency": 0.5, "status": 503}


@pytest.mark.parametrize("name", [*GENERIC, *VENDOR])
def test_every_known_fault_can_be_set_and_taken(name: str) -> None:
    """What is set is what a request takes."""
    faults = Faults()

    faults.set(name, value=VALUES.get(name))

    assert faults.take(name, "/any") == Fault(name=name, value=VALUES.get(name))


def test_times_are_used_up() -> None:
    """A fault for two requests hits two."""
    faults = Faults()
    faults.set("reset", times=2)

    taken = [faults.take("reset", "/any") is not None for _ in range(3)]

    assert taken == [True, True, False]
    assert faults.active() == []


def test_times_that_are_left_are_shown() -> None:
    """The list of active faults tells how many requests each still hits."""
    faults = Faults()
    faults.set("reset", times=3)

    faults.take("reset", "/any")

    assert faults.active() == [Fault(name="reset", times=2)]


def test_fault_without_times_lasts_until_cleared() -> None:
    """Only clear ends it."""
    faults = Faults()
    faults.set("reset")

    before = [faults.take("reset", "/any") for _ in range(5)]
    faults.clear("reset")

    assert None not in before
    assert faults.take("reset", "/any") is None


def test_path_limits_a_fault() -> None:
    """Requests elsewhere neither see it nor use it up."""
    faults = Faults()
    faults.set("reset", times=1, path="/search")

    elsewhere = faults.take("reset", "/objects/contacts")
    there = faults.take("reset", "/objects/contacts/search")

    assert elsewhere is None
    assert there is not None


def test_faults_of_one_name_live_beside_each_other_by_path() -> None:
    """The same name with another path is another switch; with the same path it is replaced."""
    faults = Faults()

    faults.set("status", value=500, path="/a")
    faults.set("status", value=502, path="/b")
    faults.set("status", value=503, path="/a")

    assert faults.active() == [Fault(name="status", value=502, path="/b"), Fault(name="status", value=503, path="/a")]


def test_clear_without_a_name_clears_all() -> None:
    """Nothing stays on."""
    faults = Faults()
    faults.set("reset")
    faults.set("forbidden")

    faults.clear()

    assert faults.active() == []


def test_clear_of_one_name_leaves_the_others() -> None:
    """The others stay on."""
    faults = Faults()
    faults.set("reset")
    faults.set("forbidden")

    faults.clear("reset")

    assert faults.active() == [Fault(name="forbidden")]


def test_unknown_name_is_refused_with_a_hint() -> None:
    """A misspelt fault never passes silently, wherever it is named."""
    faults = Faults()

    for use in (faults.set, faults.clear, lambda name: faults.take(name, "/any")):
        with pytest.raises(ValueError, match=r"unknown fault 'trunkate'; did you mean truncate\?"):
            use("trunkate")


def test_unlike_name_is_answered_with_all_names() -> None:
    """Without a close match the known names are listed."""
    with pytest.raises(ValueError, match="known: latency, hang"):
        Faults().set("zzz")


def test_declared_names_are_known() -> None:
    """An emulator's own faults work as the others once it declares them."""
    faults = Faults()

    faults.declare("index_lag", "wrong_total")
    faults.set("index_lag", value="contacts")

    assert faults.names()[-2:] == ["index_lag", "wrong_total"]
    assert faults.take("index_lag", "/any") == Fault(name="index_lag", value="contacts")


@pytest.mark.parametrize("value", [None, "1", -0.1, math.nan, math.inf])
def test_latency_needs_seconds(value: float | str | None) -> None:
    """A wait without a sensible length is refused."""
    with pytest.raises(ValueError, match="latency needs value = seconds"):
        Faults().set("latency", value=value)


@pytest.mark.parametrize("value", [None, "503", 200, 302, 503.5, 600])
def test_status_needs_an_error_code(value: float | str | None) -> None:
    """The page of a web tier comes with a status from 400 to 599."""
    with pytest.raises(ValueError, match="status needs value = a status code"):
        Faults().set("status", value=value)


@pytest.mark.parametrize("name", [name for name in GENERIC if name not in VALUES])
def test_fault_without_a_value_refuses_one(name: str) -> None:
    """A value that nothing would read is a mistake."""
    with pytest.raises(ValueError, match="takes no value"):
        Faults().set(name, value=1)


def test_times_below_one_are_refused() -> None:
    """A fault that hits nothing is a mistake."""
    with pytest.raises(ValueError, match="times of 1 or more"):
        Faults().set("reset", times=0)


def test_threads_share_the_times() -> None:
    """However many threads take, a fault hits as often as it was set to."""
    faults = Faults()
    faults.set("reset", times=500)

    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: faults.take("reset", "/any"), range(2000)))

    assert sum(fault is not None for fault in taken) == 500
