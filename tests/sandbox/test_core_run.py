"""Starting and stopping emulators."""

import contextlib
import signal
import socket
import ssl
import subprocess
import sys
import textwrap
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx
import pytest

import sandbox
from sandbox import Sandbox
from sandbox.seed import build_book
from tests.sandbox.toy import toy


def free_base_port(offset: int) -> int:
    """A base port whose sum with *offset* was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port - offset


def test_emulators_get_free_ports_and_serve_their_books() -> None:
    """Each is reached at its own address and holds the book of its own platform."""
    with Sandbox([toy("one"), toy("two")], scale=0.02, seed=3) as running:
        urls = [running.url("one"), running.url("two")]
        people = [httpx.get(f"{url}/people").json() for url in urls]

    assert len(set(urls)) == 2
    assert people == [
        [person.last_name for person in build_book(key, scale=0.02, seed=3).people] for key in ("one", "two")
    ]


def test_slow_work_of_emulators_never_runs_in_two_threads() -> None:
    """A store's connection that calls Python would wait for the interpreter, and the other thread for the store."""
    with Sandbox([toy()], scale=0.01) as running:
        threads = httpx.get(f"{running.url('toy')}/threads").json()

    assert threads == 1


def test_counts_make_one_list_of_the_books_large() -> None:
    """Whatever the scale says of it."""
    with Sandbox([toy()], scale=0.02, counts={"people": 33}) as running:
        people = httpx.get(f"{running.url('toy')}/people").json()

    assert len(people) == 33


def test_base_port_puts_each_emulator_at_its_offset() -> None:
    """The port is the base port plus the emulator's own offset."""
    base_port = free_base_port(900)

    with Sandbox([toy(port_offset=900)], base_port=base_port, scale=0.01) as running:
        url = running.url("toy")
        status = httpx.get(f"{url}/records").status_code

    assert url == f"http://127.0.0.1:{base_port + 900}"
    assert status == 200


def test_taken_port_is_an_error_and_leaves_nothing_behind() -> None:
    """The message names the port, and the ports that were opened before are closed again."""
    with socket.socket() as taken:
        base_port = 0
        while not base_port:
            with contextlib.suppress(OSError):  # the port behind a free one may be somebody's
                taken.bind(("127.0.0.1", free_base_port(900) + 901))
                base_port = taken.getsockname()[1] - 901
        taken.listen()
        port = base_port + 901
        with (
            pytest.raises(OSError, match=f"cannot listen on 127.0.0.1:{port}"),
            Sandbox([toy("one", port_offset=900), toy("two", port_offset=901)], base_port=base_port, scale=0.01),
        ):
            pytest.fail("it started")

    assert not [thread for thread in threading.enumerate() if thread.name == "crm-sandbox"]


def test_connect_and_secrets_come_from_the_emulators() -> None:
    """The config entries hold references, the secrets of all emulators stand in one mapping."""
    with Sandbox([toy("one"), toy("two")], scale=0.01) as running:
        entry = running.connect("one")
        url = running.url("one")

    assert entry == {"key": "one", "platform": "one", "base_url": url, "token": "env:ONE_TOKEN"}
    assert running.secrets == {"ONE_TOKEN": "secret of one", "TWO_TOKEN": "secret of two"}


def test_emulators_cannot_share_a_secret_name() -> None:
    """One would silently get the other's secret."""
    emulators = [toy("one", secret_name="TOKEN"), toy("two", secret_name="TOKEN")]

    with (
        pytest.raises(RuntimeError, match="two names a secret that another emulator has: TOKEN"),
        Sandbox(emulators, scale=0.01),
    ):
        pytest.fail("it started")


def test_options_reach_their_emulator() -> None:
    """A switch goes to the platform that it is named under."""
    with Sandbox([toy("one"), toy("two")], scale=0.01, options={"two": {"greeting": "hej"}}) as running:
        greetings = [httpx.get(f"{running.url(key)}/records").json()["greeting"] for key in ("one", "two")]

    assert greetings == ["hello", "hej"]


def test_option_that_an_emulator_refuses_stops_the_start() -> None:
    """The emulator's own message comes through."""
    with (
        pytest.raises(ValueError, match="toy has no option 'greting'"),
        Sandbox([toy()], scale=0.01, options={"toy": {"greting": "hej"}}),
    ):
        pytest.fail("it started")


def test_options_for_a_platform_that_does_not_run_are_refused() -> None:
    """With a hint at what was meant."""
    with pytest.raises(ValueError, match="options for 'toi', which does not run; did you mean 'toy'"):
        Sandbox([toy()], options={"toi": {}})


def test_unknown_platform_is_refused() -> None:
    """With a hint at what there is."""
    with pytest.raises(ValueError, match="no emulator for platform 'seed'"):
        Sandbox(["seed"])


def test_platform_named_twice_is_refused() -> None:
    """Each runs once."""
    with pytest.raises(ValueError, match="platform 'toy' is named twice"):
        Sandbox([toy(), toy()])


def test_negative_latency_is_refused() -> None:
    """Nothing answers before it is asked."""
    with pytest.raises(ValueError, match="latency_s"):
        Sandbox([toy()], latency_s=-1)


def test_question_about_a_platform_that_does_not_run_is_refused() -> None:
    """With a hint at what runs."""
    with (
        Sandbox([toy()], scale=0.01) as running,
        pytest.raises(ValueError, match="'toi' does not run here; did you mean"),
    ):
        running.url("toi")


def test_sandbox_runs_once() -> None:
    """Its journal, clock and secrets belong to one run."""
    running = Sandbox([toy()], scale=0.01)
    with running:
        pass

    with pytest.raises(RuntimeError, match="runs once"), running:
        pytest.fail("it started again")


def test_tls_is_trusted_by_the_sandboxs_authority_alone() -> None:
    """Clients that load its certificate connect, others do not; faults work as without TLS."""
    with Sandbox([toy()], scale=0.01, tls=True) as running:
        assert running.ca_pem is not None
        trusting = ssl.create_default_context(cadata=running.ca_pem.decode())
        url = f"{running.url('toy')}/records"
        status = httpx.get(url, verify=trusting).status_code
        running.faults("toy").set("truncate", times=1)
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(url, verify=trusting)
        with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
            httpx.get(url)

    assert url.startswith("https://127.0.0.1:")
    assert status == 200


def test_clock_starts_at_noon_of_the_books_day() -> None:
    """The clock and the books agree on what is past."""
    running = Sandbox([toy()], today=date(2030, 2, 28))

    assert timedelta() <= running.clock.now() - datetime(2030, 2, 28, 12, tzinfo=UTC) < timedelta(minutes=1)


def test_clock_shows_the_wall_clocks_time_without_a_day() -> None:
    """A sandbox of today runs on real time."""
    running = Sandbox([toy()], today=None)

    assert abs(running.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)


def test_stop_ends_what_hangs_and_closes_everything() -> None:
    """A hanging request, a kept connection and a long delay end with the sandbox, and its thread is gone."""
    answers: list[Exception] = []

    def ask(url: str) -> None:
        try:
            httpx.get(url, timeout=60)
        except httpx.TransportError as error:
            answers.append(error)

    with httpx.Client() as kept, Sandbox([toy()], scale=0.01) as running:
        url = running.url("toy")
        kept.get(f"{url}/records")
        running.faults("toy").set("hang", path="/records")
        running.faults("toy").set("latency", value=3600, path="/people")
        waiting = [threading.Thread(target=ask, args=(f"{url}{path}",)) for path in ("/records", "/people")]
        for thread in waiting:
            thread.start()
        deadline_s = time.monotonic() + 10
        while len(running.calls("toy")) < 3 and time.monotonic() < deadline_s:
            time.sleep(0.005)
    for thread in waiting:
        thread.join(10)

    assert len(answers) == 2
    assert not [thread for thread in threading.enumerate() if thread.name == "crm-sandbox"]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{url}/records")


def test_sandboxes_beside_each_other_share_nothing() -> None:
    """Faults, calls and ports are each one's own."""
    with Sandbox([toy()], scale=0.01) as one, Sandbox([toy()], scale=0.01) as other:
        one.faults("toy").set("status", value=503)
        statuses = [httpx.get(f"{running.url('toy')}/records").status_code for running in (one, other)]
        counts = [len(running.calls("toy")) for running in (one, other)]

    assert statuses == [503, 200]
    assert counts == [1, 1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_forever_ends_cleanly_on_a_signal(number: signal.Signals) -> None:
    """It serves until told to stop, then the process ends with status 0 and without a warning."""
    program = """
        from sandbox import Sandbox
        from tests.sandbox.toy import toy

        running = Sandbox([toy()], scale=0.01)
        running.run_forever(on_ready=lambda: print(running.url("toy"), flush=True))
        print("stopped")
    """
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", textwrap.dedent(program)]

    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=Path.cwd()
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        status = httpx.get(f"{url}/records").status_code
        process.send_signal(number)
        rest, errors = process.communicate(timeout=30)

    assert status == 200
    assert (rest, errors, process.returncode) == ("stopped\n", "", 0)


def test_every_platform_package_is_found_in_port_order() -> None:
    """Each emulator is called like its folder, and no two want the same port."""
    found = sandbox.platforms()

    folders = {path.parent.name for path in Path(sandbox.__file__).parent.glob("*/__init__.py")} - {"seed"}
    offsets = [emulator.port_offset for emulator in found]
    assert {emulator.platform for emulator in found} == folders
    assert offsets == sorted(set(offsets))
