"""The org's own columns, by their API names: read, compared, ordered, described."""

from random import Random
from typing import Any

import pytest

from connectors.salesforce.objects import ColumnInfo, Facts, object_info
from connectors.salesforce.objects.custom import custom_field, is_comparable_as
from model.entities import Entity, Record
from model.evaluate import evaluate, sorted_records
from model.fields import CustomName, FieldKind
from model.query import EVERYTHING, Compare, Direction, Operator, Order, Predicate, Selection
from sandbox.run import Sandbox
from tests.connectors.salesforce.lexer import tokens
from tests.connectors.salesforce.org import Org, connected, query

O = Operator  # noqa: E741  # the tables below are read by the operator's own name
K = FieldKind
SCORE, REGION, INTERESTS = "custom.DECIMAL.NPS__c", "custom.CHOICE.Region__c", "custom.MULTI_CHOICE.Interests__c"
OUTSIDE = "custom.TEXT.External_Id__c"
ACCOUNT, NOON = "001Qy0000000001IAA", "2026-01-01T12:00:00.000Z"
LACKS = "shows no field {} that holds one value; see the source's fields"

PUSHED: list[tuple[Compare, str]] = [
    (Compare("custom.TEXT.OtherCity", O.EQ, "O'Brien"), r"OtherCity = 'O\'Brien'"),
    (Compare("custom.TEXT.OtherCity", O.CONTAINS, "50%"), r"OtherCity LIKE '%50\%%'"),
    (Compare(OUTSIDE, O.CONTAINS, "-0001"), "External_Id__c LIKE '%-0001%'"),
    (Compare(REGION, O.NOT_IN, ("EMEA", "APAC")), "(Region__c NOT IN ('EMEA', 'APAC') OR Region__c = null)"),
    (Compare("custom.TEXT.Region__c", O.EQ, "EMEA"), "Region__c = 'EMEA'"),
    (Compare(SCORE, O.GTE, "7.50"), "NPS__c >= 7.5"),
    (Compare(SCORE, O.IS_NULL, operand=True), "NPS__c = null"),
    (Compare(INTERESTS, O.EQ, "Product"), "Interests__c INCLUDES ('Product')"),
    (Compare(INTERESTS, O.IN, ("product", "Pricing")), "Interests__c INCLUDES ('Product', 'Pricing')"),
    (Compare(INTERESTS, O.NE, "Product"), "(Interests__c EXCLUDES ('Product') OR Interests__c = null)"),
    (Compare("custom.BOOLEAN.DoNotCall", O.EQ, operand=True), "DoNotCall = true"),
    (Compare("custom.DATE.Birthdate", O.LT, "1990-01-01"), "Birthdate < 1990-01-01"),
    (Compare("custom.EMAIL.Email", O.STARTS_WITH, "a"), "Email LIKE 'a%'"),
    (Compare("custom.TEXT.ReportsToId", O.IS_NULL, operand=True), "ReportsToId = null"),
    (Compare("custom.REFERENCE.AccountId", O.EQ, ACCOUNT), f"AccountId = '{ACCOUNT}'"),
    (
        Compare("custom.DATETIME.CreatedDate", O.GT, "2026-01-01T00:00:00.000Z"),
        "CreatedDate > 2026-01-01T00:00:00.000Z",
    ),
]


@pytest.mark.parametrize(("compare", "expected"), PUSHED)
async def test_columns_are_compared_as_fields_of_their_kind(org: Org, compare: Compare, expected: str) -> None:
    """Any described column may be named, mapped or not, and means what a field of its kind means."""
    split = org.connector.plan(query(Entity.CONTACT, where=compare))

    assert split.residual == EVERYTHING
    assert f" WHERE {expected} ORDER BY Id" in (split.vendor_query or "")


LOCAL: list[Predicate] = [
    Compare(OUTSIDE, O.EQ, "con-000001"),  # unique and case-sensitive: SOQL would miss CON-000001
    Compare(INTERESTS, O.EQ, "no such value"),
    Compare(INTERESTS, O.EQ, "Product;Pricing"),
    Compare(INTERESTS, O.CONTAINS, "duct"),
    Compare("custom.TEXT.Description", O.CONTAINS, "x"),
    Compare("custom.TEXT.AccountId", O.CONTAINS, "001"),
    Compare("custom.TEXT.Id", O.STARTS_WITH, "003"),  # SOQL has no LIKE for ids
    Compare("custom.TEXT.AccountId", O.NE, ACCOUNT.lower()),
]


@pytest.mark.parametrize("compare", LOCAL)
async def test_what_soql_cannot_say_of_a_column_is_checked_here(org: Org, compare: Predicate) -> None:
    """Long text, parts of several choices, and choices that Setup does not list."""
    split = org.connector.plan(query(Entity.CONTACT, where=compare))

    assert (split.pushed, split.residual) == (EVERYTHING, compare)


async def test_an_id_in_another_spelling_is_another_text(org: Org) -> None:
    """Fifteen characters equal no value that the API shows; another case is found and checked again."""
    short = org.connector.plan(query(Entity.CONTACT, where=Compare("custom.TEXT.AccountId", O.EQ, ACCOUNT[:15])))
    lower = Compare("custom.TEXT.AccountId", O.EQ, ACCOUNT.lower())
    split = org.connector.plan(query(Entity.CONTACT, where=lower))

    assert short.vendor_query is None
    assert (split.pushed, split.residual) == (lower, lower)


async def test_values_are_in_wire_form(org: Org) -> None:
    """Numbers as text, several choices as a tuple, ids as text; what the org lacks is None."""
    keys = ("DECIMAL.NPS__c", "MULTI_CHOICE.Interests__c", "TEXT.AccountId", "BOOLEAN.DoNotCall", "TEXT.Nope__c")
    names = [f"custom.{key}" for key in keys]
    rows = await org.rows(query(Entity.CONTACT, *names, where=Compare(INTERESTS, O.IS_NULL, operand=False)))

    custom = rows[0].custom
    assert isinstance(custom, dict)
    assert set(custom) == {key.partition(".")[2] for key in keys}
    assert isinstance(custom["Interests__c"], tuple)
    assert isinstance(custom["DoNotCall"], bool)
    assert custom["Nope__c"] is None
    assert {type(row.custom["NPS__c"]) for row in rows if isinstance(row.custom, dict)} <= {str, type(None)}


async def test_columns_come_with_records_by_id_and_behind_relations(org: Org) -> None:
    """A selection names them wherever it names fields."""
    (company, *_) = await org.rows(query(Entity.COMPANY, REGION))
    (found,) = await org.connector.by_ids(Entity.COMPANY, [company.remote_id], Selection(frozenset({REGION})))

    assert isinstance(found, Record)
    assert found.custom == company.custom


REFUSED: list[tuple[str, str]] = [
    ("custom.TEXT.NPS__c", "Contact.NPS__c is of kind INTEGER and not TEXT: compare it as INTEGER"),
    ("custom.DECIMAL.Region__c", "Contact.Region__c is of kind CHOICE and not DECIMAL: compare it as CHOICE"),
    ("custom.DATE.CreatedDate", "Contact.CreatedDate is of kind DATETIME and not DATE: compare it as DATETIME"),
    ("custom.TEXT.Nope__c", f"Contact {LACKS.format('Nope__c')}"),
    (
        "custom.TEXT.MailingAddress",
        f"Contact {LACKS.format('MailingAddress')}",
    ),
    ("company.custom.TEXT.Nope__c", f"Account {LACKS.format('Nope__c')}"),
]


@pytest.mark.parametrize(("name", "expected"), REFUSED)
async def test_a_column_of_another_kind_is_refused_by_name(org: Org, name: str, expected: str) -> None:
    """The plan says which column it is, its kind there, and what to do."""
    split = org.connector.plan(query(Entity.CONTACT, where=Compare(name, O.EQ, "1")))

    assert split.unsupported == expected


async def test_an_order_by_a_column_of_another_kind_is_refused(org: Org) -> None:
    """It would be ordered as something else."""
    split = org.connector.plan(query(Entity.CONTACT, order=[Order("custom.TEXT.NPS__c")]))

    assert split.unsupported is not None


async def test_columns_order_pages(org: Org) -> None:
    """Key sets stand on the org's own columns as on mapped ones, empty ones last."""
    order = (Order(SCORE, Direction.DESC),)
    whole = await org.rows(query(Entity.CONTACT, SCORE))
    walked = await org.rows(query(Entity.CONTACT, order=order, limit=7))

    expected = sorted_records(whole, entity=Entity.CONTACT, order=order, id_key=org.connector.id_key)
    assert [row.remote_id for row in walked] == [row.remote_id for row in expected]


async def test_a_choice_orders_nothing(org: Org) -> None:
    """SOQL orders picklists as Setup lists them."""
    assert not org.connector.plan(query(Entity.CONTACT, order=[Order(REGION)])).is_order_pushed


def a_compare(random: Random, rows: list[Record]) -> Compare:
    """A comparison of one of the org's own columns with a value that some row has."""
    name = random.choice((SCORE, REGION, INTERESTS, OUTSIDE, "custom.TEXT.AccountId"))
    key = name.rpartition(".")[2]
    values: list[Any] = [value for row in rows if isinstance(row.custom, dict) and (value := row.custom[key])]
    value = random.choice(values)
    one = random.choice(value) if isinstance(value, tuple) else value
    if name == SCORE:
        return Compare(name, random.choice((O.EQ, O.NE, O.LT, O.LTE, O.GT, O.GTE)), one)
    operator = random.choice((O.EQ, O.NE, O.IN, O.NOT_IN, O.CONTAINS, O.STARTS_WITH))
    spelled = random.choice((str, str.upper, lambda text: f"{text}';"))(one)
    if operator in {O.IN, O.NOT_IN}:
        return Compare(name, operator, (spelled, "x"))
    return Compare(name, operator, spelled[:3] if operator in {O.CONTAINS, O.STARTS_WITH} else spelled)


async def test_generated_comparisons_mean_what_the_oracle_says(org: Org) -> None:
    """Pushed and residual together give exactly the rows."""
    names = (SCORE, REGION, INTERESTS, OUTSIDE, "custom.TEXT.AccountId")
    rows = await org.rows(query(Entity.CONTACT, *names))
    random, told = Random(5), []  # noqa: S311  # draws test cases, guards nothing
    for _ in range(120):
        where = a_compare(random, rows)
        expected = {row.remote_id for row in rows if evaluate(where, row, entity=Entity.CONTACT)}
        if {row.remote_id for row in await org.rows(query(Entity.CONTACT, where=where))} != expected:
            told.append(f"{where}: {org.connector.plan(query(Entity.CONTACT, where=where)).vendor_query}")

    assert told == []


async def test_hostile_choices_stay_literals(org: Org) -> None:
    """A value with quotes is no value that Setup lists; among known ones it leaves the whole comparison here."""
    split = org.connector.plan(query(Entity.CONTACT, where=Compare(INTERESTS, O.IN, ("Product", "') OR Name != ('"))))
    known = org.connector.plan(query(Entity.CONTACT, where=Compare(INTERESTS, O.IN, ("Product",))))

    assert split.pushed == EVERYTHING
    assert [token.value for token in tokens(known.vendor_query or "") if token.is_literal] == ["Product"]


async def test_columns_are_described_with_kind_and_choices(org: Org) -> None:
    """A schema explorer sees what sort of value each has."""
    fields = {field.remote_field: field for field in (await org.connector.describe()).remote_fields[Entity.CONTACT]}

    assert fields["NPS__c"].kind is K.INTEGER
    assert fields["Interests__c"].kind is K.MULTI_CHOICE
    assert [choice.value for choice in fields["Region__c"].choices or ()] != []
    assert fields["Region__c"].is_custom
    assert fields["ReportsToId"].kind is K.REFERENCE


async def test_a_vanished_column_is_missing_on_the_second_try() -> None:
    """When a column goes while the description is warm, it reads and compares as missing, and is refused after."""
    asked = query(Entity.CONTACT, SCORE, where=Compare(SCORE, O.NE, "-1"), order=[Order(SCORE)], limit=3)
    with Sandbox(["salesforce"], scale=0.1) as sandbox:
        async with connected(sandbox) as org:
            sandbox.faults("salesforce").set("hidden_field", value="Contact.NPS__c")
            page = await org.connector.page(asked)
            split = org.connector.plan(asked)

    assert [record.custom for record in page.records] == [{"NPS__c": None}] * 3
    assert split.unsupported is not None


def described(**facts: object) -> ColumnInfo:
    """A column as a describe answer has it."""
    item = {"name": "X__c", "label": "X", "type": "double", **facts}
    return object_info({"name": "Contact", "fields": [item]}).columns["X__c"]


def test_numbers_are_whole_by_their_scale() -> None:
    """Salesforce calls every custom number a double."""
    kinds = [described(scale=0).kind, described(scale=2).kind, described(type="percent", scale=0).kind]

    assert kinds == [K.INTEGER, K.DECIMAL, K.DECIMAL]
    assert described(type="currency", scale=2).kind is K.MONEY


def test_columns_of_a_type_without_a_kind_are_read_and_compared_here() -> None:
    """Times of day, encrypted text and whatever comes next have literals of their own."""
    found = custom_field(described(type="time"), Facts(url_of=str))

    assert found is not None
    assert (found.rule, found.sort) == (None, None)
    assert found.column.read({"X__c": "10:00:00.000Z"}) == "10:00:00.000Z"


def test_kinds_that_compare_alike_may_stand_for_each_other() -> None:
    """Text for any text, a number for any number; nothing else."""
    number, text, day = described(scale=0), described(type="picklist"), described(type="date")

    assert is_comparable_as(K.DECIMAL, number)
    assert is_comparable_as(K.TEXT, text)
    assert not is_comparable_as(K.REFERENCE, text)
    assert not is_comparable_as(K.TEXT, day)
    assert not is_comparable_as(K.DECIMAL, day)


def test_names_of_columns_are_spelled_as_the_model_does() -> None:
    """The tests above write what `CustomName` writes."""
    assert str(CustomName(K.DECIMAL, "NPS__c")) == SCORE
