"""The accounts server, on the emulator's own origin: consent without a question, tokens, and their end."""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults
from sandbox.zoho.errors import VendorError, oauth_refusal
from sandbox.zoho.gate import answered
from sandbox.zoho.tokens import Tokens, throttled

__all__ = ["OAuthApi"]


class OAuthApi:
    """Endpoints without a token, outside all credits; parameters stand in the form or in the query."""

    def __init__(self, tokens: Tokens, faults: Faults, base_url: str) -> None:
        self._tokens, self._faults, self._base_url = tokens, faults, base_url

    def routes(self) -> list[Route]:
        """Consent, token and revocation."""
        return [
            Route("/oauth/v2/auth", _telling(self._authorize), methods=["GET"]),
            Route("/oauth/v2/token", _telling(self._token), methods=["POST"]),
            Route("/oauth/v2/token/revoke", _telling(self._revoke), methods=["POST"]),
        ]

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        redirect_uri = asked.get("redirect_uri", "")
        answer = {
            "code": self._tokens.code(asked.get("client_id", ""), redirect_uri),
            "location": "eu",
            "accounts-server": self._base_url,
            **({"state": asked["state"]} if "state" in asked else {}),
        }
        return RedirectResponse(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(answer)}", 302)

    async def _token(self, request: Request) -> Response:
        path = request.url.path
        if self._faults.take("rate_limited", path) is not None:
            raise throttled()
        if self._faults.take("revoked", path) is not None:
            raise oauth_refusal("invalid_code")
        return JSONResponse(self._tokens.exchange(await _form(request)))

    async def _revoke(self, request: Request) -> Response:
        if not self._tokens.revoke((await _form(request)).get("token", "")):
            raise oauth_refusal("invalid_token")
        return JSONResponse({"status": "success"})


async def _form(request: Request) -> dict[str, str]:
    return {**request.query_params, **dict(parse_qsl((await request.body()).decode("utf-8", "replace")))}


def _telling(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """*handler*, with its refusals told."""

    async def telling(request: Request) -> Response:
        try:
            return await handler(request)
        except VendorError as error:
            return answered(error.status, error.body)

    return telling
