"""Filters become predicates: every kind of condition, nesting, ids, ranges, and what is refused."""

from typing import Any

import pytest

from model.query import EVERYTHING, NOTHING, And, Compare, MoneyBound, Not, Operator, Or, Predicate
from schema import Limits
from tests.schema.conftest import Ask, gid
from tests.schema.shelf import Shelf

NORTH, SOUTH = gid("contact", "north", "c1"), gid("contact", "south", "c3")
COMPANY = gid("company", "north", "o1")
STAGE, PIPELINE = gid("stage", "north", "s1"), gid("pipeline", "north", "p1")


def eq(field: str, operand: Any) -> Compare:
    """Equality in brief."""
    return Compare(field, Operator.EQ, operand)


def euro(operator: Operator, amount: str) -> Compare:
    """A bound on the amount."""
    return Compare("amount", operator, MoneyBound("EUR", amount))


def span(field: str, start: str, end: str) -> And:
    """From *start*, included, to *end*, excluded."""
    return And((Compare(field, Operator.GTE, start), Compare(field, Operator.LT, end)))


CONTACTS: list[tuple[str, Predicate]] = [
    ("{}", EVERYTHING),
    ("{email: {}}", EVERYTHING),
    ("{and: []}", EVERYTHING),
    ("{or: []}", NOTHING),
    ('{email: {eq: "a"}}', eq("email", "a")),
    ('{email: {ne: "a"}}', Compare("email", Operator.NE, "a")),
    ('{email: {in: ["a", "b"]}}', Compare("email", Operator.IN, ("a", "b"))),
    ("{email: {in: []}}", Compare("email", Operator.IN, ())),
    ('{email: {notIn: ["a"]}}', Compare("email", Operator.NOT_IN, ("a",))),
    ('{jobTitle: {contains: "a"}}', Compare("job_title", Operator.CONTAINS, "a")),
    ('{tags: {startsWith: "a"}}', Compare("tags", Operator.STARTS_WITH, "a")),
    ("{phone: {isNull: true}}", Compare("phone", Operator.IS_NULL, operand=True)),
    ("{phone: {isNull: false}}", Compare("phone", Operator.IS_NULL, operand=False)),
    (
        '{email: {startsWith: "a", ne: "ab"}}',
        And((Compare("email", Operator.NE, "ab"), Compare("email", Operator.STARTS_WITH, "a"))),
    ),
    ("{emailOptOut: {eq: false}}", Compare("email_opt_out", Operator.EQ, operand=False)),
    ('{not: {email: {eq: "a"}}}', Not(eq("email", "a"))),
    (
        '{or: [{email: {eq: "a"}}, {phone: {eq: "1"}}], lastName: {eq: "b"}}',
        And((Or((eq("email", "a"), eq("phone", "1"))), eq("last_name", "b"))),
    ),
    ('{and: [{email: {eq: "a"}}, {}]}', And((eq("email", "a"), EVERYTHING))),
    (f'{{id: {{eq: "{NORTH}"}}}}', eq("remote_id", "north\nc1")),
    (f'{{id: {{in: ["{NORTH}", "{SOUTH}"]}}}}', Compare("remote_id", Operator.IN, ("north\nc1", "south\nc3"))),
    ("{id: {in: []}}", Compare("remote_id", Operator.IN, ())),
    ("{id: {isNull: true}}", Compare("remote_id", Operator.IS_NULL, operand=True)),
    ('{birthDate: {eq: "1990-02-28"}}', eq("birth_date", "1990-02-28")),
    ("{birthDate: {within: TODAY}}", span("birth_date", "2026-05-13", "2026-05-14")),
    ("{birthDate: {within: OVERDUE}}", Compare("birth_date", Operator.LT, "2026-05-13")),
    (
        '{createdAt: {gt: "2026-05-01T12:00:00+02:00", lte: "2026-05-02T00:00:00.123456Z"}}',
        And(
            (
                Compare("created_at", Operator.LTE, "2026-05-02T00:00:00.123Z"),
                Compare("created_at", Operator.GT, "2026-05-01T10:00:00.000Z"),
            )
        ),
    ),
    ("{createdAt: {within: THIS_WEEK}}", span("created_at", "2026-05-11T00:00:00.000Z", "2026-05-18T00:00:00.000Z")),
    ("{createdAt: {within: OVERDUE}}", Compare("created_at", Operator.LT, "2026-05-13T10:30:00.000Z")),
    ("{company: {}}", EVERYTHING),
    ('{company: {domain: {eq: "a.io"}}}', eq("company.domain", "a.io")),
    (f'{{company: {{id: {{in: ["{COMPANY}"]}}}}}}', Compare("company.remote_id", Operator.IN, ("north\no1",))),
    (
        '{not: {company: {or: [{domain: {isNull: true}}, {not: {name: {eq: "a"}}}]}}}',
        Not(Or((Compare("company.domain", Operator.IS_NULL, operand=True), Not(eq("company.name", "a"))))),
    ),
    (
        '{company: {createdAt: {within: THIS_WEEK}}, owner: {email: {eq: "a@x.io"}, isActive: {eq: true}}}',
        And(
            (
                span("company.created_at", "2026-05-11T00:00:00.000Z", "2026-05-18T00:00:00.000Z"),
                And((eq("owner.email", "a@x.io"), Compare("owner.is_active", Operator.EQ, operand=True))),
            )
        ),
    ),
]


@pytest.mark.parametrize(("where", "expected"), CONTACTS)
async def test_contact_filter_is_lowered(ask: Ask, shelf: Shelf, where: str, expected: Predicate) -> None:
    """Each condition becomes the comparison it names; all given ones hold."""
    shelf.records = ()

    answer = await ask(f"{{ contacts(where: {where}) {{ isPartial }} }}")

    assert answer["errors"] == []
    assert shelf.requests[0].where == expected


DEALS: list[tuple[str, Predicate]] = [
    ("{status: {eq: WON}}", eq("status", "WON")),
    ("{status: {in: [WON, LOST]}}", Compare("status", Operator.IN, ("WON", "LOST"))),
    ("{status: {notIn: [UNKNOWN]}}", Compare("status", Operator.NOT_IN, ("UNKNOWN",))),
    (f'{{stage: {{eq: "{STAGE}"}}}}', eq("stage", "north\ns1")),
    (f'{{pipeline: {{in: ["{PIPELINE}"]}}}}', Compare("pipeline", Operator.IN, ("north\np1",))),
    (
        '{probability: {gte: "0.50", ne: 1}}',
        And((Compare("probability", Operator.NE, "1"), Compare("probability", Operator.GTE, "0.50"))),
    ),
    ('{amount: {currency: "EUR", eq: "10.00"}}', euro(Operator.EQ, "10.00")),
    ('{amount: {currency: "eur", gt: 10, lte: "99.9"}}', And((euro(Operator.LTE, "99.9"), euro(Operator.GT, "10")))),
    ('{amount: {currency: "EUR"}}', euro(Operator.GTE, "-999999999999999999")),
]


@pytest.mark.parametrize(("where", "expected"), DEALS)
async def test_deal_filter_is_lowered(ask: Ask, shelf: Shelf, where: str, expected: Predicate) -> None:
    """Words, references, exact numbers and amounts become comparisons; a currency alone matches every amount in it."""
    shelf.records = ()

    answer = await ask(f"{{ deals(where: {where}) {{ isPartial }} }}")

    assert answer["errors"] == []
    assert shelf.requests[0].where == expected


async def test_whole_numbers_compare_as_numbers(ask: Ask, shelf: Shelf) -> None:
    """An integer field takes integers."""
    await ask("{ companies(where: {employeeCount: {in: [1, 2], gte: 1}}) { isPartial } }")

    assert shelf.requests[0].where == And(
        (Compare("employee_count", Operator.IN, (1, 2)), Compare("employee_count", Operator.GTE, 1))
    )


async def test_range_is_counted_in_callers_zone(ask: Ask, shelf: Shelf) -> None:
    """Today begins at midnight of `options.timeZone`; on Kiritimati it is tomorrow already."""
    shelf.records = ()
    query = """{ tasks(where: {dueAt: {within: TODAY}, dueOn: {within: TOMORROW}},
        options: {timeZone: "Pacific/Kiritimati"}) { isPartial } }"""

    await ask(query)

    days = span("due_on", "2026-05-15", "2026-05-16")
    instants = span("due_at", "2026-05-13T10:00:00.000Z", "2026-05-14T10:00:00.000Z")
    assert shelf.requests[0].where == And((*days.items, *instants.items))


async def test_filter_comes_from_variables(ask: Ask, shelf: Shelf) -> None:
    """A filter given as a variable, or in part, lowers like one written out."""
    shelf.records = ()
    query = """query ($where: DealFilter, $low: Decimal, $left: Decimal) { deals(where: $where) { isPartial }
        b: deals(where: {amount: {currency: "EUR", gte: $low, lt: $left}}) { isPartial } }"""

    answer = await ask(query, where={"not": {"status": {"in": ["WON"]}}}, low="5")

    assert answer["errors"] == []
    assert [request.where for request in shelf.requests] == [
        Not(Compare("status", Operator.IN, ("WON",))),
        euro(Operator.GTE, "5"),
    ]


async def test_shape_of_filter_outlives_the_day(ask: Ask, shelf: Shelf) -> None:
    """The text that ties a cursor to its filter names the range, and differs between filters."""
    for where in ("{createdAt: {within: TODAY}}", "{createdAt: {within: YESTERDAY}}", "{not: {email: {in: []}}}", "{}"):
        await ask(f"{{ contacts(where: {where}) {{ isPartial }} }}")
    await ask("{ contacts { isPartial } }")

    assert [request.shape for request in shelf.requests] == [
        '{"created_at": {"within": "TODAY"}}',
        '{"created_at": {"within": "YESTERDAY"}}',
        '{"not": {"email": {"in": []}}}',
        "{}",
        "",
    ]


LIMITS = Limits(filter_depth=2, filter_values=3, filter_conditions=4)
REFUSED = [
    (
        "contacts(where: {email: {eq: null}})",
        "where.email.eq is null; leave it out, or use isNull to ask for missing values",
    ),
    ("contacts(where: {email: null})", "where.email is null; leave it out, or use isNull to ask for missing values"),
    (
        "contacts(where: {email: {notIn: null}})",
        "where.email.notIn is null; leave it out, or use isNull to ask for missing values",
    ),
    (
        "contacts(where: {or: [{not: null}]})",
        "where.or[0].not is null; leave it out, or use isNull to ask for missing values",
    ),
    (
        'deals(where: {amount: {currency: "EUR", gt: null}})',
        "where.amount.gt is null; leave it out, or use isNull to ask for missing values",
    ),
    ('deals(where: {amount: {currency: "€"}})', "where.amount.currency is no ISO 4217 code such as EUR"),
    ('deals(where: {amount: {currency: "EURO"}})', "where.amount.currency is no ISO 4217 code such as EUR"),
    (f'contacts(where: {{id: {{eq: "{STAGE}"}}}})', "the id in where names a stage; a contact's is needed there"),
    (f'deals(where: {{stage: {{in: ["{NORTH}"]}}}})', "the id in where names a contact; a stage's is needed there"),
    ('contacts(where: {id: {eq: "c1"}})', "this id was not made by this gateway; use an `id` it returned, unchanged"),
    (
        "contacts(where: {and: [{and: [{and: [{}]}]}]})",
        "where.and[0].and[0].and[0] is nested too deeply; at most 2 filters may be",
    ),
    ('contacts(where: {email: {in: ["a", "b", "c", "d"]}})', "where.email.in has 4 values; at most 3 are taken"),
    (
        'contacts(where: {company: {not: {owner: {email: {eq: "a"}}}}})',
        "where.company.not.owner is a second relation: read its company ids first, for where.company.id",
    ),
    ("contacts(where: {owner: null})", "where.owner is null; leave it out, or use isNull to ask for missing values"),
    (
        "contacts(where: {company: {and: [{and: [{}]}]}})",
        "where.company.and[0].and[0] is nested too deeply; at most 2 filters may be",
    ),
    (
        f'contacts(where: {{company: {{id: {{eq: "{NORTH}"}}}}}})',
        "the id in where names a contact; a company's is needed there",
    ),
    (
        'contacts(where: {or: [{email: {eq: "a", ne: "b"}}, {company: {name: {eq: "a", contains: "b", ne: "c"}}}]})',
        "where has 5 conditions; at most 4 are taken: name several values with `in`",
    ),
]


@pytest.mark.parametrize(("field", "complaint"), REFUSED)
async def test_filter_without_meaning_is_refused(ask: Ask, shelf: Shelf, field: str, complaint: str) -> None:
    """BAD_REQUEST says where and what; above all, null never makes a condition vanish."""
    answer = await ask(f"{{ {field} {{ isPartial }} }}", limits=LIMITS)

    assert [(error["message"], error["extensions"]) for error in answer["errors"]] == [
        (complaint, {"code": "BAD_REQUEST"})
    ]
    assert shelf.requests == []
