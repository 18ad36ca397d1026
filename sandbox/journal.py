"""What an emulator was asked: the record that call counts are checked against."""

import threading
from collections import deque
from dataclasses import dataclass

from starlette.types import Message, Scope, Send

__all__ = ["Call", "Journal"]

_MOST_CALLS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to the vendor's API.

    Attributes:
        method: in capitals.
        path: decoded, without the query.
        query: as sent, without "?".
        status: of the answer; None while there is none, or when the connection ended without one.
        bytes_out: size of the body sent so far, as sent (compressed where it was).
    """

    method: str
    path: str
    query: str
    status: int | None
    bytes_out: int


class Journal:
    """The newest 100,000 calls of one emulator, oldest first; thread-safe, for tests read while the server writes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: deque[_Entry] = deque(maxlen=_MOST_CALLS)

    def recording(self, scope: Scope, send: Send) -> Send:
        """Note a call that begins, and give a *send* that notes what is answered before it is sent."""
        query: bytes = scope["query_string"]
        entry = _Entry(method=scope["method"], path=scope["path"], query=query.decode("latin-1"))
        with self._lock:
            self._entries.append(entry)

        async def send_noted(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            elif message["type"] == "http.response.body":
                entry.bytes_out += len(message.get("body", b""))
            await send(message)

        return send_noted

    def calls(self) -> list[Call]:
        """The calls in the order in which they came, those still running included."""
        with self._lock:
            entries = list(self._entries)
        return [
            Call(method=one.method, path=one.path, query=one.query, status=one.status, bytes_out=one.bytes_out)
            for one in entries
        ]

    def clear(self) -> None:
        """Forget all calls."""
        with self._lock:
            self._entries.clear()


@dataclass(slots=True, kw_only=True)
class _Entry:
    """A call that may still run."""

    method: str
    path: str
    query: str
    status: int | None = None
    bytes_out: int = 0
