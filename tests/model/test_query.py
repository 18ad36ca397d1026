"""Predicates keep their meaning when they are normalised."""

from hypothesis import given
from hypothesis import strategies as st

from model.entities import Deal, Entity
from model.evaluate import evaluate
from model.query import (
    EVERYTHING,
    NOTHING,
    And,
    Compare,
    MoneyBound,
    Not,
    Operator,
    Or,
    Predicate,
    normalised,
)
from model.values import Money

TEXTS = st.sampled_from(["", "a", "A", "ß", "SS", "İ", "b c", "O'Brien"])
LEAVES: st.SearchStrategy[Predicate] = st.one_of(
    st.builds(
        Compare,
        st.just("name"),
        st.sampled_from([Operator.EQ, Operator.NE, Operator.CONTAINS, Operator.STARTS_WITH]),
        TEXTS,
    ),
    st.builds(
        Compare,
        st.just("name"),
        st.sampled_from([Operator.IN, Operator.NOT_IN]),
        st.lists(TEXTS, max_size=3).map(tuple),
    ),
    st.builds(
        Compare,
        st.just("closed_on"),
        st.sampled_from([Operator.LT, Operator.LTE, Operator.GT, Operator.GTE]),
        st.sampled_from(["2026-01-01", "2026-02-01"]),
    ),
    st.builds(Compare, st.sampled_from(["name", "closed_on", "amount"]), st.just(Operator.IS_NULL), st.booleans()),
    st.builds(
        Compare,
        st.just("amount"),
        st.sampled_from([Operator.EQ, Operator.LT, Operator.GTE]),
        st.builds(MoneyBound, st.sampled_from(["EUR", "USD"]), st.sampled_from(["1", "2.50"])),
    ),
)
PREDICATES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=12,
)
DEALS = st.builds(
    Deal,
    source=st.just("s"),
    remote_id=st.just("1"),
    name=st.one_of(st.none(), TEXTS),
    closed_on=st.sampled_from([None, "2025-12-31", "2026-01-01", "2026-03-01"]),
    amount=st.one_of(
        st.none(), st.builds(Money, st.sampled_from(["1", "2.5", "3"]), st.sampled_from(["EUR", "USD", None]))
    ),
)


@given(PREDICATES, DEALS)
def test_normalised_predicates_mean_the_same(predicate: Predicate, deal: Deal) -> None:
    """Every deal satisfies a predicate exactly when it satisfies its normal form."""
    assert evaluate(predicate, deal, entity=Entity.DEAL) is evaluate(normalised(predicate), deal, entity=Entity.DEAL)


@given(PREDICATES)
def test_negation_stands_only_before_what_has_no_complement(predicate: Predicate) -> None:
    """In a normal form Not wraps a text search or a money comparison, and constants only stand alone."""

    def check(item: Predicate) -> None:
        match item:
            case Not(inner):
                assert isinstance(inner, Compare)
                assert inner.operator in {Operator.CONTAINS, Operator.STARTS_WITH} or isinstance(
                    inner.operand, MoneyBound
                )
            case And(items) | Or(items):
                assert len(items) > 1
                for inner in items:
                    assert type(inner) is not type(item)
                    check(inner)

    normal = normalised(predicate)
    if normal not in (EVERYTHING, NOTHING):
        check(normal)


@given(PREDICATES)
def test_normalising_twice_changes_nothing(predicate: Predicate) -> None:
    """The normal form is its own normal form."""
    assert normalised(predicate) == normalised(normalised(predicate))
