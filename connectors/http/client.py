"""The one way to reach a vendor."""

from collections.abc import Callable
from typing import TypeVar

from connectors.credentials import Auth
from connectors.http.auth import Signing, TokenAnswer
from connectors.http.call import Call, Dialect
from connectors.http.limits import Limits, QuotaState
from connectors.http.transport import Wire
from model.errors import SourceUnavailable

__all__ = ["HttpClient"]

T = TypeVar("T")


class HttpClient:
    """Calls to one source; lives as long as its connector."""

    def __init__(
        self,
        *,
        source: str,
        base_url: str,
        auth: Auth,
        token_url: str | None,
        dialect: Dialect,
        limits: Limits,
        wire: Wire,
        on_token: Callable[[TokenAnswer], None] | None = None,
        signing: Signing | None = None,
        hosts: tuple[str, ...] = (),
    ) -> None:
        self._source = source
        self._base_url = base_url
        self._parts = (auth, token_url, dialect, limits, wire, on_token, signing, hosts)

    @property
    def base_url(self) -> str:
        """Where the source is reached, without a trailing slash."""
        return self._base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._base_url = url.rstrip("/")

    async def send(self, call: Call[T]) -> T:
        """The parsed answer to *call*."""
        raise SourceUnavailable(f"{self._source} cannot be reached for {call.operation}", source=self._source)

    def path_of(self, link: str) -> str:
        """*link*, a next-page address the source gave, as a ``Call.path`` with its query, verbatim.

        Raises:
            SourceUnavailable: it leaves the source's host or base path.
        """
        return link.removeprefix(self._base_url)

    def quotas(self) -> tuple[QuotaState, ...]:
        """Every window of the source as it stands."""
        return ()

    async def aclose(self) -> None:
        """Close the connections and end what is still running."""
