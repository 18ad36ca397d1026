"""Root lists: pages, edges, totals, outcomes and arguments."""

from typing import Any

import pytest

from model.errors import RateLimited
from model.query import Direction, Order
from model.reading import Failure, Outcome, OutcomeStatus, ReadOptions
from schema import Limits
from tests.schema.conftest import Ask
from tests.schema.shelf import Shelf


async def test_nodes_and_edges_show_same_records(ask: Ask, shelf: Shelf) -> None:
    """Both forms give the records in one order, with what each selects."""
    query = "{ contacts { nodes { remoteId firstName } edges { cursor node { remoteId lastName } } } }"

    answer = await ask(query)

    assert answer["errors"] == []
    contacts = answer["data"]["contacts"]
    assert [node["remoteId"] for node in contacts["nodes"]] == ["c1", "c2", "c3"]
    assert [(edge["cursor"], edge["node"]) for edge in contacts["edges"]] == [
        ("1", {"remoteId": "c1", "lastName": "Last1"}),
        ("2", {"remoteId": "c2", "lastName": "Last2"}),
        ("3", {"remoteId": "c3", "lastName": "Last3"}),
    ]
    assert shelf.requests[0].selection.fields == {"first_name", "last_name"}


async def test_pages_are_walked_by_cursor(ask: Ask) -> None:
    """`endCursor` given to `after` reads on where the page ended."""
    query = """query ($after: String) { contacts(first: 2, after: $after) {
        nodes { remoteId } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"""

    first = (await ask(query))["data"]["contacts"]
    second = (await ask(query, after=first["pageInfo"]["endCursor"]))["data"]["contacts"]

    assert first["pageInfo"] == {
        "hasNextPage": True,
        "hasPreviousPage": False,
        "startCursor": "1",
        "endCursor": "2",
    }
    assert [node["remoteId"] for node in second["nodes"]] == ["c3"]
    assert second["pageInfo"]["hasNextPage"] is False
    assert second["pageInfo"]["hasPreviousPage"] is True


async def test_empty_page_has_no_cursors(ask: Ask) -> None:
    """Where nothing matches there is nothing to read on from."""
    query = "{ tasks { nodes { id } edges { cursor } pageInfo { startCursor endCursor hasNextPage } } }"

    tasks = (await ask(query))["data"]["tasks"]

    assert tasks["nodes"] == tasks["edges"] == []
    assert tasks["pageInfo"] == {"startCursor": None, "endCursor": None, "hasNextPage": False}


async def test_cursors_are_made_only_when_selected(ask: Ask, shelf: Shelf) -> None:
    """Making a cursor costs, so a query without one makes none, and `endCursor` makes one."""
    await ask("{ contacts { edges { node { id } } pageInfo { hasNextPage } } }")
    assert shelf.cursors == []

    await ask("{ contacts { pageInfo { endCursor } } }")
    assert shelf.cursors == [2]


@pytest.mark.parametrize(
    ("selected", "is_wanted"),
    [
        ("nodes { id }", False),
        ("totalCount", True),
        ("n: totalCount @include(if: true)", True),
        ("totalCount @skip(if: true) isPartial", False),
        ("sources { totalCount }", True),
        ("sources { rows }", False),
        ("... { ...F }", True),
    ],
)
async def test_total_is_counted_only_when_selected(ask: Ask, shelf: Shelf, selected: str, *, is_wanted: bool) -> None:
    """The page's total, or an outcome's, is asked for exactly when the client selects one."""
    fragment = "fragment F on ContactConnection { totalCount }" if "...F" in selected else ""

    answer = await ask(f"{{ contacts {{ {selected} }} }} {fragment}")

    assert answer["errors"] == []
    assert shelf.requests[0].wants_total is is_wanted


async def test_outcomes_show_how_sources_took_part(ask: Ask, shelf: Shelf) -> None:
    """Every source's part shows, with its failure."""
    failure = Failure(code="RATE_LIMITED", message="wait", is_retryable=True, retry_after_s=2.5)
    shelf.outcomes = [
        Outcome(source="north", status=OutcomeStatus.OK, rows=2, upstream_calls=1, latency_ms=12.5),
        Outcome(source="south", status=OutcomeStatus.FAILED, is_exact=False, notes=("slow",), error=failure),
    ]
    query = """{ contacts { isPartial sources { source { key platform { name } } status rows hasMore isExact notes
        isScanLimited upstreamCalls latencyMs fetchedAt resumeCursor
        error { code message isRetryable retryAfterS } } } }"""

    north, south = (await ask(query))["data"]["contacts"]["sources"]

    assert north["source"] == {"key": "north", "platform": {"name": "Salesforce"}}
    assert (north["status"], north["rows"], north["latencyMs"], north["error"]) == ("OK", 2, 12.5, None)
    assert (south["status"], south["isExact"], south["notes"]) == ("FAILED", False, ["slow"])
    assert south["error"] == {"code": "RATE_LIMITED", "message": "wait", "isRetryable": True, "retryAfterS": 2.5}


async def test_arguments_reach_request(ask: Ask, shelf: Shelf) -> None:
    """What a client says of page, order, sources and options arrives as plain values."""
    query = """{ contacts(first: 7, after: "0", sources: ["south", "nowhere"],
        orderBy: [{field: UPDATED_AT, direction: DESC}, {field: LAST_NAME}],
        options: {timeZone: "Europe/Paris", allowScan: true, scanLimit: 500, onUnsupported: FAIL,
            onSourceFailure: FAIL, deadlineMs: 900, maxCalls: 3, maxAgeS: 60, includeDeleted: true,
            includeArchived: true}) { isPartial } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    (request,) = shelf.requests
    assert (request.first, request.after, request.sources) == (7, "0", ("south", "nowhere"))
    assert request.order == (Order("updated_at", Direction.DESC), Order("last_name", Direction.ASC))
    assert request.options == ReadOptions(
        time_zone="Europe/Paris",
        allow_scan=True,
        scan_limit=500,
        fail_on_unsupported=True,
        fail_on_source=True,
        deadline_ms=900,
        max_calls=3,
        include_deleted=True,
        include_archived=True,
    )


@pytest.mark.parametrize(
    "arguments", ["", "(first: null, after: null, where: null, orderBy: null, sources: null, options: null)"]
)
async def test_null_argument_means_left_out(ask: Ask, shelf: Shelf, arguments: str) -> None:
    """Null and nothing are the same request."""
    await ask(f"{{ contacts{arguments} {{ isPartial }} }}")

    (request,) = shelf.requests
    assert (request.first, request.after, request.sources, request.order) == (25, None, None, ())
    assert request.options == ReadOptions()


async def test_empty_list_of_sources_is_not_all(ask: Ask, shelf: Shelf) -> None:
    """`sources: []` asks for no source, and is left to say so."""
    await ask("{ contacts(sources: []) { isPartial } }")

    assert shelf.requests[0].sources == ()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        ("first: 0", "`first` is 0; it must be from 1 to 50"),
        ("first: -1", "`first` is -1; it must be from 1 to 50"),
        ("first: 1000000", "`first` is 1000000; it must be from 1 to 50"),
        ("orderBy: [{field: EMAIL}, {field: EMAIL, direction: DESC}]", "orderBy names EMAIL twice; keep one of them"),
        (
            "orderBy: [{field: EMAIL}, {field: LAST_NAME}, {field: CREATED_AT}, {field: UPDATED_AT}]",
            "orderBy has 4 keys; at most 3 are taken",
        ),
        ('options: {timeZone: "Mars/Olympus"}', "options.timeZone is no IANA time zone such as Europe/Paris"),
        ('options: {timeZone: "../../etc/passwd"}', "options.timeZone is no IANA time zone such as Europe/Paris"),
        ('options: {timeZone: "Europe"}', "options.timeZone is no IANA time zone such as Europe/Paris"),
        ("options: {deadlineMs: 0}", "options.deadlineMs is 0; it must be at least 1"),
        ("options: {maxCalls: -2}", "options.maxCalls is -2; it must be at least 1"),
        ("options: {scanLimit: 0}", "options.scanLimit is 0; it must be at least 1"),
        ("options: {maxAgeS: -1}", "options.maxAgeS is -1; it must be at least 0"),
    ],
)
async def test_argument_without_meaning_is_refused(ask: Ask, shelf: Shelf, arguments: str, complaint: str) -> None:
    """The field is null with BAD_REQUEST and says what to change; nobody is asked."""
    answer = await ask(f"{{ contacts({arguments}) {{ nodes {{ id }} }} users {{ nodes {{ id }} }} }}")

    assert answer["data"]["contacts"] is None
    assert answer["data"]["users"] is not None
    assert [(error["message"], error["extensions"]) for error in answer["errors"]] == [
        (complaint, {"code": "BAD_REQUEST"})
    ]
    assert [request.entity for request in shelf.requests] == ["user"]


async def test_limit_of_page_is_contexts(ask: Ask) -> None:
    """The host says how large a page may be."""
    answer = await ask("{ contacts(first: 3) { nodes { id } } }", limits=Limits(first=2))

    assert answer["errors"][0]["message"] == "`first` is 3; it must be from 1 to 2"


async def test_failed_list_is_null_and_spares_its_neighbours(ask: Ask, shelf: Shelf) -> None:
    """A list that fails is null with the source's error, and other fields keep their data."""
    shelf.failing = RateLimited("north wants 3 s", source="north", retry_after_s=3.0)

    answer: dict[str, Any] = await ask("{ contacts { nodes { id } } sources { key } }")

    assert answer["data"] == {"contacts": None, "sources": [{"key": "north"}, {"key": "south"}]}
    (error,) = answer["errors"]
    assert error["message"] == "north wants 3 s"
    assert error["path"] == ["contacts"]
    assert error["locations"] == [{"line": 1, "column": 3}]
    assert error["extensions"] == {"code": "RATE_LIMITED", "source": "north", "isRetryable": True, "retryAfterS": 3.0}


@pytest.mark.parametrize("field", ["contacts(", "contactAggregate(groupBy: [], ", 'people(drivenBy: "north", '])
async def test_a_filter_has_so_many_conditions_at_most(ask: Ask, field: str) -> None:
    """Wherever a filter stands."""
    conditions = ", ".join(f'{{lastName: {{eq: "{number}"}}}}' for number in range(201))

    answer = await ask(f"{{ {field}where: {{or: [{conditions}]}}) {{ isPartial }} }}")

    assert [error["message"] for error in answer["errors"]] == [
        "where has 201 conditions; at most 200 are taken: name several values with `in`"
    ]
