"""What the organisation tells is what the book says."""

from collections import defaultdict
from decimal import Decimal

import pytest

from sandbox.zoho.org import record_id
from tests.sandbox.zoho.orgs import BOOK, Client

OWNERS = {one.number for one in BOOK.users if one.kind == "user"}


@pytest.mark.parametrize(
    ("module", "rows"),
    [
        ("Contacts", BOOK.people),
        ("Leads", BOOK.leads),
        ("Accounts", BOOK.companies),
        ("Deals", BOOK.deals),
        ("Events", BOOK.appointments),
        ("Tasks", BOOK.tasks),
        ("Notes", BOOK.notes),
    ],
)
def test_every_row_is_told_once_with_its_times_and_owner(org: Client, module: str, rows) -> None:
    """Whole seconds; ids do not run in the order of either time; what nobody owns is the administrator's."""
    told = org.rows(module, fields="Created_Time,Modified_Time,Owner", converted="both", sort_order="asc")
    admin = record_id("Users", len(BOOK.users) + 1)

    assert [one["id"] for one in told] == [record_id(module, one.number) for one in rows]
    assert [one["Owner"]["id"] for one in told] == [
        record_id("Users", one.owner) if one.owner in OWNERS else admin for one in rows
    ]
    for name, times in (
        ("Created_Time", [one.created_at for one in rows]),
        ("Modified_Time", [one.updated_at for one in rows]),
    ):
        assert [one[name][:10] for one in told] != sorted(one[name][:10] for one in told)
        assert [one[name][14:19] for one in told] == [f"{one:%M:%S}" for one in times]


def test_deals_are_open_won_or_lost_by_their_stages(org: Client) -> None:
    """Sums by outcome and currency, read from lists and metadata."""
    layout = org.get("settings/layouts", module="Deals").json()["layouts"][0]["id"]
    pipelines = org.get("settings/pipeline", layout_id=layout).json()["pipeline"]
    types = {
        (way["actual_value"], one["actual_value"]): one["forecast_type"] for way in pipelines for one in way["maps"]
    }
    outcomes = {(way.key, one.key): one.outcome for way in BOOK.pipelines for one in way.stages}
    told: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for one in org.rows("Deals", fields="Amount,Currency,Pipeline,Stage,Exchange_Rate"):
        kind = types[one["Pipeline"], one["Stage"]].removeprefix("Closed ").lower()
        told[kind, one["Currency"]] += Decimal(str(one["Amount"] or 0))
    meant: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for deal in BOOK.deals:
        meant[outcomes[deal.pipeline, deal.stage], deal.currency] += deal.amount or 0

    assert told == meant
    assert {kind for kind, _ in told} == {"open", "won", "lost"}
    assert len({currency for _, currency in told}) > 1


def test_texts_come_through_unharmed(org: Client) -> None:
    """Line breaks, quotes, emoji and other scripts."""
    notes = org.rows("Notes", fields="Note_Title,Note_Content", sort_order="asc")
    tasks = org.rows("Tasks", fields="Subject,Description,Due_Date,Status", sort_order="asc")

    assert [(one["Note_Title"], one["Note_Content"]) for one in notes] == [(one.title, one.body) for one in BOOK.notes]
    assert [(one["Subject"], one["Description"], one["Due_Date"]) for one in tasks] == [
        (one.subject, one.body, one.due_on and one.due_on.isoformat()) for one in BOOK.tasks
    ]


def test_own_fields_are_told(org: Client) -> None:
    """Of contacts, accounts and deals, under the account's own names."""
    contacts = org.rows("Contacts", fields="NPS_Score,Customer_Number,Renewal_Date", sort_order="asc")
    accounts = org.rows("Accounts", fields="Customer_Number,Tier", sort_order="asc")
    deals = org.rows("Deals", fields="Contract_Months,Main_Competitor", sort_order="asc")

    assert [(one["NPS_Score"], one["Customer_Number"]) for one in contacts] == [
        (one.nps, one.customer_number) for one in BOOK.people
    ]
    assert [(one["Customer_Number"], (one["Tier"] or "").lower()) for one in accounts] == [
        (one.customer_number, one.tier or "") for one in BOOK.companies
    ]
    assert [(one["Contract_Months"], one["Main_Competitor"]) for one in deals] == [
        (one.contract_months, one.competitor) for one in BOOK.deals
    ]
