"""The ASGI application: routes around one gateway, from start-up to a clean end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from mimetypes import guess_type

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from gateway.graphiql import ASSETS, asset_headers
from gateway.routes import GraphQLRoute, Health, live
from gateway.wiring import Gateway

__all__ = ["build_app"]

_ASSETS = {item.name: item for item in ASSETS.iterdir() if item.is_file()}


async def _asset(request: Request) -> Response:
    """One file of the GraphiQL bundle; names come from a fixed list."""
    found = _ASSETS.get(request.path_params["name"])
    if found is None:
        return Response(status_code=404)
    media_type = guess_type(found.name)[0] or "application/octet-stream"
    return FileResponse(found, headers=asset_headers(found.name), media_type=media_type)


async def _home(_: Request) -> Response:
    return RedirectResponse("/graphql", status_code=307)


def build_app(gateway: Gateway) -> Starlette:
    """The application around *gateway*, which it warms up while it already answers, and closes at the end."""
    settings = gateway.settings
    health = Health()

    async def warm_up() -> None:
        await gateway.warm_up()
        health.is_ready = True

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            async with asyncio.TaskGroup() as tasks:
                warming = tasks.create_task(warm_up())
                yield
                warming.cancel()
        finally:
            await gateway.aclose()

    route = GraphQLRoute(
        executor=gateway.executor,
        run=gateway.run,
        max_body_bytes=settings.limits.body_bytes,
        features=settings.features,
    )
    routes = [
        Route("/graphql", route),
        Route("/health/live", live),
        Route("/health/ready", health.ready),
    ]
    if settings.features.graphiql:
        routes += [Route("/", _home), Route("/graphql/assets/{name}", _asset)]
    names = Middleware(TrustedHostMiddleware, allowed_hosts=settings.server.accepted_names(), www_redirect=False)
    app = Starlette(routes=routes, lifespan=lifespan, middleware=[names])
    # A redirect to the path without its slash would lead to whatever host the client named.
    app.router.redirect_slashes = False
    return app
