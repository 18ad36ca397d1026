"""From a call's path and parameters to a URL below the source's base, and from a vendor's link back to a path."""

import re
from typing import Any
from urllib.parse import quote

from yarl import URL

from connectors.http.address import is_loopback
from connectors.http.call import Call
from model.errors import OurBug

__all__ = ["Target"]

_PATH = re.compile(r"/[!-\"$-~]*")  # visible ASCII, no fragment
_NOWHERE = URL()
_DOTS = re.compile(r"/(\.|%2e){1,2}(/|$)", re.IGNORECASE)
_VISIBLE = "".join(map(chr, range(0x21, 0x7F)))


class Target:
    """A source's base address, checked already; replaced as a whole when the source names another.

    Attributes:
        is_loopback: whether it is this machine, where unpacking a body costs more than receiving it.
    """

    __slots__ = ("_authority", "_base", "_prefix", "base_url", "is_loopback")

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._base = URL(base_url, encoded=True)
        self._authority = self._base.raw_authority
        self._prefix = self._base.raw_path.rstrip("/")
        self.is_loopback = is_loopback(self._base.host or "")

    def url(self, call: Call[Any], further: tuple[tuple[str, str], ...] = ()) -> URL:
        """Where *call* goes, with *further* parameters.

        Blanks in parameters become ``%20``, which form decoders and path decoders both read.

        Raises:
            OurBug: the path is not an encoded one, or has a query beside parameters.
        """
        if not _PATH.fullmatch(call.path) or (call.params and "?" in call.path):
            raise OurBug(f"the path of {call.operation} is not an encoded path")
        path, _, query = call.path.partition("?")
        if call.params:
            query = _NOWHERE.with_query(call.params).raw_query_string.replace("+", "%20")
        if further:
            query += ("&" if query else "") + _NOWHERE.with_query(further).raw_query_string.replace("+", "%20")
        return URL.build(
            scheme=self._base.scheme,
            authority=self._authority,
            path=self._prefix + path,
            query_string=query,
            encoded=True,
        )

    def path_of(self, link: str) -> str | None:
        """*link* as a path below the base, with its query, not encoded anew; None where it leads elsewhere."""
        text = quote(link, safe=_VISIBLE)
        if "\\" in text or _DOTS.search(text.partition("?")[0]):
            return None
        try:
            target = URL(text, encoded=True)
            is_same = (text.startswith("/") and not text.startswith("//")) or _origin(target) == _origin(self._base)
        except ValueError:
            return None
        if not is_same or not target.raw_path.startswith(self._prefix + "/"):
            return None
        return target.raw_path_qs[len(self._prefix) :]


def _origin(url: URL) -> tuple[str, str | None, str | None, int | None]:
    return url.scheme, url.raw_user, url.raw_host, url.port
