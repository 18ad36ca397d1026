"""Errors as clients get them."""

from typing import Any

import pytest
import structlog
from graphql import GraphQLError

from model import errors
from model.entities import Contact
from schema import public_error
from tests.schema.conftest import Ask
from tests.schema.shelf import Shelf

LISTED = "{ contacts { nodes { id } } }"
CALLERS = [
    errors.BadRequest,
    errors.BadCursor,
    errors.NotFound,
    errors.Unsupported,
    errors.QueryTooComplex,
    errors.BudgetExceeded,
    errors.DeadlineExceeded,
]
SOURCES = [
    errors.RateLimited,
    errors.QuotaExhausted,
    errors.SourceUnavailable,
    errors.SourceTimeout,
    errors.ReauthRequired,
    errors.SourceForbidden,
    errors.SchemaDrift,
    errors.Rejected,
    errors.UnsupportedBySource,
]


@pytest.mark.parametrize("kind", CALLERS)
async def test_callers_error_keeps_message_and_code(ask: Ask, shelf: Shelf, kind: type[errors.CallerError]) -> None:
    """What the caller did wrong is told as it is."""
    shelf.failing = kind("do this instead")

    (error,) = (await ask(LISTED))["errors"]

    assert error == {
        "message": "do this instead",
        "locations": [{"line": 1, "column": 3}],
        "path": ["contacts"],
        "extensions": {"code": kind.code},
    }


@pytest.mark.parametrize("kind", SOURCES)
async def test_sources_error_names_source_and_hope(ask: Ask, shelf: Shelf, kind: type[errors.SourceError]) -> None:
    """What a source did wrong names it, and says whether waiting helps."""
    shelf.failing = kind("north said no", source="north", retry_after_s=1.5)

    (error,) = (await ask(LISTED))["errors"]

    assert error["message"] == "north said no"
    assert error["locations"] == [{"line": 1, "column": 3}]
    assert error["extensions"] == {
        "code": kind.code,
        "source": "north",
        "isRetryable": kind.is_retryable,
        "retryAfterS": 1.5,
    }


@pytest.mark.parametrize(
    "failure",
    [
        ValueError("password=hunter2"),
        errors.OurBug("password=hunter2"),
        errors.ConfigError("password=hunter2"),
        errors.GatewayError("password=hunter2"),
        ExceptionGroup("password=hunter2", [ValueError("password=hunter2")]),
    ],
    ids=lambda failure: type(failure).__name__,
)
async def test_unforeseen_error_is_masked_and_logged(ask: Ask, shelf: Shelf, failure: Exception) -> None:
    """The client gets a correlation id and nothing else; the log has the rest under it."""
    shelf.failing = failure

    with structlog.testing.capture_logs() as log:
        (error,) = (await ask(LISTED))["errors"]

    assert "hunter2" not in repr(error)
    assert error["extensions"]["code"] == "INTERNAL"
    (entry,) = log
    assert entry["event"] == "error.internal"
    assert entry["correlation_id"] == error["extensions"]["correlationId"]
    assert entry["correlation_id"] in error["message"]
    assert entry["exc_info"] is failure


async def test_value_that_does_not_fit_schema_is_masked(ask: Ask, shelf: Shelf) -> None:
    """A word that no enum has, or null where there must be a value, is our fault and shows nothing."""
    shelf.records = [Contact(source="north", remote_id="c1", fetched_at=None, email="a")]

    with structlog.testing.capture_logs():
        answer = await ask("{ contacts { nodes { email fetchedAt } } }")

    assert answer["data"] == {"contacts": None}
    assert [error["extensions"]["code"] for error in answer["errors"]] == ["INTERNAL"]


async def test_unknown_word_of_enum_spares_its_neighbours(ask: Ask, shelf: Shelf) -> None:
    """A status outside the closed words nulls that field alone."""
    shelf.records = [record for record in shelf.records if record.remote_id == "u1"]
    shelf.records[0].kind = "ROBOT"  # type: ignore[attr-defined]

    with structlog.testing.capture_logs() as log:
        answer = await ask("{ users { nodes { name kind } } }")

    assert answer["data"]["users"]["nodes"] == [{"name": "Uma", "kind": None}]
    assert answer["errors"][0]["extensions"]["code"] == "INTERNAL"
    assert "ROBOT" not in answer["errors"][0]["message"]
    assert len(log) == 1


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ contacts { nodes { emial } } }", {}),
        ("{ contatcs { nodes { id } } }", {}),
        ("{ node(id: 1) { email } }", {}),
        ("{ contacts(frist: 1) { nodes { id } } }", {}),
        ("{ contacts(where: {emial: {}}) { nodes { id } } }", {}),
        ("{ contacts(orderBy: [{field: EMIAL}]) { nodes { id } } }", {}),
        ("query ($w: ContactFilterr) { contacts(where: $w) { nodes { id } } }", {}),
        ("query ($w: ContactFilter) { contacts(where: $w) { nodes { id } } }", {"w": {"emial": {}}}),
        ("query ($o: ContactOrderField!) { contacts(orderBy: [{field: $o}]) { isPartial } }", {"o": "EMIAL"}),
        ("{ contacts @inclde(if: true) { isPartial } }", {}),
        ("{ ...Naem } fragment Name on Query { __typename }", {}),
        ("{ contacts {", {}),
        ("query ($n: Int!) { contacts(first: $n) { isPartial } }", {"n": 9999999999}),
        ("query ($n: Int!) { contacts(first: $n) { isPartial } }", {}),
    ],
)
async def test_mistaken_document_is_refused_without_suggestions(
    ask: Ask, query: str, variables: dict[str, Any]
) -> None:
    """What does not fit is BAD_REQUEST; no message names what does exist, and nothing is logged."""
    with structlog.testing.capture_logs() as log:
        answer = await ask(query, **variables)

    assert answer["data"] is None
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_REQUEST"}
    assert "Did you mean" not in repr(answer["errors"])
    assert log == []


async def test_argument_refused_while_running_is_callers(ask: Ask) -> None:
    """A null variable passes validation where the place has a default; it is still the caller's mistake."""
    query = """query ($d: Direction) { contacts(orderBy: [{field: EMAIL, direction: $d}]) { isPartial } }"""

    answer = await ask(query, d=None)

    assert answer["data"] == {"contacts": None}
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "BAD_REQUEST"}]


def test_suggestion_is_cut_and_rest_kept() -> None:
    """Only the suggestion goes, wherever it stands."""
    before = GraphQLError("Unknown type 'A'. Did you mean 'B', 'C', or 'D'?")
    inner = GraphQLError("Value \"X\" does not exist. Did you mean the enum value 'Y'? Ask again.")

    assert public_error(before).message == "Unknown type 'A'."
    assert public_error(inner).message == 'Value "X" does not exist. Ask again.'
