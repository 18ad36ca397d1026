"""What is pushed to HubSpot's search, in which words, and how exactly."""

import re
from collections.abc import Mapping
from dataclasses import replace

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.hubspot.search import (
    ALL,
    Criterion,
    Filter,
    Groups,
    Kind,
    Sort,
    by_owner,
    divided,
    fits,
    folded,
    search_body,
)
from model.entities import Contact, Entity, User
from model.evaluate import evaluate
from model.query import EVERYTHING, NOTHING, And, Compare, MoneyBound, Not, Operator, Or, Predicate

CRITERIA: Mapping[str, Criterion] = {
    "remote_id": Criterion(name="hs_object_id", kind=Kind.ID, is_always=True),
    "email": Criterion(name="email", kind=Kind.TEXT),
    "job_title": Criterion(name="jobtitle", kind=Kind.TEXT),
    "lead_source": Criterion(name="src", kind=Kind.CHOICE, values={"organic_search": ("ORGANIC_SEARCH",)}),
    "status": Criterion(name="stage", kind=Kind.WORD, values={"won": ("7", "9"), "open": ("1",)}),
    "is_converted": Criterion(name="stage", kind=Kind.MEMBER, values={"true": ("9",)}),
    "email_opt_out": Criterion(name="optout", kind=Kind.FLAG),
    "employee_count": Criterion(name="employees", kind=Kind.NUMBER),
    "amount": Criterion(name="amount", kind=Kind.MONEY, home_currency="USD", currency_property="code"),
    "created_at": Criterion(name="createdate", kind=Kind.INSTANT, is_always=True),
    "closed_on": Criterion(name="closedate", kind=Kind.DAY, guard=Filter("stage", "IN", values=("7", "9"))),
    "expected_close_on": Criterion(name="closedate", kind=Kind.DAY),
    "stage": Criterion(name="stage", kind=Kind.KEY),
    "owner": Criterion(name="owner_id", kind=Kind.LINK),
    "company": Criterion(name="associations.company", kind=Kind.TIED),
    "created_by": Criterion(name="by", kind=Kind.WORD, values={"51": ("9001",), "52": ("9002",)}, has_blanks=True),
    "custom.TEXT.colours": Criterion(name="colours", kind=Kind.SEVERAL),
    "custom.TEXT.motto": Criterion(name="motto", kind=Kind.TEXT),
}
MAY_8 = "1778198400000"
MAY_9 = "1778284800000"


def told(predicate: Predicate) -> tuple[Groups, bool]:
    """The groups of *predicate* and whether nothing is left to check."""
    division = divided(predicate, CRITERIA, lambda groups: fits(groups, ()))
    return division.groups, division.residual == EVERYTHING


@pytest.mark.parametrize(
    ("compare", "groups", "is_exact"),
    [
        (Compare("email", Operator.EQ, "A@x.io"), [["email EQ a@x.io"]], True),
        (Compare("email", Operator.IN, ("A@x.io", "b@X.io")), [["email IN a@x.io,b@x.io"]], True),
        (Compare("email", Operator.NE, "a@x.io"), [["email NEQ a@x.io"], ["email NOT_HAS_PROPERTY"]], True),
        (Compare("email", Operator.NOT_IN, ("a", "b")), [["email NOT_IN a,b"], ["email NOT_HAS_PROPERTY"]], True),
        (Compare("email", Operator.EQ, "Müller"), [["email EQ müller"]], False),
        (Compare("email", Operator.NE, "Müller"), None, False),
        (Compare("email", Operator.EQ, "weiss"), [["email EQ weiss"]], False),
        (Compare("email", Operator.IS_NULL, operand=True), [["email NOT_HAS_PROPERTY"]], True),
        (Compare("email", Operator.IS_NULL, operand=False), [["email HAS_PROPERTY"]], False),
        (Compare("email", Operator.CONTAINS, "acme"), [["email CONTAINS_TOKEN *acme*"]], False),
        (Compare("email", Operator.CONTAINS, "o'Brien & co"), [["email CONTAINS_TOKEN *brien*"]], False),
        (Compare("email", Operator.CONTAINS, "*"), None, False),
        (Compare("email", Operator.STARTS_WITH, "Ann"), [["email CONTAINS_TOKEN ann*"]], False),
        (Compare("email", Operator.LT, "m"), None, False),
        (Compare("lead_source", Operator.EQ, "Organic_Search"), [["src EQ ORGANIC_SEARCH"]], True),
        (Compare("status", Operator.EQ, "WON"), [["stage IN 7,9"]], True),
        (Compare("status", Operator.NE, "OPEN"), [["stage NEQ 1"], ["stage NOT_HAS_PROPERTY"]], True),
        (Compare("status", Operator.EQ, "UNKNOWN"), None, False),
        (Compare("is_converted", Operator.EQ, operand=False), [["stage NEQ 9"], ["stage NOT_HAS_PROPERTY"]], True),
        (Compare("email_opt_out", Operator.EQ, operand=True), [["optout EQ true"]], True),
        (Compare("employee_count", Operator.GTE, 50), [["employees GTE 50"]], True),
        (Compare("created_at", Operator.LT, "2026-05-08T00:00:00.000Z"), [[f"createdate LT {MAY_8}"]], True),
        (
            Compare("expected_close_on", Operator.EQ, "2026-05-08"),
            [[f"closedate GTE {MAY_8}", f"closedate LT {MAY_9}"]],
            True,
        ),
        (Compare("expected_close_on", Operator.GT, "2026-05-08"), [[f"closedate GTE {MAY_9}"]], True),
        (Compare("closed_on", Operator.LTE, "2026-05-08"), [[f"closedate LT {MAY_9}", "stage IN 7,9"]], True),
        (
            Compare("closed_on", Operator.IS_NULL, operand=True),
            [["closedate NOT_HAS_PROPERTY"], ["stage NOT_IN 7,9"], ["stage NOT_HAS_PROPERTY"]],
            True,
        ),
        (Compare("amount", Operator.GT, MoneyBound("EUR", "10")), [["amount GT 10", "code EQ EUR"]], True),
        (
            Compare("amount", Operator.GT, MoneyBound("USD", "10")),
            [["amount GT 10", "code EQ USD"], ["amount GT 10", "code NOT_HAS_PROPERTY"]],
            True,
        ),
        (Compare("owner", Operator.IN, ("51", "52")), [["owner_id IN 51,52"]], True),
        (Compare("owner", Operator.NE, "51"), [["owner_id NEQ 51"], ["owner_id NOT_HAS_PROPERTY"]], True),
        (Compare("company", Operator.EQ, "7"), [["associations.company EQ 7"]], False),
        (
            Compare("company", Operator.IN, ("7", "8")),
            [["associations.company EQ 7"], ["associations.company EQ 8"]],
            False,
        ),
        (Compare("company", Operator.NE, "7"), None, False),
        (Compare("company", Operator.IS_NULL, operand=True), None, False),
        (Compare("created_by", Operator.EQ, "52"), [["by EQ 9002"]], True),
        (Compare("created_by", Operator.IS_NULL, operand=False), [["by IN 9001,9002"]], True),
        (
            Compare("created_by", Operator.IS_NULL, operand=True),
            [["by NOT_IN 9001,9002"], ["by NOT_HAS_PROPERTY"]],
            True,
        ),
        (Compare("custom.TEXT.colours", Operator.EQ, "red"), None, False),
        (Compare("custom.TEXT.colours", Operator.IS_NULL, operand=True), [["colours NOT_HAS_PROPERTY"]], True),
        (Compare("custom.TEXT.motto", Operator.IN, ("Per Aspera",)), [["motto EQ per aspera"]], True),
        (Compare("custom.TEXT.motto", Operator.EQ, "half \ud83d a smile"), None, False),
        (Not(Compare("email", Operator.CONTAINS, "acme")), None, False),
        (Compare("department", Operator.EQ, "R&D"), None, False),
    ],
)
def test_a_comparison_is_told_as_groups(compare: Predicate, groups: list[list[str]] | None, is_exact: bool) -> None:
    """Each operator has its words, and each kind of value its exactness; None means that it is compared here."""
    found, found_exact = told(compare)

    assert (groups if groups is not None else [[]]) == [[_words(part) for part in group] for group in found]
    assert is_exact == found_exact


def _words(part: Filter) -> str:
    value = part.value or ",".join(part.values)
    return f"{part.name} {part.operator} {value}".rstrip()


def test_an_and_pushes_what_can_be_told() -> None:
    """Conditions that HubSpot cannot tell stay residual, the others are pushed and gone."""
    email, local = Compare("email", Operator.EQ, "a@x.io"), Compare("display_name", Operator.EQ, "Ann")

    division = divided(And((email, local)), CRITERIA, lambda groups: fits(groups, ()))

    assert email == division.pushed
    assert local == division.residual


def test_an_or_is_pushed_whole_or_not_at_all() -> None:
    """One branch that HubSpot cannot tell keeps the whole Or here; a superset keeps it here too."""
    email, local = Compare("email", Operator.EQ, "a@x.io"), Compare("display_name", Operator.EQ, "Ann")
    part = Compare("email", Operator.CONTAINS, "acme")

    mixed = divided(Or((email, local)), CRITERIA, lambda groups: fits(groups, ()))
    loose = divided(Or((email, part)), CRITERIA, lambda groups: fits(groups, ()))

    assert (EVERYTHING, Or((email, local)), ALL) == (mixed.pushed, mixed.residual, mixed.groups)
    assert (Or((email, part)), Or((email, part))) == (loose.pushed, loose.residual)
    assert len(loose.groups) == 2


def test_groups_multiply_only_as_far_as_the_limits_go() -> None:
    """Three negations are eight groups: two are pushed, the third waits here."""
    parts = tuple(Compare(name, Operator.NE, "x") for name in ("email", "job_title", "lead_source"))

    division = divided(And(parts), CRITERIA, lambda groups: fits(groups, ()))

    assert len(division.groups) == 4
    assert parts[2] == division.residual


def test_long_lists_stay_here() -> None:
    """A body of more than 3,000 characters would be refused."""
    many = Compare("email", Operator.IN, tuple(f"somebody.{number}@example.com" for number in range(200)))

    assert told(many) == (ALL, False)


@pytest.mark.parametrize(
    ("predicate", "expected"),
    [
        (Compare("email", Operator.EQ, ""), NOTHING),
        (Compare("email", Operator.NE, ""), EVERYTHING),
        (Compare("email", Operator.CONTAINS, ""), Compare("email", Operator.IS_NULL, operand=False)),
        (Compare("email", Operator.IN, ("", "a")), Compare("email", Operator.IN, ("a",))),
        (Compare("remote_id", Operator.EQ, "abc"), NOTHING),
        (Compare("remote_id", Operator.NOT_IN, ("abc",)), EVERYTHING),
        (Compare("status", Operator.EQ, "CANCELED"), NOTHING),
        (Compare("created_at", Operator.IS_NULL, operand=True), NOTHING),
        (Compare("department", Operator.EQ, "R&D"), NOTHING),
        (Compare("department", Operator.NE, "R&D"), EVERYTHING),
        (Compare("is_deleted", Operator.EQ, operand=False), EVERYTHING),
        (Not(Compare("department", Operator.CONTAINS, "R")), EVERYTHING),
        (Compare("owner", Operator.EQ, "somebody"), NOTHING),
        (Compare("created_by", Operator.NE, "53"), EVERYTHING),
        (Compare("updated_by", Operator.IS_NULL, operand=True), EVERYTHING),
        (Compare("updated_by.email", Operator.CONTAINS, "x"), NOTHING),
        (Compare("updated_by.email", Operator.NE, "x"), EVERYTHING),
        (Compare("custom.TEXT.gone", Operator.NE, "x"), EVERYTHING),
    ],
)
def test_what_holds_for_all_or_none_is_folded(predicate: Predicate, expected: Predicate) -> None:
    """Fields that HubSpot does not have are always missing, and words that it cannot say never equal."""
    constants = {"department": None, "is_deleted": False, "updated_by": None, "custom.TEXT.gone": None}

    assert expected == folded(predicate, CRITERIA, constants, entity=Entity.CONTACT)


ANN = User(source="s", remote_id="51", name="Ann Lee", email="ann@x.io", is_active=True)
BOB = User(source="s", remote_id="52", name="Bob", email=None, is_active=False)


@pytest.mark.parametrize(
    ("asked", "told_"),
    [
        (Compare("owner.email", Operator.EQ, "ANN@x.io"), Compare("owner", Operator.IN, ("51",))),
        (Compare("owner.email", Operator.NE, "ann@x.io"), Compare("owner", Operator.NOT_IN, ("51",))),
        (Compare("owner.email", Operator.NOT_IN, ("ann@x.io",)), Compare("owner", Operator.NOT_IN, ("51",))),
        (Compare("owner.email", Operator.IS_NULL, operand=True), Compare("owner", Operator.NOT_IN, ("51",))),
        (Compare("owner.email", Operator.IS_NULL, operand=False), Compare("owner", Operator.IN, ("51",))),
        (Compare("owner.is_active", Operator.EQ, operand=False), Compare("owner", Operator.IN, ("52",))),
        (Not(Compare("owner.name", Operator.CONTAINS, "lee")), Not(Compare("owner", Operator.IN, ("51",)))),
        (Compare("owner.name", Operator.EQ, "Zoe"), Compare("owner", Operator.IN, ())),
        (Compare("owner.time_zone", Operator.EQ, "UTC"), Compare("owner", Operator.IN, ())),
        (Compare("owner.created_by.name", Operator.NE, "Zoe"), Compare("owner", Operator.NOT_IN, ())),
        (Compare("company.name", Operator.EQ, "Acme"), Compare("company.name", Operator.EQ, "Acme")),
        (Compare("owner", Operator.EQ, "51"), Compare("owner", Operator.EQ, "51")),
        (Compare("custom.TEXT.owner.email", Operator.EQ, "a"), Compare("custom.TEXT.owner.email", Operator.EQ, "a")),
    ],
)
def test_what_is_asked_of_owners_is_told_by_their_ids(asked: Predicate, told_: Predicate) -> None:
    """Owners are known: a condition that holds without one keeps records that have none, or one who is unknown."""
    nobody = {"time_zone": None, "created_by": None}

    assert told_ == by_owner(asked, Entity.CONTACT, [replace(user, **nobody) for user in (ANN, BOB)])


_CUTS = {
    "words": re.compile(r"[^\W_]+"),
    "blanks": re.compile(r"\S+"),
    "letters or digits": re.compile(r"[^\W\d_]+|\d+"),
}
_TEXTS = st.text(alphabet="abksßSK19 .@-'*üé", max_size=12)


@given(_TEXTS, st.integers(0, 8), st.integers(0, 8), st.booleans(), st.sampled_from(sorted(_CUTS)))
def test_token_searches_find_every_match(text: str, start: int, size: int, is_prefix: bool, cut: str) -> None:
    """Whatever a text is cut into tokens by, the wildcard finds it when it contains or starts with the operand."""
    operand = text[:size] if is_prefix else text[start : start + size]
    compare = Compare("email", Operator.STARTS_WITH if is_prefix else Operator.CONTAINS, operand.swapcase())
    if not evaluate(compare, Contact(source="s", remote_id="1", email=text), entity=Entity.CONTACT):
        return

    groups, _ = told(compare)

    for part in groups[0]:
        pattern = ".*".join(map(re.escape, (part.value or "").split("*")))
        assert any(re.fullmatch(pattern, token.lower()) for token in _CUTS[cut].findall(text)), (text, operand, part)


@given(st.text(max_size=40))
def test_any_value_survives_the_way_into_the_body(value: str) -> None:
    """Values stand in JSON as they are: no quote, backslash, line end or star gets another meaning."""
    body = search_body(((Filter("email", "EQ", value),),), ["email"], limit=5, sort=Sort("email"))

    assert value == orjson.loads(body)["filterGroups"][0]["filters"][0]["value"]


@given(st.text(max_size=12))
def test_a_star_never_comes_from_the_caller(text: str) -> None:
    """Wildcards stand at the ends of a token search, and nowhere else."""
    groups, _ = told(Compare("email", Operator.CONTAINS, text))

    for part in groups[0]:
        assert re.fullmatch(r"\*?[a-z0-9]+\*|HAS_PROPERTY", part.value or part.operator)
