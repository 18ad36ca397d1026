"""The Prefer header."""

import re
from dataclasses import dataclass

from sandbox.dynamics365.errors import bad_request

__all__ = ["MOST_ROWS", "Preferences", "read_preferences"]

MOST_ROWS = 5000
"""Rows of a page, of an expanded collection, and the highest count (Query data using the Web API, read 2026-11)."""

_ANNOTATIONS = re.compile(r'odata\.include-annotations\s*=\s*("[^"]*"|[^,\s]+)')
_PAGE_SIZE = re.compile(r"odata\.maxpagesize\s*=\s*([^,\s]+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What a request prefers; other preferences are ignored, as RFC 7240 has it.

    Attributes:
        page_size: rows of a page, None where nothing was asked.
        annotations: names, prefixes with "*", and exclusions with "-".
        applied: value of the answer's Preference-Applied.
    """

    page_size: int | None
    annotations: tuple[str, ...]
    applied: str
    continues_on_error: bool

    def wants(self, annotation: str) -> bool:
        """Whether *annotation* comes with the answer."""
        fits = [one for one in self.annotations if _fits(one.removeprefix("-"), annotation)]
        return bool(fits) and not any(one.startswith("-") for one in fits)


def read_preferences(header: str) -> Preferences:
    """What *header*, the value of Prefer, tells.

    Raises:
        VendorError: 400, a page size that is no positive number.
    """
    page_size, annotations = _PAGE_SIZE.search(header), _ANNOTATIONS.search(header)
    if page_size and not (page_size[1].isascii() and page_size[1].isdigit() and int(page_size[1]) > 0):
        raise bad_request(f"Invalid value '{page_size[1]}' for odata.maxpagesize; it must be a positive integer.")
    if page_size and int(page_size[1]) > MOST_ROWS:  # larger ones are ignored (Page results by using OData)
        page_size = None
    names = annotations[1].strip('"').split(",") if annotations else []
    return Preferences(
        page_size=int(page_size[1]) if page_size else None,
        annotations=tuple(name.strip() for name in names),
        applied=", ".join(match.group() for match in (annotations, page_size) if match),
        continues_on_error="odata.continue-on-error" in header,
    )


def _fits(pattern: str, annotation: str) -> bool:
    return annotation.startswith(pattern[:-1]) if pattern.endswith("*") else annotation == pattern
