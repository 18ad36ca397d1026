"""Reading a reply's body without letting it take the process's memory."""

import zlib
from dataclasses import dataclass

from aiohttp import StreamReader

__all__ = ["BodyError", "Caps", "read_body"]

_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """How much one reply may hold.

    Attributes:
        max_bytes: of the body, after decompression.
        max_compressed_bytes: of a compressed body as received.
        max_ratio: decompressed to compressed bytes, once more than *ratio_from_bytes* came out.
        max_headers: header lines.
        max_header_bytes: of one header's value.
    """

    max_bytes: int = 32 * _MIB
    max_compressed_bytes: int = 8 * _MIB
    max_ratio: int = 200
    ratio_from_bytes: int = _MIB
    max_headers: int = 100
    max_header_bytes: int = 8190


class BodyError(Exception):
    """The body is too large or damaged; the text continues "the source …"."""


async def read_body(stream: StreamReader, *, encoding: str, length: int | None, caps: Caps) -> bytes:
    """The whole body, decompressed.

    Args:
        stream: the body as received.
        encoding: the Content-Encoding header; empty where there is none.
        length: the Content-Length header, where there is one.
        caps: limits on both sides of the decompression.

    Raises:
        BodyError: it is larger than *caps* allow, damaged, or encoded as nobody asked for.
    """
    inflater = None if encoding in {"", "identity"} else _inflater(encoding, caps)
    limit = caps.max_bytes if inflater is None else caps.max_compressed_bytes
    if length is not None and length > limit:
        raise BodyError(f"announced {length} bytes where {limit} are allowed")
    chunks: list[bytes] = []
    received = 0
    while chunk := await stream.readany():
        received += len(chunk)
        if received > limit:
            raise BodyError(f"sent more than the {limit} bytes allowed")
        if inflater is None:
            chunks.append(chunk)
        else:
            chunks.extend(inflater.feed(chunk))
    if inflater is not None and received:
        inflater.finish()
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _inflater(encoding: str, caps: Caps) -> "_Inflater":
    if encoding not in {"gzip", "x-gzip", "deflate"}:
        raise BodyError("answered in a content encoding that was not asked for")
    return _Inflater(caps, wbits=0 if encoding == "deflate" else zlib.MAX_WBITS | 16)


class _Inflater:
    """Decompresses one gzip or deflate body piece by piece; lives as long as the body's reading."""

    def __init__(self, caps: Caps, *, wbits: int) -> None:
        self._caps = caps
        self._wbits = wbits
        self._stream = zlib.decompressobj(wbits) if wbits else None
        self._taken = 0
        self._given = 0

    def feed(self, chunk: bytes) -> list[bytes]:
        """What *chunk* holds, in pieces.

        Raises:
            BodyError: it is damaged, or expands beyond the caps.
        """
        self._taken += len(chunk)
        pieces = []
        try:
            while chunk:
                piece, chunk = self._step(chunk)
                pieces.append(piece)
                self._check(len(piece))
        except zlib.error as error:
            raise BodyError("sent a damaged compressed body") from error
        return pieces

    def finish(self) -> None:
        """Make sure that the body was whole.

        Raises:
            BodyError: it ended early.
        """
        if self._stream is None or not self._stream.eof:
            raise BodyError("sent a compressed body that ends early")

    def _step(self, chunk: bytes) -> tuple[bytes, bytes]:
        """At most one mebibyte out of *chunk*, and what is left of it."""
        if self._stream is None:
            self._stream = zlib.decompressobj(self._wbits or _deflate_wbits(chunk))
        if self._stream.eof:
            raise BodyError("sent more behind the end of a compressed body")
        piece = self._stream.decompress(chunk, _MIB)
        return piece, self._stream.unconsumed_tail or self._stream.unused_data

    def _check(self, size: int) -> None:
        self._given += size
        if self._given > self._caps.max_bytes:
            raise BodyError(f"sent more than the {self._caps.max_bytes} bytes allowed, decompressed")
        if self._given > self._caps.ratio_from_bytes and self._given > self._caps.max_ratio * self._taken:
            raise BodyError(f"sent a body that expands more than {self._caps.max_ratio} times")


def _deflate_wbits(head: bytes) -> int:
    """Deflate means zlib-wrapped by the standard and bare in some servers; the first byte tells (RFC 1950, 2.2)."""
    return zlib.MAX_WBITS if head[0] & 0x0F == 8 else -zlib.MAX_WBITS
