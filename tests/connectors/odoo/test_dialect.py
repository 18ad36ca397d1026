"""What becomes of Odoo's refusals."""

import orjson
import pytest

from connectors.http import Accepted, Call, Failed, Reply, Retry
from connectors.odoo.dialect import OdooDialect
from model.errors import (
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
)

CALL = Call(operation="list", method="POST", path="/json/2/res.partner/web_search_read", parse=bool)
TRACEBACK = 'Traceback (most recent call last):\n  File "http.py", line 1'


def _reply(status: int, name: str, message: str = "It did not work") -> Reply:
    body = {"name": name, "message": message, "arguments": [message], "context": {}, "debug": TRACEBACK}
    return Reply(status=status, headers={}, content=orjson.dumps(body))


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (401, "werkzeug.exceptions.Unauthorized", ReauthRequired),
        (403, "odoo.exceptions.AccessError", SourceForbidden),
        (404, "werkzeug.exceptions.NotFound", SchemaDrift),
        (500, "builtins.ValueError", SchemaDrift),
        (500, "builtins.TypeError", Rejected),
        (422, "odoo.exceptions.ValidationError", Rejected),
    ],
)
def test_a_refusal_has_the_class_that_says_who_can_help(status: int, name: str, error: type[SourceError]) -> None:
    """It fails at once, even with status 500, where asking again would change nothing."""
    verdict = OdooDialect("odoo").verdict(CALL, _reply(status, name))

    assert isinstance(verdict, Failed)
    assert type(verdict.error) is error


@pytest.mark.parametrize(
    ("status", "name", "error"),
    [
        (429, "", RateLimited),
        (500, "psycopg2.errors.SerializationFailure", SourceUnavailable),
        (404, "odoo.exceptions.MissingError", SourceUnavailable),
        (502, "", SourceUnavailable),
    ],
)
def test_what_passes_is_tried_again(status: int, name: str, error: type[SourceError]) -> None:
    """Too many calls, and troubles of the server or its database."""
    verdict = OdooDialect("odoo").verdict(CALL, _reply(status, name))

    assert isinstance(verdict, Retry)
    assert type(verdict.error) is error


def test_a_page_that_is_no_answer_of_the_api_tells_what_to_check() -> None:
    """An unknown database is told by a page for browsers."""
    page = Reply(status=404, headers={}, content=b"<h1>Not Found</h1><p>No database is selected</p>")

    verdict = OdooDialect("odoo").verdict(CALL, page)

    assert isinstance(verdict, Failed)
    assert "check base_url and database" in verdict.error.message


@pytest.mark.parametrize("status", [400, 401, 403, 404, 422, 429, 500, 503])
def test_a_traceback_goes_nowhere(status: int) -> None:
    """What Odoo tells of its own code is in no error."""
    verdict = OdooDialect("odoo").verdict(CALL, _reply(status, "builtins.ValueError"))

    assert not isinstance(verdict, Accepted)
    assert "Traceback" not in repr(vars(verdict.error)) + str(verdict.error)
