"""The manners in which the shop speaks, and what it refuses."""

from dataclasses import dataclass, field
from typing import Literal

__all__ = ["Day", "Instant", "Manner", "Refusal"]

Day = Literal["iso", "%d/%m/%Y"]
Instant = Literal["iso", "epoch", "%Y-%m-%d %H:%M:%S"]


class Refusal(Exception):
    """An answer other than success: an HTTP status, and what is wrong."""

    def __init__(self, status: int, message: str, *, retry_after_s: int | None = None) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_after_s = status, message, retry_after_s


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How an API speaks; every combination is served but those that contradict themselves.

    Attributes:
        paging: `offset` takes *offset* and *limit*; `page` takes *page* from 1 and *size*; `cursor` takes *cursor* and
            *limit*, and answers *next*, null behind the last page; `link` and `next_url` take *limit* and give the
            whole URL of the next page, without a key of `auth`, in the header `Link` or in *next*. A cursor goes with
            the filter and the sort that it was given for. 20 rows are a usual page and 100 the largest.
        envelope: `bare` is an array, with the total in `X-Total-Count`; `data` is `{data, meta: {total}}`; `jsonapi` is
            that with `{type, id, attributes, relationships}`, ids as texts; `nested` is
            `{result: {items: [{record}], count}}`. *next* stands at the top. One row is told as `{...}`, `{data}`,
            `{data}` or `{result: {record}}`.
        filters: the language of conditions, each with its words in `filters.py`.
        sort: `minus` is `sort=-changed,id`; `words` is `order=changed desc, id asc`; `two_parameters` is one key,
            `sort=changed&direction=desc`; `objects` is `sort: [{"changed": "desc"}]` in the body. Texts are
            sorted in lower case, a status by its number; ties by id, as is what is not sorted.
        missing: where missing values stand in a sort: `last` in either direction, above all others, or below them.
        auth: `header` is `X-Api-Key`; `query` is `api_key`; `basic` and `bearer` are those; `login` is
            `POST /login {user, password}`, which answers `{token, expires}`, and the token as a bearer;
            `client_credentials` and `refresh` are the grants of RFC 6749 at `POST /token`, the client in the form or
            as basic; a refresh token is good for one use.
        token_s: seconds that tokens live, as `expires` and `expires_in` say.
        empties: what missing values are told as; a relationship of `jsonapi` is null.
        days: how days are told, as *born*; `iso` is `1990-02-03`.
        instants: how instants are told, as *changed*; `iso` is `2026-01-02T03:04:05Z`, `epoch` is seconds.
        filter_days: how days are told in filters, where not as in rows.
        filter_instants: how instants are told in filters, where not as in rows.
        ids: `text` and `uuid` are ordered as texts; uuids are told in lower case.
        gets: rows by ids are asked for with a filter alone, with the parameter *ids* (`1,2`, or a list in the body), or
            one by one as `GET /people/7`. The filters `flat_keys` have *ids* anyway.
        errors: `status` is `{error}` with the HTTP status; `body200` is `{ok: false, error: {code, message}}` with 200,
            and other objects have `ok: true`.
        company: a person's company as its id, or as a `pair` of id and name.
        status: a person's status as its word, or as a `number`: 1 new, 2 active, 3 lost.
    """

    paging: Literal["offset", "page", "cursor", "link", "next_url"] = "offset"
    envelope: Literal["bare", "data", "jsonapi", "nested"] = "data"
    filters: Literal["json", "nested_keys", "flat_keys", "prefix", "odata", "search"] = "nested_keys"
    sort: Literal["minus", "words", "two_parameters", "objects"] = "minus"
    missing: Literal["last", "high", "low"] = "last"
    auth: Literal["header", "query", "basic", "bearer", "login", "client_credentials", "refresh"] = "header"
    token_s: int = 3600
    empties: Literal["", False] | None = None
    days: Day = "iso"
    instants: Instant = "iso"
    filter_days: Day | None = None
    filter_instants: Instant | None = None
    ids: Literal["number", "text", "uuid"] = "number"
    gets: Literal["filter", "ids", "one"] = "filter"
    errors: Literal["status", "body200"] = "status"
    company: Literal["id", "pair"] = "id"
    status: Literal["word", "number"] = "word"
    is_posted: bool = field(init=False)
    """Whether lists are asked for by POST, with the parameters in the body or the query; else by GET."""

    def __post_init__(self) -> None:
        if self.envelope == "bare" and self.paging in {"cursor", "next_url"}:
            raise ValueError("a bare array has no place for the next page")
        if self.envelope == "jsonapi" and self.company == "pair":
            raise ValueError("a relationship is no pair")
        object.__setattr__(self, "is_posted", self.filters in {"json", "prefix"} or self.sort == "objects")
