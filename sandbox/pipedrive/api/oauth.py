"""The OAuth endpoints: consent without a question, tokens, and their end."""

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults
from sandbox.pipedrive.api.gate import refusal
from sandbox.pipedrive.errors import VendorError, oauth_refusal, over_limit
from sandbox.pipedrive.tokens import Tokens

__all__ = ["OAuthApi"]


class OAuthApi:
    """What oauth.pipedrive.com serves, on the same host; outside the limits."""

    def __init__(self, tokens: Tokens, faults: Faults) -> None:
        self._tokens, self._faults = tokens, faults

    def routes(self) -> list[Route]:
        """Consent, token and revocation."""
        return [
            Route("/oauth/authorize", self._authorize, methods=["GET"]),
            Route("/oauth/token", self._token, methods=["POST"]),
            Route("/oauth/revoke", self._revoke, methods=["POST"]),
        ]

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        redirect_uri = asked.get("redirect_uri", "")
        if asked.get("client_id") != self._tokens.credentials.client_id or not redirect_uri:
            return refusal(oauth_refusal("invalid_client", "Invalid client: client_id or redirect_uri is invalid"))
        answer = {"code": self._tokens.code(redirect_uri)}
        if "state" in asked:
            answer["state"] = asked["state"]
        return RedirectResponse(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(answer)}", 302)

    async def _token(self, request: Request) -> Response:
        path = request.url.path
        try:
            form = await self._form(request)
            if self._faults.take("rate_limited", path) is not None:
                raise over_limit("rate limit exceeded")
            if self._faults.take("revoked", path) is not None:
                raise oauth_refusal(
                    "invalid_grant", "Invalid grant: refresh_token is invalid or has already been exchanged"
                )
            return JSONResponse(self._tokens.exchange(form))
        except VendorError as error:
            return refusal(error)

    async def _revoke(self, request: Request) -> Response:
        try:
            form = await self._form(request)
        except VendorError as error:
            return refusal(error)
        self._tokens.revoke(form.get("token", ""))
        return JSONResponse({})

    async def _form(self, request: Request) -> dict[str, str]:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/x-www-form-urlencoded":
            raise oauth_refusal("invalid_request", "Invalid request: content must be application/x-www-form-urlencoded")
        self._tokens.check_client(request.headers.get("authorization"))
        return dict(parse_qsl((await request.body()).decode("utf-8", "replace")))
