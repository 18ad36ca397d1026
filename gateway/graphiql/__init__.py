"""The GraphiQL page: one page and its bundle, complete in this package, with the headers that fence it in."""

import re
from pathlib import Path

__all__ = ["ASSETS", "CONTENT_SECURITY_POLICY", "asset_headers", "page", "page_headers"]

ASSETS = Path(__file__).parent / "assets"
"""The folder that is served under ``/graphql/assets/``."""

# 'unsafe-inline' styles: the editor writes style elements and attributes. Scripts and workers come from files alone.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_FENCE = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_HASHED = re.compile(r"-[\w-]{8}\.\w+$")


def page() -> bytes:
    """The page as UTF-8 HTML, for ``GET /graphql``; it queries ``POST /graphql`` of its own origin."""
    return (ASSETS / "index.html").read_bytes()


def page_headers() -> dict[str, str]:
    """Headers for the page; a browser asks again each time, so that a new release shows at once."""
    return {**_FENCE, "Cache-Control": "no-cache", "Content-Type": "text/html; charset=utf-8"}


def asset_headers(name: str) -> dict[str, str]:
    """Headers for the file *name* of :data:`ASSETS`; the caller adds the media type.

    A name with a content hash is kept for ever. Workers obey the policy of their own file, so every file carries it.
    """
    kept = "public, max-age=31536000, immutable" if _HASHED.search(name) else "no-cache"
    return {**_FENCE, "Cache-Control": kept}
