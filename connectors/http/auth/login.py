"""Getting a token by logging in: a request with a name and a password, whose answer holds the token."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import SecretStr
from yarl import URL

from connectors.credentials import Login
from connectors.http.auth.token import TokenAnswer, TokenError
from connectors.http.call import Reply
from connectors.http.retry import retry_after_s
from connectors.http.transport import Upstream
from model.errors import RateLimited, ReauthRequired, SourceError, SourceUnavailable

__all__ = ["LoginGrant", "LoginRequest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginRequest:
    """How a platform logs in.

    Attributes:
        path: below the source's base URL, encoded.
        body: the JSON to send, from the name and the password.
        read: the token, None for a refusal, and its lifetime in seconds, None where that is not told; it may raise
            LookupError, TypeError and ValueError.
        headers: sent beside the client's own.
    """

    path: str
    body: Callable[[str, str], bytes] = field(repr=False)
    read: Callable[[Any], tuple[str | None, float | None]] = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)


class LoginGrant:
    """One source's log-in; lives as long as the signer.

    Attributes:
        last_reply: the latest answer, None before the first and where none came.
        may_rotate: False: a log-in changes no credential.
    """

    may_rotate = False

    def __init__(self, auth: Login, *, source: str, url: str, request: LoginRequest, upstream: Upstream) -> None:
        self.last_reply: Reply | None = None
        self._auth = auth
        self._source = source
        self._url = URL(url, encoded=True)
        self._request = request
        self._upstream = upstream

    async def ask(self) -> TokenAnswer:
        """A new token.

        Raises:
            TokenError: the answer gives none.
            UndeliveredError: there is no answer.
        """
        self.last_reply = None
        content = self._request.body(self._auth.username, self._auth.password.get_secret_value())
        headers = {"accept": "application/json", "content-type": "application/json", "user-agent": "crm-gateway"}
        headers |= {name.lower(): value for name, value in self._request.headers.items()}
        reply = await self._upstream.exchange("POST", self._url, headers=headers, content=content)
        self.last_reply = reply
        if reply.status >= 300:
            raise TokenError(self._error(reply.status), retry_after_s(reply))
        try:
            token, life_s = self._request.read(reply.json())
        except (LookupError, TypeError, ValueError) as error:
            text = f"{self._source} answered a log-in with garbage; try again later"
            raise TokenError(SourceUnavailable(text, source=self._source), None) from error
        if not token:
            raise TokenError(self._refusal(), None)
        return TokenAnswer(access_token=SecretStr(token), refresh_token=None, expires_in_s=life_s, fields={})

    def _error(self, status: int) -> SourceError:
        if status == 429:
            text = f"{self._source} was logged in to too often; try again later"
            return RateLimited(text, source=self._source)
        if status < 300 or status >= 500:
            text = f"{self._source} answered a log-in with status {status}; try again later"
            return SourceUnavailable(text, source=self._source)
        return self._refusal()

    def _refusal(self) -> SourceError:
        text = f"{self._source} refuses to log in with this name and password; correct the source's auth"
        return ReauthRequired(text, source=self._source)
