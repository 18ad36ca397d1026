"""Several requests in one."""

from typing import Any

import httpx
import pytest

from tests.sandbox.salesforce.desk import DATA, Client

ONE_ACCOUNT = f"{DATA}/query?q=SELECT Id, Name FROM Account WHERE Id != null ORDER BY Id LIMIT 1"


def part(url: str, reference: str, method: str = "GET") -> dict[str, Any]:
    """A subrequest."""
    return {"method": method, "url": url, "referenceId": reference}


def ask(client: Client, *parts: dict[str, Any], **others: object) -> httpx.Response:
    """The response to a composite call."""
    return client.http.post(f"{DATA}/composite/", json={"compositeRequest": list(parts), **others})


def told(answer: httpx.Response) -> dict[str, dict[str, Any]]:
    """The parts of a composite answer by their references."""
    assert answer.status_code == 200
    return {one["referenceId"]: one for one in answer.json()["compositeResponse"]}


def test_parts_use_earlier_answers(client: Client) -> None:
    """References name members and places in them."""
    answers = told(
        ask(
            client,
            part(ONE_ACCOUNT, "first"),
            part(f"{DATA}/sobjects/Account/@{{first.records[0].Id}}?fields=Name", "second"),
        )
    )

    assert answers["second"]["httpStatusCode"] == 200
    assert answers["second"]["body"]["Name"] == answers["first"]["body"]["records"][0]["Name"]


def test_parts_say_how_they_went(client: Client) -> None:
    """A refused part does not stop the others; what depends on it is halted."""
    answers = told(
        ask(
            client,
            part(f"{DATA}/query?q=SELECT+Foo+FROM+Contact", "bad"),
            part(f"{DATA}/sobjects/Account/@{{bad.records[0].Id}}", "dependent"),
            part(f"{DATA}/limits", "good"),
            part(f"{DATA}/limits", "post", method="POST"),
        )
    )

    assert [one["httpStatusCode"] for one in answers.values()] == [400, 400, 200, 405]
    assert answers["bad"]["body"][0]["errorCode"] == "INVALID_FIELD"
    assert answers["dependent"]["body"][0]["errorCode"] == "PROCESSING_HALTED"


def test_all_or_none_halts_the_others(client: Client) -> None:
    """One failure is everybody's."""
    answers = told(ask(client, part(f"{DATA}/limits", "good"), part(f"{DATA}/nope", "bad"), allOrNone=True))

    assert answers["good"]["body"][0]["errorCode"] == "PROCESSING_HALTED"
    assert answers["bad"]["body"][0]["errorCode"] == "NOT_FOUND"


def test_call_counts_once(client: Client) -> None:
    """However many parts it has."""
    before = client.get("/limits").json()["DailyApiRequests"]["Remaining"]
    ask(client, *(part(f"{DATA}/limits", f"r{number}") for number in range(25)))

    assert before - client.get("/limits").json()["DailyApiRequests"]["Remaining"] == 2


def test_statement_in_a_part_may_be_long(client: Client) -> None:
    """The limit of the request line does not bind it."""
    names = ", ".join(f"'{'n' * 50}{number}'" for number in range(1_000))

    answers = told(ask(client, part(f"{DATA}/query?q=SELECT Id FROM Contact WHERE LastName IN ({names})", "long")))

    assert answers["long"]["body"]["totalSize"] == 0


@pytest.mark.parametrize(
    "parts",
    [
        [],
        [part(f"{DATA}/limits", str(number)) for number in range(26)],
        [part(ONE_ACCOUNT, str(number)) for number in range(6)],
        [part(f"{DATA}/composite/sobjects/Account?ids=x&fields=Id", str(number)) for number in range(6)],
        [{"method": "GET", "referenceId": "x"}],
        [{"method": "GET", "url": f"{DATA}/limits"}],
    ],
    ids=["none", "26", "6 queries", "6 collections", "no url", "no reference"],
)
def test_call_has_limits(client: Client, parts: list[dict[str, Any]]) -> None:
    """25 parts, five of them queries or collections, each with an address and a reference."""
    assert ask(client, *parts).status_code == 400


def test_batch_answers_its_parts_in_order(client: Client) -> None:
    """Addresses begin with the version."""
    requests = [{"method": "GET", "url": one} for one in ("v60.0/limits", "v60.0/nope", "v60.0/sobjects/Account")]

    going_on, halting = (
        client.http.post(f"{DATA}/composite/batch", json={"batchRequests": requests, "haltOnError": halts}).json()
        for halts in (False, True)
    )

    assert going_on["hasErrors"] is halting["hasErrors"] is True
    assert [one["statusCode"] for one in going_on["results"]] == [200, 404, 200]
    assert [one["statusCode"] for one in halting["results"]] == [200, 404, 412]
    assert going_on["results"][1]["result"][0]["errorCode"] == "NOT_FOUND"
    assert halting["results"][2]["result"][0]["errorCode"] == "BATCH_PROCESSING_HALTED"


GROUPED = "query?q=SELECT StageName, COUNT(Id) n, SUM(ExpectedRevenue) FROM Opportunity GROUP BY StageName"


def test_aggregates_are_parts_of_a_composite(client: Client) -> None:
    """Up to five, each with its own groups."""
    wheres = [f" HAVING COUNT(Id) > {least}" for least in range(5)]
    parts = [part(f"{DATA}/{GROUPED}{where}", f"r{place}") for place, where in enumerate(wheres)]

    answers = told(ask(client, *parts))
    too_many = ask(client, *parts, part(f"{DATA}/{GROUPED}", "sixth"))

    assert [one["httpStatusCode"] for one in answers.values()] == [200] * 5
    groups = answers["r0"]["body"]["records"]
    assert len(groups) > 1
    assert all(list(one) == ["attributes", "StageName", "n", "expr0"] for one in groups)
    assert too_many.status_code == 400


def test_aggregates_are_parts_of_a_batch(client: Client) -> None:
    """As many as a batch has parts."""
    requests = [{"method": "GET", "url": f"v60.0/{GROUPED}"}] * 25

    answer = client.http.post(f"{DATA}/composite/batch", json={"batchRequests": requests}).json()

    assert answer["hasErrors"] is False
    totals = [sum(group["n"] for group in one["result"]["records"]) for one in answer["results"]]
    assert totals == [client.get("/query", q="SELECT COUNT() FROM Opportunity").json()["totalSize"]] * 25
