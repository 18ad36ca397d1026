"""Puts the emulator together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.emulator import Running, Setup
from sandbox.hubspot.account import Account
from sandbox.hubspot.api import AssociationsApi, Batches, Gate, MetadataApi, OAuthApi, RecordsApi
from sandbox.hubspot.errors import not_found
from sandbox.hubspot.limits import Limits
from sandbox.hubspot.options import Options
from sandbox.hubspot.tokens import Tokens

__all__ = ["build"]


def build(setup: Setup) -> Running:
    """A HubSpot account that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    options = Options.from_mapping(setup.options)
    account = Account(setup.book, options, setup.clock)
    tokens = Tokens(options, setup.clock)
    gate = Gate(tokens, Limits(options, setup.clock, account.time_zone), setup.faults)
    batches = Batches(setup.clock)
    app = Starlette(
        routes=[
            *OAuthApi(account, tokens, setup.faults).routes(),
            *MetadataApi(account, setup.clock).routes(gate),
            *AssociationsApi(account, options, batches).routes(gate),
            *RecordsApi(account, options, batches).routes(gate),
        ],
        exception_handlers={HTTPException: _refuse_route},
    )
    app.router.redirect_slashes = False
    return Running(app=app, connect=_connect(setup.base_url), secrets=_secrets(tokens))


def _connect(base_url: str) -> dict[str, object]:
    return {
        "key": "hubspot",
        "platform": "hubspot",
        "base_url": base_url,
        "auth": {"kind": "bearer", "token": "env:HUBSPOT_TOKEN"},
        "leads": "object",
    }


def _secrets(tokens: Tokens) -> dict[str, str]:
    """The private app's token, and the OAuth app for tests of refreshing."""
    known = tokens.credentials
    return {
        "HUBSPOT_TOKEN": known.private_token,
        "HUBSPOT_CLIENT_ID": known.client_id,
        "HUBSPOT_CLIENT_SECRET": known.client_secret,
        "HUBSPOT_REFRESH_TOKEN": known.refresh_token,
    }


async def _refuse_route(_: Request, error: Exception) -> Response:
    """Paths and methods that are not there, as JSON."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    return JSONResponse({**not_found().body, "message": "resource not found"}, status)
