"""Conditions and orders on the CRMs' own fields, over sources that have them and sources that do not."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.custom.world import NORTH, SOUTH, source, with_aliases
from tests.gateway.serving import Served, gateway_over, serving

CONTACTS = """query ($where: ContactFilter, $order: [ContactOrder!], $after: String, $first: Int, $sources: [String!],
  $options: ReadOptions) {
  contacts(first: $first, after: $after, where: $where, orderBy: $order, sources: $sources, options: $options) {
    nodes { displayName } pageInfo { hasNextPage endCursor } totalCount
    sources { source { key } status error { code message } }
  }
}"""
SCAN = {"allowScan": True}
SCORE_UP, SCORE_DOWN = ([{"field": "CUSTOM_NPS_SCORE", "direction": way}] for way in ("ASC", "DESC"))


@pytest.fixture(scope="module", params=["pushed", "finished here"])
def served(request: pytest.FixtureRequest) -> Iterator[Served]:
    """Both sources, evaluating what they are asked, or nothing."""
    told = {"pushes": request.param == "pushed", "sorts": request.param == "pushed"}
    sources = [source("north", NORTH, **told), source("south", SOUTH, **told)]
    with serving(gateway_over(sources, with_aliases())) as found:
        yield found


def asked(served: Served, where: Any = None, **variables: Any) -> dict[str, Any]:
    """The contacts that satisfy *where*."""
    answer = served.post(CONTACTS, {"where": where, "first": 50, "options": SCAN, **variables})
    assert "errors" not in answer, answer["errors"]
    found: dict[str, Any] = answer["data"]["contacts"]
    return found


def names(found: dict[str, Any]) -> list[str]:
    """Display names, in the order of the page."""
    return [item["displayName"] for item in found["nodes"]]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"npsScore": {"gte": "9"}}, {"north1", "south1"}),
        ({"npsScore": {"eq": "3.0"}}, {"north2", "south2"}),
        ({"npsScore": {"isNull": True}}, {"north3", "south3"}),
        ({"npsScore": {"ne": "10"}}, {"north1", "north2", "north3", "south2", "south3"}),
        ({"customerNumber": {"startsWith": "n-"}}, {"north1", "north2", "north3"}),
        ({"customerNumber": {"in": ["S-1", "n-3"]}}, {"south1", "north3"}),
        ({"isVip": {"eq": True}}, {"north1", "south2"}),
        ({"interests": {"eq": "GOLF"}}, {"north1", "north3"}),
        ({"interests": {"contains": "win"}, "isVip": {"eq": False}}, {"south1"}),
        # A source for which the alias has no key has no values there.
        ({"renewalOn": {"lte": "2026-05-15"}}, {"north2"}),
        ({"renewalOn": {"isNull": True}}, {"north3", "south1", "south2", "south3"}),
        ({"renewalOn": {"isNull": False}}, {"north1", "north2"}),
        ({"seenAt": {"gt": "2026-05-01T09:00:00+02:00"}}, {"north1"}),
        ({"channel": {"ne": "mail"}}, {"north2", "north3", "south1", "south2", "south3"}),
        ({"channel": {"notIn": ["mail"]}}, {"north2", "north3", "south1", "south2", "south3"}),
        ({"visits": {"gt": 5}}, {"north1", "north2"}),
        ({"visits": {"in": [12, 13]}}, {"north1"}),
        ({}, {f"{key}{n}" for key in ("north", "south") for n in (1, 2, 3)}),
    ],
)
def test_aliases_filter_every_source_by_its_own_key(served: Served, condition: Any, expected: set[str]) -> None:
    """One condition means the same everywhere; nobody is skipped where the alias has no key."""
    found = asked(served, {"custom": condition})

    assert set(names(found)) == expected
    assert {item["status"] for item in found["sources"]} == {"OK"}


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"not": {"custom": {"renewalOn": {"gte": "2026-05-15"}}}}, {"north2", "north3", "south1", "south2", "south3"}),
        (
            {"or": [{"custom": {"renewalOn": {"gte": "2026-05-15"}}}, {"custom": {"npsScore": {"eq": "10"}}}]},
            {"north1", "south1"},
        ),
        ({"customField": {"key": "npsScore", "decimal": {"lt": "5"}}}, {"north2", "south2"}),
        ({"customField": {"key": "interests", "text": {"eq": "wine"}}}, {"north1", "south1"}),
    ],
)
def test_conditions_on_aliases_nest(served: Served, where: Any, expected: set[str]) -> None:
    """They stand inside and, or and not, and an alias is a key of `customField` as well."""
    assert set(names(asked(served, where))) == expected


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"key": "Number__c", "text": {"contains": "-1"}}, ["north1"]),
        ({"key": "NPS__c", "decimal": {"gt": "3"}}, ["north1"]),
        ({"key": "VIP__c", "boolean": {"eq": False}}, ["north2"]),
        ({"key": "Renewal__c", "date": {"eq": "2026-05-01"}}, ["north2"]),
        ({"key": "Seen__c", "dateTime": {"lt": "2027-01-01T00:00:00Z"}}, ["north1"]),
        ({"key": "Channel__c", "text": {"eq": "mail"}}, ["north1"]),
    ],
)
def test_sources_without_the_key_are_skipped(served: Served, condition: Any, expected: list[str]) -> None:
    """The outcome says which field is missing and where to look; the others are read."""
    found = asked(served, {"customField": condition})

    assert names(found) == expected
    skipped = next(item for item in found["sources"] if item["source"]["key"] == "south")
    assert (skipped["status"], skipped["error"]["code"]) == ("SKIPPED", "UNSUPPORTED")
    assert condition["key"] in skipped["error"]["message"]
    assert "Source.fields" in skipped["error"]["message"]


def test_field_of_another_kind_is_skipped(served: Served) -> None:
    """A text is no number: the source says what it has."""
    answer = served.post(
        CONTACTS, {"where": {"customField": {"key": "Number__c", "decimal": {"gt": "1"}}}, "sources": ["north"]}
    )

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UNSUPPORTED"
    assert "Number__c as TEXT" in error["message"]


def test_key_that_nobody_has_is_the_callers_mistake(served: Served) -> None:
    """Near keys of every asked source are named."""
    answer = served.post(CONTACTS, {"where": {"customField": {"key": "nps__score", "decimal": {"gt": "1"}}}})

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "BAD_REQUEST"
    assert "nps_score" in error["message"]


@pytest.mark.parametrize(
    "variables", [{"where": {"custom": {"gone": {"eq": "x"}}}}, {"order": [{"field": "CUSTOM_GONE"}]}]
)
def test_alias_whose_field_is_gone_is_no_mistake_of_the_callers(served: Served, variables: Any) -> None:
    """The configuration names a key that the source does not describe: the source cannot answer, and says why."""
    answer = served.post(CONTACTS, variables)

    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UNSUPPORTED"
    assert "north has no field 'Gone__c' on contact records, which the configuration calls gone" in error["message"]


@pytest.mark.parametrize(
    ("where", "word"),
    [
        ({"customField": {"key": "NPS__c"}}, "exactly one of"),
        ({"customField": {"key": "NPS__c", "text": {"eq": "1"}, "decimal": {"eq": "1"}}}, "exactly one of"),
        ({"customField": {"key": "NPS__c", "decimal": None}}, "where.customField.decimal is null"),
        ({"customField": {"key": "NPS__c", "decimal": {"eq": None}}}, "where.customField.decimal.eq is null"),
        ({"customField": {"key": "", "text": {"eq": "1"}}}, "1 to 255"),
        ({"custom": None}, "where.custom is null"),
        ({"custom": {"npsScore": None}}, "where.custom.npsScore is null"),
        ({"custom": {"npsScore": {"lt": None}}}, "where.custom.npsScore.lt is null"),
        ({"custom": {"npsScore": {"lt": "many"}}}, "Decimal is written"),
        ({"custom": {"unheard": {"lt": "1"}}}, "unheard"),
    ],
)
def test_conditions_without_meaning_are_refused(served: Served, where: Any, word: str) -> None:
    """Nothing that a client wrote is dropped."""
    answer = served.post(CONTACTS, {"where": where})

    assert {error["extensions"]["code"] for error in answer["errors"]} == {"BAD_REQUEST"}
    assert any(word in error["message"] for error in answer["errors"]), answer["errors"]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (SCORE_UP, ["north2", "south2", "north1", "south1", "north3", "south3"]),
        (SCORE_DOWN, ["south1", "north1", "north2", "south2", "north3", "south3"]),
        # South has no such field: its rows come last, and among themselves by the next key.
        (
            [{"field": "CUSTOM_RENEWAL_ON"}, {"field": "CUSTOM_NPS_SCORE", "direction": "DESC"}],
            ["north2", "north1", "south1", "south2", "north3", "south3"],
        ),
        ([{"field": "CUSTOM_SEEN_AT"}], ["north1", "north2", "north3", "south1", "south2", "south3"]),
        (
            [{"field": "CUSTOM_VISITS", "direction": "DESC"}],
            ["north2", "north1", "north3", "south1", "south2", "south3"],
        ),
    ],
)
@pytest.mark.parametrize("first", [1, 2, 4, 50])
def test_aliases_sort_over_all_sources(served: Served, order: Any, expected: list[str], first: int) -> None:
    """One order over other keys, page by page, each page resumed from a cursor alone."""
    found: list[str] = []
    after, more = None, True
    while more:
        page = asked(served, order=order, first=first, after=after)
        found += names(page)
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]

    assert found == expected


def test_source_that_lacks_the_alias_alone_keeps_its_own_order(served: Served) -> None:
    """Missing everywhere, the key sorts nothing, and the rows come by their ids."""
    found = asked(served, order=[{"field": "CUSTOM_RENEWAL_ON"}], sources=["south"])

    assert names(found) == ["south1", "south2", "south3"]


@pytest.mark.parametrize("field", ["CUSTOM_IS_VIP", "CUSTOM_CHANNEL", "CUSTOM_INTERESTS"])
def test_kinds_without_one_order_are_no_sort_keys(served: Served, field: str) -> None:
    """Yes and no, and choices, are filtered and not sorted."""
    assert served.code(CONTACTS, {"order": [{"field": field}]}) == "BAD_REQUEST"


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"company": {"custom": {"tier": {"eq": "a"}}}}, 6),
        ({"company": {"custom": {"tier": {"ne": "A"}}}}, 0),
        ({"company": {"customField": {"key": "tier", "text": {"isNull": False}}}}, 6),
    ],
)
def test_aliases_are_compared_behind_relations(served: Served, where: Any, expected: int) -> None:
    """A filter within a filter knows the aliases of its own type."""
    assert len(names(asked(served, where))) == expected


def test_groups_count_what_satisfies_a_condition_on_an_alias(served: Served) -> None:
    """Aggregates take the same filters as lists."""
    answer = served.post(
        "query ($where: ContactFilter) { contactAggregate(where: $where, groupBy: [{ field: SOURCE }],"
        " options: { allowScan: true }) { groups { keys { value } count } } }",
        {"where": {"custom": {"npsScore": {"gte": "9"}}}},
    )

    groups = answer["data"]["contactAggregate"]["groups"]
    assert {item["keys"][0]["value"]: item["count"] for item in groups} == {"north": 1, "south": 1}


def test_explanations_name_each_sources_own_keys(served: Served) -> None:
    """What is asked for, pushed and sorted by is told per source; a key that the source lacks is not."""
    answer = served.post(
        """query ($query: String!) { explain(query: $query) { isAllowed notes
          steps { source { key } operation fields pushed residual } } }""",
        {
            "query": """{ contacts(where: { custom: { npsScore: { gte: "9" } } }, options: { allowScan: true },
              orderBy: [{ field: CUSTOM_NPS_SCORE }, { field: CUSTOM_RENEWAL_ON }]) {
                nodes { company { custom { tier { value } } } } } }"""
        },
    )

    plan = answer["data"]["explain"]
    assert plan["isAllowed"], plan["notes"]
    told = {key: [step for step in plan["steps"] if step["source"]["key"] == key] for key in ("north", "south")}
    done = {key: steps[0]["pushed"] + steps[0]["residual"] for key, steps in told.items()}
    assert "custom.DECIMAL.NPS__c gte '9'" in done["north"]
    assert "custom.DECIMAL.nps_score gte '9'" in done["south"]
    assert "order by custom.DATE.Renewal__c ASC" in done["north"]
    assert [item for item in done["south"] if "order by" in item] == ["order by custom.DECIMAL.nps_score ASC"]
    assert {key: steps[1]["fields"] for key, steps in told.items()} == {
        "north": ["custom.CHOICE.Tier__c"],
        "south": ["custom.CHOICE.tier"],
    }
