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
        path: below the source's base URL, starting with "/"; already percent-encoded.
        params: query parameters in order; encoded by the client.
        content: request body bytes (JSON), or None.
        parse: turns decoded JSON into the result; may raise KeyError, TypeError, ValueError, IndexError or
            AttributeError, each of which means that the source answered garbage.
        rows: counts the result's records for the event.
        kind: data, metadata or auth.
        entity: unified type, for the event.
        query: vendor query text for the event.
        limit_class: which of the source's limits it counts against.
        is_idempotent: whether it may be repeated after an unknown outcome; reads by POST are.
        is_shareable: whether identical calls in flight may share one answer; reads are.
        is_raw: whether the answer is a file rather than JSON; *parse* then takes its bytes.
    """

    operation: str
    method: str
    path: str
    parse: Callable[[Any], T]
    params: tuple[tuple[str, str], ...] = ()
    content: bytes | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    rows: Callable[[T], int] = _no_rows
    kind: CallKind = "data"
    entity: str | None = None
    query: str | None = None
    limit_class: str = "default"
    is_idempotent: bool = True
    is_shareable: bool = True
    is_raw: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back: status, lower-cased headers and the whole body, decompressed."""

    status: int
    headers: Mapping[str, str]
    content: bytes

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
    """Repeat after *after_s* virtual seconds (None: the client's own back-off); *error* when time runs out.

    *pauses* names the limit class to hold back meanwhile, "*" for all of the source's.
    """

    error: SourceError
    after_s: float | None = None
    pauses: str | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Do not repeat."""

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
