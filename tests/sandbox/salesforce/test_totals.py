"""Statements with aggregates, and amounts in several currencies."""

from datetime import UTC, date, datetime

import pytest

from tests.sandbox.salesforce.desk import Desk

DEALS = (
    ("a", "Prospecting", 10.1, datetime(2024, 12, 31, 23, 30, tzinfo=UTC)),
    ("b", "Prospecting", 20.2, datetime(2025, 6, 1, tzinfo=UTC)),
    ("C", "Closed Won", None, datetime(2025, 7, 1, tzinfo=UTC)),
    ("d", None, 5.0, datetime(2025, 7, 2, tzinfo=UTC)),
)


@pytest.fixture
def deals(desk: Desk) -> Desk:
    """Four deals, one without an amount, one without a stage."""
    (account,) = desk.add("Account", {"Name": "Acme"})
    desk.add(
        "Opportunity",
        *(
            {"Name": name, "StageName": stage, "Amount": amount, "CreatedDate": at, "AccountId": account}
            for name, stage, amount, at in DEALS
        ),
    )
    return desk


def rows(desk: Desk, statement: str) -> list[tuple[object, ...]]:
    """The values of each record."""
    records = desk.run(statement)["records"]
    assert isinstance(records, list)
    assert all(one["attributes"] == {"type": "AggregateResult"} for one in records)
    return [tuple(one.values())[1:] for one in records]


def test_bare_count_is_a_number_without_records(deals: Desk) -> None:
    """COUNT() answers with totalSize alone; LIMIT bounds it."""
    assert deals.run("SELECT COUNT() FROM Opportunity WHERE Amount != null") == {
        "totalSize": 3,
        "done": True,
        "records": [],
    }
    assert deals.run("SELECT COUNT() FROM Opportunity LIMIT 2")["totalSize"] == 2


def test_aggregates_leave_nulls_out(deals: Desk) -> None:
    """All but COUNT(Id) ignore rows without a value."""
    statement = "SELECT COUNT(Id), COUNT(Amount), COUNT_DISTINCT(StageName), SUM(Amount), AVG(Amount) FROM Opportunity"

    (row,) = rows(deals, statement)

    assert row[:4] == (4, 3, 2, 35.3)
    assert row[4] == pytest.approx(35.3 / 3)


def test_expressions_are_numbered_unless_named(deals: Desk) -> None:
    """The first without an alias is expr0."""
    records = deals.run("SELECT MIN(Amount), MAX(Amount) most, COUNT(Id) FROM Opportunity")["records"]

    assert isinstance(records, list)
    assert list(records[0]) == ["attributes", "expr0", "most", "expr1"]


def test_least_and_greatest_text_ignore_case(deals: Desk) -> None:
    """The text itself keeps its case."""
    assert rows(deals, "SELECT MIN(Name), MAX(Name) FROM Opportunity WHERE Name IN ('b', 'C')") == [("b", "C")]


def test_groups_have_their_key_and_their_order(deals: Desk) -> None:
    """Nulls are a group; HAVING and ORDER BY see the groups."""
    statement = "SELECT StageName, COUNT(Id) n FROM Opportunity GROUP BY StageName"

    assert rows(deals, f"{statement} ORDER BY StageName") == [(None, 1), ("Prospecting", 2), ("Closed Won", 1)]
    assert rows(deals, f"{statement} HAVING COUNT(Id) > 1") == [("Prospecting", 2)]
    assert rows(deals, f"{statement} HAVING StageName != null ORDER BY COUNT(Id)") == [
        ("Closed Won", 1),
        ("Prospecting", 2),
    ]
    assert rows(deals, f"{statement} ORDER BY COUNT(Id) DESC LIMIT 1") == [("Prospecting", 2)]


def test_groups_by_text_ignore_case(desk: Desk) -> None:
    """Texts that compare as equal are one group."""
    desk.contacts("Smith", "SMITH", "smith", "Jones")

    assert rows(desk, "SELECT COUNT_DISTINCT(LastName) FROM Contact") == [(2,)]
    assert sorted(number for _, number in rows(desk, "SELECT LastName, COUNT(Id) FROM Contact GROUP BY LastName")) == [
        1,
        3,
    ]


def test_groups_by_a_parents_field(deals: Desk) -> None:
    """The key is the field's own name."""
    records = deals.run("SELECT Account.Name, COUNT(Id) n FROM Opportunity GROUP BY Account.Name")["records"]

    assert records == [{"attributes": {"type": "AggregateResult"}, "Name": "Acme", "n": 4}]


def test_parents_filter_and_group(desk: Desk) -> None:
    """Rows without a parent, or whose parent has no value, are one group, and pass what is not equal."""
    acme, plain = desk.add("Account", {"Name": "Acme", "Website": "https://acme.example"}, {"Name": "Plain"})
    (ann,) = desk.add("User", {"Name": "Ann", "Email": "ann@crew.example"})
    parents = ((acme, ann), (acme, None), (plain, ann), (None, None))
    desk.add(
        "Contact", *({"LastName": str(place), "AccountId": a, "OwnerId": o} for place, (a, o) in enumerate(parents))
    )

    def named(condition: str) -> list[object]:
        return desk.column(f"SELECT LastName FROM Contact WHERE {condition} ORDER BY LastName")

    assert named("Account.Website = 'https://ACME.example'") == ["0", "1"]
    assert named("Account.Website != 'https://acme.example'") == ["2", "3"]
    assert named("Account.Website = null") == ["2", "3"]
    assert named("Owner.Email IN ('ann@crew.example') AND Account.Name LIKE 'p%'") == ["2"]
    statement = "SELECT Account.Website, COUNT(Id) n FROM Contact GROUP BY Account.Website ORDER BY Account.Website"
    assert rows(desk, f"{statement} NULLS LAST") == [("https://acme.example", 2), (None, 2)]
    assert rows(desk, f"{statement} DESC NULLS FIRST") == [(None, 2), ("https://acme.example", 2)]


def test_least_and_greatest_of_dates_and_picklists(desk: Desk) -> None:
    """Dates and instants on the wire, picklist values by the order of Setup."""
    days, sources = (date(2024, 2, 29), None, date(1999, 12, 31)), ("Web", "Cold call", None)
    for day, source in zip(days, sources, strict=True):
        desk.add("Contact", {"LastName": "a", "Birthdate": day, "LeadSource": source})

    (row,) = rows(desk, "SELECT MIN(Birthdate), MAX(Birthdate), MAX(CreatedDate), MIN(LeadSource) FROM Contact")

    assert row == ("1999-12-31", "2024-02-29", "2026-01-01T00:00:00.000+0000", "Web")


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        ("CALENDAR_YEAR", [2024, 2025]),
        ("CALENDAR_QUARTER", [1, 4]),
        ("CALENDAR_MONTH", [1, 12]),
        ("FISCAL_QUARTER", [1, 4]),
        ("DAY_IN_MONTH", [1, 31]),
        ("DAY_IN_WEEK", [3, 4]),
        ("DAY_IN_YEAR", [1, 366]),
        ("WEEK_IN_MONTH", [1, 5]),
        ("WEEK_IN_YEAR", [1, 53]),
        ("DAY_ONLY", ["2024-12-31", "2025-01-01"]),
        ("HOUR_IN_DAY", [0, 23]),
    ],
)
def test_groups_by_parts_of_instants(desk: Desk, function: str, expected: list[object]) -> None:
    """All of them, in UTC."""
    instants = (datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC), datetime(2025, 1, 1, tzinfo=UTC))
    desk.add("Contact", *({"LastName": "a", "CreatedDate": at} for at in instants))
    part = f"{function}(CreatedDate)"

    found = rows(desk, f"SELECT {part} part, COUNT(Id) FROM Contact GROUP BY {part} ORDER BY {part}")

    assert found == [(value, 1) for value in expected]


def test_parts_of_dates_are_of_utc_or_of_the_users_zone(deals: Desk) -> None:
    """ConvertTimezone moves the last minutes of the year into the next one in Berlin."""
    plain = "SELECT CALENDAR_YEAR(CreatedDate), COUNT(Id) FROM Opportunity GROUP BY CALENDAR_YEAR(CreatedDate)"
    moved = plain.replace("(CreatedDate)", "(convertTimezone(CreatedDate))")

    assert sorted(rows(deals, plain)) == [(2024, 1), (2025, 3)]
    assert rows(deals, moved) == [(2025, 4)]
    assert deals.column("SELECT Name FROM Opportunity WHERE HOUR_IN_DAY(CreatedDate) = 23") == ["a"]
    assert deals.column("SELECT Name FROM Opportunity WHERE DAY_ONLY(CreatedDate) = 2025-06-01") == ["b"]


@pytest.mark.parametrize(
    ("statement", "code", "reason"),
    [
        ("SELECT Name, COUNT(Id) FROM Contact", "MALFORMED_QUERY", "Field must be grouped or aggregated: Name"),
        ("SELECT COUNT(Id) FROM Contact LIMIT 5", "MALFORMED_QUERY", "cannot also use LIMIT"),
        ("SELECT COUNT(Id) FROM Contact ORDER BY COUNT(Id)", "MALFORMED_QUERY", "cannot also use ORDER BY"),
        ("SELECT COUNT(), Id FROM Contact", "MALFORMED_QUERY", "Grouped query cannot use COUNT()"),
        ("SELECT SUM(Name) FROM Contact", "MALFORMED_QUERY", "does not support aggregate operator SUM"),
        ("SELECT MAX(DoNotCall) FROM Contact", "MALFORMED_QUERY", "does not support aggregate operator MAX"),
        ("SELECT CreatedDate FROM Contact GROUP BY CreatedDate", "INVALID_FIELD", "can not be grouped in a query call"),
        ("SELECT Amount FROM Opportunity GROUP BY Amount", "INVALID_FIELD", "can not be grouped in a query call"),
        ("SELECT Id FROM Contact HAVING COUNT(Id) > 1", "MALFORMED_QUERY", "HAVING needs GROUP BY"),
        ("SELECT Id FROM Contact WHERE COUNT(Id) > 1", "MALFORMED_QUERY", "unexpected token: 'COUNT'"),
        (
            "SELECT Name FROM Contact GROUP BY Name HAVING Title = 'a'",
            "MALFORMED_QUERY",
            "must be grouped",
        ),
        ("SELECT Name FROM Contact GROUP BY Name ORDER BY Title", "MALFORMED_QUERY", "Ordered field must be grouped"),
        ("SELECT Name n FROM Contact GROUP BY Name ORDER BY n", "INVALID_FIELD", "No such column 'n'"),
        ("SELECT Description FROM Contact GROUP BY Description", "INVALID_FIELD", "can not be grouped"),
        ("SELECT NPS__c FROM Contact GROUP BY NPS__c", "INVALID_FIELD", "can not be grouped in a query call"),
        ("SELECT Probability FROM Opportunity GROUP BY Probability", "INVALID_FIELD", "can not be grouped"),
        (
            "SELECT Account.AnnualRevenue FROM Contact GROUP BY Account.AnnualRevenue",
            "INVALID_FIELD",
            "can not be grouped",
        ),
        (
            "SELECT Name, Account.Name FROM Contact GROUP BY Name, Account.Name",
            "MALFORMED_QUERY",
            "duplicate alias: Name",
        ),
        ("SELECT Name n, COUNT(Id) n FROM Contact GROUP BY Name", "MALFORMED_QUERY", "duplicate alias: n"),
        ("SELECT HOUR_IN_DAY(Birthdate), COUNT(Id) FROM Contact GROUP BY HOUR_IN_DAY(Birthdate)", "INVALID_FIELD", ""),
    ],
)
def test_aggregates_have_rules(desk: Desk, statement: str, code: str, reason: str) -> None:
    """Grouped and overall statements are refused where the vendor refuses."""
    refusal = desk.refusal(statement)

    assert refusal.code == code
    assert reason in refusal.message


def test_groups_have_no_second_page(desk: Desk) -> None:
    """2,000 groups are answered, one more is an error that asks for LIMIT."""
    desk.contacts(*(f"n{number}" for number in range(2_000)))
    statement = "SELECT LastName, COUNT(Id) FROM Contact GROUP BY LastName"
    assert desk.run(statement)["totalSize"] == 2_000

    desk.contacts("one more")

    assert desk.refusal(statement).code == "EXCEEDED_ID_LIMIT"
    assert desk.run(f"{statement} LIMIT 2000")["totalSize"] == 2_000


@pytest.fixture
def currencies() -> Desk:
    """An org with euros as corporate currency, at 2 dollars a euro, and two deals whose bare amounts deceive."""
    desk = Desk(features=["multi_currency"], rates={"EUR": 1.0, "USD": 2.0})
    desk.add(
        "Opportunity",
        {"Name": "euros", "Amount": 60.0, "CurrencyIsoCode": "EUR", "StageName": "Prospecting"},
        {"Name": "dollars", "Amount": 100.0, "CurrencyIsoCode": "USD", "StageName": "Prospecting"},
    )
    return desk


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("Amount > 70", ["dollars"]),
        ("Amount > EUR55", ["euros"]),
        ("Amount > USD90", ["dollars", "euros"]),
        ("Amount = USD120.00", ["euros"]),
        ("Amount IN (EUR60, USD100)", ["dollars", "euros"]),
    ],
)
def test_coded_amounts_are_converted_and_bare_ones_not(currencies: Desk, condition: str, names: list[object]) -> None:
    """A bare number compares the raw amount whatever its currency."""
    assert currencies.column(f"SELECT Name FROM Opportunity WHERE {condition} ORDER BY Name") == names


def test_amounts_sort_by_corporate_value(currencies: Desk) -> None:
    """60 euros are more than 100 dollars."""
    assert currencies.column("SELECT Name FROM Opportunity ORDER BY Amount DESC") == ["euros", "dollars"]


def test_sums_are_in_the_corporate_currency(currencies: Desk) -> None:
    """60 EUR and 100 USD are 110 EUR."""
    assert rows(currencies, "SELECT StageName, SUM(Amount) FROM Opportunity GROUP BY StageName") == [
        ("Prospecting", 110.0)
    ]


def test_groups_are_sorted_and_chosen_by_corporate_sums(currencies: Desk) -> None:
    """Once converted, a sum is not converted again: 50 euros' worth of dollars are more than 40 euros."""
    currencies.add("Opportunity", {"Name": "more", "Amount": 40.0, "CurrencyIsoCode": "EUR", "StageName": "Closed Won"})
    statement = "SELECT Name, SUM(Amount), AVG(Amount), MAX(Amount) FROM Opportunity GROUP BY Name"

    assert rows(currencies, f"{statement} ORDER BY SUM(Amount) DESC") == [
        ("euros", 60.0, 60.0, 60.0),
        ("dollars", 50.0, 50.0, 50.0),
        ("more", 40.0, 40.0, 40.0),
    ]
    assert [name for name, *_ in rows(currencies, f"{statement} HAVING MIN(Amount) > 45 ORDER BY Name")] == [
        "dollars",
        "euros",
    ]
    assert currencies.refusal(f"{statement} HAVING SUM(Amount) > EUR45").code == "INVALID_FIELD"


def test_selected_amounts_are_the_rows_unless_converted(currencies: Desk) -> None:
    """ConvertCurrency gives the user's currency, in the SELECT list alone."""
    statement = "SELECT Amount, CurrencyIsoCode, convertCurrency(Amount) home FROM Opportunity ORDER BY Name"
    records = currencies.run(statement)["records"]

    assert isinstance(records, list)
    assert [tuple(one.values())[1:] for one in records] == [(100.0, "USD", 50.0), (60.0, "EUR", 60.0)]
    assert currencies.refusal("SELECT Id FROM Opportunity ORDER BY convertCurrency(Amount)").code == "MALFORMED_QUERY"


@pytest.mark.parametrize("condition", ["Amount > XYZ5", "Probability > EUR5", "Amount IN (EUR5, 5)"])
def test_currency_codes_must_fit(currencies: Desk, condition: str) -> None:
    """An unknown code, another type of number, and a mixture are refused."""
    assert currencies.refusal(f"SELECT Id FROM Opportunity WHERE {condition}").status == 400


def test_single_currency_org_knows_no_codes(desk: Desk) -> None:
    """There a coded amount and convertCurrency are refused."""
    assert desk.refusal("SELECT Id FROM Opportunity WHERE Amount > EUR5").status == 400
    assert desk.refusal("SELECT convertCurrency(Amount) FROM Opportunity").status == 400
