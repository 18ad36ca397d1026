"""Conditions on relations, and on the records behind them."""

from dataclasses import replace
from random import Random

import pytest

from connectors.salesforce import Options
from model.capabilities import Pushdown
from model.entities import Entity, Record
from model.evaluate import evaluate
from model.fields import RELATIONS, path_of
from model.query import (
    EVERYTHING,
    And,
    Compare,
    Not,
    Operand,
    Operator,
    Or,
    Predicate,
    RelationSelection,
    Selection,
)
from model.values import Ref
from sandbox.run import Sandbox
from tests.connectors.salesforce.generate import a_predicate
from tests.connectors.salesforce.org import TYPES, Org, connected, filterable, query

O = Operator  # noqa: E741  # the tables below are read by the operator's own name
ACCOUNT, OPPORTUNITY = "001Qy0000000001IAA", "006Qy0000000001IAA"
NOON = "2026-01-01T12:00:00.000Z"

PUSHED: list[tuple[Entity, Compare, str]] = [
    (Entity.CONTACT, Compare("company", O.EQ, ACCOUNT), f"AccountId = '{ACCOUNT}'"),
    (Entity.CONTACT, Compare("company", O.NE, ACCOUNT), f"AccountId != '{ACCOUNT}'"),
    (Entity.CONTACT, Compare("company", O.IS_NULL, operand=True), "AccountId = null"),
    (Entity.CONTACT, Compare("company.remote_id", O.EQ, ACCOUNT), f"AccountId = '{ACCOUNT}'"),
    (Entity.CONTACT, Compare("company.name", O.STARTS_WITH, "O'B"), r"Account.Name LIKE 'O\'B%'"),
    (Entity.CONTACT, Compare("company.name", O.NE, "x"), "(AccountId = null OR Account.Name != 'x')"),
    (
        Entity.CONTACT,
        Compare("company.name", O.NOT_IN, ("x", "y")),
        "(AccountId = null OR (Account.Name NOT IN ('x', 'y') OR Account.Name = null))",
    ),
    (
        Entity.CONTACT,
        Compare("company.website", O.IS_NULL, operand=True),
        "(AccountId = null OR Account.Website = null)",
    ),
    (Entity.CONTACT, Compare("company.website", O.IS_NULL, operand=False), "Account.Website != null"),
    (Entity.CONTACT, Compare("company.employee_count", O.GTE, 10), "Account.NumberOfEmployees >= 10"),
    (Entity.CONTACT, Compare("company.created_at", O.LT, NOON), f"Account.CreatedDate < {NOON}"),
    (Entity.CONTACT, Compare("owner.is_active", O.EQ, operand=False), "(OwnerId != null AND Owner.IsActive = false)"),
    (Entity.CONTACT, Compare("owner.is_active", O.NE, operand=True), "(OwnerId = null OR Owner.IsActive != true)"),
    (Entity.LEAD, Compare("owner.name", O.EQ, "x"), "Owner.Name = 'x'"),
    (Entity.LEAD, Compare("owner.email", O.NE, "x"), "(OwnerId = null OR Owner.Email != 'x')"),
    (Entity.LEAD, Compare("owner.kind", O.EQ, "QUEUE"), "Owner.Type = 'Queue'"),
    (Entity.APPOINTMENT, Compare("deal", O.EQ, OPPORTUNITY), f"(IsChild = false AND WhatId = '{OPPORTUNITY}')"),
    (
        Entity.APPOINTMENT,
        Compare("deal", O.IS_NULL, operand=True),
        "(IsChild = false AND (What.Type != 'Opportunity' OR WhatId = null))",
    ),
    (Entity.DEAL, Compare("company.custom.CHOICE.Region__c", O.EQ, "EMEA"), "Account.Region__c = 'EMEA'"),
]


@pytest.mark.parametrize(("entity", "compare", "expected"), PUSHED)
async def test_conditions_behind_relations_are_pushed(
    org: Org, entity: Entity, compare: Compare, expected: str
) -> None:
    """An id is compared by its column, another field by its path, and rows without a relation count as missing."""
    split = org.connector.plan(query(entity, where=compare))

    assert split.residual == EVERYTHING
    assert split.vendor_query is not None
    assert split.vendor_query.partition(" WHERE ")[2].partition(" ORDER BY ")[0] == expected


async def test_a_derived_field_is_narrowed_by_its_column(org: Org) -> None:
    """A company's domain is a part of its website, and is checked here again."""
    compare = Compare("company.domain", Operator.EQ, "x")
    split = org.connector.plan(query(Entity.CONTACT, where=compare))

    assert (split.pushed, split.residual) == (compare, compare)
    assert "WHERE Account.Website LIKE '%x%' ORDER" in (split.vendor_query or "")


LOCAL: list[tuple[Entity, str, Operand]] = [
    (Entity.LEAD, "owner.is_active", True),  # a queue is neither
    (Entity.APPOINTMENT, "deal.name", "x"),  # What may be an account
    (Entity.LEAD, "converted_deal.status", "WON"),  # of two columns
    (Entity.CONTACT, "company.description", "x"),  # long text
]


@pytest.mark.parametrize(("entity", "field", "operand"), LOCAL)
async def test_what_soql_cannot_say_of_another_record_is_checked_here(
    org: Org, entity: Entity, field: str, operand: Operand
) -> None:
    """The path is read along, and nothing is asked that could leave a row out."""
    compare = Compare(field, Operator.EQ, operand)
    split = org.connector.plan(query(entity, where=compare))

    assert (split.pushed, split.residual) == (EVERYTHING, compare)


async def test_relations_an_object_lacks_are_missing(org: Org) -> None:
    """A lead here is related to no company before it is converted; its name is no other than any."""
    none = org.connector.plan(query(Entity.LEAD, where=Compare("company", Operator.EQ, ACCOUNT)))
    every = org.connector.plan(query(Entity.LEAD, where=Compare("company.name", Operator.NE, "x")))

    assert none.vendor_query is None
    assert every.vendor_query is not None
    assert "WHERE" not in every.vendor_query


async def test_relations_are_described_as_fields(org: Org) -> None:
    """What reads the fields' capabilities sees which relations may be compared."""
    types = (await org.connector.describe()).types

    company = types[Entity.CONTACT].fields["company"]
    assert company.remote_fields == ("AccountId",)
    assert company.operators[Operator.EQ] is Pushdown.PUSHED
    assert not company.is_sortable


async def test_hidden_references_are_told() -> None:
    """A relation whose column is hidden reads as missing, which no filter on it keeps to itself."""
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": {"hidden_fields": "Contact.AccountId"}}) as sandbox:
        async with connected(sandbox, Options(currency="EUR")) as org:
            split = org.connector.plan(query(Entity.CONTACT, where=Compare("company.name", Operator.EQ, "x")))

    assert not split.is_exact
    assert "company.name is hidden" in split.notes[0]


def paths_of(entity: Entity) -> list[str]:
    """Every relation, and what may be compared behind it."""
    found = []
    for name, relation in RELATIONS[entity].items():
        if not relation.is_many and relation.target in TYPES:
            found += [name, *(f"{name}.{field}" for field in filterable(relation.target))]
    return found


class World:
    """Every record of an org, whole, and what stands behind its relations."""

    def __init__(self) -> None:
        self.records: dict[Entity, list[Record]] = {}
        self.by_id: dict[str, Record] = {}

    async def read(self, org: Org) -> "World":
        """The same, filled."""
        for entity in TYPES:
            relations = {
                name: RelationSelection(Selection()) for name, item in RELATIONS[entity].items() if not item.is_many
            }
            asked = query(entity, *filterable(entity), relations=relations)
            pages = await org.walk(asked)
            self.records[entity] = [record for page in pages for record in page.records]
            self.by_id |= {record.remote_id: record for record in self.records[entity]}
        return self

    def related(self, record: Record, relation: str) -> Record | None:
        """The record at the other end."""
        ref: Ref | None = getattr(record, relation)
        return None if ref is None else self.by_id.get(ref.remote_id)

    def values(self, entity: Entity, name: str) -> list[Operand]:
        """What records have under a relation or a path."""
        path = path_of(name)
        others = [other for record in self.records[entity] if (other := self.related(record, (path or (name,))[0]))]
        if path is None:
            return [other.remote_id for other in others]
        return [value for other in others if (value := getattr(other, path[1])) not in {None, ""}]


def a_path_predicate(random: Random, world: World, entity: Entity) -> Predicate:
    """A comparison behind a relation, alone, negated, or beside one of the record's own."""
    name = random.choice(paths_of(entity))
    path = path_of(name)
    if path is None:
        values = [str(value) for value in world.values(entity, name)] or [ACCOUNT]
        chosen = tuple(random.choice(values) for _ in range(3))
        leaf: Predicate = random.choice(
            (
                Compare(name, random.choice((O.EQ, O.NE)), chosen[0]),
                Compare(name, random.choice((O.IN, O.NOT_IN)), chosen),
                Compare(name, O.IS_NULL, random.random() < 0.5),
            )
        )
    else:
        target = RELATIONS[entity][path[0]].target
        leaf = a_predicate(random, target, world.records[target], depth=3)
        leaf = _moved(leaf, path[0])
    own = a_predicate(random, entity, world.records[entity], depth=3)
    return random.choice((leaf, Not(leaf), And((leaf, own)), Or((leaf, own))))


def _moved(predicate: Predicate, relation: str) -> Predicate:
    assert isinstance(predicate, Compare)
    return replace(predicate, field=f"{relation}.{predicate.field}")


@pytest.mark.parametrize("switches", [{}, {"not_in_keeps_null": False}, {"multi_currency": True}], ids=str)
async def test_generated_paths_mean_what_the_oracle_says(switches: dict[str, bool]) -> None:
    """Pushed and residual together give exactly the rows, whatever stands behind their relations."""
    random, told = Random(31), []  # noqa: S311  # draws test cases, guards nothing
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": switches}) as sandbox:
        async with connected(sandbox, Options(currency="EUR")) as org:
            world = await World().read(org)
            for entity in TYPES:
                for _ in range(40):
                    where = a_path_predicate(random, world, entity)
                    split = org.connector.plan(query(entity, where=where))
                    asked = query(entity, where=split.pushed)
                    found = [record.remote_id for page in await org.walk(asked) for record in page.records]
                    actual = {
                        remote_id
                        for remote_id in found
                        if evaluate(split.residual, world.by_id[remote_id], entity=entity, related=world.related)
                    }
                    expected = {
                        record.remote_id
                        for record in world.records[entity]
                        if evaluate(where, record, entity=entity, related=world.related)
                    }
                    if actual != expected or len(found) != len(set(found)):
                        told.append(f"{entity}: {where} {split.vendor_query} {actual ^ expected}")

    assert told == []
