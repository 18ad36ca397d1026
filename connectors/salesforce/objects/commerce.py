"""Companies and deals in Salesforce columns."""

from collections.abc import Iterable

from connectors.mapping import Row, convert
from connectors.salesforce.objects.facts import PIPELINE_ID, Facts
from connectors.salesforce.objects.mapped import (
    Mapped,
    addresses,
    day,
    instant,
    long_text,
    money,
    text,
    value,
    whole,
)
from connectors.salesforce.soql import (
    Always,
    Key,
    Ordered,
    SortKey,
    Within,
    Words,
    date_literal,
    number_literal,
)
from model.values import Ref

__all__ = ["company_fields", "deal_fields"]


def company_fields(facts: Facts) -> Iterable[Mapped]:
    """Fields of an Account."""
    return (
        text("name", "Name"),
        value("domain", ("Website",), lambda row: convert.host(row["Website"]), rule=Within("Website")),
        text("website", "Website"),
        text("phone", "Phone"),
        text("industry", "Industry"),
        whole("employee_count", "NumberOfEmployees"),
        money("annual_revenue", "AnnualRevenue", currency=facts.currency, currency_column=facts.currency_column),
        addresses({"Billing": "billing", "Shipping": "shipping"}),
        long_text("description", "Description"),
    )


def deal_fields(facts: Facts) -> Iterable[Mapped]:
    """Fields of an Opportunity; a closed one was closed on its CloseDate."""
    return (
        text("name", "Name"),
        money("amount", "Amount", currency=facts.currency, currency_column=facts.currency_column),
        value(
            "probability",
            ("Probability",),
            lambda row: convert.percent(row["Probability"]),
            rule=Ordered("Probability", _percent_literal),
            sort=SortKey("Probability", _percent_literal),
        ),
        value(
            "status",
            ("IsClosed", "IsWon"),
            _deal_status,
            rule=Words(
                {"OPEN": "IsClosed = false", "WON": "IsWon = true", "LOST": "(IsClosed = true AND IsWon = false)"}
            ),
        ),
        text("status_label", "StageName"),
        value("pipeline", (), lambda _: Ref("pipeline", PIPELINE_ID), rule=Always(PIPELINE_ID)),
        value("stage", ("StageName",), _stage, rule=Key("StageName", facts.stages)),
        day("expected_close_on", "CloseDate"),
        value(
            "closed_on",
            ("CloseDate", "IsClosed"),
            lambda row: convert.date(row["CloseDate"]) if row["IsClosed"] else None,
            rule=Ordered("CloseDate", date_literal, present="IsClosed = true", absent="IsClosed = false"),
            sort=SortKey("CloseDate", date_literal, present="IsClosed = true", absent="IsClosed = false"),
        ),
        text("deal_type", "Type"),
        text("next_step", "NextStep"),
        text("lead_source", "LeadSource"),
        long_text("description", "Description"),
        instant("stage_changed_at", "LastStageChangeDate"),
    )


def _percent_literal(share: object) -> str | None:
    return number_literal(share, scale=100)


def _deal_status(row: Row) -> str:
    if row["IsWon"]:
        return "WON"
    return "LOST" if row["IsClosed"] else "OPEN"


def _stage(row: Row) -> Ref | None:
    name = convert.text(row["StageName"])
    return Ref("stage", name) if name else None
