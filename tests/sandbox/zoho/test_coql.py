"""What COQL statements mean."""

from collections import defaultdict
from decimal import Decimal

import pytest

from sandbox.zoho.coql import parse
from sandbox.zoho.org import record_id
from tests.sandbox.zoho.orgs import BOOK, Client


def ids(rows: list[dict[str, object]]) -> list[object]:
    """Their ids."""
    return [one["id"] for one in rows]


@pytest.mark.parametrize(
    ("criteria", "holds"),
    [
        ("Last_Name = 'MILLER'", lambda one: one.last_name.casefold() == "miller"),
        ("Email is null", lambda one: one.email is None),
        ("Email != 'x'", lambda one: one.email is not None),
        ("Email like '%.example'", lambda one: (one.email or "").casefold().endswith(".example")),
        ("Last_Name not like 'm%'", lambda one: not one.last_name.casefold().startswith("m")),
        ("NPS_Score between 3 and 6", lambda one: one.nps is not None and 3 <= one.nps <= 6),
        ("NPS_Score not in (1, 2)", lambda one: one.nps is not None and one.nps not in {1, 2}),
        ("((VIP = true and NPS_Score > 4) or First_Name is null)", None),
        ("Renewal_Date >= '2027-01-01'", lambda one: str(one.renewal_on or "") >= "2027-01-01"),
        ("Preferred_Channel in ('Email','visit')", lambda one: one.preferred_channel in {"email", "visit"}),
        ("Interests like '%product%'", lambda one: any("product" in word for word in one.interests)),
        ("Title = 'VP, Operations'", lambda one: one.job_title == "VP, Operations"),
        ("Account_Name.Account_Name is not null", lambda one: one.company is not None),
        (f"Account_Name = '{record_id('Accounts', 3)}'", lambda one: one.company == 3),
        ("Owner.email like '%@crew.example'", lambda one: True),
    ],
)
def test_criteria_choose_what_they_say(org: Client, criteria: str, holds) -> None:
    """Text compares without case; a missing value meets nothing but "is null"."""
    holds = holds or (lambda one: (one.is_vip and (one.nps or 0) > 4) or one.first_name is None)
    found = org.found(f"select id from Contacts where {criteria} limit 2000")

    assert ids(found) == [record_id("Contacts", one.number) for one in BOOK.people if holds(one)]


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ("'O''Reilly'", "O'Reilly"),
        (r"'O\'Reilly'", "O'Reilly"),
        (r"'C:\Kunden\\x'", "C:\\Kunden\\x"),
        ('"say ""hi"""', 'say "hi"'),
        ("'%_;--'", "%_;--"),
        ("''", ""),
        ("'(a) and b'", "(a) and b"),
    ],
)
def test_texts_are_read_with_their_escapes(literal: str, value: str) -> None:
    """Doubled quotes, and backslashes before quotes and backslashes."""
    where = parse(f"select id from Contacts where Title = {literal}").where

    assert where.values == (value,)


@pytest.mark.parametrize("direction", ["asc", "desc"])
def test_missing_values_are_the_lowest(org: Client, direction: str) -> None:
    """First ascending, last descending, unless the option says otherwise."""
    found = org.found(f"select NPS_Score from Contacts where id > 1 order by NPS_Score {direction}, id limit 2000")
    scores = [-1 if one["NPS_Score"] is None else one["NPS_Score"] for one in found]

    assert scores == sorted(scores, reverse=direction == "desc")
    assert scores.count(-1) == sum(one.nps is None for one in BOOK.people)


def test_ties_have_no_order_of_their_own(org: Client) -> None:
    """Who walks by offset without a unique last key finds rows twice; with one, each once."""
    walks = [ids(org.found("select id from Contacts where id > 1 order by VIP limit 2000")) for _ in range(2)]
    walked = [
        one
        for start in range(0, len(BOOK.people), 30)
        for one in ids(org.found(f"select id from Contacts where id > 1 order by VIP, id limit {start}, 30"))
    ]

    assert walks[0] != walks[1]
    assert len(set(walked)) == len(walked) == len(BOOK.people)


def test_deals_sum_up_as_the_book_does(org: Client) -> None:
    """Grouped by stage and currency, with aliases and texts as keys."""
    query = "select Stage, Currency, count(id) as deals, SUM(Amount) from Deals where id > 1 group by Stage, Currency"
    found = org.found(f"{query} order by deals desc limit 2000")
    labels = {(way.key, stage.key): stage.label for way in BOOK.pipelines for stage in way.stages}
    counts: dict[tuple[str, str], int] = defaultdict(int)
    sums: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for deal in BOOK.deals:
        counts[labels[deal.pipeline, deal.stage], deal.currency] += 1
        sums[labels[deal.pipeline, deal.stage], deal.currency] += deal.amount or 0

    assert {(one["Stage"], one["Currency"]): one["deals"] for one in found} == counts
    assert {(one["Stage"], one["Currency"]): one["SUM(Amount)"] or 0 for one in found} == {
        key: float(total) for key, total in sums.items()
    }
    assert [one["deals"] for one in found] == sorted(counts.values(), reverse=True)


def test_one_row_without_groups(org: Client) -> None:
    """Counts, extremes and averages of all that is chosen."""
    amounts = [one.amount for one in BOOK.deals if one.amount is not None and one.currency == "EUR"]
    query = "select COUNT(Amount), MAX(Amount), MIN(Closing_Date), AVG(Amount) from Deals where Currency = 'EUR'"
    row = org.found(query)[0]

    assert row["COUNT(Amount)"] == len(amounts)
    assert row["MAX(Amount)"] == float(max(amounts))
    assert row["MIN(Closing_Date)"] == min(one.close_on for one in BOOK.deals if one.currency == "EUR").isoformat()
    assert row["AVG(Amount)"] == pytest.approx(float(sum(amounts) / len(amounts)))


def test_look_ups_are_ids_unless_dotted(org: Client) -> None:
    """Two relations far; where several modules are possible, the arrow names one."""
    query = "select Deal_Name, Account_Name, Account_Name.Parent_Account.Account_Name, Owner from Deals where id > 1"
    rows = org.found(f"{query} limit 2000")
    parent = {one.number: one.parent and BOOK.companies[one.parent - 1].name for one in BOOK.companies}
    tasks = org.found(
        "select 'What_Id->Accounts.Account_Name', $se_module from Tasks where 'What_Id->Accounts.id' is not null"
    )

    assert [one["Account_Name"] for one in rows] == [
        one.company and {"id": record_id("Accounts", one.company)} for one in BOOK.deals
    ]
    assert [one["Account_Name.Parent_Account.Account_Name"] for one in rows] == [
        one.company and parent[one.company] for one in BOOK.deals
    ]
    assert all(set(one["Owner"]) == {"id"} for one in rows)
    assert [one["What_Id->Accounts.Account_Name"] for one in tasks] == [
        BOOK.companies[one.company - 1].name for one in BOOK.tasks if one.deal is None and one.company
    ]
    assert {one["$se_module"] for one in tasks} == {"Accounts"}


def test_converted_leads_are_there_for_those_who_name_them(org: Client) -> None:
    """As in lists."""
    converted = sum(one.status == "converted" for one in BOOK.leads)

    assert len(org.found("select id from Leads where id > 1")) == len(BOOK.leads) - converted
    assert len(org.found("select id from Leads where Converted__s = true")) == converted


def test_pages_say_whether_there_is_more(org: Client) -> None:
    """200 rows unless told; an offset after the end has no content."""
    page = org.coql("select id from Contacts where id > 1 limit 30 offset 60").json()
    last = org.coql("select id from Contacts where id > 1 limit 90, 30").json()

    assert page["info"] == {"count": 30, "more_records": True}
    assert last["info"] == {"count": 10, "more_records": False}
    assert org.coql("select id from Contacts where id > 1 offset 100").status_code == 204
