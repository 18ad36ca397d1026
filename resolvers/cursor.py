"""Cursors: where each source of a walk stands, signed, so that any process with the key can resume.

A cursor holds key-set positions and no vendor locator, so it does not expire.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from model.entities import Entity
from model.errors import BadCursor
from model.page import Position
from model.query import Order

__all__ = ["Cursors", "Place", "Walk", "fingerprint"]

_VERSION = 1
_TAG_BYTES = 16
_MAX_CHARS = 16_384


@dataclass(frozen=True, slots=True)
class Place:
    """Where one source stands.

    Attributes:
        position: after which row it goes on; None for its start.
        is_ended: it has no further row.
        is_out: it failed earlier in this walk and stays out of the rest.
    """

    position: Position | None = None
    is_ended: bool = False
    is_out: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """The places of a walk's sources, and whose *turn* it is where rows interleave."""

    places: Mapping[str, Place] = field(default_factory=dict)
    turn: int = 0


def fingerprint(entity: Entity, shape: str, order: tuple[Order, ...]) -> str:
    """What ties a cursor to its query: type, filter as the caller wrote it, and order."""
    plain = repr((entity.value, shape, tuple((key.field, key.direction.value) for key in order)))
    return hashlib.sha256(plain.encode()).hexdigest()[:16]


class Cursors:
    """Makes and reads cursors under one durable key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encode(self, walk: Walk, query: str) -> str:
        """The opaque text of *walk* over the query with fingerprint *query*."""
        places = {source: _packed(place) for source, place in walk.places.items()}
        body = json.dumps([_VERSION, query, walk.turn, places], separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(self._tag(body) + body).decode().rstrip("=")

    def decode(self, text: str, query: str) -> Walk:
        """The walk that *text* holds.

        Raises:
            BadCursor: it is damaged, was not signed with this key, or belongs to another query.
        """
        body = self._verified(text)
        version, own, turn, places = json.loads(body)
        if version != _VERSION:
            raise BadCursor("this cursor was made by another version of the gateway; start again without it")
        if own != query:
            raise BadCursor("this cursor belongs to another query; keep type, filter and order the same while paging")
        return Walk({source: _unpacked(packed) for source, packed in places.items()}, turn)

    def _verified(self, text: str) -> bytes:
        try:
            if len(text) > _MAX_CHARS:
                raise ValueError
            raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        except (ValueError, binascii.Error):
            raise BadCursor("this is no cursor of this gateway; use a cursor it returned, unchanged") from None
        tag, body = raw[:_TAG_BYTES], raw[_TAG_BYTES:]
        if not hmac.compare_digest(tag, self._tag(body)):
            raise BadCursor("this cursor is damaged or was made with another key; start again without it")
        return body

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._key, body, "sha256")[:_TAG_BYTES]


def _packed(place: Place) -> Any:
    flags = (1 if place.is_ended else 0) | (2 if place.is_out else 0)
    position = place.position
    return [flags] if position is None else [flags, position.remote_id, *position.keys]


def _unpacked(packed: list[Any]) -> Place:
    flags, *rest = packed
    position = Position(tuple(rest[1:]), rest[0]) if rest else None
    return Place(position, is_ended=bool(flags & 1), is_out=bool(flags & 2))
