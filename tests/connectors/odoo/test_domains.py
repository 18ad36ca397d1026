"""What conditions become as domains, and what is left to check."""

import pytest

from connectors.odoo.domains import Behind, Collation, Domain, Domains, Far, Flag, LastDay, Number, Timed
from connectors.tables import Criterion, Kind
from model.query import Compare, MoneyBound, Operand, Operator

NAME = Criterion(column="name", kind=Kind.TEXT)
TAGS = Criterion(column="tag_ids.name", kind=Kind.SEVERAL)
CHANGED = Criterion(column="write_date", kind=Kind.INSTANT, is_always=True)
CLOSES = Criterion(column="date_deadline", kind=Kind.DAY)
CHANCE = Criterion(column="probability", kind=Kind.NUMBER, factor=100)
AMOUNT = Criterion(column="expected_revenue", kind=Kind.MONEY, currency="USD")
AMOUNTS = Criterion(column="expected_revenue", kind=Kind.MONEY, currency="USD", currency_column="company_id.code")
OWNER = Criterion(column="user_id", kind=Kind.LINK)
AUTHOR = Number(column="author_id", kind=Kind.WORD)
ARCHIVED = Flag(column="active", kind=Kind.WORD)
STARTS = Timed(column="start", kind=Kind.INSTANT, where=(("allday", "=", False),))
ENDS = LastDay(column="stop_date", kind=Kind.DAY)
COMPANY = Far(column="partner_id.commercial_partner_id", kind=Kind.LINK, where=(("is_company", "=", True),))
COMPANY_NAME = Behind.of(COMPANY, NAME, (("is_company", "=", True),))

SECOND = "2026-05-01T10:00:00.000Z"
FRACTION = "2026-05-01T10:00:00.250Z"
NEVER: Domain = ((0, "=", 1),)

CONDITIONS: list[tuple[Criterion, Operator, Operand, Domain]] = [
    (NAME, Operator.EQ, "Brandt", (("name", "=ilike", "Brandt"),)),
    (NAME, Operator.NE, "Brandt", ("!", ("name", "=ilike", "Brandt"))),
    (NAME, Operator.EQ, "100%_a\\b", (("name", "=ilike", "100\\%\\_a\\\\b"),)),
    (NAME, Operator.CONTAINS, "50%", (("name", "ilike", "50\\%"),)),
    (NAME, Operator.STARTS_WITH, "a_b", (("name", "=ilike", "a\\_b%"),)),
    (NAME, Operator.EQ, "Weiss", ("|", ("name", "=ilike", "weiss"), ("name", "=ilike", "weiß"))),
    (NAME, Operator.IN, ("Ann", "Bob"), ("|", ("name", "=ilike", "Ann"), ("name", "=ilike", "Bob"))),
    (NAME, Operator.NOT_IN, ("Ann", "Bob"), ("!", "|", ("name", "=ilike", "Ann"), ("name", "=ilike", "Bob"))),
    (NAME, Operator.EQ, "a\0b", NEVER),
    (NAME, Operator.NE, "\ud800", ("!", *NEVER)),
    (NAME, Operator.IS_NULL, True, ("!", ("name", "!=", False))),
    (TAGS, Operator.NE, "VIP", ("!", ("tag_ids.name", "=ilike", "VIP"))),
    (TAGS, Operator.IS_NULL, False, (("tag_ids", "!=", False),)),
    (CHANGED, Operator.GTE, SECOND, (("write_date", ">=", "2026-05-01 10:00:00"),)),
    (CHANGED, Operator.GTE, FRACTION, (("write_date", ">=", "2026-05-01 10:00:01"),)),
    (CHANGED, Operator.GT, SECOND, (("write_date", ">=", "2026-05-01 10:00:01"),)),
    (CHANGED, Operator.LT, SECOND, (("write_date", "<", "2026-05-01 10:00:00"),)),
    (CHANGED, Operator.LT, FRACTION, (("write_date", "<", "2026-05-01 10:00:01"),)),
    (CHANGED, Operator.LTE, SECOND, (("write_date", "<", "2026-05-01 10:00:01"),)),
    (
        CHANGED,
        Operator.EQ,
        SECOND,
        ("&", ("write_date", ">=", "2026-05-01 10:00:00"), ("write_date", "<", "2026-05-01 10:00:01")),
    ),
    (CHANGED, Operator.EQ, FRACTION, NEVER),
    (STARTS, Operator.LT, SECOND, ("&", ("allday", "=", False), ("start", "<", "2026-05-01 10:00:00"))),
    (STARTS, Operator.IS_NULL, True, ("!", "&", ("allday", "=", False), ("start", "!=", False))),
    (CLOSES, Operator.GT, "2026-05-01", (("date_deadline", ">", "2026-05-01"),)),
    (ENDS, Operator.EQ, "2026-05-01", (("stop_date", "in", ("2026-04-30",)),)),
    (CHANCE, Operator.LTE, "0.655", (("probability", "<=", 65.5),)),
    (AMOUNT, Operator.EQ, MoneyBound("USD", "0.1"), (("expected_revenue", "in", (0.1,)),)),
    (
        AMOUNTS,
        Operator.GT,
        MoneyBound("EUR", "5"),
        ("&", ("company_id.code", "=", "EUR"), ("expected_revenue", ">", 5)),
    ),
    (
        AMOUNTS,
        Operator.GT,
        MoneyBound("USD", "5"),
        ("&", "|", ("company_id.code", "=", "USD"), ("company_id", "=", False), ("expected_revenue", ">", 5)),
    ),
    (OWNER, Operator.IN, ("7", "9"), (("user_id", "in", (7, 9)),)),
    (AUTHOR, Operator.NOT_IN, ("3",), ("!", ("author_id", "in", (3,)))),
    (ARCHIVED, Operator.IN, ("false",), (("active", "in", (False,)),)),
    (
        COMPANY,
        Operator.EQ,
        "59",
        (("partner_id.commercial_partner_id", "any", ("&", ("is_company", "=", True), ("id", "in", (59,)))),),
    ),
    (
        COMPANY_NAME,
        Operator.NE,
        "Acme",
        (
            "!",
            (
                "partner_id.commercial_partner_id",
                "any",
                ("&", ("is_company", "=", True), ("name", "=ilike", "Acme")),
            ),
        ),
    ),
    (COMPANY, Operator.IS_NULL, True, ("!", ("partner_id.commercial_partner_id", "any", (("is_company", "=", True),)))),
]


@pytest.fixture
def domains() -> Domains:
    """Those of a database that ignores case, and no accents."""
    made = Domains()
    made.collation = Collation(ignores_case=True)
    return made


@pytest.mark.parametrize(("criterion", "operator", "operand", "domain"), CONDITIONS)
def test_a_condition_is_a_domain(
    criterion: Criterion, operator: Operator, operand: Operand, domain: Domain, domains: Domains
) -> None:
    """Each means just what was asked, and its negation is told as well."""
    compare = Compare("field", operator, operand)

    told, denied = (domains.tell(criterion, compare, negate=negate) for negate in (False, True))

    assert told is not None
    assert denied is not None
    assert told.is_exact
    assert told.condition == domain
    assert {told.condition, denied.condition} == {domain, domain[1:] if domain[0] == "!" else ("!", *domain)}


@pytest.mark.parametrize(
    ("criterion", "operator", "operand"),
    [
        (CHANCE, Operator.EQ, "0.12345678901234567890"),
        (AMOUNT, Operator.LT, MoneyBound("USD", "99999999999999999999")),
        (CHANGED, Operator.GT, "9999-12-31T23:59:59.999Z"),
        (OWNER, Operator.EQ, "me"),
    ],
)
def test_what_odoo_cannot_be_told_is_left(
    criterion: Criterion, operator: Operator, operand: Operand, domains: Domains
) -> None:
    """Numbers that JSON would round, seconds behind the last, and ids that are none are checked here."""
    assert domains.tell(criterion, Compare("field", operator, operand), negate=False) is None


@pytest.mark.parametrize(
    ("collation", "operand", "pattern"),
    [
        (Collation(ignores_case=True, ignores_accents=True), "cafe", "cafe"),
        (Collation(), "Élan Zola", "%lan Zola%"),
        (Collation(ignores_case=True), "Işık", "%ş%k"),
    ],
)
def test_texts_that_the_database_compares_otherwise_are_a_superset(
    collation: Collation, operand: str, pattern: str, domains: Domains
) -> None:
    """More is let through, never less, and what would let less through is not told."""
    domains.collation = collation
    compare = Compare("field", Operator.EQ, operand)

    told = domains.tell(NAME, compare, negate=False)

    assert told is not None
    assert not told.is_exact
    assert told.condition == (("name", "=ilike", pattern),)
    assert domains.tell(NAME, compare, negate=True) is None
