"""Root aggregates: what is asked for a document, and how groups are shown."""

from decimal import Decimal
from typing import Any

import pytest

from model.aggregate import CURRENCY, AmountTotals, Bucket, GroupKey
from model.entities import Entity
from model.errors import RateLimited, Unsupported
from model.fields import field_of
from model.query import Compare, Operator
from model.reading import PLATFORM, SOURCE, AggregateResult, Converted, GroupResult, GroupValue, Outcome, OutcomeStatus
from resolvers.aggregates.values import WORDS
from schema.inputs import groups
from schema.types import enums
from tests.schema.conftest import Ask
from tests.schema.shelf import Shelf

EUROS = AmountTotals(
    "EUR",
    count=3,
    sum=Decimal("100.00"),
    weighted=Decimal("12.50"),
    min=Decimal("1E+1"),
    max=Decimal("60.0"),
)


async def test_groups_are_shown(ask: Ask, shelf: Shelf) -> None:
    """Keys as groupBy spells them; numbers in their one spelling, averages with six decimals at most."""
    shelf.groups = AggregateResult(
        groups=[
            GroupResult(
                keys=(GroupValue("expected_close_on", "2026-11", "Nov 2026"), GroupValue("stage", None)),
                count=4,
                amounts=[EUROS],
                converted=Converted("USD", 3, Decimal("110.50"), None, None, None),
            )
        ],
        outcomes=[Outcome(source="north", status=OutcomeStatus.PARTIAL, rows=4, is_exact=False, notes=("ended",))],
        has_more=True,
        is_partial=True,
        is_exact=False,
    )

    answer = await ask(
        """{ dealAggregate(groupBy: [{field: EXPECTED_CLOSE_ON, bucket: MONTH}, {field: STAGE}], convertTo: "USD") {
            groups {
              keys { field value label } count
              amounts { currency sum weightedSum avg min max count }
              converted { currency sum weightedSum avg min max count }
            }
            hasMoreGroups isPartial isExact sources { source { key } status rows notes } } }"""
    )

    assert answer["errors"] == []
    assert answer["data"]["dealAggregate"] == {
        "groups": [
            {
                "keys": [
                    {"field": "EXPECTED_CLOSE_ON", "value": "2026-11", "label": "Nov 2026"},
                    {"field": "STAGE", "value": None, "label": None},
                ],
                "count": 4,
                "amounts": [
                    {
                        "currency": "EUR",
                        "sum": "100",
                        "weightedSum": "12.5",
                        "avg": "33.333333",
                        "min": "10",
                        "max": "60",
                        "count": 3,
                    }
                ],
                "converted": {
                    "currency": "USD",
                    "sum": "110.5",
                    "weightedSum": None,
                    "avg": "36.833333",
                    "min": None,
                    "max": None,
                    "count": 3,
                },
            }
        ],
        "hasMoreGroups": True,
        "isPartial": True,
        "isExact": False,
        "sources": [{"source": {"key": "north"}, "status": "PARTIAL", "rows": 4, "notes": ["ended"]}],
    }


@pytest.mark.parametrize(
    ("selected", "asks"),
    [
        ("isPartial", (None, False, False)),
        ("groups { count keys { value } }", (None, False, False)),
        ("groups { keys { label } }", (None, False, True)),
        ("groups { amounts { sum } }", ("amount", False, False)),
        ("groups { converted { sum } }", ("amount", False, False)),
        ("groups { amounts { sum } converted { weightedSum } }", ("amount", True, False)),
        ("... on DealAggregate { groups { ...G } }", ("amount", True, False)),
        ("groups { amounts @skip(if: true) { weightedSum } count }", (None, False, False)),
    ],
)
async def test_only_selected_totals_are_asked(
    ask: Ask, shelf: Shelf, selected: str, asks: tuple[str | None, bool, bool]
) -> None:
    """What is not selected is not summed, and no name is read for it."""
    fragment = "fragment G on DealGroup { amounts { weightedSum } }" if "...G" in selected else ""

    answer = await ask(f"{{ dealAggregate(groupBy: [{{field: OWNER}}]) {{ {selected} }} }} {fragment}")

    assert answer["errors"] == []
    (asked,) = shelf.aggregates
    assert (asked.amount, asked.is_weighted, asked.wants_names) == asks


async def test_labels_that_are_known_need_no_names(ask: Ask, shelf: Shelf) -> None:
    """A stage's name stands in the metadata."""
    await ask("{ dealAggregate(groupBy: [{field: STAGE}]) { groups { keys { label } } } }")

    assert not shelf.aggregates[0].wants_names


async def test_arguments_reach_the_request(ask: Ask, shelf: Shelf) -> None:
    """Filters, keys, sources and options, as lists lower them; grouping by currency reads amounts."""
    await ask(
        """{ dealAggregate(where: {status: {eq: WON}}, groupBy: [{field: CURRENCY}, {field: CREATED_AT, bucket: WEEK},
            {field: CLOSED_ON, bucket: null}], first: 7, convertTo: "eur", sources: ["north"],
            options: {timeZone: "Asia/Tokyo", scanLimit: 9}) { isExact } }"""
    )

    (asked,) = shelf.aggregates
    assert asked.where == Compare("status", Operator.EQ, "WON")
    assert asked.keys == (GroupKey(CURRENCY), GroupKey("created_at", Bucket.WEEK), GroupKey("closed_on"))
    assert (asked.first, asked.amount, asked.convert_to, asked.sources) == (7, "amount", "eur", ("north",))
    assert (asked.options.time_zone, asked.options.scan_limit) == ("Asia/Tokyo", 9)


@pytest.mark.parametrize(
    ("field", "entity", "key"),
    [
        ("contactAggregate", Entity.CONTACT, "LIFECYCLE"),
        ("leadAggregate", Entity.LEAD, "STATUS"),
        ("appointmentAggregate", Entity.APPOINTMENT, "KIND"),
        ("dealAggregate", Entity.DEAL, "PIPELINE"),
    ],
)
async def test_each_type_has_its_aggregate(ask: Ask, shelf: Shelf, field: str, entity: Entity, key: str) -> None:
    """Without groupBy as well as with it."""
    for argument in ("", f"(groupBy: [{{field: {key}}}])", f"(groupBy: {{field: {key}}})"):
        answer = await ask(f"{{ {field}{argument} {{ groups {{ count }} }} }}")
        assert answer == {"data": {field: {"groups": []}}, "errors": []}

    assert [request.entity for request in shelf.aggregates] == [entity] * 3
    assert [request.keys for request in shelf.aggregates] == [(), *[(GroupKey(key.lower()),)] * 2]


async def test_missing_rate_is_the_error_of_its_group(ask: Ask, shelf: Shelf) -> None:
    """Its counts are there, and the other groups are whole."""
    missing = Unsupported("no exchange rate from SEK to EUR on 2026-11-28")
    shelf.groups = AggregateResult(
        groups=[
            GroupResult(keys=(), count=1, converted=missing),
            GroupResult(keys=(), count=2, converted=Converted("EUR", 0, Decimal(0), None, None, None)),
        ],
        outcomes=(),
    )

    answer = await ask('{ dealAggregate(convertTo: "EUR") { groups { count converted { sum avg } } } }')

    assert answer["data"]["dealAggregate"]["groups"] == [
        {"count": 1, "converted": None},
        {"count": 2, "converted": {"sum": "0", "avg": None}},
    ]
    (error,) = answer["errors"]
    assert error["path"] == ["dealAggregate", "groups", 0, "converted"]


async def test_amount_is_converted_alone(ask: Ask) -> None:
    """A missing rate nulls that field and no other."""
    answer = await ask('{ deals { nodes { name amount { amount a: converted(to: "TEN") b: converted(to: "EUR") } } } }')

    big, small = answer["data"]["deals"]["nodes"]
    assert big == {"name": "Big one", "amount": {"amount": "1234.50", "a": "123.45", "b": None}}
    assert small == {"name": "Small one", "amount": None}
    assert [error["path"][-1] for error in answer["errors"]] == ["b"]


@pytest.mark.parametrize(
    "arguments",
    ["first: 0", "first: 1001", 'options: {timeZone: "Mars"}', 'options: {timeZone: "localtime"}', "groupBy: null"],
)
async def test_senseless_arguments_are_refused(ask: Ask, shelf: Shelf, arguments: str) -> None:
    """Before anything is read."""
    answer = await ask(f"{{ dealAggregate({arguments}) {{ isExact }} }}")

    assert answer["errors"]
    assert shelf.aggregates == []


async def test_failure_of_all_sources_nulls_the_field(ask: Ask, shelf: Shelf) -> None:
    """Its neighbours are there."""
    shelf.failing = RateLimited("north is busy", source="north", retry_after_s=3)

    answer = await ask("{ dealAggregate { isExact } sources { key } }")

    assert answer["data"]["dealAggregate"] is None
    assert answer["data"]["sources"] == [{"key": "north"}, {"key": "south"}]


def test_statuses_are_ordered_as_their_enums() -> None:
    """The order of groups is the order that the schema shows."""
    shown: dict[tuple[Entity, str], Any] = {
        (Entity.LEAD, "status"): enums.LeadStatus,
        (Entity.DEAL, "status"): enums.DealStatus,
        (Entity.APPOINTMENT, "status"): enums.AppointmentStatus,
    }

    assert {key: tuple(word.name for word in kind) for key, kind in shown.items()} == WORDS


def test_group_fields_are_keys_of_the_model() -> None:
    """Every group field is a field or a to-one relation of its type, spelled as its name."""
    for entity, kind in [
        (Entity.CONTACT, groups.ContactGroupField),
        (Entity.LEAD, groups.LeadGroupField),
        (Entity.APPOINTMENT, groups.AppointmentGroupField),
        (Entity.DEAL, groups.DealGroupField),
    ]:
        for member in kind:
            assert member.name == str(member.value).upper()
            if member.value not in {SOURCE, PLATFORM, CURRENCY}:
                assert field_of(entity, member.value)
