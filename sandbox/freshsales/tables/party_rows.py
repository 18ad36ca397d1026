"""Contacts, accounts and deals of a book, as Freshsales' tables hold them."""

from collections.abc import Iterator
from datetime import datetime

from sandbox.freshsales.tables.cells import Row, absent, amount_cell, date_cell, instant_cell
from sandbox.freshsales.tables.ids import record_id, user_id
from sandbox.freshsales.tables.selectors import Selectors, people_of
from sandbox.seed import Book, Company, Lead, Person
from sandbox.seed import Row as BookRow

__all__ = ["account_rows", "contact_of_lead", "contact_rows", "crew", "deal_rows"]

_STAGES = {
    "subscriber": "Sales Qualified Lead",
    "lead": "Sales Qualified Lead",
    "qualified": "Sales Qualified Lead",
    "opportunity": "Sales Qualified Lead",
    "customer": "Customer",
    "evangelist": "Evangelist",
}
_FIRST_STATUS = {"Sales Qualified Lead": "Qualified", "Customer": "Won", "Evangelist": "Advocate"}
_LEAD_STATUSES = {"new": "New", "working": "Contacted", "qualified": "Interested", "disqualified": "Unqualified"}
_LEAD_SCORES = {"hot": 90, "warm": 55, "cold": 20, None: 0}

# What no book tells, and every contact has.
_UNTOLD = absent(
    "avatar time_zone facebook twitter linkedin external_id work_email keyword medium "
    "last_seen last_contacted last_contacted_mode recent_note last_assigned_at locale "
    "mcr_id customer_fit unsubscription_reason lost_reason_id campaign_id territory_id"
)


def contact_of_lead(lead: Lead) -> int:
    """The id of the contact that is *lead*: one of its own, or its person's once it is converted."""
    if lead.status == "converted" and lead.person is not None:
        return record_id("contacts", lead.person)
    return record_id("leads", lead.number)


def contact_rows(book: Book, selectors: Selectors) -> Iterator[Row]:
    """One row per person, and one per open lead in the stage of type Lead, its rating told as a score."""
    converted = {lead.person for lead in book.leads if lead.status == "converted"}
    for person in book.people:
        usual = "Sales Qualified Lead" if person.number in converted else None
        stage = _STAGES.get(person.lifecycle or "", usual)
        yield {**_person(person, selectors, stage), **crew(person, book, person.owner)}
    for lead in (one for one in book.leads if one.status != "converted"):
        yield {**_lead(lead, selectors), **crew(lead, book, lead.owner)}


def _person(person: Person, selectors: Selectors, stage: str | None) -> Row:
    return {
        **_contact(person, "contacts", selectors, stage=stage, status=stage and _FIRST_STATUS[stage]),
        **_address(person),
        "department": person.department,
        "work_number": person.phone,
        "mobile_number": person.mobile,
        "lead_score": 0,
        "subscription_status": "2" if person.email_opt_out else "1",
        "sales_account_id": person.company and record_id("sales_accounts", person.company),
        "custom_field": {
            "cf_nps_score": person.nps,
            "cf_customer_number": person.customer_number,
            "cf_renewal_date": date_cell(person.renewal_on),
            "cf_is_vip": person.is_vip,
            "cf_preferred_channel": person.preferred_channel,
            "cf_interests": ";".join(person.interests) or None,
        },
    }


def _lead(lead: Lead, selectors: Selectors) -> Row:
    return {
        **_contact(lead, "leads", selectors, stage="Lead", status=_LEAD_STATUSES[lead.status]),
        **absent("address state zipcode department mobile_number sales_account_id"),
        "city": lead.city,
        "country": lead.country,
        "work_number": lead.phone,
        "lead_score": _LEAD_SCORES[lead.rating],
        "subscription_status": "1",
        "custom_field": absent(
            "cf_nps_score cf_customer_number cf_renewal_date cf_is_vip cf_preferred_channel cf_interests"
        ),
    }


def _contact(told: Person | Lead, kind: str, selectors: Selectors, *, stage: str | None, status: str | None) -> Row:
    return {
        "id": record_id(kind, told.number),
        "first_name": told.first_name,
        "last_name": told.last_name,
        "display_name": " ".join(name for name in (told.first_name, told.last_name) if name),
        "job_title": told.job_title,
        "email": told.email,
        "emails": _emails(told, kind),
        "phone_numbers": [],
        "lead_source_id": selectors.id_of("lead_sources", told.lead_source),
        "lifecycle_stage_id": selectors.id_of("lifecycle_stages", stage),
        "contact_status_id": selectors.id_of("contact_status", status),
        "tags": [],
        "is_deleted": False,
        **_UNTOLD,
    }


def _emails(told: Person | Lead, kind: str) -> list[Row]:
    others = told.other_emails if isinstance(told, Person) else ()
    addresses = [*([told.email] if told.email else []), *others]
    return [
        {
            "id": record_id(kind, told.number * 10 + place),
            "value": address,
            "is_primary": address == told.email,
            "label": None,
            "_destroy": False,
        }
        for place, address in enumerate(addresses)
    ]


def account_rows(book: Book, selectors: Selectors) -> Iterator[Row]:
    """One row per company."""
    for company in book.companies:
        yield {
            "id": record_id("sales_accounts", company.number),
            "name": company.name,
            "website": company.domain,
            "phone": company.phone,
            **_address(company),
            "number_of_employees": company.employees,
            "annual_revenue": None if company.annual_revenue is None else float(company.annual_revenue),
            "industry_type_id": selectors.id_of("industry_types", company.industry),
            "parent_sales_account_id": company.parent and record_id("sales_accounts", company.parent),
            **absent("business_type_id territory_id facebook twitter linkedin avatar recent_note last_contacted"),
            **crew(company, book, company.owner),
            "tags": [],
            "is_deleted": False,
            "custom_field": {"cf_customer_number": company.customer_number, "cf_tier": company.tier},
        }


def deal_rows(book: Book, selectors: Selectors, now: datetime) -> Iterator[Row]:
    """One row per deal; its stage gives the probability."""
    for deal in book.deals:
        stage = selectors.stage(deal.pipeline, deal.stage)
        in_base = selectors.in_base_currency(deal.amount, deal.currency)
        yield {
            "id": record_id("deals", deal.number),
            "name": deal.name,
            "amount": amount_cell(deal.amount),
            "base_currency_amount": amount_cell(in_base),
            "expected_deal_value": amount_cell(None if in_base is None else in_base * stage["probability"] / 100),
            "currency_id": selectors.id_of("currencies", deal.currency),
            "expected_close": date_cell(deal.close_on),
            "closed_date": date_cell(deal.closed_at and deal.closed_at.date()),
            "stage_updated_time": instant_cell(deal.closed_at or deal.updated_at),
            "probability": stage["probability"],
            "deal_stage_id": stage["id"],
            "deal_pipeline_id": stage["deal_pipeline_id"],
            "deal_type_id": selectors.id_of("deal_types", deal.deal_type),
            "deal_reason_id": selectors.id_of("deal_reasons", deal.lost_reason),
            "lead_source_id": selectors.id_of("lead_sources", deal.lead_source),
            "sales_account_id": deal.company and record_id("sales_accounts", deal.company),
            "age": ((deal.closed_at or now) - deal.created_at).days,
            **absent(
                "deal_payment_status_id deal_product_id campaign_id territory_id forecast_category "
                "rotten_days recent_note avatar"
            ),
            **crew(deal, book, deal.owner),
            "tags": [],
            "is_deleted": False,
            "custom_field": {"cf_contract_months": deal.contract_months, "cf_main_competitor": deal.competitor},
        }


def crew(told: BookRow, book: Book, owner: int | None) -> Row:
    """Who owns, made and changed a row, and when."""
    people = people_of(book)
    return {
        "owner_id": user_id(owner) if owner in people else None,
        "creater_id": user_id(people[told.number % len(people)]),
        "updater_id": user_id(people[(told.number * 3 + 1) % len(people)]),
        "created_at": instant_cell(told.created_at),
        "updated_at": instant_cell(told.updated_at),
    }


def _address(told: Person | Company) -> Row:
    return {
        "address": told.street,
        "city": told.city,
        "state": told.region,
        "zipcode": told.postal_code,
        "country": told.country,
    }
