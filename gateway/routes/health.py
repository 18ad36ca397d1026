"""`/health/live` and `/health/ready`: whether the process runs, and whether it can answer."""

from collections.abc import Callable
from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Health", "live"]


async def live(_: Request) -> Response:
    """200 while the event loop turns."""
    return Response(b'{"status":"live"}', media_type="application/json")


@dataclass(frozen=True, slots=True)
class Health:
    """Readiness: *is_ready* is false until start-up ended and again from the begin of shutdown.

    Sources that are down do not count: the others' rows can still be had.
    """

    is_ready: Callable[[], bool]

    async def ready(self, _: Request) -> Response:
        """200 or 503."""
        ready = self.is_ready()
        body = orjson.dumps({"status": "ready" if ready else "starting or stopping"})
        return Response(body, 200 if ready else 503, media_type="application/json")
