"""What an operation can cost is known before it runs, and never less than what it then gives."""

from pathlib import Path
from typing import Any

import pytest
from graphql import get_introspection_query, get_variable_values, is_object_type

from gateway.executor import Executor, Operation
from gateway.graphiql import ASSETS
from gateway.limits.cost import LIST_SIZES, Cost, Pricing
from model.ids import GlobalId
from schema import build_schema
from tests.gateway.records import memory_source
from tests.gateway.serving import EVERYTHING_ON, Served, gateway_over, serving, settings_with

SCHEMA = build_schema()._schema
UNBOUND = settings_with().limits.model_copy(update={"values": 10**12, "upstream_calls": 10**12})
EXAMPLES = sorted((ASSETS.parent / "source" / "examples").glob("*.graphql"))
DEALS_OF = "deals(first: {first}) {{ nodes {{ id }} }}"


def cost(document: str, variables: dict[str, Any] | None = None, *, sources: int = 2) -> Cost:
    """The cost of a document's only operation."""
    found = Executor(SCHEMA, UNBOUND, introspection=True, sources=sources).prepare(document, None, variables or {})
    assert isinstance(found, Operation), found
    values = get_variable_values(SCHEMA, found.node.variable_definitions or (), variables or {})
    assert not isinstance(values, list), values
    return Pricing(SCHEMA, sources).cost_of(found.prepared.fields[found.name], found.node.operation, values.coerced)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_passes_with_ten_sources(example: Path) -> None:
    """What the query page shows first is far from the limits, with many accounts as well."""
    limits = settings_with().limits

    found = cost(example.read_text(), {"id": "x"}, sources=10)

    assert found.values <= limits.values
    assert found.calls <= limits.upstream_calls


def test_introspection_of_code_generators_passes() -> None:
    """The largest introspection query that clients send fits, and several of them in one do not."""
    query = get_introspection_query(specified_by_url=True, schema_description=True, input_value_deprecation=True)

    assert cost(query).values <= settings_with().limits.values


def test_own_fields_are_priced_by_their_keys() -> None:
    """Each key is an entry of every record, however the keys are given, and none takes a call."""
    keys = [f"k{n}" for n in range(40)]
    document = "query ($keys: [String!]!) { contacts(first: 100) { nodes { customFields(keys: %s) { key value } } } }"
    written = "[" + ", ".join(f'"{key}"' for key in keys) + "]"

    few, many = cost(document % "$keys", {"keys": keys[:1]}), cost(document % "$keys", {"keys": keys})
    spelled = cost(document.replace("($keys: [String!]!)", "") % written)

    assert many == spelled
    assert many.values - few.values >= 39 * 100 * 3
    assert many.calls == few.calls


@pytest.mark.parametrize("first", ["100", "$n"])
def test_nested_lists_multiply(first: str) -> None:
    """A hundred times fifty times fifty is a quarter of a million rows, written out or as a variable."""
    inner = first.replace("100", "50")
    declared, variables = ("query ($n: Int)", {"n": 50}) if first == "$n" else ("", {})
    document = (
        f"{declared} {{ companies(first: {first}) {{ nodes {{ deals(first: {inner}) {{ nodes {{"
        f" notes(first: {inner}) {{ nodes {{ title }} }} }} }} }} }} }}"
    )

    found = cost(document, variables)

    limits = settings_with().limits
    assert found.values > limits.values
    assert found.calls > limits.upstream_calls


def test_groups_are_as_many_as_asked_for() -> None:
    """Of an aggregate as of a page; names of records are read in batches."""
    document = "query ($n: Int) { dealAggregate(first: $n) { groups { count } } }"
    named = "{ dealAggregate(first: 1000) { groups { keys { label } } } }"

    assert cost(document, {"n": 500}).values - cost(document, {"n": 400}).values == 200
    assert cost(document, {"n": 1}).calls == 2
    assert cost(named).calls == 2 + 2 + 50


def test_absent_variable_counts_as_the_default() -> None:
    """A `first` that the client left out or sent as null is the schema's own."""
    document = "query ($n: Int) { contacts(first: $n) { nodes { id } } }"

    assert cost(document) == cost(document, {"n": None}) == cost("{ contacts { nodes { id } } }")
    assert cost(document, {"n": 26}).values > cost(document).values


def test_fields_of_different_types_under_one_name_count_as_the_largest() -> None:
    """The first of several nodes does not hide the others."""
    small, large = (DEALS_OF.format(first=first) for first in (1, 100))
    document = f'{{ node(id: "x") {{ ... on Contact {{ x: {small} }} ... on Company {{ x: {large} }} }} }}'
    turned = f'{{ node(id: "x") {{ ... on Company {{ x: {large} }} ... on Contact {{ x: {small} }} }} }}'

    assert cost(document).values > 100
    assert cost(document) == cost(turned)


def test_ids_count() -> None:
    """`nodes` gives as many as it is given, in the document or in a variable."""
    ids = ['"x"'] * 70
    literal = cost(f"{{ nodes(ids: [{', '.join(ids)}]) {{ id }} }}")

    assert literal.values >= 140
    assert literal == cost("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ["x"] * 70})
    assert cost('{ nodes(ids: "x") { id } }').values < 10


def test_every_type_of_a_search_counts() -> None:
    """A source may take a call for each type, and one for each relation of each type of hit."""
    assert cost('{ search(text: "x") { isPartial } }').calls == 2 * 10
    assert cost('{ search(text: "x", types: null) { isPartial } }').calls == 2 * 10
    assert cost('{ search(text: "x", types: [DEAL, NOTE]) { isPartial } }').calls == 2 * 2
    assert cost('{ search(text: "x", types: DEAL) { nodes { matchedOn record { id } } } }').calls == 2
    owners = cost('{ search(text: "x", types: DEAL) { nodes { record { createdBy { name } } } } }')
    assert owners.calls == 2 + 10 * 2


def test_arguments_count_each_time_they_are_used() -> None:
    """A filter in a variable is read by every field that takes it."""
    where = {"where": {"and": [{"email": {"eq": "x"}}] * 50}}
    once = cost("query ($where: ContactFilter) { contacts(where: $where) { isPartial } }", where)
    fields = " ".join(f"a{number}: contacts(where: $where) {{ isPartial }}" for number in range(30))
    often = cost(f"query ($where: ContactFilter) {{ {fields} }}", where)

    assert often.values == 30 * once.values
    assert once.values > 1_000


def test_assumed_sizes_are_of_fields_that_exist() -> None:
    """A renamed field does not lose its size unseen."""
    for name in LIST_SIZES:
        type_name, field = name.split(".")
        type_ = SCHEMA.get_type(type_name)
        assert is_object_type(type_), name
        assert field in type_.fields, name


@pytest.fixture(scope="module")
def dense() -> Any:
    """A gateway over a source in which every record has a hundred relatives."""
    settings = settings_with(limits=UNBOUND, features=EVERYTHING_ON)
    with serving(gateway_over([memory_source("alpha", related=100)], settings)) as found:
        yield found


def values_in(data: Any) -> int:
    """Fields of an answer, and the entries of lists beyond the first."""
    if isinstance(data, dict):
        return sum((max(1, len(value)) if isinstance(value, list) else 1) + values_in(value) for value in data.values())
    return sum(map(values_in, data)) if isinstance(data, list) else 0


CONTACT = GlobalId("contact", "alpha", "1").encode()


@pytest.mark.parametrize(
    "document",
    [
        "{ sources { key name platform { key } } }",
        "{ contacts(first: 7) { nodes { id displayName company { name } owner { name email } } } }",
        "{ contacts(first: 7) { edges { cursor node { id } } pageInfo { hasNextPage } sources { rows } } }",
        "{ contacts(first: 5) { nodes { deals(first: 9) { nodes { id name } pageInfo { endCursor } } } } }",
        "{ deals(first: 5) { nodes { contacts { contact { id deals(first: 3) { nodes { name } } } isPrimary } } } }",
        f'{{ contact(id: "{CONTACT}") {{ deals(first: 50) {{ nodes {{ id company {{ id }} }} }} }} }}',
        f'{{ nodes(ids: ["{CONTACT}", "{CONTACT}"]) {{ id ... on Contact {{ email company {{ domain }} }} }} }}',
        "{ a: contacts(first: 9) { nodes { id } } b: contacts(first: 9) { nodes { id } } }",
        "{ dealAggregate { groups { count amounts { sum } } sources { rows } } }",
        "{ dealAggregate(first: 70, groupBy: [{field: COMPANY}, {field: STATUS}]) { groups { keys { label } } } }",
        "{ contactAggregate(first: 99, groupBy: [{field: OWNER}]) { groups { keys { label } } isExact } }",
        '{ search(text: "1", first: 40) { nodes { matchedOn record { id } } sources { notes } } }',
        '{ search(text: "1", types: [DEAL, USER], first: 40) { edges { cursor node { record { id } } } } }',
        """{ search(text: "1", first: 40) { nodes { record { createdBy { name }
            ... on Contact { company { name } deals(first: 9) { nodes { name } } }
            ... on Deal { company { name } contacts { role } } } } } }""",
    ],
)
def test_answer_never_holds_more_than_its_cost(dense: Served, document: str) -> None:
    """The estimate is an upper bound of values and of upstream calls."""
    answer = dense.post(document, extensions={"explain": True})

    estimated = cost(document, sources=1)
    assert "errors" not in answer, answer["errors"]
    assert values_in(answer["data"]) <= estimated.values
    assert len(answer["extensions"]["calls"]) <= estimated.calls
