"""Where stories are run: emulators, and the real gateway over them, behind real sockets in this process."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import yaml

from gateway.cli.demo_fields import demo_fields
from gateway.config import load_settings
from gateway.server import listening, server_of
from gateway.wiring import Gateway
from sandbox.run import Sandbox
from sandbox.seed import TODAY
from tests.specs.stories import Setup

__all__ = ["Answers", "Stage", "staged"]

_EXPLAIN = """
query ($query: String!, $variables: JSON) {
  explain(query: $query, variables: $variables) { isAllowed notes steps { source { key } estimatedCalls } }
}
"""
_READY_S = 60.0
_CURSOR_KEY = "a key for stories, 32 characters and more"


@dataclass(frozen=True, slots=True)
class Answers:
    """What came back to the copies of one request, and the requests that each emulator counted meanwhile."""

    bodies: list[dict[str, Any]]
    journal: Mapping[str, int]

    def data_calls(self) -> dict[str, int]:
        """Data calls by source, as the answers tell them."""
        return self._counted(lambda call: int(call["kind"] == "data" and not call["cached"]))

    def requests(self) -> dict[str, int]:
        """Every request by source, repeated ones included, as the answers tell them."""
        return self._counted(lambda call: 0 if call["cached"] else 1 + call["retries"])

    def _counted(self, weight: Any) -> dict[str, int]:
        found: Counter[str] = Counter()
        for body in self.bodies:
            for call in body.get("extensions", {}).get("calls", []):
                found[call["source"]] += weight(call)
        return {source: count for source, count in sorted(found.items()) if count}


@dataclass(frozen=True, slots=True)
class Stage:
    """A gateway that answers, and the emulators behind it."""

    sandbox: Sandbox
    url: str
    client: httpx.Client

    def ask(self, query: str, variables: Mapping[str, Any], *, copies: int = 1) -> Answers:
        """The answers to *copies* of one request sent at the same moment, with the calls they made."""
        body = {"query": query, "variables": variables, "extensions": {"explain": True}}
        self.sandbox.clear_calls()
        with ThreadPoolExecutor(copies) as pool:
            sent = [pool.submit(self.client.post, self.url, json=body) for _ in range(copies)]
            bodies = [one.result().json() for one in sent]
        counted = {platform: len(self.sandbox.calls(platform)) for platform in self.sandbox.running}
        return Answers(bodies, {platform: count for platform, count in sorted(counted.items()) if count})

    def declared(self, query: str, variables: Mapping[str, Any]) -> dict[str, int]:
        """Data calls by source that `explain` declares."""
        asked = {"query": _EXPLAIN, "variables": {"query": query, "variables": variables}}
        answer = self.client.post(self.url, json=asked).json()
        assert "errors" not in answer, answer["errors"]
        plan = answer["data"]["explain"]
        assert plan["isAllowed"], plan["notes"]
        found: Counter[str] = Counter()
        for step in plan["steps"]:
            found[step["source"]["key"]] += step["estimatedCalls"]
        return {source: count for source, count in sorted(found.items()) if count}

    @contextmanager
    def disturbed(self, faults: Mapping[str, list[dict[str, Any]]]) -> Iterator[None]:
        """The emulators misbehave as told while the block runs."""
        for platform, switches in faults.items():
            for switch in switches:
                self.sandbox.faults(platform).set(**switch)
        try:
            yield
        finally:
            for platform in faults:
                self.sandbox.faults(platform).clear()


@contextmanager
def staged(setup: Setup, folder: Path) -> Iterator[Stage]:
    """The world that *setup* describes, warm; it has ended when the block is left."""
    sandbox = Sandbox(
        setup.sources,
        scale=setup.scale,
        time_scale=setup.time_scale,
        options=setup.options,
        today=TODAY if setup.today == "book" else None,
    )
    with sandbox, httpx.Client(timeout=30, trust_env=False) as client:
        settings = load_settings(_config(sandbox, setup, folder), environ=_environ(sandbox))
        with _served(Gateway(settings)) as url:
            _wait_until_warm(client, url)
            yield Stage(sandbox, f"{url}/graphql", client)


@contextmanager
def _served(gateway: Gateway) -> Iterator[str]:
    """The URL of *gateway*, served from a thread."""
    with listening("127.0.0.1", 0) as bound:
        server = server_of(gateway)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="gateway")
        thread.start()
        try:
            yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(timeout=20)


def _wait_until_warm(client: httpx.Client, url: str) -> None:
    ends = time.monotonic() + _READY_S
    while time.monotonic() < ends:
        with suppress(httpx.TransportError):
            if client.get(f"{url}/health/ready").status_code == 200:
                return
        time.sleep(0.02)
    raise AssertionError(f"the gateway was not ready within {_READY_S} s")


def _environ(sandbox: Sandbox) -> dict[str, str]:
    return {**sandbox.secrets, "SPEC_CURSOR_KEY": _CURSOR_KEY}


def _config(sandbox: Sandbox, setup: Setup, folder: Path) -> Path:
    """A config over the emulators; metadata that is read once stays for the whole run."""
    sources = [
        {**sandbox.connect(platform), "metadata_ttl_s": 86_400, **setup.configure.get(platform, {})}
        for platform in setup.sources
    ]
    own = {platform: sandbox.own_fields(platform) for platform in setup.sources}
    config = {
        "allow_loopback": True,
        "cursor_key": "env:SPEC_CURSOR_KEY",
        "time_scale": setup.time_scale,
        "log_level": "error",
        "features": {"explain": True},
        "limits": dict(setup.limits),
        "exchange_rates": list(setup.exchange_rates),
        "sources": sources,
        "custom_fields": setup.custom_fields or demo_fields(own),
    }
    path = folder / "gateway.yaml"
    path.write_text(yaml.safe_dump(config))
    return path
