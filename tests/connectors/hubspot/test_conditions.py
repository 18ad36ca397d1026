"""Conditions on relations and on the account's own properties, over a socket and against the oracle."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import orjson
import pytest

from model.entities import Contact, Entity, Record
from model.evaluate import evaluate
from model.page import RelatedPage
from model.query import EVERYTHING, And, Compare, Direction, Not, Operator, Or, Order, Predicate, Query, Selection
from model.values import UNSET, Ref
from tests.connectors.hubspot.accounts import Account
from tests.connectors.hubspot.hostile import HOSTILE


def _body(hubspot: Account, entity: Entity, where: Predicate, *order: Order) -> dict[str, object]:
    split = hubspot.connector.plan(Query(entity=entity, selection=Selection(), where=where, order=order))
    assert split.vendor_query is not None
    return dict(orjson.loads(split.vendor_query))


def _filters(**told: object) -> list[dict[str, object]]:
    return [{"filters": [told]}]


async def test_an_owner_is_pushed_by_its_property(hubspot: Account) -> None:
    """Every type that has an owner is asked by the owner's id."""
    for entity, name in ((Entity.DEAL, "owner"), (Entity.NOTE, "author"), (Entity.APPOINTMENT, "owner")):
        body = _body(hubspot, entity, Compare(name, Operator.EQ, "51"))

        assert _filters(propertyName="hubspot_owner_id", operator="EQ", value="51") == body["filterGroups"]


async def test_the_primary_company_of_a_contact_is_pushed(hubspot: Account) -> None:
    """The property of the primary company means what the relation means; a list goes whole."""
    where = Compare("company", Operator.IN, ("7", "8"))

    split = hubspot.connector.plan(Query(entity=Entity.CONTACT, selection=Selection(), where=where))

    assert split.residual == EVERYTHING
    assert (
        _filters(propertyName="associatedcompanyid", operator="IN", values=["7", "8"])
        == _body(hubspot, Entity.CONTACT, where)["filterGroups"]
    )


@pytest.mark.parametrize(
    "asked",
    [
        Compare("owner.is_active", Operator.EQ, operand=False),
        Compare("owner.email", Operator.CONTAINS, "a"),
        Compare("owner.email", Operator.NE, "nobody@x.io"),
        Not(Compare("owner.name", Operator.STARTS_WITH, "a")),
        Or((Compare("owner.kind", Operator.IS_NULL, operand=True), Compare("owner.is_active", Operator.EQ, True))),
    ],
)
@pytest.mark.parametrize("entity", [Entity.DEAL, Entity.CONTACT])
async def test_owners_are_joined_without_a_call(hubspot: Account, entity: Entity, asked: Predicate) -> None:
    """A condition behind the owner selects what following the pointer would, in one search."""
    users = {user.remote_id: user for user in await hubspot.read(Entity.USER, EVERYTHING, *_USER)}
    rows = await hubspot.read(entity, EVERYTHING, "owner")
    assert {None} < {row.owner for row in rows}

    def behind(record: Record, relation: str) -> Record | None:
        ref = getattr(record, relation)
        return users.get(ref.remote_id) if isinstance(ref, Ref) else None

    expected = [row.remote_id for row in rows if evaluate(asked, row, entity=entity, related=behind)]

    split = hubspot.connector.plan(Query(entity=entity, selection=Selection(), where=asked))
    found = await hubspot.read(entity, asked, limit=200)

    assert split.residual == EVERYTHING
    assert expected == [row.remote_id for row in found]


_USER = ("name", "email", "is_active", "kind")


async def test_what_stands_behind_other_relations_is_left_to_the_host(hubspot: Account) -> None:
    """HubSpot joins nothing: a condition behind a company stays residual, beside what is pushed."""
    name, owner = Compare("company.name", Operator.EQ, "Acme"), Compare("owner", Operator.EQ, "51")

    split = hubspot.connector.plan(Query(entity=Entity.DEAL, selection=Selection(), where=And((name, owner))))

    assert (owner, name) == (split.pushed, split.residual)


async def test_a_company_by_association_finds_at_least_what_is_meant(hubspot: Account) -> None:
    """The search knows any association: it lets deals of the company through whose primary company is another."""
    deals = [row.remote_id for row in await hubspot.read(Entity.DEAL, limit=200)][:150]
    primary = await hubspot.connector.related(Entity.DEAL, "company", deals, selection=Selection(), first=1)
    companies: Mapping[str, str] = {
        deal: page.links[0].ref.remote_id
        for deal, page in zip(deals, primary, strict=True)
        if isinstance(page, RelatedPage) and page.links
    }
    wanted = tuple(dict.fromkeys(companies.values()))[:3]
    where = Compare("company", Operator.IN, wanted)
    query = Query(entity=Entity.DEAL, selection=Selection(), where=where, limit=200)

    split = hubspot.connector.plan(query)
    found = {row.remote_id for row in await hubspot.rows(query)}

    assert (where, where) == (split.pushed, split.residual)
    assert {deal for deal, company in companies.items() if company in wanted} <= found
    assert len(found) < len(deals)


async def test_many_companies_are_asked_for_what_is_tied_to_them(hubspot: Account) -> None:
    """More ids than a search takes are read from the far end of the association, page by page, and do not lag."""
    rows = [row.remote_id for row in await hubspot.read(Entity.DEAL, limit=200)]
    primary = await hubspot.connector.related(Entity.DEAL, "company", rows, selection=Selection(), first=1)
    companies = {
        deal: page.links[0].ref.remote_id
        for deal, page in zip(rows, primary, strict=True)
        if isinstance(page, RelatedPage) and page.links
    }
    wanted = tuple(sorted(set(companies.values()), key=int))[::2]
    assert len(wanted) > 20
    where, local = Compare("company", Operator.IN, wanted), Compare("status_label", Operator.NE, "x")
    query = Query(entity=Entity.DEAL, selection=Selection(), where=And((where, local)), limit=20)
    before = len(hubspot.scope.calls)

    split = hubspot.connector.plan(query)
    found = [row.remote_id for row in await hubspot.rows(replace(query, where=split.pushed))]

    assert (where, And((where, local)), True, 2) == (split.pushed, split.residual, split.is_exact, split.calls)
    assert {"associations", "batch_read"} == {call.operation for call in hubspot.scope.calls[before:]}
    assert sorted(set(found), key=int) == found
    assert [deal for deal, company in companies.items() if company in wanted] == [
        deal for deal in found if companies.get(deal) in wanted
    ]
    assert len(found) < len(rows)


async def test_a_condition_that_a_search_takes_goes_before_many_companies(hubspot: Account) -> None:
    """An owner narrows the deals more cheaply than reading what is tied to each company."""
    many = Compare("company", Operator.IN, tuple(map(str, range(101, 120))))
    owner = Compare("owner", Operator.EQ, "51")

    split = hubspot.connector.plan(Query(entity=Entity.DEAL, selection=Selection(), where=And((many, owner))))

    assert ("search", owner, many) == (split.operation, split.pushed, split.residual)


async def test_the_accounts_own_properties_are_read(hubspot: Account) -> None:
    """Values come in wire form under their keys, None for a key that the account does not have."""
    names = ("custom.DECIMAL.nps_score", "custom.TEXT.region", "custom.TEXT.no_such_thing", "custom.TEXT.email")

    found = await hubspot.read(Entity.CONTACT, EVERYTHING, *names, "email")

    custom = [row.custom for row in found if isinstance(row, Contact) and isinstance(row.custom, Mapping)]
    assert len(custom) == len(found)
    assert {frozenset(("nps_score", "region", "no_such_thing", "email"))} == {frozenset(held) for held in custom}
    assert {None} == {held["no_such_thing"] for held in custom}
    assert {str, type(None)} == {type(held["nps_score"]) for held in custom}
    assert [row.email for row in found if isinstance(row, Contact)] == [held["email"] for held in custom]


async def test_own_properties_that_were_not_asked_are_unset(hubspot: Account) -> None:
    """Not asked is not empty."""
    found = await hubspot.read(Entity.CONTACT, EVERYTHING, "email")

    assert {UNSET} == {row.custom for row in found}


async def test_own_properties_are_pushed_as_mapped_ones_are(hubspot: Account) -> None:
    """The property's own type decides the words and the order."""
    score = "custom.DECIMAL.nps_score"

    body = _body(hubspot, Entity.CONTACT, Compare(score, Operator.GTE, "8"), Order(score, Direction.DESC))

    assert _filters(propertyName="nps_score", operator="GTE", value="8") == body["filterGroups"]
    assert body["sorts"] == [{"propertyName": "nps_score", "direction": "DESCENDING"}]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("custom.TEXT.nps_score", "contacts.nps_score is DECIMAL here and cannot be compared as TEXT"),
        ("custom.BOOLEAN.region", "contacts.region is CHOICE here and cannot be compared as BOOLEAN"),
        ("custom.DATE.createdate", "contacts.createdate is DATETIME here and cannot be compared as DATE"),
        ("custom.TEXT.shoe_size", "contacts have no property shoe_size"),
    ],
)
async def test_what_cannot_be_compared_so_is_told(hubspot: Account, name: str, told: str) -> None:
    """A wrong kind, or a key that nobody has, is refused before any call, in a filter and in an order."""
    asked = Query(entity=Entity.CONTACT, selection=Selection(), where=Compare(name, Operator.IS_NULL, operand=True))
    sorted_ = Query(entity=Entity.CONTACT, selection=Selection(), order=(Order(name),))

    whys = [hubspot.connector.plan(query).unsupported for query in (asked, sorted_)]

    assert all(why is not None and why.startswith(told) and "; " in why for why in whys)


async def test_hostile_texts_are_texts(hubspot: Account) -> None:
    """Whatever somebody types is compared as a text, in a property of ours or of the account's own."""
    assert len(HOSTILE) >= 100
    name = "custom.TEXT.jobtitle"
    rows = await hubspot.read(Entity.CONTACT, EVERYTHING, name)

    async def check(text: str, operator: Operator) -> None:
        where = Compare(name, operator, (text, "x") if operator is Operator.IN else text)
        expected = [row.remote_id for row in rows if evaluate(where, row, entity=Entity.CONTACT)]
        split = hubspot.connector.plan(Query(entity=Entity.CONTACT, selection=Selection(), where=where))
        if split.residual == where and split.operation == "list":
            return
        found = await hubspot.read(Entity.CONTACT, where, limit=200)
        assert expected == [row.remote_id for row in found], (text, operator)

    operators = (Operator.EQ, Operator.NE, Operator.IN, Operator.CONTAINS, Operator.STARTS_WITH)
    for operator in operators:
        await asyncio.gather(*(check(text, operator) for text in HOSTILE))
