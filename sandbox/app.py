"""The wrapper around every emulator's app: delays, generic faults, the journal and the control routes."""

import asyncio
import contextlib
from dataclasses import asdict

from pydantic import BaseModel, ConfigDict
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sandbox.clock import Clock
from sandbox.faults import GENERIC, Fault, Faults
from sandbox.journal import Journal
from sandbox.misbehaviour import Exchange, misbehave
from sandbox.peer import peer_of

__all__ = ["CONTROL_PREFIX", "Wrapped", "wrap"]

CONTROL_PREFIX = "/_sandbox/"
"""Where the control routes are: `faults`, `calls` and `health`; they are neither journaled nor hit by faults."""


class _FaultRequest(BaseModel):
    """Body of POST `faults`; the arguments of `Faults.set`."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    times: int | None = None
    value: float | str | None = None
    path: str | None = None


class Wrapped:
    """An emulator's app as the sandbox serves it.

    Attributes:
        journal: the calls of the vendor's API.
    """

    def __init__(self, emulator_app: ASGIApp, *, clock: Clock, faults: Faults, latency_s: float) -> None:
        self.journal = Journal()
        self._app, self._clock, self._faults, self._latency_s = emulator_app, clock, faults, latency_s
        self._control = _control_app(clock, faults, self.journal)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(CONTROL_PREFIX):
            await self._control(scope, receive, send)
        else:
            await self._serve(scope, receive, self.journal.recording(scope, send))

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        slow = self._faults.take("latency", path)
        delay_s = self._latency_s + float(slow.value or 0 if slow else 0)
        if delay_s:
            send = self._late(scope, send, delay_s)
        fault = self._next_fault(path)
        with contextlib.suppress(ClientDisconnect):
            if fault is None:
                await self._app(scope, receive, send)
            else:
                await misbehave(fault, Exchange(app=self._app, scope=scope, receive=receive, send=send))

    def _late(self, scope: Scope, send: Send, delay_s: float) -> Send:
        """A *send* that keeps the answer back for *delay_s* of virtual time, but no longer than the client stays."""

        async def send_late(message: Message) -> None:
            if message["type"] == "http.response.start":
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(delay_s / self._clock.time_scale):
                        await peer_of(scope).left.wait()
            await send(message)

        return send_late

    def _next_fault(self, path: str) -> Fault | None:
        for name in GENERIC:
            if name != "latency" and (fault := self._faults.take(name, path)):
                return fault
        return None


def wrap(emulator_app: ASGIApp, *, clock: Clock, faults: Faults, latency_s: float) -> Wrapped:
    """*emulator_app* with delays, generic faults, a journal and the control routes.

    Only `sandbox.server` can serve it, for the delays and some faults need the connection.

    Args:
        emulator_app: serves the vendor's API.
        clock: measures the delays.
        faults: the switches of this emulator.
        latency_s: virtual seconds by which every answer comes later; the request is carried out at once.
    """
    return Wrapped(emulator_app, clock=clock, faults=faults, latency_s=latency_s)


def _control_app(clock: Clock, faults: Faults, journal: Journal) -> Starlette:
    """The control routes: GET, POST and DELETE `faults`, GET and DELETE `calls`, GET `health`."""

    async def list_faults(_: Request) -> Response:
        return JSONResponse([asdict(fault) for fault in faults.active()])

    async def set_fault(request: Request) -> Response:
        try:
            asked = _FaultRequest.model_validate_json(await request.body())
            faults.set(asked.name, times=asked.times, value=asked.value, path=asked.path)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return await list_faults(request)

    async def clear_faults(request: Request) -> Response:
        try:
            faults.clear(request.query_params.get("name"))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return Response(status_code=204)

    async def list_calls(_: Request) -> Response:
        return JSONResponse([asdict(call) for call in journal.calls()])

    async def clear_calls(_: Request) -> Response:
        journal.clear()
        return Response(status_code=204)

    async def health(_: Request) -> Response:
        return JSONResponse({"status": "ok", "now": clock.now().isoformat()})

    return Starlette(
        routes=[
            Route(f"{CONTROL_PREFIX}faults", list_faults, methods=["GET"]),
            Route(f"{CONTROL_PREFIX}faults", set_fault, methods=["POST"]),
            Route(f"{CONTROL_PREFIX}faults", clear_faults, methods=["DELETE"]),
            Route(f"{CONTROL_PREFIX}calls", list_calls, methods=["GET"]),
            Route(f"{CONTROL_PREFIX}calls", clear_calls, methods=["DELETE"]),
            Route(f"{CONTROL_PREFIX}health", health, methods=["GET"]),
        ]
    )
