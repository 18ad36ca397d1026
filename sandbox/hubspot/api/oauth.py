"""The OAuth endpoints: consent without a question, tokens, and what a token is."""

from urllib.parse import parse_qsl, urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from sandbox.faults import Faults
from sandbox.hubspot.account import Account
from sandbox.hubspot.api.versions import VERSIONS
from sandbox.hubspot.errors import VendorError, not_found, oauth_refusal, over_limit
from sandbox.hubspot.tokens import Tokens

__all__ = ["OAuthApi"]

# The token endpoint's own text (posthog#64726).
_RATE_MESSAGE = "You have reached your rate limit."


class OAuthApi:
    """Endpoints without a bearer token; they are outside the rate windows."""

    def __init__(self, account: Account, tokens: Tokens, faults: Faults) -> None:
        self._account = account
        self._tokens = tokens
        self._faults = faults

    def routes(self) -> list[Route]:
        """Consent, token and token information."""
        return [
            Route("/oauth/authorize", self._authorize, methods=["GET"]),
            *(Route(path, self._token, methods=["POST"]) for version in VERSIONS for path in version.token),
            Route("/oauth/v1/access-tokens/{token}", self._info, methods=["GET"]),
        ]

    async def _authorize(self, request: Request) -> Response:
        asked = request.query_params
        redirect_uri = asked.get("redirect_uri", "")
        try:
            code = self._tokens.code(asked.get("client_id", ""), redirect_uri)
        except VendorError as error:
            return JSONResponse(error.body, error.status)
        answer = {"code": code, **({"state": asked["state"]} if "state" in asked else {})}
        return RedirectResponse(f"{redirect_uri}{'&' if '?' in redirect_uri else '?'}{urlencode(answer)}", 302)

    async def _token(self, request: Request) -> Response:
        path = request.url.path
        # Version 1 also takes parameters from the query.
        form = dict(request.query_params) if path == "/oauth/v1/token" else {}
        form.update(parse_qsl((await request.body()).decode("utf-8", "replace")))
        try:
            if (fault := self._faults.take("rate_limited", path)) is not None:
                raise over_limit(_RATE_MESSAGE, "TEN_SECONDLY_ROLLING", retry_after_s=int(fault.value or 1))
            if self._faults.take("revoked", path) is not None:
                raise oauth_refusal("BAD_REFRESH_TOKEN", "missing or invalid refresh token")
            return JSONResponse({**self._tokens.exchange(form), "hub_id": self._account.portal_id})
        except VendorError as error:
            return JSONResponse(error.body, error.status, error.headers)

    async def _info(self, request: Request) -> Response:
        found = self._tokens.info(request.path_params["token"])
        if found is None:
            error = not_found()
            return JSONResponse(error.body, error.status)
        grant, left_s = found
        info = {
            "token": grant.token,
            "user": "admin@sandbox.example",
            "hub_domain": "sandbox.example",
            "scopes": list(grant.scopes),
            "hub_id": self._account.portal_id,
            "app_id": 1_204_233,
            "expires_in": left_s,
            "user_id": 9_000_007,
            "token_type": "access",
        }
        return JSONResponse(info)
