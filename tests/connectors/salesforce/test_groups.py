"""Groups by SOQL: the same as folding the records here, in one call."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from connectors.http import Failed, Reply
from connectors.salesforce import Options
from connectors.salesforce.calls import Api
from connectors.salesforce.dialect import SalesforceDialect
from connectors.salesforce.groups.totals import exact
from model.aggregate import CURRENCY, AggregateQuery, Bucket, Fold, GroupKey, GroupRow
from model.entities import Entity, Record
from model.errors import UnsupportedBySource
from model.evaluate import evaluate
from model.fields import RELATIONS
from model.query import EVERYTHING, And, Compare, Operator, RelationSelection, Selection
from sandbox.run import Option, Sandbox
from tests.connectors.salesforce.generate import a_predicate
from tests.connectors.salesforce.org import Org, connected, filterable, query

K = GroupKey
COUNTED = "COUNT(Id) n"
TOTALS = "COUNT(Amount) filled, SUM(Amount) total, MIN(Amount) least, MAX(Amount) most"

ASKED: list[tuple[AggregateQuery, str]] = [
    (AggregateQuery(entity=Entity.DEAL), "SELECT COUNT(Id) n FROM Opportunity"),
    (
        AggregateQuery(entity=Entity.DEAL, keys=(K("status"),), amount="amount"),
        f"SELECT IsClosed g0, IsWon g1, COUNT(Id) n, {TOTALS} FROM Opportunity GROUP BY IsClosed, IsWon LIMIT 2000",
    ),
    (
        AggregateQuery(entity=Entity.DEAL, keys=(K("stage"), K("owner"), K(CURRENCY)), amount="amount"),
        f"SELECT StageName g0, OwnerId g1, {COUNTED}, {TOTALS} FROM Opportunity GROUP BY StageName, OwnerId LIMIT 2000",
    ),
    (AggregateQuery(entity=Entity.DEAL, keys=(K("pipeline"),)), "SELECT COUNT(Id) n FROM Opportunity"),
    (
        AggregateQuery(entity=Entity.DEAL, keys=(K("closed_on", Bucket.QUARTER),)),
        (
            "SELECT CALENDAR_YEAR(CloseDate) g0, CALENDAR_QUARTER(CloseDate) g1, IsClosed g2, COUNT(Id) n"
            " FROM Opportunity GROUP BY CALENDAR_YEAR(CloseDate), CALENDAR_QUARTER(CloseDate), IsClosed LIMIT 2000"
        ),
    ),
    (
        AggregateQuery(
            entity=Entity.DEAL, keys=(K("expected_close_on", Bucket.YEAR), K("expected_close_on", Bucket.WEEK))
        ),
        "SELECT CloseDate g0, COUNT(Id) n FROM Opportunity GROUP BY CloseDate LIMIT 2000",
    ),
    (
        AggregateQuery(entity=Entity.CONTACT, keys=(K("created_at", Bucket.DAY), K("lifecycle"))),
        "SELECT DAY_ONLY(CreatedDate) g0, COUNT(Id) n FROM Contact GROUP BY DAY_ONLY(CreatedDate) LIMIT 2000",
    ),
    (
        AggregateQuery(
            entity=Entity.CONTACT,
            keys=(K("created_at", Bucket.MONTH),),
            where=Compare("company.name", Operator.EQ, "O'Brien"),
        ),
        (
            "SELECT CALENDAR_YEAR(CreatedDate) g0, CALENDAR_MONTH(CreatedDate) g1, COUNT(Id) n FROM Contact"
            r" WHERE Account.Name = 'O\'Brien'"
            " GROUP BY CALENDAR_YEAR(CreatedDate), CALENDAR_MONTH(CreatedDate) LIMIT 2000"
        ),
    ),
    (
        AggregateQuery(entity=Entity.APPOINTMENT, keys=(K("deal"),)),
        "SELECT WhatId g0, COUNT(Id) n FROM Event WHERE IsChild = false GROUP BY WhatId LIMIT 2000",
    ),
    (
        AggregateQuery(entity=Entity.CONTACT, keys=(K("custom.CHOICE.Region__c"),)),
        "SELECT Region__c g0, COUNT(Id) n FROM Contact GROUP BY Region__c LIMIT 2000",
    ),
]


@pytest.mark.parametrize(("asked", "expected"), ASKED)
async def test_groups_are_one_query(org: Org, asked: AggregateQuery, expected: str) -> None:
    """What a field is made of is grouped by, and combined here."""
    split = org.connector.plan_aggregate(asked)
    await org.connector.aggregate(asked)

    assert (split.unsupported, split.calls, split.is_exact) == (None, 1, True)
    assert split.vendor_query == expected
    assert [event.query for event in org.calls()] == [expected]


REFUSED: list[tuple[AggregateQuery, str]] = [
    (AggregateQuery(entity=Entity.CONTACT, keys=(K("email"),)), "the text of Email"),
    (AggregateQuery(entity=Entity.APPOINTMENT, keys=(K("title"),)), "the text of Subject"),
    (AggregateQuery(entity=Entity.DEAL, keys=(K("probability"),)), "by Probability"),
    (AggregateQuery(entity=Entity.DEAL, keys=(K("created_at"),)), "without a bucket"),
    (AggregateQuery(entity=Entity.DEAL, keys=(K("fetched_at"),)), "fetched_at is no key"),
    (AggregateQuery(entity=Entity.DEAL, amount="amount", is_weighted=True), "sum of a product"),
    (AggregateQuery(entity=Entity.COMPANY, where=Compare("domain", Operator.EQ, "x")), "domain: compared here"),
    (AggregateQuery(entity=Entity.CONTACT, keys=(K("custom.CHOICE.Nope__c"),)), "no field Nope__c"),
    (
        AggregateQuery(
            entity=Entity.CONTACT, keys=(K("created_at", Bucket.DAY), K("updated_at", Bucket.DAY)), zone="Asia/Tokyo"
        ),
        "buckets of Asia/Tokyo",
    ),
]


@pytest.mark.parametrize(("asked", "reason"), REFUSED)
async def test_what_soql_groups_otherwise_is_left_to_the_host(org: Org, asked: AggregateQuery, reason: str) -> None:
    """The plan says why, and nothing is asked."""
    split = org.connector.plan_aggregate(asked)

    assert reason in (split.unsupported or "")
    with pytest.raises(UnsupportedBySource):
        await org.connector.aggregate(asked)
    assert org.calls() == []


def as_told(rows: Iterable[GroupRow]) -> dict[tuple[str | None, ...], object]:
    """Groups in a form that compares; groups of no record are left out."""
    return {
        row.values: (row.count, {key: (one.count, one.sum, one.min, one.max) for key, one in row.amounts.items()})
        for row in rows
        if row.count
    }


async def whole(org: Org, entity: Entity) -> list[Record]:
    """Every record with what may be a key."""
    names = ("owner", "company", "deal", "parent", "created_by")
    to_one = {name: RelationSelection(Selection()) for name in names if name in RELATIONS[entity]}
    own = ("custom.CHOICE.Region__c", "custom.REFERENCE.OwnerId") if entity is not Entity.USER else ()
    asked = query(entity, *filterable(entity), *own)
    asked = replace(asked, selection=Selection(asked.selection.fields, to_one))
    return [record for page in await org.walk(asked) for record in page.records]


KEYS: dict[Entity, Sequence[str]] = {
    Entity.CONTACT: ("lead_source", "lifecycle", "owner", "company", "do_not_call", "custom.CHOICE.Region__c"),
    Entity.LEAD: ("status", "rating", "owner", "is_converted", "lead_source", "created_by"),
    Entity.DEAL: ("status", "stage", "pipeline", "owner", "company", "deal_type", CURRENCY, "lead_source"),
    Entity.APPOINTMENT: ("kind", "owner", "deal", "company", "is_all_day", "status"),
    Entity.COMPANY: ("industry", "parent", "employee_count", "owner", CURRENCY),
    Entity.TASK: ("status", "priority", "owner", "is_archived"),
    Entity.USER: ("kind", "is_active", "created_by"),
}
DATED: dict[Entity, Sequence[str]] = {
    Entity.CONTACT: ("created_at", "birth_date", "last_activity_on"),
    Entity.LEAD: ("created_at", "converted_on"),
    Entity.DEAL: ("expected_close_on", "closed_on", "created_at", "stage_changed_at"),
    Entity.APPOINTMENT: ("starts_at", "starts_on", "created_at"),
    Entity.COMPANY: ("updated_at",),
    Entity.TASK: ("due_on", "completed_at"),
    Entity.USER: ("created_at",),
}
AMOUNTS = {Entity.DEAL: "amount", Entity.COMPANY: "annual_revenue", Entity.LEAD: "value"}
ZONES = ("UTC", "UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")


def an_aggregate(random: Random, entity: Entity, rows: Sequence[Record]) -> AggregateQuery:
    """Keys of some sort, a condition, and totals where the type has amounts."""
    keys = [K(name) for name in random.sample(sorted(KEYS[entity]), random.randrange(3))]
    if random.random() < 0.6:
        keys.append(K(random.choice(DATED[entity]), random.choice(list(Bucket))))
    where = random.choice((EVERYTHING, a_predicate(random, entity, rows, depth=2)))
    amount = random.choice((None, AMOUNTS.get(entity)))
    return AggregateQuery(entity=entity, keys=tuple(keys), where=where, amount=amount, zone=random.choice(ZONES))


async def differences(org: Org, seed: int, cases: int) -> tuple[int, list[str]]:
    """How many drawn questions the org answered, and those that it answered otherwise than the oracle."""
    random, told, answered = Random(seed), [], 0  # noqa: S311  # draws test cases, guards nothing
    every = {entity: await whole(org, entity) for entity in KEYS}
    for case in range(cases):
        entity = list(KEYS)[case % len(KEYS)]
        asked = an_aggregate(random, entity, every[entity])
        split = org.connector.plan_aggregate(asked)
        if split.unsupported is not None:
            continue
        org.calls()
        try:
            found = await org.connector.aggregate(asked)
        except UnsupportedBySource:
            continue
        fold = Fold(asked)
        fold.add(row for row in every[entity] if evaluate(asked.where, row, entity=entity))
        answered += 1
        if as_told(found) != as_told(fold.rows()) or len(org.calls()) > split.calls:
            told.append(f"seed {seed}, case {case}: {asked} {split.vendor_query}")
    return answered, told


@pytest.mark.parametrize("seed", [1, 2])
async def test_drawn_groups_are_the_folds(sandbox: Sandbox, seed: int) -> None:
    """Counts and totals to the cent, in any zone, in no more calls than were planned."""
    async with connected(sandbox, Options(currency="EUR")) as org:
        answered, told = await differences(org, seed, 120)

    assert told == []
    assert answered > 60


@pytest.mark.parametrize(
    "switches", [{"multi_currency": True}, {"not_in_keeps_null": False, "hidden_fields": "Opportunity.Amount"}], ids=str
)
async def test_drawn_groups_are_the_folds_in_other_orgs(switches: dict[str, Option]) -> None:
    """What an org lacks, or converts, changes no total."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": switches}) as sandbox:
        async with connected(sandbox, Options(currency="EUR")) as org:
            answered, told = await differences(org, 3, 80)

    assert told == []
    assert answered > 30


async def test_orgs_of_several_currencies_sum_nothing() -> None:
    """SOQL would convert; counts go on."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": {"multi_currency": True}}) as sandbox:
        async with connected(sandbox) as org:
            counted = AggregateQuery(entity=Entity.DEAL, keys=(K("status"),))
            summed = replace(counted, amount="amount")

            assert org.connector.plan_aggregate(counted).unsupported is None
            assert "several currencies" in (org.connector.plan_aggregate(summed).unsupported or "")


async def test_buckets_of_another_zone_are_asked_one_by_one(org: Org) -> None:
    """First their bounds, then up to five in a call, each from midnight there to midnight there."""
    asked = AggregateQuery(entity=Entity.DEAL, keys=(K("created_at", Bucket.YEAR),), zone="America/New_York")
    split = org.connector.plan_aggregate(asked)
    await org.connector.aggregate(asked)
    bounds, spans = org.calls()

    assert bounds.query == split.vendor_query
    assert "CreatedDate >= 2025-01-01T05:00:00.000Z AND CreatedDate < 2026-01-01T05:00:00.000Z" in (spans.query or "")
    assert split.calls == 10
    assert "America/New_York" in split.notes[0]


async def test_too_many_buckets_of_another_zone_are_left_to_the_host(org: Org) -> None:
    """After the bounds are read nothing more is asked."""
    asked = AggregateQuery(entity=Entity.CONTACT, keys=(K("created_at", Bucket.DAY),), zone="America/New_York")

    with pytest.raises(UnsupportedBySource, match="one for each bucket"):
        await org.connector.aggregate(asked)
    assert len(org.calls()) == 1


async def test_a_full_answer_is_left_to_the_host() -> None:
    """Two thousand groups may be all or not; nobody can ask for the next."""
    keys = (K("custom.REFERENCE.AccountId"), K("created_at", Bucket.DAY), K("owner"), K("birth_date"))
    with Sandbox(["salesforce"], scale=2.2) as sandbox:
        async with connected(sandbox) as org:
            with pytest.raises(UnsupportedBySource, match="2000 groups"):
                await org.connector.aggregate(AggregateQuery(entity=Entity.CONTACT, keys=keys))


async def test_what_no_row_can_match_is_asked_of_nobody(org: Org) -> None:
    """The condition is false before a call."""
    nothing = And((Compare("pipeline", Operator.EQ, "another"),))
    asked = AggregateQuery(entity=Entity.DEAL, where=nothing, keys=(K("status"),))

    assert org.connector.plan_aggregate(asked).calls == 0
    assert await org.connector.aggregate(asked) == []
    assert org.calls() == []


async def test_types_say_that_they_group(org: Org) -> None:
    """The capability and the methods go together."""
    assert all(found.can_aggregate for found in (await org.connector.describe()).types.values())


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.30000000000000004, Decimal("0.30")),
        (1234567.1500000001, Decimal("1234567.15")),
        (-12.5, Decimal("-12.50")),
        (7, Decimal(7)),
        (0, Decimal(0)),
        (12.125, Decimal("12.125")),
        (9_999_999_999_999.99, Decimal("9999999999999.99")),
        (90_071_992_547_409.93, None),
        (1e20, None),
    ],
)
def test_amounts_are_exact_or_refused(value: float, expected: Decimal | None) -> None:
    """Cents survive the answer's JSON numbers; where a double cannot hold them, the sum is no use."""
    assert exact(value, scale=2) == expected


async def test_an_answer_that_cannot_go_on_is_left_to_the_host() -> None:
    """Salesforce's own word for too many groups."""
    reply = Reply(status=400, headers={}, content=b'[{"errorCode": "EXCEEDED_ID_LIMIT", "message": "no queryMore"}]')
    call = Api("v60.0").queries(["SELECT COUNT(Id) n FROM Contact GROUP BY Email"], entity="contact")
    verdict = SalesforceDialect("sales").verdict(call, reply)

    assert isinstance(verdict, Failed)
    assert isinstance(verdict.error, UnsupportedBySource)
