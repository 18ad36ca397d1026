"""Puts the emulator together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.emulator import Running, Setup
from sandbox.pipedrive.api import Gate, OAuthApi, SearchApi, V1Api, V2Api
from sandbox.pipedrive.content import Account
from sandbox.pipedrive.limits import Limits
from sandbox.pipedrive.options import Options
from sandbox.pipedrive.tokens import Tokens

__all__ = ["build"]


def build(setup: Setup) -> Running:
    """A Pipedrive account that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    options = Options.from_mapping(setup.options)
    account = Account(setup.book, options, setup.clock.now())
    tokens = Tokens(options, setup.clock, setup.base_url)
    gate = Gate(tokens, Limits(options, setup.clock), setup.faults)
    app = Starlette(
        routes=[
            *OAuthApi(tokens, setup.faults).routes(),
            *SearchApi(account).routes(gate),
            *V2Api(account).routes(gate),
            *V1Api(account).routes(gate),
        ],
        exception_handlers={HTTPException: _refuse_route},
    )
    app.router.redirect_slashes = False
    known = tokens.credentials
    return Running(
        app=app,
        connect={
            "key": "pipedrive",
            "platform": "pipedrive",
            "base_url": setup.base_url,
            "auth": {"kind": "bearer", "token": "env:PIPEDRIVE_API_TOKEN"},
        },
        secrets={
            "PIPEDRIVE_API_TOKEN": known.api_token,
            "PIPEDRIVE_CLIENT_ID": known.client_id,
            "PIPEDRIVE_CLIENT_SECRET": known.client_secret,
            "PIPEDRIVE_REFRESH_TOKEN": known.refresh_token,
        },
    )


async def _refuse_route(_: Request, error: Exception) -> Response:
    """Paths and methods that are not there, as JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({"success": False, "error": "Unknown method .", "error_info": None, "data": None}, status)
