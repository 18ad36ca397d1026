"""Replies are judged by status and error code; messages are quoted, never read."""

from typing import Any

import orjson
import pytest

from connectors.http import Accepted, Call, Failed, Refresh, Reply, Retry, Verdict
from connectors.salesforce.calls import Api
from connectors.salesforce.dialect import SalesforceDialect
from model.errors import (
    QuotaExhausted,
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceTimeout,
    SourceUnavailable,
)

DIALECT = SalesforceDialect("sf")
QUERY: Call[Any] = Call(operation="query", method="GET", path="/services/data/v60.0/query", parse=lambda body: body)
COMPOSITE: Call[Any] = Call(
    operation="composite", method="POST", path="/services/data/v60.0/composite", parse=lambda body: body
)
BATCH: Call[Any] = Call(
    operation="describe", method="POST", path="/services/data/v60.0/composite/batch", parse=lambda body: body
)


def reply(status: int, body: object = None, *, code: str | None = None, usage: str = "") -> Reply:
    """A reply with one error, or with *body*."""
    errors = [{"errorCode": code, "message": f"{code} happened"}] if code else body
    content = errors if isinstance(errors, bytes) else orjson.dumps(errors)
    return Reply(status=status, headers={"sforce-limit-info": usage} if usage else {}, content=content)


def error_of(verdict: Verdict) -> SourceError:
    """The error a verdict carries."""
    assert not isinstance(verdict, Accepted)
    return verdict.error


@pytest.mark.parametrize(
    ("status", "code", "verdict", "error"),
    [
        (401, "INVALID_SESSION_ID", Refresh, ReauthRequired),
        (401, "INVALID_AUTH_HEADER", Failed, ReauthRequired),
        (403, "REQUEST_LIMIT_EXCEEDED", Retry, RateLimited),
        (403, "API_DISABLED_FOR_ORG", Failed, SourceForbidden),
        (403, "INSUFFICIENT_ACCESS", Failed, SourceForbidden),
        (400, "INVALID_FIELD", Failed, SchemaDrift),
        (400, "INVALID_TYPE", Failed, SchemaDrift),
        (404, "NOT_FOUND", Failed, SchemaDrift),
        (410, "UNSUPPORTED_API_VERSION", Failed, SchemaDrift),
        (400, "QUERY_TIMEOUT", Failed, SourceTimeout),
        (400, "INVALID_QUERY_LOCATOR", Failed, SourceUnavailable),
        (400, "MALFORMED_QUERY", Failed, Rejected),
        (400, "UNABLE_TO_LOCK_ROW", Retry, SourceUnavailable),
        (503, "SERVER_UNAVAILABLE", Retry, SourceUnavailable),
        (500, "UNKNOWN_EXCEPTION", Retry, SourceUnavailable),
    ],
)
def test_errors_have_one_meaning(status: int, code: str, verdict: type[Verdict], error: type[SourceError]) -> None:
    """Each documented pair of status and code leads to one verdict and one class."""
    found = DIALECT.verdict(QUERY, reply(status, code=code))

    assert type(found) is verdict
    assert type(error_of(found)) is error
    assert "sf" in error_of(found).message


@pytest.mark.parametrize("status", [420, 429, 500, 502, 503, 504])
def test_web_tiers_html_is_passing(status: int) -> None:
    """A 5xx or the edge's 420 may come as HTML; it is tried again and not quoted."""
    found = DIALECT.verdict(QUERY, reply(status, b"<html>secret</html>"))

    assert isinstance(found, Retry)
    assert "secret" not in found.error.message


def test_long_uri_is_refused_with_its_status() -> None:
    """414 comes from the web tier as HTML."""
    found = DIALECT.verdict(QUERY, reply(414, b"<h1>Bad Message 414</h1>"))

    assert isinstance(error_of(found), Rejected)
    assert "status 414" in error_of(found).message


def test_used_up_day_is_not_waited_for() -> None:
    """The same code means either too many long requests or the end of the day's; the header tells which."""
    found = DIALECT.verdict(QUERY, reply(403, code="REQUEST_LIMIT_EXCEEDED", usage="api-usage=100/100"))

    assert isinstance(found, Failed)
    assert isinstance(found.error, QuotaExhausted)


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ("api-usage=18/5000", (5000, 4982)),
        ("api-usage=18/5000; per-app-api-usage=17/250(appName=x)", (5000, 4982)),
        ("api-bursts=1/750;api-usage=6000/5000", (5000, 0)),
        ("per-app-api-usage=17/250(appName=x)", None),
        ("api-usage=x/5000", None),
        ("", None),
    ],
)
def test_usage_is_read_piece_by_piece(usage: str, expected: tuple[int, int] | None) -> None:
    """Further pieces in the header change nothing."""
    found = DIALECT.observed(QUERY, reply(200, {}, usage=usage))

    assert [(item.name, item.limit, item.remaining) for item in found] == ([("daily", *expected)] if expected else [])


def part(status: int, code: str | None = None) -> dict[str, object]:
    """One part of a composite answer."""
    body: object = [{"errorCode": code, "message": "m"}] if code else {}
    return {"httpStatusCode": status, "body": body, "statusCode": status, "result": body}


def test_composite_is_as_good_as_its_worst_part() -> None:
    """The whole is 200 whatever became of the parts; a halted part says nothing of itself."""
    halted, wrong = part(400, "PROCESSING_HALTED"), part(400, "INVALID_FIELD")

    assert DIALECT.verdict(COMPOSITE, reply(200, {"compositeResponse": [part(200)]})) == Accepted()
    found = DIALECT.verdict(COMPOSITE, reply(200, {"compositeResponse": [halted, wrong]}))
    assert isinstance(error_of(found), SchemaDrift)


@pytest.mark.parametrize(("usage", "error"), [("", RateLimited), ("api-usage=5/5", QuotaExhausted)])
def test_limits_among_answers_are_told_as_limits(usage: str, error: type[SourceError]) -> None:
    """A composite answer whose later parts met a limit is none, however many came before."""
    body = {"compositeResponse": [part(200), part(403, "REQUEST_LIMIT_EXCEEDED")]}

    assert isinstance(error_of(DIALECT.verdict(COMPOSITE, reply(200, body, usage=usage))), error)


@pytest.mark.parametrize("texts", [["SELECT COUNT() FROM Lead"], ["SELECT COUNT() FROM Lead"] * 2])
@pytest.mark.parametrize("body", [None, {"compositeResponse": []}, {"compositeResponse": [{"body": None}] * 2}])
def test_no_answer_counts_nothing(texts: list[str], body: object) -> None:
    """An empty or short answer to queries is garbage, and never zero rows."""
    call = Api("v60.0").queries(texts, entity="lead")

    with pytest.raises((TypeError, ValueError, KeyError)):
        call.parse(body)


def test_batch_may_lack_objects_and_not_fail_in_passing() -> None:
    """An object the org has not is left out; a part that failed for a while is asked again."""
    gone = {"results": [part(200), part(404, "NOT_FOUND"), part(403, "INSUFFICIENT_ACCESS")]}

    assert DIALECT.verdict(BATCH, reply(200, gone)) == Accepted()
    assert isinstance(DIALECT.verdict(BATCH, reply(200, {"results": [part(503, "X")]})), Retry)
    assert isinstance(DIALECT.verdict(BATCH, reply(200, {"results": [part(401, "INVALID_SESSION_ID")]})), Refresh)


def test_quoted_messages_are_short_and_printable() -> None:
    """A vendor's message cannot forge a log line or flood one."""
    body = [{"errorCode": "MALFORMED_QUERY", "message": "a\r\nb\x1b[31m" + "x" * 1_000}]
    message = error_of(DIALECT.verdict(QUERY, reply(400, body))).message

    assert message.isprintable()
    assert len(message) < 400


def test_strange_codes_are_not_repeated() -> None:
    """What stands in place of a code may be anything."""
    body = [{"errorCode": "<script>", "message": None}]

    assert "script" not in error_of(DIALECT.verdict(QUERY, reply(400, body))).message
