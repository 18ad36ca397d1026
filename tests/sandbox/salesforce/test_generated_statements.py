"""Generated statements: none breaks the engine, and conditions mean what a second evaluation says."""

import operator
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from sandbox.salesforce.answers import ApiError
from tests.sandbox.salesforce.desk import Desk

Row = Mapping[str, object]
Test = Callable[[Row], bool]

TITLES = (None, "CEO", "ceo", "Chef", "Änne", "änne")
SCORES = (None, 0.0, 1.0, 2.5)
DAYS = (None, date(2000, 1, 1), date(2026, 11, 2))

ROWS: Sequence[Row] = [
    {"LastName": f"n{place}", "Title": title, "NPS__c": score, "Birthdate": day, "DoNotCall": place % 3 == 0}
    for place, (title, score, day) in enumerate(
        (title, score, day) for title in TITLES for score in SCORES for day in DAYS
    )
]

ORDERED = {"=": operator.eq, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}


def desk_with_rows() -> Desk:
    """The rows above as contacts."""
    desk = Desk()
    desk.add("Contact", *ROWS)  # type: ignore[arg-type]
    return desk


DESK = desk_with_rows()
FULL = Desk(features=["multi_currency", "shared_activities"], rates={"EUR": 1.0, "USD": 2.0})


def folded(value: object) -> object:
    """What text is compared by."""
    return value.upper() if isinstance(value, str) else value


def literal(value: object) -> str:
    """A value as SOQL writes it."""
    if value is None:
        return "null"
    return f"'{value}'" if isinstance(value, str) else value.isoformat() if isinstance(value, date) else str(value)


@st.composite
def comparisons(draw: st.DrawFn) -> tuple[str, Test]:
    """A comparison and what it means: null equals null alone, and every order is false of it."""
    name, values = draw(st.sampled_from([("Title", TITLES), ("NPS__c", SCORES), ("Birthdate", DAYS)]))
    if draw(st.booleans()):
        chosen = draw(st.lists(st.sampled_from(values), min_size=1, max_size=3))
        keys = {folded(one) for one in chosen}
        is_in = draw(st.booleans())
        listed = ", ".join(map(literal, chosen))
        return f"{name} {'IN' if is_in else 'NOT IN'} ({listed})", lambda row: (folded(row[name]) in keys) == is_in
    value = draw(st.sampled_from(values))
    word = draw(st.sampled_from(["=", "!="] if value is None else [*ORDERED, "!="]))
    if word == "!=":
        return f"{name} != {literal(value)}", lambda row: folded(row[name]) != folded(value)
    if value is None:
        return f"{name} = null", lambda row: row[name] is None
    compare = ORDERED[word]
    return (
        f"{name} {word} {literal(value)}",
        lambda row: row[name] is not None and bool(compare(folded(row[name]), folded(value))),
    )


@st.composite
def patterns(draw: st.DrawFn) -> tuple[str, Test]:
    """A prefix, infix or suffix of titles, or a checkbox."""
    if draw(st.booleans()):
        flag = draw(st.booleans())
        return f"DoNotCall = {str(flag).lower()}", lambda row: row["DoNotCall"] is flag
    part = draw(st.sampled_from(["c", "E", "änn", "X"]))
    start, end = draw(st.tuples(st.sampled_from(["", "%"]), st.sampled_from(["", "%"])))

    def matches(row: Row) -> bool:
        title = folded(row["Title"])
        if not isinstance(title, str):
            return False
        wanted = part.upper()
        if start and end:
            return wanted in title
        return title.endswith(wanted) if start else title.startswith(wanted) if end else title == wanted

    return f"Title LIKE '{start}{part}{end}'", matches


def junctions(children: st.SearchStrategy[tuple[str, Test]]) -> st.SearchStrategy[tuple[str, Test]]:
    """Conditions joined by one word, or one denied, in parentheses."""

    def joined(word: str, parts: list[tuple[str, Test]]) -> tuple[str, Test]:
        quantify = all if word == "AND" else any
        return f"({f' {word} '.join(text for text, _ in parts)})", lambda row: quantify(test(row) for _, test in parts)

    def denied(part: tuple[str, Test]) -> tuple[str, Test]:
        return f"(NOT {part[0]})", lambda row: not part[1](row)

    several = st.lists(children, min_size=2, max_size=4)
    return st.builds(joined, st.sampled_from(["AND", "OR"]), several) | children.map(denied)


CONDITIONS = st.recursive(comparisons() | patterns(), junctions, max_leaves=12)


@given(CONDITIONS)
def test_conditions_mean_what_a_second_evaluation_says(condition: tuple[str, Test]) -> None:
    """Every condition is true or false of every row, in SQL as in Python."""
    text, test = condition

    found = DESK.column(f"SELECT LastName FROM Contact WHERE {text}")

    assert set(found) == {row["LastName"] for row in ROWS if test(row)}


@given(CONDITIONS)
def test_a_condition_and_its_denial_share_out_the_rows(condition: tuple[str, Test]) -> None:
    """No row is in both, none in neither."""
    text, _ = condition

    true, false = (DESK.column(f"SELECT LastName FROM Contact WHERE {one}") for one in (text, f"NOT ({text})"))

    assert sorted([*true, *false], key=str) == sorted((row["LastName"] for row in ROWS), key=str)


def words(text: str) -> st.SearchStrategy[str]:
    """One of the words of *text*."""
    return st.sampled_from(text.split())


OBJECTS = words("Contact Account Lead Opportunity Event Task Group User Nope")
PATHS = words(
    "Id Name LastName Account.Name Owner.Name Owner.Type Who.Name What.Type Amount CloseDate CreatedDate Birthdate "
    "IsDeleted Description MailingAddress Interests__c StageName EventWhoIds Nope Account.Owner.Manager.Name "
    "CurrencyIsoCode Account.Parent.Parent.AnnualRevenue"
)
FUNCTIONS = words("COUNT SUM MIN MAX AVG COUNT_DISTINCT CALENDAR_YEAR DAY_ONLY toLabel convertCurrency NOPE")
ARGUMENTS = PATHS | st.just("") | PATHS.map("convertTimezone({})".format)
OPERANDS = PATHS | st.builds("{}({})".format, FUNCTIONS, ARGUMENTS)
VALUES = words(
    "'x' '' 'a%' null true 5 -1.5 2024-05-01 2024-05-01T00:00:00Z TODAY LAST_N_DAYS:3 NOPE EUR5 '003Qy0000000001IAA'"
)
LISTS = st.lists(VALUES, min_size=1, max_size=3).map(", ".join) | st.just("SELECT AccountId FROM Contact")
SETS = st.sampled_from(["IN", "NOT IN", "INCLUDES", "EXCLUDES"])
TESTS = st.builds("{} {} {}".format, OPERANDS, words("= != < >= LIKE"), VALUES) | st.builds(
    "{} {} ({})".format, OPERANDS, SETS, LISTS
)
CLAUSES = st.tuples(
    st.just("") | TESTS.map(" WHERE {}".format),
    st.just("") | OPERANDS.map(" GROUP BY {}".format),
    st.just("") | TESTS.map(" HAVING {}".format),
    st.just("") | st.builds(" ORDER BY {} {}".format, OPERANDS, st.sampled_from(["", "DESC", "NULLS LAST"])),
    st.sampled_from(["", " LIMIT 5", " LIMIT 200 OFFSET 3", " OFFSET 2001"]),
).map("".join)
OTHERS = ["(SELECT Id FROM Contacts LIMIT 2)", "FIELDS(ALL)", "TYPEOF What WHEN Account THEN Name END"]
SELECTED = st.lists(OPERANDS | st.sampled_from(OTHERS), min_size=1, max_size=3).map(", ".join)


@given(SELECTED, OBJECTS, CLAUSES)
def test_any_statement_is_answered_or_refused(selected: str, source: str, clauses: str) -> None:
    """Whatever names and values meet, the answer is one of the API's."""
    refusal = None
    try:
        FULL.run(f"SELECT {selected} FROM {source}{clauses}")
    except ApiError as error:
        refusal = error

    assert refusal is None or (refusal.status == 400 and refusal.code.isupper())
