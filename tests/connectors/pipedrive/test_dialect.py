"""What the dialect makes of refusals whose headers are missing."""

from collections.abc import Mapping

import orjson
import pytest

from connectors.http import Call, Failed, Reply, Retry, Verdict
from connectors.pipedrive.dialect import PipedriveDialect
from model.errors import QuotaExhausted, RateLimited, SourceError, SourceForbidden

CALL = Call(operation="list", method="GET", path="/api/v2/persons", parse=bool)


def judged(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Verdict:
    """The verdict on one reply."""
    return PipedriveDialect("pd").verdict(CALL, Reply(status=status, headers=headers or {}, content=body))


@pytest.mark.parametrize(
    "headers",
    [{}, {"x-daily-ratelimit-token-remaining": "0"}, {"retry-after": "3939"}],
    ids=["by its text", "by its tokens", "by its wait"],
)
def test_a_used_up_day_is_never_waited_for(headers: Mapping[str, str]) -> None:
    """Its headers are in no official page and may be missing; then its text tells."""
    said = "too many requests" if headers else "daily request budget exceeded"
    verdict = judged(429, orjson.dumps({"success": False, "error": said, "errorCode": 429}), headers)

    assert isinstance(verdict, Failed)
    assert isinstance(verdict.error, QuotaExhausted)


def test_a_burst_is_waited_for_as_long_as_it_says() -> None:
    """The window has two seconds; its header says how many are left."""
    body = orjson.dumps({"success": False, "error": "rate limit exceeded", "errorCode": 429})
    verdicts = [judged(429, body), judged(429, body, {"x-ratelimit-reset": "1"})]

    assert [(type(one.error), one.after_s) for one in verdicts if isinstance(one, Retry)] == [
        (RateLimited, 2.0),
        (RateLimited, 1.0),
    ]


@pytest.mark.parametrize(
    ("status", "content_type", "error", "words"),
    [
        (402, "application/json", SourceForbidden, "closed or unpaid"),
        (403, "application/json", SourceForbidden, "scope"),
        (403, "text/html; charset=UTF-8", RateLimited, "too often"),
    ],
)
def test_a_refusal_says_who_can_help(status: int, content_type: str, error: type[SourceError], words: str) -> None:
    """A closed account, a missing right, and Cloudflare's page after too many calls."""
    verdict = judged(status, b"<html>" if "html" in content_type else b"{}", {"content-type": content_type})

    assert isinstance(verdict, Failed | Retry)
    assert isinstance(verdict.error, error)
    assert words in verdict.error.message
