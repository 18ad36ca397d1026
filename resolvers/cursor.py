"""Cursors: where each source of a walk stands, signed, so that any process with the key can resume.

A list's cursor holds key-set positions and no vendor locator, so it does not expire.
What is signed is a JSON array: the version of the rest, what ties it to its query, and the places.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from model.errors import BadCursor, BadRequest
from model.page import Position
from model.reading import ListRequest

__all__ = ["Cursors", "Place", "Walk", "digest", "fingerprint"]

_VERSION = 1
_TAG_BYTES = 16
_ENDED, _OUT, _SORTED_HERE = 1, 2, 4
# Half of what a request's body may be by default: a cursor that was given out can be sent back.
_MAX_CHARS = 131_072


@dataclass(frozen=True, slots=True)
class Place:
    """Where one source stands.

    Attributes:
        position: after which row it goes on; None for its start.
        is_ended: it has no further row.
        is_out: it failed earlier in this walk and stays out of the rest.
        is_sorted_here: the position is one of the order made here, not of the CRM's own.
    """

    position: Position | None = None
    is_ended: bool = False
    is_out: bool = False
    is_sorted_here: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """The places of a walk's sources, and whose *turn* it is where rows interleave."""

    places: Mapping[str, Place] = field(default_factory=dict)
    turn: int = 0


def fingerprint(request: ListRequest) -> str:
    """What ties a cursor to its query: type, filter as the caller wrote it, order, and which rows count at all."""
    options = request.options
    plain = repr(
        (
            request.entity.value,
            request.shape or repr(request.where),
            tuple((key.field, key.direction.value) for key in request.order),
            options.include_deleted,
            options.include_archived,
        )
    )
    return digest(plain)


def digest(plain: str) -> str:
    """A short text that stands for *plain*, whatever characters it holds."""
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:16]


class Cursors:
    """Makes and reads cursors under one durable key.

    A walk over a list is `encode`d; whatever else has places of its own is `sealed`.
    """

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encode(self, walk: Walk, query: str) -> str:
        """The opaque text of *walk* over the query with fingerprint *query*.

        Raises:
            BadRequest: the sort keys are too long for a cursor.
        """
        places = {source: _packed(place) for source, place in walk.places.items()}
        return self.sealed((walk.turn, places), query)

    def decode(self, text: str, query: str) -> Walk:
        """The walk that *text* holds.

        Raises:
            BadCursor: it is damaged, was not signed with this key, or belongs to another query.
        """
        turn, places = self.opened(text, query)
        return Walk({source: _unpacked(packed) for source, packed in places.items()}, turn)

    def sealed(self, content: Sequence[Any], query: str) -> str:
        """The opaque text of *content*, which JSON has a form for.

        Raises:
            BadRequest: it is too long for a cursor.
        """
        plain = json.dumps([_VERSION, query, *content], separators=(",", ":"), ensure_ascii=False)
        # A CRM's text may hold half a character, which UTF-8 has no form for.
        text = self._signed(plain.encode("utf-8", "surrogatepass"))
        if len(text) > _MAX_CHARS:
            raise BadRequest("the texts this list is ordered by are too long for a cursor; order it by another field")
        return text

    def opened(self, text: str, query: str) -> Sequence[Any]:
        """What was sealed in *text* for the query with fingerprint *query*.

        Raises:
            BadCursor: it is damaged, was not signed with this key, or belongs to another query.
        """
        content: list[Any] = json.loads(self._verified(text))
        if content[0] != _VERSION:
            raise BadCursor("this cursor was made by another version of the gateway; start again without it")
        if content[1] != query:
            raise BadCursor("this cursor belongs to another query; keep type, filter and order the same while paging")
        return content[2:]

    def _signed(self, body: bytes) -> str:
        return base64.urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def _verified(self, text: str) -> bytes:
        try:
            if len(text) > _MAX_CHARS:
                raise ValueError
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise BadCursor("this is no cursor of this gateway; use a cursor it returned, unchanged") from None
        tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        # The same bytes in another spelling are no cursor of ours either: base64 leaves bits of its last letter unused.
        if not hmac.compare_digest(tag, self._tag(body)) or self._signed(body) != text:
            raise BadCursor("this cursor is damaged or was made with another key; start again without it")
        return body

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_TAG_BYTES]


def _packed(place: Place) -> Any:
    flags = _ENDED * place.is_ended | _OUT * place.is_out | _SORTED_HERE * place.is_sorted_here
    position = place.position
    return [flags] if position is None else [flags, position.remote_id, *position.keys]


def _unpacked(packed: list[Any]) -> Place:
    flags, *rest = packed
    return Place(
        Position(tuple(rest[1:]), rest[0]) if rest else None,
        is_ended=bool(flags & _ENDED),
        is_out=bool(flags & _OUT),
        is_sorted_here=bool(flags & _SORTED_HERE),
    )
