"""The wire: one connection pool to one source, bounded and blind to the environment.

Hot: every upstream call passes through ``Upstream.exchange``.
"""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import aiohttp
import httpx
from yarl import URL

from connectors.http.address import AddressError, AddressPolicy, CheckedResolver
from connectors.http.body import BodyError, Caps, read_body
from connectors.http.call import Reply
from connectors.http.limits import Pace

__all__ = ["UndeliveredError", "Upstream", "Wire"]

_CONNECT_TIMEOUT_S = 5.0
_KEEP_ALIVE_S = 30.0
_HOP_BY_HOP = {"accept-encoding", "connection", "content-length", "host", "transfer-encoding"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Settings of the way out, shared by all sources of one process.

    Attributes:
        tls: trust for https; None for the Mozilla roots that certifi ships, whatever the environment says.
    """

    pace: Pace = field(default_factory=Pace)
    addresses: AddressPolicy = field(default_factory=AddressPolicy)
    caps: Caps = field(default_factory=Caps)
    tls: ssl.SSLContext | None = field(default=None, repr=False)


class UndeliveredError(Exception):
    """No usable reply came; the text continues "the source …".

    Attributes:
        is_sent: whether the request may have reached the source.
        is_passing: whether trying again can help.
    """

    def __init__(self, text: str, *, is_sent: bool, is_passing: bool) -> None:
        super().__init__(text)
        self.is_sent = is_sent
        self.is_passing = is_passing


class Upstream(httpx.AsyncBaseTransport):
    """One source's connections; lives as long as its client.

    It is an httpx transport, so that whatever speaks httpx (the OAuth flows do) passes the same gate; data calls use
    ``exchange`` and skip httpx's request and response objects (docs/decisions/0003-http-transport.md has the figures).
    """

    def __init__(self, wire: Wire) -> None:
        self._wire = wire
        self._session: aiohttp.ClientSession | None = None

    async def exchange(self, method: str, url: URL, *, headers: Mapping[str, str], content: bytes | None) -> Reply:
        """The reply to one request, read to its end; no redirect is followed and nothing is repeated.

        Raises:
            UndeliveredError: none came, or none that the caps let through.
        """
        session = self._session or self._open()
        try:
            async with session.request(
                method, url, headers=headers, data=content, allow_redirects=False, middlewares=_ONCE
            ) as response:
                heads = {name.lower(): value for name, value in response.headers.items()}
                body = await read_body(
                    response.content,
                    encoding=heads.get("content-encoding", "").lower(),
                    length=response.content_length,
                    caps=self._wire.caps,
                )
                return Reply(status=response.status, headers=heads, content=body)
        except (aiohttp.ClientError, OSError, BodyError, _LostError) as error:
            lost = _undelivered(error)
        raise lost  # out here, since some of aiohttp's errors print the request's headers

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The same for a request of httpx."""
        content = await request.aread()
        headers = {name: value for name, value in request.headers.items() if name not in _HOP_BY_HOP}
        reply = await self.exchange(
            request.method, URL(str(request.url), encoded=True), headers=headers, content=content
        )
        kept = {name: value for name, value in reply.headers.items() if name not in {"content-encoding"} | _HOP_BY_HOP}
        return httpx.Response(reply.status, headers=kept, content=reply.content, request=request)

    async def aclose(self) -> None:
        """Close every connection; a later exchange opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    def _open(self) -> aiohttp.ClientSession:
        """A session with no proxy, no netrc, no cookies, and no limit: the client itself counts what is in flight."""
        connector = aiohttp.TCPConnector(
            limit=0,
            keepalive_timeout=_KEEP_ALIVE_S,
            resolver=CheckedResolver(self._wire.addresses),
            ssl=self._wire.tls or _public_roots(),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_TIMEOUT_S),
            trust_env=False,
            auto_decompress=False,
            max_headers=self._wire.caps.max_headers,
            max_field_size=self._wire.caps.max_header_bytes,
            max_line_size=self._wire.caps.max_header_bytes,
        )
        return self._session


@cache
def _public_roots() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


class _LostError(Exception):
    """The connection broke after the request may have been sent; aiohttp does not know it, so it repeats nothing."""


async def _send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    try:
        return await handler(request)
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _LostError from error


_ONCE = (_send_once,)


def _undelivered(error: Exception) -> UndeliveredError:
    """What *error* means, by its class alone."""
    match error:
        case aiohttp.ClientConnectorDNSError(os_error=AddressError() as refused):
            return UndeliveredError(f"may not be called: {refused}", is_sent=False, is_passing=False)
        case aiohttp.ClientConnectorDNSError():
            return UndeliveredError("was not found by its name", is_sent=False, is_passing=True)
        case aiohttp.ClientConnectorCertificateError():
            return UndeliveredError(
                f"could not prove its identity: {_tls_reason(error)}", is_sent=False, is_passing=False
            )
        case aiohttp.ClientSSLError():
            return UndeliveredError("did not come to terms over TLS", is_sent=False, is_passing=False)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return UndeliveredError("did not accept the connection", is_sent=False, is_passing=True)
        case aiohttp.InvalidURL():
            return UndeliveredError("has an address that cannot be called", is_sent=False, is_passing=False)
        case BodyError():
            return UndeliveredError(str(error), is_sent=True, is_passing=False)
        case aiohttp.ClientResponseError():
            return UndeliveredError("answered with damaged or oversized HTTP headers", is_sent=True, is_passing=False)
        case _:
            return UndeliveredError("broke the connection before its answer was whole", is_sent=True, is_passing=True)


def _tls_reason(error: aiohttp.ClientConnectorCertificateError) -> str:
    cause = error.certificate_error
    return cause.verify_message if isinstance(cause, ssl.SSLCertVerificationError) else "its certificate is not valid"
