"""A caller's predicate as each source sees it."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.memory import MemoryConnector
from model.entities import Deal, Entity
from model.errors import OurBug
from model.evaluate import evaluate
from model.query import EVERYTHING, NOTHING, And, Compare, Not, Operator, Or, Predicate, fields_in
from model.values import Ref
from resolvers.lists.localise import for_source
from tests.resolvers.books import record, ref

CONVERTED = Compare("is_converted", Operator.EQ, operand=True)
OPEN = Compare("is_converted", Operator.NE, operand=True)
NAMED = Compare("last_name", Operator.EQ, "Ada")
FOREIGN = Compare("remote_id", Operator.IN, ("b\n1", "c\n2"))
OWN = Compare("remote_id", Operator.IN, ("a\n1", "b\n2", "a\n1"))


def local(predicate: Predicate, entity: Entity = Entity.CONTACT, source: str = "a") -> Predicate:
    """*predicate* at a source in memory."""
    canonical = MemoryConnector(source, {}).canonical_id
    return for_source(predicate, entity=entity, source=source, canonical=canonical)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (OWN, Compare("remote_id", Operator.IN, ("1",))),
        (FOREIGN, NOTHING),
        (Not(FOREIGN), EVERYTHING),
        (Not(OWN), Compare("remote_id", Operator.NOT_IN, ("1",))),
        (Not(Not(FOREIGN)), NOTHING),
        (And((FOREIGN, NAMED)), NOTHING),
        (Or((FOREIGN, NAMED)), NAMED),
        (Not(Or((FOREIGN, NAMED))), Compare("last_name", Operator.NE, "Ada")),
        (Not(And((FOREIGN, NAMED))), EVERYTHING),
        (Compare("remote_id", Operator.EQ, "a\n7"), Compare("remote_id", Operator.IN, ("7",))),
        (Compare("remote_id", Operator.NE, "b\n7"), EVERYTHING),
        (Compare("remote_id", Operator.NOT_IN, ("a\n7", "b\n8")), Compare("remote_id", Operator.NOT_IN, ("7",))),
        (Compare("remote_id", Operator.IN, ()), NOTHING),
        (Compare("remote_id", Operator.IS_NULL, operand=False), Compare("remote_id", Operator.IS_NULL, operand=False)),
        (Compare("remote_id", Operator.EQ, "a\nx\ny"), Compare("remote_id", Operator.IN, ("x\ny",))),
    ],
)
def test_an_id_belongs_to_one_source(predicate: Predicate, expected: Predicate) -> None:
    """Elsewhere nothing equals it, and everything differs from it."""
    assert local(predicate) == expected


def test_ids_are_asked_in_their_one_spelling() -> None:
    """What can be no id of the CRM is equal to nothing there, and never reaches it."""

    def digits(entity: Entity, remote_id: str) -> str | None:
        assert entity is Entity.CONTACT
        return str(int(remote_id)) if remote_id.isdigit() else None

    def at(predicate: Predicate) -> Predicate:
        return for_source(predicate, entity=Entity.CONTACT, source="a", canonical=digits)

    assert at(Compare("remote_id", Operator.IN, ("a\n007", "a\n7", "a\nx'"))) == Compare(
        "remote_id", Operator.IN, ("7",)
    )
    assert at(Compare("remote_id", Operator.EQ, "a\nx'")) == NOTHING
    assert at(Not(Compare("remote_id", Operator.EQ, "a\nx'"))) == EVERYTHING


def test_ids_are_equal_or_not_and_nothing_else() -> None:
    """No CRM orders or searches another one's ids."""
    with pytest.raises(OurBug, match="remote_id contains"):
        local(Compare("remote_id", Operator.CONTAINS, "1"))


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (EVERYTHING, OPEN),
        (NAMED, And((NAMED, OPEN))),
        (Not(NAMED), And((Compare("last_name", Operator.NE, "Ada"), OPEN))),
        (Or((NAMED, Compare("title", Operator.EQ, "x"))), And((Or((NAMED, Compare("title", Operator.EQ, "x"))), OPEN))),
        (CONVERTED, CONVERTED),
        (Not(CONVERTED), OPEN),
        (Or((CONVERTED, NAMED)), Or((CONVERTED, NAMED))),
        (
            And((NAMED, Not(Compare("status", Operator.EQ, "LOST")))),
            And((NAMED, Compare("status", Operator.NE, "LOST"))),
        ),
        (FOREIGN, NOTHING),
    ],
)
def test_leads_are_unconverted_unless_asked_otherwise(predicate: Predicate, expected: Predicate) -> None:
    """The caller's own word on conversion or status, wherever it stands, takes the base condition away."""
    assert local(predicate, Entity.LEAD) == expected


ids = st.tuples(st.sampled_from("ab"), st.sampled_from("12")).map("\n".join)
compares = st.one_of(
    st.builds(Compare, st.sampled_from(["remote_id", "stage"]), st.sampled_from([Operator.EQ, Operator.NE]), ids),
    st.builds(
        Compare,
        st.sampled_from(["remote_id", "stage"]),
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.lists(ids, max_size=3).map(tuple),
    ),
    st.builds(Compare, st.just("stage"), st.just(Operator.IS_NULL), st.booleans()),
    st.builds(Compare, st.just("name"), st.just(Operator.EQ), st.sampled_from(["x", "y"])),
)
predicates = st.recursive(
    compares,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=8,
)


def globally(deal: Deal) -> Deal:
    """*deal* with global ids in place of its own."""
    stage = (
        deal.stage if not isinstance(deal.stage, Ref) else ref(Entity.DEAL, f"{deal.source}\n{deal.stage.remote_id}")
    )
    return record(Entity.DEAL, f"{deal.source}\n{deal.remote_id}", name=deal.name, stage=stage)  # type: ignore[no-any-return]


@given(predicate=predicates, source=st.sampled_from("ab"))
def test_each_source_finds_what_the_caller_means(predicate: Predicate, source: str) -> None:
    """Seen with global ids, a record satisfies the caller's predicate exactly when it satisfies the source's own."""
    rows: Mapping[str, Deal] = {
        f"{number}{stage}{name}": record(
            Entity.DEAL, number, source=source, name=name, stage=stage and ref(Entity.DEAL, stage)
        )
        for number in "12"
        for stage in (None, "1", "2")
        for name in ("x", None)
    }

    there = local(predicate, Entity.DEAL, source)

    for deal in rows.values():
        assert evaluate(predicate, globally(deal), entity=Entity.DEAL) is evaluate(there, deal, entity=Entity.DEAL)
    assert set(fields_in(there)) <= set(fields_in(predicate))
