"""One upstream call as a value, its raw reply, and a platform's judgement of that reply."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar

import orjson

from connectors.scope import CallKind
from model.errors import SourceError

__all__ = ["Accepted", "Call", "Dialect", "Failed", "Observed", "Refresh", "Reply", "Retry", "Verdict"]

T = TypeVar("T")


def _no_rows(_: object) -> int:
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Generic[T]):
    """What to ask, and how to read the answer.

    Attributes:
        operation: name for events and errors, such as "query".
        path: below the source's base URL, starting with "/"; already percent-encoded. It may carry a query of its own,
            as ``HttpClient.path_of`` gives it; then *params* must be empty.
        params: query parameters in order; encoded by the client.
        content: request body bytes (JSON), or None.
        headers: sent beside the client's own, which they replace where the names are equal.
        parse: turns decoded JSON (None for an empty body) into the result, without changing it, since identical calls
            share it; may raise KeyError, TypeError, ValueError, IndexError or AttributeError, each of which means
            that the source answered garbage.
        rows: counts the result's records for the event.
        kind: data, metadata or auth.
        entity: unified type, for the event.
        query: vendor query text for the event.
        limit_class: which of the source's limits it counts against.
        weight: what it costs of those that are weighed, in the vendor's units.
        is_idempotent: whether it may be repeated after an unknown outcome; reads by POST are.
        is_shareable: whether identical calls in flight may share one answer; reads are. A call that is not ends the
            sharing of all that began before it, so that a read after a write sees the write.
        is_raw: whether the answer is a file rather than JSON; *parse* then takes its bytes.
        is_headed: whether *parse* takes the reply's headers too: the pair of decoded JSON and lower-cased headers.
    """

    operation: str
    method: str
    path: str
    parse: Callable[[Any], T]
    params: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    content: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    rows: Callable[[T], int] = _no_rows
    kind: CallKind = "data"
    entity: str | None = None
    query: str | None = field(default=None, repr=False)
    limit_class: str = "default"
    weight: int = 1
    is_idempotent: bool = True
    is_shareable: bool = True
    is_raw: bool = False
    is_headed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: status, lower-cased headers and the whole body, decompressed."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    content: bytes = field(repr=False)

    def json(self) -> Any:
        """The decoded body, or None where it is not JSON; for reading error bodies."""
        try:
            return orjson.loads(self.content)
        except orjson.JSONDecodeError:
            return None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The reply is an answer to parse."""


@dataclass(frozen=True, slots=True)
class Refresh:
    """The access token is no longer good: refresh once, then repeat; *error* if that does not help."""

    error: SourceError


@dataclass(frozen=True, slots=True)
class Retry:
    """Repeat after *after_s* virtual seconds; *error* when time or attempts run out, with the wait in it.

    Where *after_s* is None the reply's Retry-After counts, else the client's own back-off. *pauses* names the limit
    class to hold back meanwhile, "*" for all of the source's. A call that is not idempotent is repeated only after
    status 429 or where *error* is RateLimited.
    """

    error: SourceError
    after_s: float | None = None
    pauses: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Do not repeat; ``retry_after_s`` in *error* is in virtual seconds, the client makes real ones of them."""

    error: SourceError


Verdict = Accepted | Refresh | Retry | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a reply's headers say of one limit window: *name* as configured; seconds are virtual."""

    name: str
    limit: int | None = None
    remaining: int | None = None
    window_s: float | None = None
    resets_in_s: float | None = None


class Dialect(Protocol):
    """How one platform's replies are read; holds no state of a request."""

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*."""

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """What the reply's headers teach about limits; empty where they say nothing."""
