"""What clients learn of errors: codes and sentences, and nothing of what is inside."""

import pytest

from connectors.memory import MemoryConnector
from model.page import Page, Position
from model.query import Query
from tests.gateway.records import memory_source
from tests.gateway.serving import Served, gateway_over, serving, settings_with

SECRET = "pat-na1-0a1b2c3d-secret-0000-ffff"


class Broken(MemoryConnector):
    """A source with a bug: it raises what no contract names, with a secret in its text."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Never a page."""
        del query, after
        raise KeyError(f"token {SECRET}")


@pytest.mark.parametrize(
    "query",
    [
        "{ contcts { isPartial } }",
        "{ contacts(frst: 1) { isPartial } }",
        "{ contacts(where: {emial: {eq: 1}}) { isPartial } }",
        "{ leads(where: {status: {eq: NEWW}}) { isPartial } }",
        "{ contacts(orderBy: [{field: UPDATED_ATT}]) { isPartial } }",
        "query ($x: Strin) { contacts { isPartial } }",
        "{ node(id: 1) { ... on Contcat { id } } }",
        "{ __typename @inclde(if: true) }",
        "{ source { key } }",
    ],
)
def test_errors_suggest_no_names(shipped: Served, query: str) -> None:
    """A schema that may not be asked for is not given away by hints."""
    answer = shipped.post(query)

    assert answer["errors"]
    assert "Did you mean" not in str(answer)
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_REQUEST"}


def test_values_suggest_no_names(shipped: Served) -> None:
    """Nor are the names in inputs and enums, when they come in variables."""
    query = "query ($where: LeadFilter) { leads(where: $where) { isPartial } }"

    for where in ({"statuss": {"eq": "NEW"}}, {"status": {"eq": "NEWW"}}, {"status": {"eqq": "NEW"}}):
        answer = shipped.post(query, {"where": where})
        assert answer["errors"]
        assert "Did you mean" not in str(answer)


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Contact") { name } }',
        "{ ...f } fragment f on Query { a: __schema { queryType { name } } }",
    ],
)
def test_introspection_is_a_feature(shipped: Served, opened: Served, query: str) -> None:
    """Off, the schema cannot be asked for; on, it can; `__typename` is never refused."""
    refused = shipped.post(query)

    assert "data" not in refused
    assert refused["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert "errors" not in opened.post(query)
    assert shipped.post("{ __typename }") == {"data": {"__typename": "Query"}}


def test_explanations_are_a_feature(shipped: Served, opened: Served) -> None:
    """Off, neither the calls nor a plan is told; on, both are."""
    query, plan = (
        "{ contacts(first: 1) { isPartial } }",
        '{ explain(query: "{ contacts { isPartial } }") { isAllowed } }',
    )
    body = {"query": query, "extensions": {"explain": True}}

    refused = shipped.client.post("/graphql", json=body)
    offered = opened.client.post("/graphql", json=body)

    assert (refused.status_code, refused.json()["errors"][0]["extensions"]["code"]) == (403, "FORBIDDEN")
    assert [call["source"] for call in offered.json()["extensions"]["calls"]] == ["alpha", "beta"]
    assert shipped.code(plan) == "FORBIDDEN"
    assert opened.post(plan) == {"data": {"explain": {"isAllowed": True}}}
    assert "extensions" not in shipped.post(query)


def test_bugs_are_masked_and_can_be_found_in_the_log() -> None:
    """The client gets a correlation id, the log has the traceback under it, in one line and without the secret."""
    gateway = gateway_over([memory_source("alpha", connect=Broken)])
    with serving(gateway, secrets=[SECRET]) as served:
        answer = served.post("{ contacts { isPartial } sources { key } }")

        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "INTERNAL"
        assert "KeyError" not in str(answer)
        assert SECRET not in str(answer)
        (event,) = served.log.events("error.internal")
        assert event["correlation_id"] == error["extensions"]["correlationId"]
        assert event["correlation_id"] in error["message"]
        assert "KeyError: 'token ***'" in event["exception"]
        assert SECRET not in served.log.text
        assert (error["path"], answer["data"]["sources"]) == (["contacts"], [{"key": "alpha"}])


def test_bug_in_the_front_door_is_masked_as_well() -> None:
    """What breaks outside the executor is a 500 in JSON, with a correlation id and no text of the error."""
    gateway = gateway_over([memory_source("alpha")], settings_with())

    async def broken(*_: object) -> dict[str, object]:
        raise KeyError(SECRET)

    gateway.run = broken  # type: ignore[method-assign]
    with serving(gateway, secrets=[SECRET]) as served:
        response = served.client.post("/graphql", json={"query": "{ __typename }"})

        assert response.status_code == 500
        (error,) = response.json()["errors"]
        assert error["extensions"]["code"] == "INTERNAL"
        assert SECRET not in response.text
        assert served.log.events("error.internal")[0]["correlation_id"] == error["extensions"]["correlationId"]
        assert SECRET not in served.log.text


def test_caller_mistakes_are_told_and_not_logged() -> None:
    """A bad cursor of ten thousand characters leaves one short line in the log."""
    query = "query ($after: String) { contacts(after: $after) { isPartial } }"
    with serving(gateway_over([memory_source("alpha")])) as served:
        served.log.clear()

        code = served.code(query, {"after": "\x00" * 10_000})

        assert code == "BAD_CURSOR"
        (event,) = served.log.events()
        assert (event["event"], event["codes"]) == ("request.ended", ["BAD_CURSOR"])
        assert len(served.log.text) < 300
