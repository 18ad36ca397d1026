"""Puts the emulator together."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.emulator import Running, Setup
from sandbox.freshsales.account import Account
from sandbox.freshsales.api import Api
from sandbox.freshsales.errors import VendorError, no_such_path
from sandbox.freshsales.gate import Gate, told
from sandbox.freshsales.options import Options

__all__ = ["build"]

_API_KEY = "sfg999666t673t7t82f5"


def build(setup: Setup) -> Running:
    """A Freshsales account that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    options = Options.from_mapping(setup.options)
    account = Account(setup.book, options, setup.clock)
    gate = Gate(_API_KEY, options, setup.clock, setup.faults)
    app = Starlette(routes=Api(account).routes(gate), exception_handlers={HTTPException: _refuse_route})
    app.router.redirect_slashes = False
    return Running(app=app, connect=_connect(setup.base_url), secrets={"FRESHSALES_API_KEY": _API_KEY})


def _connect(base_url: str) -> dict[str, object]:
    return {
        "key": "freshsales",
        "platform": "freshsales",
        "base_url": base_url,
        "auth": {"kind": "bearer", "token": "env:FRESHSALES_API_KEY"},
    }


async def _refuse_route(_: Request, error: Exception) -> Response:
    """Paths and methods that are not there, with an empty body."""
    is_method = isinstance(error, HTTPException) and error.status_code == 405
    return told(VendorError(405, None) if is_method else no_such_path())
