"""Starts and stops emulators: the sandbox that tests, benchmarks and the command line use."""

import difflib
import importlib
import pkgutil
import signal
import ssl
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from types import TracebackType
from typing import Self

import trustme

from sandbox.app import Wrapped, wrap
from sandbox.clock import Clock
from sandbox.emulator import Emulator, Running, Setup
from sandbox.faults import Faults
from sandbox.journal import Call
from sandbox.seed import TODAY, build_book
from sandbox.server import ServerThread, Site, listen

__all__ = ["Option", "Sandbox", "platforms"]

Option = str | int | float | bool


def platforms() -> list[Emulator]:
    """Every emulator of the sandbox in port order: what the packages `sandbox/<platform>/` export as `EMULATOR`."""
    found = [emulator for name in _package_names() if (emulator := _emulator_in(name))]
    return sorted(found, key=lambda emulator: emulator.port_offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Emulation:
    """One emulator on its port."""

    base_url: str
    faults: Faults
    running: Running
    wrapped: Wrapped


class Sandbox:
    """Emulators behind real sockets on 127.0.0.1, all in one background thread, from `with` to its end.

    Its books, faults and journals are its own; two sandboxes share nothing. It runs once.

    Attributes:
        clock: the virtual clock of all its emulators; it starts at noon UTC of *today*, or at the wall clock's time.
        ca_pem: certificate of the authority behind its TLS, PEM; None without TLS.
        secrets: values for the `env:NAME` references in what `connect` gives.
    """

    def __init__(
        self,
        platforms: Sequence[str | Emulator] | None = None,
        *,
        base_port: int = 0,
        scale: float = 1.0,
        seed: int = 7,
        time_scale: float = 1.0,
        latency_s: float = 0.0,
        tls: bool = False,
        options: Mapping[str, Mapping[str, Option]] | None = None,
        today: date | None = TODAY,
        counts: Mapping[str, int] | None = None,
    ) -> None:
        """Choose what to run; nothing runs yet.

        Args:
            platforms: keys, or emulators from elsewhere; every emulator there is when None.
            base_port: each emulator listens on this plus its `port_offset`; on a free port when 0.
            scale: multiplies the seeded rows; see `build_book`.
            seed: another seed is another world.
            time_scale: virtual seconds per real second.
            latency_s: virtual seconds by which every answer to a vendor request comes later.
            tls: serve HTTPS with a certificate of a new authority.
            options: by platform, the switches that its emulator documents.
            today: the day of the books and the clock; the wall clock's day and time when None.
            counts: by the name of a book's list, such as `deals`, how many rows it has whatever *scale* says.

        Raises:
            ValueError: an unknown platform, one named twice, or options for one that does not run.
        """
        self._emulators = _choose(platforms)
        self._options = {platform: dict(switches) for platform, switches in (options or {}).items()}
        keys = [emulator.platform for emulator in self._emulators]
        for platform in self._options:
            if platform not in keys:
                raise ValueError(f"options for {platform!r}, which does not run; {_hint(platform, keys)}")
        if latency_s < 0:
            raise ValueError(f"latency_s must be 0 or more, got {latency_s}")
        self._base_port, self._scale, self._seed, self._latency_s = base_port, scale, seed, latency_s
        self._counts = dict(counts or {})
        self._today = datetime.now(UTC).date() if today is None else today
        self.clock = Clock(time_scale=time_scale, epoch=None if today is None else _noon(today))
        self._authority = trustme.CA() if tls else None
        self.ca_pem = self._authority.cert_pem.bytes() if self._authority else None
        self.secrets: dict[str, str] = {}
        self._emulations: dict[str, _Emulation] = {}
        self._server: ServerThread | None = None

    def __enter__(self) -> Self:
        """Start, and come back when every emulator answers.

        Raises:
            OSError: a port is taken.
            ValueError: an emulator refuses its options.
            RuntimeError: it ran before.
        """
        if self._server is not None:
            raise RuntimeError("a sandbox runs once; make another one")
        tls = self._tls_context()
        with ExitStack() as undo:
            sites = []
            for emulator in self._emulators:
                listener = undo.enter_context(listen(self._base_port and self._base_port + emulator.port_offset))
                port = listener.getsockname()[1]
                emulation = self._set_up(emulator, f"{'https' if tls else 'http'}://127.0.0.1:{port}")
                self._emulations[emulator.platform] = emulation
                sites.append(Site(app=emulation.wrapped, listener=listener, tls=tls))
            self._server = ServerThread(sites)
            self._server.start()
            undo.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Drop all connections, close the ports and end the thread."""
        if self._server is not None:
            self._server.stop()

    @property
    def running(self) -> list[str]:
        """The platforms that run, in the order of their ports."""
        return list(self._emulations)

    def url(self, platform: str) -> str:
        """Where an emulator is reached, without a trailing slash."""
        return self._emulation(platform).base_url

    def connect(self, platform: str) -> dict[str, object]:
        """A `sources:` entry of the gateway's config that reaches an emulator; its secrets are in `secrets`."""
        return self._emulation(platform).running.connect

    def own_fields(self, platform: str) -> Mapping[str, Mapping[str, str]]:
        """Keys of what an emulator's account added, by type and by a name that all emulators have for it."""
        return next(emulator.own_fields for emulator in self._emulators if emulator.platform == platform)

    def faults(self, platform: str) -> Faults:
        """The switches of an emulator."""
        return self._emulation(platform).faults

    def calls(self, platform: str) -> list[Call]:
        """The requests to an emulator's vendor API since the start or `clear_calls`, oldest first."""
        return self._emulation(platform).wrapped.journal.calls()

    def clear_calls(self) -> None:
        """Forget the calls of all emulators."""
        for one in self._emulations.values():
            one.wrapped.journal.clear()

    def run_forever(self, *, on_ready: Callable[[], None] | None = None) -> None:
        """Run from here until SIGINT or SIGTERM; call it in the main thread.

        Args:
            on_ready: called once every emulator answers.
        """
        asked_to_stop = threading.Event()
        signals = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, lambda *_: asked_to_stop.set()) for number in signals}
        try:
            with self:
                if on_ready is not None:
                    on_ready()
                while not asked_to_stop.wait(0.5):
                    continue
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _emulation(self, platform: str) -> _Emulation:
        if platform not in self._emulations:
            raise ValueError(f"{platform!r} does not run here; {_hint(platform, list(self._emulations))}")
        return self._emulations[platform]

    def _set_up(self, emulator: Emulator, base_url: str) -> _Emulation:
        platform, faults = emulator.platform, Faults()
        setup = Setup(
            book=build_book(
                platform,
                scale=self._scale,
                seed=self._seed,
                today=self._today,
                home_currency=emulator.home_currency,
                counts=self._counts,
            ),
            clock=self.clock,
            faults=faults,
            base_url=base_url,
            options=self._options.get(platform, {}),
        )
        running = emulator.build(setup)
        taken = self.secrets.keys() & running.secrets.keys()
        if taken:
            raise RuntimeError(f"{platform} names a secret that another emulator has: {', '.join(sorted(taken))}")
        self.secrets |= running.secrets
        wrapped = wrap(running.app, clock=self.clock, faults=faults, latency_s=self._latency_s)
        return _Emulation(base_url=base_url, faults=faults, running=running, wrapped=wrapped)

    def _tls_context(self) -> ssl.SSLContext | None:
        if self._authority is None:
            return None
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._authority.issue_cert("127.0.0.1", "localhost").configure_cert(context)
        return context


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _choose(wanted: Sequence[str | Emulator] | None) -> list[Emulator]:
    chosen = platforms() if wanted is None else [_named(one) if isinstance(one, str) else one for one in wanted]
    keys = [emulator.platform for emulator in chosen]
    twice = [key for key in keys if keys.count(key) > 1]
    if twice:
        raise ValueError(f"platform {twice[0]!r} is named twice; a sandbox runs each once")
    return chosen


def _named(platform: str) -> Emulator:
    emulator = _emulator_in(platform) if platform in _package_names() else None
    if emulator is None:
        known = [one.platform for one in platforms()]
        raise ValueError(f"no emulator for platform {platform!r}; {_hint(platform, known)}")
    return emulator


def _package_names() -> list[str]:
    return [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)]) if module.ispkg]


def _emulator_in(package: str) -> Emulator | None:
    emulator = getattr(importlib.import_module(f"{__package__}.{package}"), "EMULATOR", None)
    return emulator if isinstance(emulator, Emulator) else None


def _hint(word: str, known: list[str]) -> str:
    close = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {close[0]!r}?" if close else f"there are: {', '.join(known) or 'none'}"
