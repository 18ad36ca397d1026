"""The calls that `explain` declares, and those that are made."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.capabilities import Description
from model.entities import Entity
from model.errors import ReauthRequired
from model.fields import RELATIONS
from model.query import And, Compare, MoneyBound, Not, Operator, Or, Order, Pointed, RelationSelection, Selection
from model.reading import ListRequest, Planned, ReadOptions
from resolvers.lists import list_steps, record_steps
from resolvers.lists.cost import told
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources
from tests.resolvers.books import Book, record, ref, small_book
from tests.resolvers.conftest import MEMORY, Asks

ROWS = 7
TYPES = list(Entity)


def full_book(source: str = "a") -> tuple[Book, dict[tuple[str, str], list[str]]]:
    """Records of every type: all to-one relations point to some, all to-many ones lead to some."""
    book = {
        entity: [
            record(
                entity,
                number,
                source=source,
                **{
                    name: ref(relation.target, (number + position) % ROWS)
                    for position, (name, relation) in enumerate(RELATIONS[entity].items())
                    if not relation.is_many
                },
            )
            for number in range(ROWS)
        ]
        for entity in TYPES
    }
    names = {name for relations in RELATIONS.values() for name, relation in relations.items() if relation.is_many}
    links = {
        (name, str(number)): [str((number + step) % ROWS) for step in range(3)]
        for name in names
        for number in range(ROWS)
    }
    return book, links


@st.composite
def selections(draw: st.DrawFn, entity: Entity, depth: int = 3, seen: frozenset[Entity] = frozenset()) -> Selection:
    """What may be selected of *entity*, with no type in two places: records known from one cost nothing in another."""
    seen |= {entity}
    relations: dict[str, RelationSelection] = {}
    free = {name: relation for name, relation in RELATIONS[entity].items() if relation.target not in seen}
    names = draw(st.lists(st.sampled_from(sorted(free)), max_size=3, unique=True)) if free and depth else []
    for name in names:
        relation = free[name]
        if relation.target in seen:
            continue
        inner = draw(selections(relation.target, depth - 1, seen))
        seen |= {relation.target, *_targets(relation.target, inner)}
        relations[name] = RelationSelection(inner, draw(st.integers(1, 5)) if relation.is_many else None)
    return Selection(frozenset({"created_at"}), relations)


def _targets(entity: Entity, selection: Selection) -> set[Entity]:
    found = set[Entity]()
    for name, wanted in selection.relations.items():
        target = RELATIONS[entity][name].target
        found |= {target, *_targets(target, wanted.selection)}
    return found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_the_calls_made_are_those_declared(reading: Asks, data: st.DataObject) -> None:
    """For any selection in which each type stands once, where one batch holds all that a relation leads to."""
    entity = data.draw(st.sampled_from(TYPES))
    request = ListRequest(
        entity=entity,
        selection=data.draw(selections(entity)),
        wants_total=data.draw(st.booleans()),
        order=data.draw(st.sampled_from([(), (Order("created_at"),)])),
        options=ReadOptions(allow_scan=True),
    )
    keys, sorts = data.draw(st.sampled_from(["a", "ab"])), data.draw(st.booleans())
    books = {key: full_book(key) for key in keys}
    connectors = [MemoryConnector(key, book, links=links, sorts=sorts) for key, (book, links) in books.items()]
    sources = Sources(Source(item.source, item.source, MEMORY, item) for item in connectors)

    declared = (await list_steps(request, sources=sources, limits=ReadLimits())).steps
    scope = Scope(deadline=Deadline.after(30), max_calls=1_000)
    with entered(scope):
        await reading(*connectors).list(request)

    assert sum(step.estimated_calls for step in declared) == len(scope.calls)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_no_more_calls_are_made_than_declared(reading: Asks, data: st.DataObject) -> None:
    """However often a type stands in a selection: records known already only save calls."""
    entity = data.draw(st.sampled_from(TYPES))

    def drawn(entity: Entity, depth: int) -> Selection:
        names = (
            data.draw(st.lists(st.sampled_from(sorted(RELATIONS[entity])), max_size=3, unique=True)) if depth else []
        )
        relations = {
            name: RelationSelection(
                drawn(RELATIONS[entity][name].target, depth - 1),
                data.draw(st.integers(1, 5)) if RELATIONS[entity][name].is_many else None,
            )
            for name in names
        }
        return Selection(frozenset({"created_at"}), relations)

    request = ListRequest(entity=entity, selection=drawn(entity, 3))
    book, links = full_book()
    connector = MemoryConnector("a", book, links=links)
    sources = Sources([Source("a", "a", MEMORY, connector)])

    planned = await list_steps(request, sources=sources, limits=ReadLimits())
    declared = sum(step.estimated_calls for step in planned.steps)
    alone_steps = await record_steps(next(iter(sources)), entity, request.selection)
    single = sum(step.estimated_calls for step in alone_steps.steps)
    scope, alone = (Scope(deadline=Deadline.after(30), max_calls=1_000) for _ in range(2))
    with entered(scope):
        await reading(connector).list(request)
    with entered(alone):
        await reading(connector).record("a", entity, "3", request.selection)

    assert len(scope.calls) <= declared
    assert len(alone.calls) <= single


async def test_a_source_that_nothing_can_match_costs_nothing(reading: Asks) -> None:
    """Neither its page nor its relations."""
    sources = Sources(Source(key, key, MEMORY, MemoryConnector(key, full_book(key)[0])) for key in ("a", "b"))
    wanted = Selection(relations={"company": RelationSelection(Selection())})
    request = ListRequest(
        entity=Entity.CONTACT,
        selection=wanted,
        where=Compare("remote_id", Operator.EQ, "a\n1"),
        wants_total=True,
    )

    steps = (await list_steps(request, sources=sources, limits=ReadLimits())).steps

    assert {step.source for step in steps if step.estimated_calls} == {"a"}


IN_C1 = Compare("company.domain", Operator.EQ, "c1.io")
OWNED = Compare("owner.email", Operator.EQ, "u1@x.io")
USERS = frozenset({Entity.USER})
ROADS: list[tuple[dict[str, Any], int]] = [
    ({}, 1),
    ({"looks_behind": False}, 3),
    ({"looks_behind": False, "cached": USERS}, 2),
    ({"looks_behind": False, "compares_references": False, "cached": USERS}, 2),
    ({"looks_behind": False, "compares_references": False, "cached": USERS, "is_keyed": False}, 4),
    ({"pushes": False, "cached": USERS}, 2),
]


@pytest.mark.parametrize(("able", "expected"), ROADS)
async def test_every_road_is_priced(reading: Asks, able: dict[str, Any], expected: int) -> None:
    """What is looked up first, the page, and what is followed from its rows to check them."""
    connector = MemoryConnector("a", small_book(), **able)
    where = And((Or((IN_C1, Compare("last_name", Operator.EQ, "N9"))), OWNED))
    request = ListRequest(
        entity=Entity.CONTACT, selection=Selection(), where=where, options=ReadOptions(allow_scan=True)
    )
    sources = Sources([Source("a", "a", MEMORY, connector)])

    planned = await list_steps(request, sources=sources, limits=ReadLimits())
    scope = Scope(deadline=Deadline.after(30), max_calls=100)
    with entered(scope):
        page = await reading(connector).list(request)

    assert [row.remote_id for row in page.records] == ["4"]
    assert (declared(planned), len(scope.calls)) == (expected, expected)


def declared(planned: Planned) -> int:
    """The calls of a plan."""
    return sum(step.estimated_calls for step in (*planned.shared, *planned.steps))


async def test_ids_to_look_up_are_a_step_of_their_own() -> None:
    """It comes first; the page's own step speaks of the ids, and has no query text before they are known."""
    sources = Sources([Source("a", "a", MEMORY, MemoryConnector("a", small_book(), looks_behind=False))])
    request = ListRequest(entity=Entity.CONTACT, selection=Selection(), where=Not(IN_C1))

    planned = await list_steps(request, sources=sources, limits=ReadLimits())

    (first,), (page,) = planned.shared, planned.steps
    assert (first.entity, first.pushed, first.vendor_query) == (
        Entity.COMPANY,
        ("domain eq 'c1.io'",),
        "scan company",
    )
    assert (page.pushed, page.vendor_query) == (("company notIn the ids found before",), None)
    assert planned.notes == ["a: company filtered in two steps: the ids of companies, then contacts"]


async def test_records_that_values_point_to_are_priced() -> None:
    """One batch for each type that is named; users that are metadata cost none, types that the source lacks neither."""
    source = Source("a", "a", MEMORY, MemoryConnector("a", {**small_book(), Entity.NOTE: []}, cached=USERS))
    types = [Entity.DEAL, Entity.USER, Entity.LEAD]
    named = tuple(Pointed("about", entity, Selection(frozenset({"name"}))) for entity in types)
    whatever = (Pointed("about", None, Selection()),)

    told, untold = [
        await list_steps(
            ListRequest(entity=Entity.NOTE, selection=Selection(frozenset({"about"}), pointed=pointed)),
            sources=Sources([source]),
            limits=ReadLimits(),
        )
        for pointed in (named, whatever)
    ]

    priced = [(step.entity, step.estimated_calls) for step in told.steps]
    assert priced == [(Entity.NOTE, 1), (Entity.DEAL, 1), (Entity.USER, 0)]
    assert [(step.entity, step.estimated_calls) for step in untold.steps] == [(Entity.NOTE, 1), (None, 1)]
    assert told.notes == []
    assert untold.notes == [
        "a: reads the records that values point to with a call for each type among them; one is priced"
    ]


class Undescribed(MemoryConnector):
    """Its metadata cannot be read."""

    async def describe(self) -> Description:
        """Fail."""
        raise ReauthRequired("b: connect it again", source="b")


async def test_a_source_that_cannot_be_planned_does_not_end_the_plan() -> None:
    """The notes say why; the others have their steps."""
    connectors = [
        MemoryConnector("a", small_book()),
        Undescribed("b", {}),
        MemoryConnector("c", small_book("c"), pushes=False),
    ]
    sources = Sources(Source(item.source, item.source, MEMORY, item) for item in connectors)
    where = Compare("last_name", Operator.EQ, "N1")
    request = ListRequest(entity=Entity.CONTACT, selection=Selection(), where=where)

    planned = await list_steps(request, sources=sources, limits=ReadLimits())
    scanning = await list_steps(
        replace(request, options=ReadOptions(allow_scan=True)), sources=sources, limits=ReadLimits()
    )
    single = await record_steps(next(item for item in sources if item.key == "b"), Entity.CONTACT, Selection())

    assert [step.source for step in planned.steps] == ["a"]
    assert planned.notes[0] == "b is left out: its metadata cannot be read: b: connect it again"
    assert planned.notes[1].startswith("c is left out: c cannot evaluate lastName eq: it would be read whole")
    assert [step.source for step in scanning.steps] == ["a", "c"]
    assert scanning.notes[1] == "c: reads up to 20000 rows to find a page of those that match"
    assert (single.steps, single.notes) == ([], planned.notes[:1])


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (Compare("email", Operator.EQ, "a@x.io"), "email eq 'a@x.io'"),
        (Not(Compare("email", Operator.CONTAINS, "x")), "not (email contains 'x')"),
        (Or((Compare("a", Operator.EQ, 1), Compare("b", Operator.IN, ("x",)))), "(a eq 1) or (b in ('x',))"),
        (Or(()), "never"),
        (Compare("amount", Operator.GTE, MoneyBound("EUR", "5")), "amount gte 5 EUR"),
    ],
)
def test_conditions_are_told_to_people(predicate: object, expected: str) -> None:
    """As they would be written."""
    assert told(predicate) == expected  # type: ignore[arg-type]
