"""What is asked of the sources is what the client selects, no more and no less."""

from typing import Any

import pytest
import strawberry
from graphql import execute, parse

from model.entities import Entity
from model.query import Pointed, RelationSelection, Selection
from schema import Context
from schema.lower.selection import _Lowering
from tests.schema.conftest import NOW, Ask, gid
from tests.schema.shelf import Shelf


def picked(*fields: str, **relations: RelationSelection) -> Selection:
    """A selection in brief."""
    return Selection(frozenset(fields), relations)


OWNER = RelationSelection(picked("name"))


@pytest.mark.parametrize(
    ("selected", "expected"),
    [
        ("__typename id remoteId source { key }", picked()),
        (
            "firstName emailOptOut lastActivityOn fetchedAt",
            picked("first_name", "email_opt_out", "last_activity_on", "fetched_at"),
        ),
        ("a: email b: email email", picked("email")),
        ("owner { __typename }", picked(owner=RelationSelection(picked()))),
        ("owner { name } owner { email }", picked(owner=RelationSelection(picked("name", "email")))),
        ("x: owner { name } y: owner { kind }", picked(owner=RelationSelection(picked("name", "kind")))),
        ("createdBy { name } updatedBy { name }", picked(created_by=OWNER, updated_by=OWNER)),
        ("email @skip(if: true) phone @include(if: false) url @skip(if: false) @include(if: true)", picked("url")),
        ("email @skip(if: $yes) phone @include(if: $yes) url @include(if: $defaulted)", picked("phone", "url")),
        ("owner @include(if: false) { name } email", picked("email")),
        (
            "... { email } ... on Contact { phone } ... on Record { url } ... on Node { id }",
            picked("email", "phone", "url"),
        ),
        ("... @skip(if: true) { email } ...Name @include(if: false) url", picked("url")),
        ("...Name ...Name ...Deep", picked("first_name", "last_name", "version", owner=OWNER)),
        (
            "lifecycle { value } emails { value } addresses { city } tags",
            picked("lifecycle", "emails", "addresses", "tags"),
        ),
        ("deals { nodes { name } }", picked(deals=RelationSelection(picked("name"), 20))),
        ("deals(first: 3) { edges { node { name } } }", picked(deals=RelationSelection(picked("name"), 3))),
        (
            "deals(first: 3) { edges { node { name } } nodes { status } ...Deals }",
            picked(deals=RelationSelection(picked("name", "status", "amount"), 3)),
        ),
        ("deals { pageInfo { hasNextPage } }", picked(deals=RelationSelection(picked(), 20))),
        (
            "a: deals(first: 3) { nodes { name } } b: deals(first: 9) { nodes { status } }",
            picked(deals=RelationSelection(picked("name", "status"), 9)),
        ),
        (
            "deals { nodes { stage { name } pipeline { name } contacts { role contact { email } } } }",
            picked(
                deals=RelationSelection(
                    picked("stage", "pipeline", contacts=RelationSelection(picked("email"), 50)), 20
                )
            ),
        ),
        (
            "appointments { nodes { contacts { email } attendees { contact { phone } } about { record { url } } } }",
            picked(
                appointments=RelationSelection(
                    picked("attendees", "about", contacts=RelationSelection(picked("email"), 50)), 20
                )
            ),
        ),
        (
            "company { owner { name } parent { parent { name } } }",
            picked(
                company=RelationSelection(
                    picked(
                        owner=OWNER,
                        parent=RelationSelection(picked(parent=RelationSelection(picked("name")))),
                    )
                )
            ),
        ),
    ],
)
@pytest.mark.parametrize("form", ["nodes {{ {} }}", "edges {{ node {{ {} }} }}"])
async def test_selection_is_lowered(ask: Ask, shelf: Shelf, form: str, selected: str, expected: Selection) -> None:
    """Fields by name, relations with their own selections and sizes, in either form of a connection."""
    shelf.records = ()
    query = f"""query ($yes: Boolean!, $defaulted: Boolean = true) {{
        contacts {{ {form.format(selected)} }}
        unused: contacts @skip(if: $yes) {{ nodes {{ ...Name ...Deep deals {{ ...Deals }} }} }}
        used: __typename @include(if: $defaulted) }}
        fragment Name on Contact {{ firstName ...Family }}
        fragment Family on Contact {{ lastName }}
        fragment Deep on Record {{ version ... on Contact {{ owner {{ name }} }} ... on Deal {{ nextStep }} }}
        fragment Deals on DealConnection {{ nodes {{ amount {{ currency }} }} }}"""

    answer = await ask(query, yes=True)

    assert answer["errors"] == []
    (request,) = shelf.requests
    assert request.selection == expected


async def test_later_page_is_not_asked_with_its_parent(ask: Ask, shelf: Shelf) -> None:
    """A page behind a cursor is read when it is resolved; only a first page can come along."""
    query = """query ($id: ID!) { contact(id: $id) { deals(after: "1") { nodes { name } }
        later: notes(after: "1") { nodes { title } } notes(first: 2) { nodes { body } } } }"""

    await ask(query, id=gid("contact", "north", "c1"))

    relations = shelf.selection_of("record", "north/contact/c1").relations
    assert relations == {"notes": RelationSelection(picked("title", "body"), 2)}
    assert shelf.selection_of("related_many", "c1.deals").fields == {"name"}


async def test_selection_under_record_is_the_parents(ask: Ask, shelf: Shelf) -> None:
    """What is asked for when a relation is resolved is what was announced with its parent."""
    await ask("{ contacts(first: 1) { nodes { company { name contacts(first: 2) { nodes { email } } } } } }")

    announced = shelf.requests[0].selection.relations["company"].selection
    assert shelf.selection_of("related_one", "c1.company") == announced
    assert shelf.selection_of("related_many", "k1.contacts") == announced.relations["contacts"].selection


async def test_selection_is_lowered_once_for_all_parents(
    ask: Ask, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three contacts, one owner field: the field is lowered once. Counting needs a look inside."""
    lowered: list[Any] = []
    lower = _Lowering.selection

    def counted(self: _Lowering, entity: Any, nodes: Any, **options: Any) -> Selection:
        lowered.append(entity)
        return lower(self, entity, nodes, **options)

    monkeypatch.setattr(_Lowering, "selection", counted)

    await ask("{ contacts { nodes { owner { name } } } }")

    assert len([asked for asked in shelf.asked if asked[0] == "related_one"]) == 3
    assert lowered == ["contact", "user", "user"]


async def test_operations_of_one_context_do_not_share_variables(schema: strawberry.Schema, shelf: Shelf) -> None:
    """A document run again with other variables in the same request is lowered again."""
    document = parse("query ($all: Boolean!) { contacts { nodes { email phone @include(if: $all) } } }")
    context = Context(reads=shelf, now=NOW)
    shelf.records = ()

    for is_all in (True, False):
        await schema.execute(document.loc.source.body, variable_values={"all": is_all}, context_value=context)  # type: ignore[union-attr]

    assert [request.selection.fields for request in shelf.requests] == [{"email", "phone"}, {"email"}]


async def test_plain_graphql_executor_lowers_the_same(schema: strawberry.Schema, shelf: Shelf) -> None:
    """The schema also runs on graphql-core's own executor, whose variables come in another shape."""
    document = parse("query ($all: Boolean = true) { contacts { nodes { email phone @include(if: $all) } } }")
    shelf.records = ()

    result: Any = execute(schema._schema, document, context_value=Context(reads=shelf, now=NOW))
    answer = await result

    assert answer.errors is None
    assert shelf.requests[0].selection.fields == {"email", "phone"}


async def test_fragment_chain_is_opened_once_a_level(ask: Ask, shelf: Shelf) -> None:
    """Fragments that each spread the next one twice cost no more than their number."""
    chain = "".join(f"fragment F{i} on Contact {{ ...F{i + 1} ...F{i + 1} }}\n" for i in range(40))

    answer = await ask(f"{{ contacts {{ nodes {{ ...F0 }} }} }} {chain} fragment F40 on Contact {{ email }}")

    assert answer["errors"] == []
    assert shelf.requests[0].selection == picked("email")


ABOUT_CONTACTS = Pointed("about", Entity.CONTACT, picked("email"))


@pytest.mark.parametrize(
    ("root", "selected", "expected"),
    [
        ("notes", "about { type remoteId }", ()),
        ("notes", "about { record { ... on Contact { email } } }", (ABOUT_CONTACTS,)),
        ("notes", "about { record { id ... on Contact { email } } } title", (ABOUT_CONTACTS,)),
        ("notes", "about { record { id url } }", (Pointed("about", None, picked()),)),
        (
            "tasks",
            "about { record { ... on Deal { name owner { name } } ... on Company { name } } }",
            (
                Pointed("about", Entity.DEAL, picked("name", owner=OWNER)),
                Pointed("about", Entity.COMPANY, picked("name")),
            ),
        ),
        (
            "appointments",
            "attendees { email contact { email } user { name } }",
            (
                Pointed("attendees", Entity.CONTACT, picked("email")),
                Pointed("attendees", Entity.USER, picked("name")),
            ),
        ),
    ],
)
async def test_what_values_point_to_is_told(
    ask: Ask, shelf: Shelf, root: str, selected: str, expected: tuple[Pointed, ...]
) -> None:
    """By type where the client names types; it is for the price, and no part of what selections are compared by."""
    shelf.records = ()

    answer = await ask(f"{{ {root} {{ nodes {{ {selected} }} }} }}")

    assert answer["errors"] == []
    found = shelf.requests[0].selection
    assert found.pointed == expected
    assert found == Selection(found.fields, found.relations)
