"""Puts the emulator together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.dynamics365.api.service import Service
from sandbox.dynamics365.entra import Entra
from sandbox.dynamics365.errors import no_segment
from sandbox.dynamics365.options import Options
from sandbox.dynamics365.org.store import Store
from sandbox.emulator import Running, Setup

__all__ = ["build"]

_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def build(setup: Setup) -> Running:
    """An organisation that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    options = Options.from_mapping(setup.options)
    entra = Entra(options, setup.clock, setup.faults, setup.base_url)
    service = Service(Store(setup.book), options, setup, entra)
    app = Starlette(
        routes=[
            *entra.routes(),
            *(Route(f"/api/data/v9.{minor}/{{path:path}}", service.endpoint, methods=_METHODS) for minor in range(3)),
        ],
        exception_handlers={HTTPException: _refuse_route},
    )
    app.router.redirect_slashes = False
    known = entra.credentials
    return Running(
        app=app,
        connect={
            "key": "dynamics365",
            "platform": "dynamics365",
            "base_url": setup.base_url,
            "auth": {
                "kind": "client_credentials",
                "token_url": f"{setup.base_url}/{known.tenant}/oauth2/v2.0/token",
                "client_id": "env:DYNAMICS365_CLIENT_ID",
                "client_secret": "env:DYNAMICS365_CLIENT_SECRET",
                "scope": f"{setup.base_url}/.default",
            },
        },
        secrets={
            "DYNAMICS365_CLIENT_ID": known.client_id,
            "DYNAMICS365_CLIENT_SECRET": known.client_secret,
            "DYNAMICS365_REFRESH_TOKEN": known.refresh_token,
        },
    )


async def _refuse_route(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse(no_segment(request.url.path.rpartition("/")[2]).body, status)
