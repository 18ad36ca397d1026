"""The one way to reach a vendor.

Hot: every upstream call of the product passes through ``HttpClient.send``.
"""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import orjson
import structlog

from connectors.credentials import Auth, Basic, Bearer, Login
from connectors.http.address import AddressError
from connectors.http.auth import Signing, TokenAnswer, signer_for
from connectors.http.call import Accepted, Call, Dialect, Failed, Refresh, Reply, Retry, Verdict
from connectors.http.flight import Flight, FlightEndedError
from connectors.http.limiter import Limiter
from connectors.http.limits import Limits, QuotaState
from connectors.http.redact import Redactor, has_control_characters
from connectors.http.retry import Retries, retry_after_s
from connectors.http.target import Target
from connectors.http.transport import UndeliveredError, Upstream, Wire
from connectors.mapping import GARBAGE
from connectors.scope import CallEvent, Scope, current_scope
from model.errors import ConfigError, OurBug, RateLimited, SourceError, SourceTimeout, SourceUnavailable

__all__ = ["HttpClient"]

T = TypeVar("T")

_MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,60}")
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_TOO_MANY_REQUESTS = 429
_LOG = structlog.get_logger(__name__)


class HttpClient:
    """Calls to one source: signed, limited, repeated where that is safe, bounded and recorded.

    Lives as long as its connector, on one event loop.
    """

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
        """Check the addresses and the credential; nothing is called yet.

        Args:
            source: the source's key.
            base_url: where its API is; what a token answer says may replace it.
            auth: how it is signed in to; its own token_url wins.
            token_url: the platform's usual token endpoint; None where it has none.
            dialect: how its replies are read.
            limits: what it allows.
            wire: what all sources of the process share.
            on_token: told of every new token, before it is used.
            signing: where the token goes; None for ``Authorization: Bearer``.
            hosts: host patterns that base and token address must match; empty for any public host.

        Raises:
            ConfigError: an address may not be called, or the credential cannot be used.
        """
        self._source = source
        self._dialect = dialect
        self._wire = wire
        self._hosts = hosts
        self._signing = signing or Signing()
        self._redactor = Redactor()
        self._upstream = Upstream(wire)
        self._limiter = Limiter(limits, source=source, pace=wire.pace)
        self._slots = asyncio.Semaphore(limits.concurrency)
        self._shared: dict[object, _Exchange] = {}
        self._running: set[_Exchange] = set()
        self._is_closed = False
        self._target = Target(self._checked(base_url))
        own = self._token_url(auth, token_url)
        if own is not None:
            self._checked(own)
        self._signer = signer_for(
            auth,
            source=source,
            token_url=own,
            signing=self._signing,
            upstream=self._upstream,
            pace=wire.pace,
            redactor=self._redactor,
            on_token=on_token,
            record=lambda event: _keep(current_scope(), event),
        )
        self._signed_headers: tuple[str, dict[str, str]] = ("", {})

    @property
    def source(self) -> str:
        """The source's key."""
        return self._source

    @property
    def base_url(self) -> str:
        """Where the source is reached, without a trailing slash.

        Setting it raises ConfigError for an address that may not be called.
        """
        return self._target.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self._target = Target(self._checked(url))
        self._signed_headers = ("", {})

    async def send(self, call: Call[T]) -> T:
        """The parsed answer to *call*, within the current scope's deadline and budget.

        A call that may be shared joins an identical one in flight; that costs no budget. The caller's cancellation
        cancels the upstream request, unless somebody else waits for it.

        Raises:
            SourceError: the source did not deliver; the narrowest class that fits.
            BudgetExceeded: the scope has no call left.
        """
        scope, started = current_scope(), time.perf_counter()
        exchange, is_cached = self._joined(call, scope)
        rows = 0
        try:
            value = await exchange.flight.wait(scope.deadline.at_s)
            result, rows = self._parsed(call, value)
        except TimeoutError:
            text = (
                f"{self._source} did not answer {call.operation} before the deadline; ask for less or allow more time"
            )
            raise SourceTimeout(text, source=self._source) from None
        except FlightEndedError:
            raise self._unavailable(call, "was disconnected") from None
        except SourceError as error:
            self._blank(error)
            raise
        finally:
            if not call.is_shareable:
                self._shared.clear()  # a read that starts now must not be answered by one from before this write
            if is_cached or exchange.attempts:
                self._record(scope, call, exchange, rows=rows, is_cached=is_cached, started=started)
        return result

    def path_of(self, link: str) -> str:
        """*link*, a next-page address that the source gave, as a ``Call.path`` with its query, not encoded anew.

        Raises:
            SourceUnavailable: it leaves the source's host or its base path.
        """
        path = self._target.path_of(link)
        if path is None:
            text = f"{self._source} gave a next page outside {self.base_url}; check its base_url"
            raise SourceUnavailable(text, source=self._source)
        return path

    def quotas(self) -> tuple[QuotaState, ...]:
        """Every window of the source as it stands, in the order configured."""
        return self._limiter.states()

    async def aclose(self) -> None:
        """End what is still running and close the connections; who still waits gets SourceUnavailable."""
        self._is_closed = True
        for exchange in tuple(self._running):
            await exchange.flight.end()
        await self._signer.aclose()
        await self._upstream.aclose()

    def _joined(self, call: Call[T], scope: Scope) -> "tuple[_Exchange, bool]":
        """The exchange that answers *call*, and whether it was under way already."""
        key = None
        if call.is_shareable:
            key = (
                call.method,
                call.path,
                call.params,
                call.content,
                call.is_raw,
                call.is_headed,
                *call.headers.items(),
            )
            found = self._shared.get(key)
            if found is not None and not found.flight.is_over:
                return found, True
        if self._is_closed:
            raise self._unavailable(call, "was disconnected")
        if scope.deadline.remaining_s() <= 0:
            text = f"no time was left to ask {self._source} for {call.operation}; ask for less or allow more time"
            raise SourceTimeout(text, source=self._source)
        if call.kind == "data":
            scope.spend(self._source)
        exchange = _Exchange()
        work, end = partial(self._work, call, exchange), partial(self._forget, key, exchange)
        exchange.flight = Flight(work, deadline_s=scope.deadline.at_s, on_end=end)
        self._running.add(exchange)
        if key is not None:
            self._shared[key] = exchange
        return exchange, False

    def _forget(self, key: object, exchange: "_Exchange") -> None:
        self._running.discard(exchange)
        if self._shared.get(key) is exchange:
            del self._shared[key]

    async def _work(self, call: Call[T], exchange: "_Exchange", flight: Flight[Any]) -> Any:
        """The decoded JSON that answers *call*, after as many attempts as it takes and is safe."""
        retries, is_renewed = Retries(flight, self._wire.pace), False
        while True:
            signature = await self._signer.signature(flight)
            await self._limiter.admit(call.limit_class, flight, weight=call.weight)
            try:
                reply = await self._attempt(call, exchange, signature)
            except UndeliveredError as lost:
                await self._recover(call, lost, retries)
                continue
            match self._verdict(call, reply):
                case Accepted():
                    decoded = self._decoded(call, reply)
                    return (decoded, reply.headers) if call.is_headed else decoded
                case Refresh(error):
                    if is_renewed or not self._signer.can_renew:
                        raise error
                    is_renewed = True
                    self._signer.spoil(signature)
                case Failed(error):
                    if error.retry_after_s is not None:
                        error.retry_after_s = self._wire.pace.real_s(error.retry_after_s)
                    raise error
                case Retry() as retry:
                    await self._again(call, reply, retry, retries)

    async def _attempt(self, call: Call[T], exchange: "_Exchange", signature: str) -> Reply:
        parameter = self._signing.parameter
        further = () if parameter is None else ((parameter, signature),)
        headers, url = self._headers(call, signature), self._target.url(call, further)
        async with self._slots:
            exchange.attempts += 1
            reply = await self._upstream.exchange(call.method, url, headers=headers, content=call.content)
        exchange.status = reply.status
        exchange.size_bytes = len(reply.content)
        return reply

    async def _recover(self, call: Call[T], lost: UndeliveredError, retries: Retries) -> None:
        """Wait before another attempt where no reply came, or say that there is none."""
        if lost.is_sent and not call.is_idempotent:
            text = f"{self._source} {lost}, and may have done {call.operation} or not; look before you repeat it"
            raise SourceUnavailable(text, source=self._source) from lost
        error = self._unavailable(call, str(lost))
        if not lost.is_passing:
            raise error from lost
        is_first = lost.is_sent and not retries.count  # most often a kept connection that the source had given up
        await retries.pause(error, 0.0 if is_first else retries.pause_s(None))

    async def _again(self, call: Call[T], reply: Reply, retry: Retry, retries: Retries) -> None:
        """Wait as *retry* says, or raise its error where repeating is unsafe or too late."""
        asked = retry_after_s(reply) if retry.after_s is None else max(0.0, retry.after_s)
        pause_s = retries.pause_s(asked)
        if retry.pauses is not None:
            self._limiter.hold(retry.pauses, pause_s)
        was_refused = reply.status == _TOO_MANY_REQUESTS or isinstance(retry.error, RateLimited)
        if not call.is_idempotent and not was_refused:
            raise retry.error
        await retries.pause(retry.error, pause_s)

    def _verdict(self, call: Call[T], reply: Reply) -> Verdict:
        if reply.status < 200 or reply.status in _REDIRECTS:
            what = "redirects elsewhere" if reply.status in _REDIRECTS else "does not speak plain HTTP"
            return Failed(self._unavailable(call, f"{what}, with status {reply.status}; check its base_url"))
        try:
            self._limiter.learn(self._dialect.observed(call, reply))
            return self._dialect.verdict(call, reply)
        except GARBAGE as error:
            raise self._unavailable(call, f"answered with status {reply.status} and garbage") from error

    def _decoded(self, call: Call[T], reply: Reply) -> Any:
        if call.is_raw:
            return reply.content
        if not reply.content:
            return None
        try:
            return orjson.loads(reply.content)
        except orjson.JSONDecodeError:
            media = _MEDIA_TYPE.match(reply.headers.get("content-type", ""))
        raise self._unavailable(call, f"answered {media[0] if media else 'something else'} where JSON was due")

    def _parsed(self, call: Call[T], value: Any) -> tuple[T, int]:
        try:
            result = call.parse(value)
            return result, call.rows(result)
        except GARBAGE as error:
            raise self._unavailable(call, "answered JSON of another shape than expected") from error

    def _headers(self, call: Call[T], signature: str) -> Mapping[str, str]:
        if self._signed_headers[0] != signature:
            coding = "identity" if self._target.is_loopback else "gzip"
            fixed = {"accept": "application/json", "accept-encoding": coding, "user-agent": "crm-gateway"}
            signed = {} if self._signing.parameter is not None else {self._signing.header: signature}
            self._signed_headers = (signature, {**fixed, **signed})
        headers = self._signed_headers[1]
        if call.content is not None:
            headers = {**headers, "content-type": "application/json"}
        if not call.headers:
            return headers
        if any(has_control_characters(value) for value in call.headers.values()):
            raise OurBug(f"a header of {call.operation} for {self._source} holds control characters")
        return {**headers, **{name.lower(): value for name, value in call.headers.items()}}

    def _token_url(self, auth: Auth, usual: str | None) -> str | None:
        match auth:
            case Bearer() | Basic():
                return None
            case Login():
                return None if self._signing.login is None else self.base_url + self._signing.login.path
            case _:
                return auth.token_url or usual

    def _checked(self, url: str) -> str:
        try:
            return self._wire.addresses.checked(url, hosts=self._hosts)
        except AddressError as error:
            raise ConfigError(f"{self._source}: {error}") from error

    def _unavailable(self, call: Call[T], what: str) -> SourceUnavailable:
        advice = "" if ";" in what else "; try again later"
        return SourceUnavailable(f"{self._source} {what} ({call.operation}){advice}", source=self._source)

    def _blank(self, error: SourceError) -> None:
        error.message = self._redactor.text(error.message)
        error.args = (error.message,)

    def _record(
        self, scope: Scope, call: Call[T], exchange: "_Exchange", *, rows: int, is_cached: bool, started: float
    ) -> None:
        event = CallEvent(
            source=self._source,
            operation=call.operation,
            kind=call.kind,
            entity=call.entity,
            query=None if call.query is None else self._redactor.text(call.query),
            rows=rows,
            size_bytes=exchange.size_bytes,
            took_ms=(time.perf_counter() - started) * 1000,
            retries=max(0, exchange.attempts - 1),
            is_cached=is_cached,
            status=exchange.status,
        )
        _keep(scope, event)


class _Exchange:
    """One call's work and what it found out, also when it fails; lives as long as the work and its callers."""

    __slots__ = ("attempts", "flight", "size_bytes", "status")

    flight: Flight[Any]

    def __init__(self) -> None:
        self.attempts = 0
        self.size_bytes = 0
        self.status: int | None = None


def _keep(scope: Scope, event: CallEvent) -> None:
    """Record *event* and log it, without the query: that may hold what a log should not."""
    scope.record(event)
    _LOG.debug(
        "call.ended",
        source=event.source,
        operation=event.operation,
        kind=event.kind,
        entity=event.entity,
        status=event.status,
        rows=event.rows,
        size_bytes=event.size_bytes,
        took_ms=round(event.took_ms, 1),
        retries=event.retries,
        is_cached=event.is_cached,
    )
