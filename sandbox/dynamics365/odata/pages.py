"""Paging: the cookie that a link to the next page carries."""

import re
from urllib.parse import quote, unquote

from sandbox.dynamics365.errors import bad_request

__all__ = ["next_link", "start_of"]

_COOKIE = re.compile(r'<cookie pagenumber="(\d+)" pagingcookie="([^"]*)" istracking="False" />')
_START = re.compile(r'<cookie page="\d+"><row start="(\d+)" /></cookie>')


def start_of(token: str) -> int:
    """How many rows stand before the page that the skip token *token* leads to.

    Raises:
        VendorError: 400, no token of ours.
    """
    outer = _COOKIE.fullmatch(token)
    inner = outer and _START.fullmatch(unquote(unquote(outer[2])))
    if not inner:
        raise bad_request("Malformed XML in the Paging Cookie", "0x80041129")
    return int(inner[1])


def next_link(address: str, query: str, *, start: int, page: int) -> str:
    """The address of the page that begins after *start* rows: that of this one, its skip token replaced.

    Args:
        address: of this page, without a query.
        query: of this page, as sent.
        start: rows before the next page.
        page: number of the next page.
    """
    inner = quote(quote(f'<cookie page="{page}"><row start="{start}" /></cookie>'))
    token = quote(f'<cookie pagenumber="{page}" pagingcookie="{inner}" istracking="False" />')
    kept = [part for part in query.split("&") if part and not unquote(part).startswith("$skiptoken=")]
    return f"{address}?{'&'.join([*kept, f'$skiptoken={token}'])}"
