"""Commands that run to their end, and servers that run for a while: nothing outlives the block that started it."""

import secrets
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

__all__ = ["Command", "Failed", "answers", "ending", "free_port", "run", "serving"]

START_S = 120
STOP_S = 10
Command = Sequence[str | Path]


class Failed(Exception):
    """A command failed, or a server did not come up; the message ends with what it said last."""


def run(command: Command, log: Path, **options: Any) -> None:
    """Run *command* to its end, with what it says in *log*; *options* are those of `subprocess.run`."""
    with log.open("ab") as output:
        status = subprocess.run(command, check=False, stdout=output, stderr=output, **options).returncode
    if status:
        raise Failed(f"{command[0]} failed with status {status}; {_end_of(log)}")


@contextmanager
def serving(
    command: Command, log: Path, *, is_ready: Callable[[], bool], end_by: int = signal.SIGTERM, **options: Any
) -> Iterator[None]:
    """*command* in the background from when *is_ready* says so; *options* are those of `subprocess.Popen`."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
    with ending(process, by=end_by):
        deadline = time.monotonic() + START_S
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise Failed(f"{command[0]} did not come up; {_end_of(log)}")
            time.sleep(0.1)
        yield


@contextmanager
def ending(process: subprocess.Popen[bytes], *, by: int = signal.SIGTERM) -> Iterator[None]:
    """A block that *process* does not outlive."""
    try:
        yield
    finally:
        process.send_signal(by)
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def answers(method: str, url: str, json: Mapping[str, str] | None = None) -> bool:
    """Whether a request succeeds; no proxy stands before loopback."""
    try:
        return httpx.request(method, url, json=json, timeout=10, trust_env=False).is_success
    except httpx.TransportError:
        return False


def free_port() -> int:
    """A port that nobody listens at, below those of outgoing connections, which could take it meanwhile."""
    while True:
        port = secrets.choice(range(20_000, 32_000))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        return port


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()[-20:]
    return "\n".join([f"the end of {log}:", *lines])
