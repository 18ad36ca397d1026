"""Puts the emulator together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.emulator import Running, Setup
from sandbox.zoho.api import CompositeApi, CoqlApi, OAuthApi, Pages, RecordsApi, SearchApi, SettingsApi
from sandbox.zoho.coql import Engine
from sandbox.zoho.errors import refusal
from sandbox.zoho.gate import Gate, answered
from sandbox.zoho.limits import Limits
from sandbox.zoho.options import Options
from sandbox.zoho.org import Org
from sandbox.zoho.tokens import Tokens

__all__ = ["build"]


def build(setup: Setup) -> Running:
    """A Zoho CRM organisation that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    options = Options.from_mapping(setup.options)
    org = Org(setup.book, deleted_every=options.deleted_every)
    tokens = Tokens(options, setup.clock, setup.base_url)
    gate = Gate(tokens, Limits(options, setup.clock), setup.faults)
    pages, composite = Pages(setup.clock, org.zone), CompositeApi()
    app = Starlette(
        routes=[
            *OAuthApi(tokens, setup.faults, setup.base_url).routes(),
            *CoqlApi(Engine(org, options)).routes(gate),
            *composite.routes(gate),
            *SettingsApi(org, options, pages).routes(gate),
            *SearchApi(org, options, setup.clock, pages).routes(gate),
            *RecordsApi(org, options, pages).routes(gate),
        ],
        exception_handlers={HTTPException: _refuse_route},
    )
    app.router.redirect_slashes = False
    composite.app = app
    known = tokens.credentials
    secrets = {
        "ZOHO_CLIENT_ID": known.client_id,
        "ZOHO_CLIENT_SECRET": known.client_secret,
        "ZOHO_REFRESH_TOKEN": known.refresh_token,
    }
    return Running(app=gate.guarding(app), connect=_connect(setup.base_url), secrets=secrets)


def _connect(base_url: str) -> dict[str, object]:
    return {
        "key": "zoho",
        "platform": "zoho",
        "base_url": base_url,
        "auth": {
            "kind": "refresh_token",
            "token_url": f"{base_url}/oauth/v2/token",
            "client_id": "env:ZOHO_CLIENT_ID",
            "client_secret": "env:ZOHO_CLIENT_SECRET",
            "refresh_token": "env:ZOHO_REFRESH_TOKEN",
        },
    }


async def _refuse_route(_: Request, error: Exception) -> Response:
    """Paths and methods that are not there."""
    is_method = isinstance(error, HTTPException) and error.status_code == 405
    refused = refusal("INVALID_REQUEST_METHOD", status=405) if is_method else refusal("INVALID_URL_PATTERN", status=404)
    return answered(refused.status, refused.body)
