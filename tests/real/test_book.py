"""The book's figures, as the CRMs themselves give them: what the other tests build on is there, once."""

from collections import Counter, defaultdict
from decimal import Decimal
from typing import Any

import httpx
import pytest

from tests.real.addresses import OdooAddress, PostGraphileAddress
from tests.real.servers.book import rows

COUNTS = {"companies": 60, "contacts": 220, "deals": 120, "appointments": 90, "leads": 70}
SUMS = {
    "new": Decimal("1067802.12"),
    "qualified": Decimal("1162045.77"),
    "proposition": Decimal("957287.26"),
    "won": Decimal("1116786.93"),
    "lost": Decimal("1138035.26"),
}
NOT_LOST = Decimal("4303922.08")
DEALS_BY_STAGE = dict.fromkeys(SUMS, 24)
LEADS_BY_STATUS = {"new": 18, "contacted": 18, "qualified": 17, "unqualified": 17}
VIPS = 25
WITHOUT_LOCATION = 25

# Odoo has records of its own beside the book's; archived ones, as lost deals are, come only when asked for.
ODOO_DEALS = [["type", "=", "opportunity"], ["name", "=like", "Deal ___ %"]]
ODOO_APPOINTMENTS = [["name", "=like", "% ___"], ["opportunity_id.name", "=like", "Deal ___ %"]]
ODOO_DOMAINS: dict[str, tuple[str, list[list[Any]]]] = {
    "companies": ("res.partner", [["ref", "=like", "seed-co-%"]]),
    "contacts": ("res.partner", [["ref", "=like", "seed-ct-%"]]),
    "deals": ("crm.lead", ODOO_DEALS),
    "appointments": ("calendar.event", ODOO_APPOINTMENTS),
    "leads": ("crm.lead", [["type", "=", "lead"], ["name", "=like", "Lead Prospect ___ Ltd"]]),
}
LOGIN = """mutation ($email: String!, $password: String!) {
  authenticate(input: {email: $email, password: $password}) { jwtToken }
}"""
POSTGRAPHILE_FIGURES = """{
  companies: accounts { totalCount }
  contacts: people { totalCount }
  deals: opportunities { totalCount groupedAggregates(groupBy: [STAGE]) { keys sum { amount } distinctCount { id } } }
  appointments: meetings { totalCount }
  attendees: meetingAttendees { totalCount }
  leads: prospects { totalCount groupedAggregates(groupBy: [STATUS]) { keys distinctCount { id } } }
  vips: people(filter: {labels: {contains: ["vip"]}}) { totalCount }
  nowhere: meetings(filter: {location: {isNull: true}}) { totalCount }
  open: opportunities(filter: {stage: {notEqualTo: LOST}}) { totalCount aggregates { sum { amount } } }
}"""


def called(odoo: OdooAddress, model: str, method: str, **arguments: Any) -> Any:
    """What *method* of *model* gives over Odoo's JSON-2."""
    response = httpx.post(
        f"{odoo.url}/json/2/{model}/{method}",
        json={"context": {"active_test": False}, **arguments},
        headers={"Authorization": f"bearer {odoo.key}", "X-Odoo-Database": odoo.database},
        trust_env=False,
    )
    return response.raise_for_status().json()


def asked(postgraphile: PostGraphileAddress, document: str, token: str | None = None, **variables: str) -> Any:
    """The data that PostGraphile answers *document* with, as whoever *token* is."""
    response = httpx.post(
        postgraphile.url,
        json={"query": document, "variables": variables},
        headers={"Authorization": f"Bearer {token}"} if token else {},
        trust_env=False,
    )
    answer = response.raise_for_status().json()
    assert "errors" not in answer
    return answer["data"]


def test_the_book_adds_up() -> None:
    """The files hold the records that the figures below speak of."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for deal in rows("deals"):
        sums[deal["stage"]] += Decimal(deal["amount"])

    assert {table: len(rows(table)) for table in COUNTS} == COUNTS
    assert sums == SUMS
    assert sum(sums.values()) - sums["lost"] == NOT_LOST
    assert Counter(deal["stage"] for deal in rows("deals")) == DEALS_BY_STAGE
    assert Counter(lead["status"] for lead in rows("leads")) == LEADS_BY_STATUS
    assert sum(contact["tag"] == "vip" for contact in rows("contacts")) == VIPS
    assert sum(not appointment["location"] for appointment in rows("appointments")) == WITHOUT_LOCATION


@pytest.mark.real
def test_odoo_holds_the_book(odoo: OdooAddress) -> None:
    """Every record is there once, and the deals of each stage add up."""
    counts = {
        table: called(odoo, model, "search_count", domain=domain) for table, (model, domain) in ODOO_DOMAINS.items()
    }
    groups = called(
        odoo,
        "crm.lead",
        "formatted_read_group",
        domain=ODOO_DEALS,
        groupby=["active", "stage_id"],
        aggregates=["expected_revenue:sum", "__count"],
    )
    # A lost deal is archived, and keeps its stage.
    stages = {group["stage_id"][1].lower() if group["active"] else "lost": group for group in groups}
    vips = called(odoo, "res.partner", "search_count", domain=[["category_id.name", "=", "vip"]])
    nowhere = called(odoo, "calendar.event", "search_count", domain=[*ODOO_APPOINTMENTS, ["location", "=", False]])

    sums = {stage: Decimal(f"{group['expected_revenue:sum']:.2f}") for stage, group in stages.items()}
    assert counts == COUNTS
    assert sums == SUMS
    assert sum(sums.values()) - sums["lost"] == NOT_LOST
    assert {stage: group["__count"] for stage, group in stages.items()} == DEALS_BY_STAGE
    assert (vips, nowhere) == (VIPS, WITHOUT_LOCATION)


@pytest.mark.real
def test_postgraphile_holds_the_book(postgraphile: PostGraphileAddress) -> None:
    """Every record is there once, and the deals of each stage add up."""
    account = {"email": postgraphile.email, "password": postgraphile.password}
    token = asked(postgraphile, LOGIN, **account)["authenticate"]["jwtToken"]

    figures = asked(postgraphile, POSTGRAPHILE_FIGURES, token)

    stages = {group["keys"][0].lower(): group for group in figures["deals"]["groupedAggregates"]}
    statuses = {group["keys"][0].lower(): group for group in figures["leads"]["groupedAggregates"]}
    assert {table: figures[table]["totalCount"] for table in COUNTS} == COUNTS
    assert {stage: Decimal(group["sum"]["amount"]) for stage, group in stages.items()} == SUMS
    assert Decimal(figures["open"]["aggregates"]["sum"]["amount"]) == NOT_LOST
    assert {stage: int(group["distinctCount"]["id"]) for stage, group in stages.items()} == DEALS_BY_STAGE
    assert {status: int(group["distinctCount"]["id"]) for status, group in statuses.items()} == LEADS_BY_STATUS
    assert figures["open"]["totalCount"] == 96
    assert figures["attendees"]["totalCount"] == COUNTS["appointments"]
    assert (figures["vips"]["totalCount"], figures["nowhere"]["totalCount"]) == (VIPS, WITHOUT_LOCATION)
