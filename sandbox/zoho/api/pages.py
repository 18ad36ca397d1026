"""Pages of rows: by number in the first 2,000, by token further on."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TypeVar
from zoneinfo import ZoneInfo

from starlette.requests import Request

from sandbox.clock import Clock
from sandbox.zoho.api.parameters import number
from sandbox.zoho.errors import VendorError, refusal

__all__ = ["Pages"]

# Get records page of v8, read 2026-11.
_MOST_PER_PAGE, _BY_NUMBER, _BY_TOKEN = 200, 2_000, 100_000
_TOKEN_LIFE = timedelta(hours=24)
_T = TypeVar("_T")


class Pages:
    """Cuts pages; a token is bound to the path and to all parameters but the place, and lives 24 virtual hours."""

    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        self._clock, self._zone = clock, zone

    def cut(
        self, request: Request, rows: Sequence[_T], *, sort_by: str = "id", sort_order: str = "desc"
    ) -> tuple[Sequence[_T], dict[str, object]]:
        """The page of *rows* that *request* asks for, and `info`.

        Raises:
            VendorError: 400 for a place or a token that cannot be.
        """
        size = number(request, "per_page", default=_MOST_PER_PAGE, most=_MOST_PER_PAGE)
        start = self._start(request, size)
        has_more = len(rows) > start + size
        expiry = (self._clock.now() + _TOKEN_LIFE).replace(microsecond=0)
        page = rows[start : start + size]
        has_tokens = has_more or start > 0
        return page, {
            "per_page": size,
            "count": len(page),
            "page": start // size + 1,
            "sort_by": sort_by,
            "sort_order": sort_order,
            "more_records": has_more,
            "next_page_token": self._token(request, start + size, expiry) if has_more else None,
            "previous_page_token": self._token(request, max(start - size, 0), expiry) if start else None,
            "page_token_expiry": expiry.astimezone(self._zone).isoformat() if has_tokens else None,
        }

    def numbered(self, request: Request, rows: Sequence[_T]) -> tuple[Sequence[_T], dict[str, object]]:
        """The page of *rows* where there are no tokens, such as in a search.

        Raises:
            VendorError: 400 LIMIT_EXCEEDED beyond 2,000 rows.
        """
        size = number(request, "per_page", default=_MOST_PER_PAGE, most=_MOST_PER_PAGE)
        page = number(request, "page", default=1, most=_BY_TOKEN)
        if page * size > _BY_NUMBER:
            raise refusal("LIMIT_EXCEEDED", limit=_BY_NUMBER)
        start = (page - 1) * size
        told = rows[start : start + size]
        return told, {"per_page": size, "count": len(told), "page": page, "more_records": len(rows) > start + size}

    def _start(self, request: Request, size: int) -> int:
        if (token := request.query_params.get("page_token")) is None:
            page = number(request, "page", default=1, most=_BY_TOKEN)
            if page * size > _BY_NUMBER:
                raise refusal("DISCRETE_PAGINATION_LIMIT_EXCEEDED", limit=_BY_NUMBER)
            return (page - 1) * size
        if "page" in request.query_params:
            raise refusal("AMBIGUITY_DURING_PROCESSING", ambiguity_due_to=["page", "page_token"])
        start = self._redeemed(request, token)
        if start + size > _BY_TOKEN:
            raise refusal("PAGINATION_LIMIT_EXCEEDED", limit=_BY_TOKEN)
        return start

    def _token(self, request: Request, start: int, expiry: datetime) -> str:
        told = json.dumps([start, int(expiry.timestamp()), _asked(request)])
        return urlsafe_b64encode(told.encode()).decode()

    def _redeemed(self, request: Request, token: str) -> int:
        try:
            start, expires_s, asked = json.loads(urlsafe_b64decode(token))
            expiry = datetime.fromtimestamp(expires_s, UTC)
        except (ValueError, TypeError, OverflowError):
            raise _bad_token() from None
        if asked != _asked(request):
            raise _bad_token()
        if expiry <= self._clock.now():
            raise refusal("EXPIRED_VALUE", param_name="page_token")
        return int(start)


def _asked(request: Request) -> str:
    told = sorted((name, value) for name, value in request.query_params.items() if name not in {"page", "page_token"})
    since = request.headers.get("if-modified-since")
    return sha256(repr((request.url.path, told, since)).encode()).hexdigest()[:16]


def _bad_token() -> VendorError:
    return refusal("INVALID_DATA", message="the given page token is invalid", param_name="page_token")
