"""Puts the emulator together."""

import orjson
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from sandbox.emulator import Running, Setup
from sandbox.projects.content import Account
from sandbox.projects.errors import bad_parameter, not_found
from sandbox.projects.gate import Gate, Options, told
from sandbox.projects.lists import listed
from sandbox.projects.login import PASSWORD, USERNAME, Tokens
from sandbox.projects.parameters import RESOURCES
from sandbox.switches import switched

__all__ = ["build"]


def build(setup: Setup) -> Running:
    """An account that holds the book, and how to reach it.

    Raises:
        ValueError: unknown option, or a value that an option does not take.
    """
    tokens = Tokens(setup.clock)
    gate = Gate(tokens, switched(Options, setup.options, emulator="projects"), setup.clock, setup.faults)
    api = _Api(Account(setup.book), tokens)
    app = Starlette(
        routes=[
            Route("/api/auth/login", gate.log_in(api.log_in), methods=["POST"]),
            Route("/api/{resource}", gate.endpoint(api.list), methods=["GET"]),
            Route("/api/{resource}/{id}", gate.endpoint(api.single), methods=["GET"]),
        ],
        exception_handlers={HTTPException: _refuse_route},
    )
    app.router.redirect_slashes = False
    auth = {"kind": "login", "username": USERNAME, "password": "env:PROJECTS_PASSWORD"}
    return Running(
        app=app,
        connect={"key": "projects", "platform": "projects", "base_url": setup.base_url, "auth": auth},
        secrets={"PROJECTS_PASSWORD": PASSWORD},
    )


class _Api:
    """The handlers, each of which gives the JSON object of a 200."""

    def __init__(self, account: Account, tokens: Tokens) -> None:
        self._account, self._tokens = account, tokens

    async def log_in(self, request: Request) -> object:
        try:
            body = orjson.loads(await request.body())
        except orjson.JSONDecodeError:
            raise bad_parameter("The body is no JSON") from None
        match body:
            case {"email": str(email), "password": str(password), **rest} if not rest:
                return self._tokens.log_in(email, password)
        raise bad_parameter("A log-in takes email and password, both texts")

    def list(self, request: Request) -> object:
        name = self._resource(request)
        return listed(self._account.records[name].values(), RESOURCES[name], request.query_params)

    def single(self, request: Request) -> object:
        records, wanted = self._account.records[self._resource(request)], request.path_params["id"]
        for name in request.query_params:
            raise bad_parameter(f"Unknown parameter {name}")
        if wanted not in records:
            raise not_found("such record")
        return records[wanted].row

    def _resource(self, request: Request) -> str:
        name = str(request.path_params["resource"])
        if name not in RESOURCES:
            raise not_found("such path")
        return name


async def _refuse_route(_: Request, __: Exception) -> Response:
    """Paths that are not there, and methods that they do not have."""
    return told(not_found("such path"))
