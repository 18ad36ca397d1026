"""The gateway as its own process, over emulators of this one."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from sandbox import Sandbox

__all__ = ["Served", "config_for", "free_port", "served"]

_READY_S = 60.0


@dataclass(frozen=True, slots=True)
class Served:
    """A running gateway process."""

    url: str
    process: "subprocess.Popen[bytes]"
    client: httpx.Client

    def query(self, document: str, **variables: object) -> dict[str, Any]:
        """The answer's data; errors fail the test."""
        body = {"query": document, "variables": variables}
        answer: dict[str, Any] = self.client.post(f"{self.url}/graphql", json=body).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def memory_kib(self) -> int:
        """Resident memory of the process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def config_for(sandbox: Sandbox, folder: Path, *, time_scale: float) -> Path:
    """A config over every emulator of *sandbox*."""
    config = {
        "allow_loopback": True,
        "cursor_key": "env:WALK_CURSOR_KEY",
        "time_scale": time_scale,
        "log_level": "warning",
        "features": {"explain": True},
        "sources": [sandbox.connect(platform) for platform in sandbox.running],
    }
    path = folder / "gateway.yaml"
    path.write_text(yaml.safe_dump(config))
    return path


@contextmanager
def served(sandbox: Sandbox, config: Path) -> Iterator[Served]:
    """A gateway process that answers; it has ended when the block is left."""
    port = free_port()
    environ = {**os.environ, **sandbox.secrets, "WALK_CURSOR_KEY": "a key for tests, 32 characters and more"}
    command = [sys.executable, "-m", "gateway.cli", "serve", "--config", str(config), "--port", str(port)]
    with subprocess.Popen(command, env=environ) as process, httpx.Client(timeout=30, trust_env=False) as client:
        url = f"http://127.0.0.1:{port}"
        try:
            _until_ready(process, client, url)
            yield Served(url, process, client)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _until_ready(process: "subprocess.Popen[bytes]", client: httpx.Client, url: str) -> None:
    ends = time.monotonic() + _READY_S
    while time.monotonic() < ends:
        assert process.poll() is None, f"the gateway ended with {process.returncode}"
        try:
            if client.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError(f"the gateway was not ready within {_READY_S} s")
