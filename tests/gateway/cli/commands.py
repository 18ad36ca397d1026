"""The command line, in this process or in one of its own."""

import io
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import httpx
import structlog

from gateway.cli import main

__all__ = ["SECRETS", "config_at", "free_port", "running", "said", "started"]

SECRETS = {
    "CURSOR_KEY": "cursor-key-7d1f4c9e0b3a58-6f2e8d1c4b7a9053",
    "HUBSPOT_TOKEN": "pat-eu1-5ecre700-1b2c-4d3e-9f80-a1b2c3d4e5f6",
    "CLIENT_ID": "3MVG9fTLmJ60pJ5K.consumer.key.of.our.app",
    "CLIENT_SECRET": "E7A1C5B9D3F2-consumer/secret+nobody=sees",
}


def config_at(folder: Path, base_url: str) -> Path:
    """A config over two accounts at *base_url*."""
    path = folder / "gateway.yaml"
    path.write_text(
        f"""\
allow_loopback: true
cursor_key: env:CURSOR_KEY
features: {{introspection: true}}
limits: {{deadline_s: 3}}
sources:
  - {{key: sales, platform: hubspot, base_url: "{base_url}", auth: {{kind: bearer, token: env:HUBSPOT_TOKEN}}}}
  - key: service
    platform: salesforce
    base_url: {base_url}
    auth: {{kind: client_credentials, client_id: env:CLIENT_ID, client_secret: env:CLIENT_SECRET}}
"""
    )
    return path


def _environ(more: Mapping[str, str]) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CRM_GATEWAY_")}
    return {**inherited, **SECRETS, "COLUMNS": "200", **more}


def running(*arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """A command that has ended."""
    command = [sys.executable, "-m", "gateway.cli", *arguments]
    return subprocess.run(command, env=_environ(environ or {}), capture_output=True, text=True, check=False, timeout=60)


def said(*arguments: str) -> subprocess.CompletedProcess[str]:
    """A command that has ended, run here: a process of its own would import everything anew."""
    output, errors, status = io.StringIO(), io.StringIO(), 0
    with _standing_in(arguments), redirect_stdout(output), redirect_stderr(errors):
        try:
            main()
        except SystemExit as end:
            status = int(end.code or 0)
    return subprocess.CompletedProcess(arguments, status, output.getvalue(), errors.getvalue())


@contextmanager
def _standing_in(arguments: tuple[str, ...]) -> Iterator[None]:
    """Arguments, environment and logs as a process has them, and as they were before afterwards."""
    argv, environ, logs = sys.argv, dict(os.environ), structlog.get_config()
    inherited = _environ({})
    try:
        sys.argv = ["crm-gateway", *arguments]
        os.environ.clear()
        os.environ.update(inherited)
        yield
    finally:
        sys.argv = argv
        os.environ.clear()
        os.environ.update(environ)
        structlog.configure(**logs)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


@contextmanager
def started(*arguments: str, port: int) -> Iterator["subprocess.Popen[str]"]:
    """A server process that is ready; it has ended when the block is left."""
    command = [sys.executable, "-m", "gateway.cli", *arguments, "--port", str(port)]
    with subprocess.Popen(
        command, env=_environ({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            _until_ready(process, port)
            yield process
        finally:
            process.kill()


def _until_ready(process: "subprocess.Popen[str]", port: int) -> None:
    ends = time.monotonic() + 60
    while time.monotonic() < ends:
        assert process.poll() is None, process.communicate()
        try:
            if httpx.get(f"http://127.0.0.1:{port}/health/ready", trust_env=False).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.05)
    raise AssertionError("the server was not ready in time")
