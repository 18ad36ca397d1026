"""`/health/live` and `/health/ready`: whether the process runs, and whether it can answer at its usual pace."""

from dataclasses import dataclass

import orjson
from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Health", "live"]


async def live(_: Request) -> Response:
    """200 while the event loop turns."""
    return Response(b'{"status":"live"}', media_type="application/json")


@dataclass(slots=True)
class Health:
    """Readiness of one app.

    Attributes:
        is_ready: the sources' metadata was read, or could not be; sources that are down do not count, since the
            others' rows can still be had.
    """

    is_ready: bool = False

    async def ready(self, _: Request) -> Response:
        """200 or 503."""
        body = orjson.dumps({"status": "ready" if self.is_ready else "starting"})
        return Response(body, 200 if self.is_ready else 503, media_type="application/json")
