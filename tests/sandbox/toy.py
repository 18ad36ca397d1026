"""A tiny emulator, to test what every emulator gets from the sandbox."""

import asyncio
import threading
import time

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox import Emulator, Running, Setup

__all__ = ["toy"]


def toy(platform: str = "toy", *, port_offset: int = 900, secret_name: str | None = None) -> Emulator:
    """An emulator that counts its writes and knows one fault of its own, `index_lag`."""

    def build(setup: Setup) -> Running:
        for name in setup.options:
            if name != "greeting":
                raise ValueError(f"{platform} has no option {name!r}")
        setup.faults.declare("index_lag")
        name = secret_name or f"{platform.upper()}_TOKEN"
        return Running(
            app=_app(setup),
            connect={"key": platform, "platform": platform, "base_url": setup.base_url, "token": f"env:{name}"},
            secrets={name: f"secret of {platform}"},
        )

    return Emulator(platform=platform, port_offset=port_offset, build=build)


def _app(setup: Setup) -> Starlette:
    written: list[bytes] = []

    async def read(request: Request) -> Response:
        if setup.faults.take("rate_limited", request.url.path):
            return JSONResponse({"error": "slow down"}, status_code=429)
        is_late = setup.faults.take("index_lag", request.url.path) is not None
        greeting = setup.options.get("greeting", "hello")
        return JSONResponse({"greeting": greeting, "written": len(written), "is_late": is_late})

    async def write(request: Request) -> Response:
        written.append(await request.body())
        return Response(status_code=204)

    async def people(_: Request) -> Response:
        return JSONResponse([person.last_name for person in setup.book.people])

    async def threads(_: Request) -> Response:
        used = await asyncio.gather(*(asyncio.to_thread(_working) for _ in range(8)))
        return JSONResponse(len(set(used)))

    return Starlette(
        routes=[
            Route("/records", read, methods=["GET"]),
            Route("/records", write, methods=["POST"]),
            Route("/people", people, methods=["GET"]),
            Route("/threads", threads, methods=["GET"]),
        ]
    )


def _working() -> int:
    """The thread that some slow work was done by."""
    time.sleep(0.01)
    return threading.get_ident()
