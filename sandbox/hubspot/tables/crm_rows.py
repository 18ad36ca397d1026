"""Contacts, companies, deals and leads of a book, as HubSpot's tables hold them."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from sandbox.hubspot.definitions import LEAD_PIPELINE_ID, LEAD_STAGES, Pipelines, owner_id, record_id
from sandbox.hubspot.tables.cells import Cell, Row, date_ms, instant_ms, number_cell
from sandbox.seed import Book, Company, Deal, Lead, Person

__all__ = ["INDUSTRIES", "company_rows", "contact_rows", "deal_rows", "lead_rows"]

_CONTACT_LEAD_STATUSES: dict[str, str] = {
    "new": "NEW",
    "working": "IN_PROGRESS",
    "qualified": "CONNECTED",
    "disqualified": "UNQUALIFIED",
    "converted": "OPEN_DEAL",
}

_SOURCES: dict[str, str] = {
    "Web": "ORGANIC_SEARCH",
    "Trade show": "OFFLINE",
    "Referral": "REFERRALS",
    "Cold call": "OFFLINE",
    "Partner": "REFERRALS",
    "Newsletter": "EMAIL_MARKETING",
    "Social media": "SOCIAL_MEDIA",
    "Other": "OTHER_CAMPAIGNS",
}

_DEAL_TYPES: dict[str, str] = {
    "new business": "newbusiness",
    "existing business": "existingbusiness",
    "renewal": "existingbusiness",
}

INDUSTRIES: dict[str, tuple[str, str]] = {
    "Manufacturing": ("MACHINERY", "Machinery"),
    "Logistics": ("LOGISTICS_AND_SUPPLY_CHAIN", "Logistics and Supply Chain"),
    "Software": ("COMPUTER_SOFTWARE", "Computer Software"),
    "Health Care": ("HOSPITAL_HEALTH_CARE", "Hospital & Health Care"),
    "Food & Beverage": ("FOOD_BEVERAGES", "Food & Beverages"),
    "Financial Services": ("FINANCIAL_SERVICES", "Financial Services"),
    "Education": ("EDUCATION_MANAGEMENT", "Education Management"),
    "Energy": ("OIL_ENERGY", "Oil & Energy"),
    "Retail": ("RETAIL", "Retail"),
    "Construction": ("CONSTRUCTION", "Construction"),
}
"""Book industry → value and label of HubSpot's option."""

# US dollars for one unit; only the ratios matter, and the portal keeps them fixed.
_DOLLARS: dict[str, Decimal] = {
    "USD": Decimal(1),
    "EUR": Decimal("1.08"),
    "GBP": Decimal("1.27"),
    "CHF": Decimal("1.13"),
    "CAD": Decimal("0.73"),
    "AUD": Decimal("0.66"),
    "JPY": Decimal("0.0067"),
    "INR": Decimal("0.012"),
    "BRL": Decimal("0.18"),
    "SEK": Decimal("0.095"),
}

_REGIONS: tuple[str | None, ...] = ("EMEA", "AMER", "APAC", None)


def contact_rows(book: Book) -> Iterator[Row]:
    """One row per person."""
    statuses = {lead.person: lead.status for lead in book.leads if lead.person is not None}
    for person in book.people:
        company = None if person.company is None else book.companies[person.company - 1]
        status = statuses.get(person.number)
        yield {
            **_keys(person, "contacts", created="createdate", modified="lastmodifieddate"),
            **_address(person),
            "email": None if person.email is None else person.email.lower(),
            "hs_additional_emails": ";".join(one.lower() for one in person.other_emails) or None,
            "firstname": person.first_name,
            "lastname": person.last_name,
            "salutation": person.salutation,
            "jobtitle": person.job_title,
            "company": None if company is None else company.name,
            "phone": person.phone,
            "mobilephone": person.mobile,
            "date_of_birth": None if person.birth_date is None else person.birth_date.isoformat(),
            "message": person.description,
            "lifecyclestage": _lifecycle(person),
            "hs_lead_status": None if status is None else _CONTACT_LEAD_STATUSES[status],
            "hs_analytics_source": None if person.lead_source is None else _SOURCES[person.lead_source],
            "hs_email_optout": "true" if person.email_opt_out else None,
            "associatedcompanyid": None if company is None else record_id("companies", company.number),
            "region": _REGIONS[person.number % 4],
            "nps_score": person.nps,
            "customer_number": person.customer_number,
            "renewal_date": None if person.renewal_on is None else date_ms(person.renewal_on),
            "is_vip": None if person.is_vip is None else str(person.is_vip).lower(),
            "preferred_channel": person.preferred_channel,
            "interests": ";".join(person.interests) or None,
        }


def company_rows(book: Book, pipelines: Pipelines) -> Iterator[Row]:
    """One row per company."""
    stages = _company_stages(book, pipelines)
    for company in book.companies:
        number = company.number
        yield {
            **_keys(company, "companies", created="createdate", modified="hs_lastmodifieddate"),
            **_address(company),
            "name": company.name,
            "domain": company.domain,
            "website": company.domain,
            "phone": company.phone,
            "description": company.description,
            "industry": None if company.industry is None else INDUSTRIES[company.industry][0],
            "annualrevenue": number_cell(company.annual_revenue),
            "numberofemployees": company.employees,
            "hs_parent_company_id": None if company.parent is None else record_id("companies", company.parent),
            "lifecyclestage": stages.get(number, "lead"),
            "erp_id": f"ERP-{number:06d}" if number % 10 else None,
            "region": _REGIONS[number % 4],
            "customer_number": company.customer_number,
            "tier": company.tier,
        }


def deal_rows(book: Book, pipelines: Pipelines) -> Iterator[Row]:
    """One row per deal."""
    for deal in book.deals:
        stage = pipelines.stage(deal.pipeline, deal.stage)
        is_won = stage.metadata["isClosed"] == "true" and float(stage.metadata["probability"]) > 0
        closed_at_ms = None if deal.closed_at is None else instant_ms(deal.closed_at)
        yield {
            **_keys(deal, "deals", created="createdate", modified="hs_lastmodifieddate"),
            "dealname": deal.name,
            "amount": number_cell(deal.amount),
            "amount_in_home_currency": number_cell(_home_amount(deal, book.home_currency)),
            "deal_currency_code": deal.currency,
            "pipeline": pipelines.pipeline_id(deal.pipeline),
            "dealstage": stage.id,
            "hs_deal_stage_probability": number_cell(Decimal(stage.metadata["probability"])),
            "hs_is_closed": stage.metadata["isClosed"],
            "hs_is_closed_won": "true" if is_won else "false",
            "closedate": date_ms(deal.close_on) if closed_at_ms is None else closed_at_ms,
            "dealtype": None if deal.deal_type is None else _DEAL_TYPES[deal.deal_type],
            "hs_next_step": deal.next_step,
            "closed_lost_reason": deal.lost_reason,
            "description": deal.description,
            "contract_months": deal.contract_months,
            "main_competitor": deal.competitor,
        }


def lead_rows(book: Book) -> Iterator[Row]:
    """One row per lead; its person and company are told again in read-only properties."""
    for lead in book.leads:
        person = None if lead.person is None else book.people[lead.person - 1]
        company = None if lead.company is None else book.companies[lead.company - 1]
        yield {
            **_keys(lead, "leads", created="hs_createdate", modified="hs_lastmodifieddate"),
            "hs_lead_name": lead.title,
            "hs_lead_type": "NEW_BUSINESS",
            "hs_lead_label": None if lead.rating is None else lead.rating.upper(),
            "hs_pipeline": LEAD_PIPELINE_ID,
            "hs_pipeline_stage": _lead_stage(lead),
            "hs_associated_contact_email": person.email.lower() if person and person.email else None,
            "hs_associated_contact_firstname": person.first_name if person else None,
            "hs_associated_contact_lastname": person.last_name if person else None,
            "hs_associated_company_name": company.name if company else None,
            "hs_associated_company_domain": company.domain if company else None,
        }


def _keys(row: Person | Company | Deal | Lead, kind: str, *, created: str, modified: str) -> Row:
    return {
        "id": record_id(kind, row.number),
        created: instant_ms(row.created_at),
        modified: instant_ms(row.updated_at),
        "hubspot_owner_id": None if row.owner is None else str(owner_id(row.owner)),
    }


def _address(row: Person | Company) -> dict[str, Cell]:
    return {
        "address": row.street,
        "city": row.city,
        "state": row.region,
        "zip": row.postal_code,
        "country": row.country,
    }


def _lifecycle(person: Person) -> str | None:
    """HubSpot tells two kinds of qualified people apart."""
    if person.lifecycle == "qualified":
        return "marketingqualifiedlead" if person.number % 2 else "salesqualifiedlead"
    return person.lifecycle


def _lead_stage(lead: Lead) -> str:
    """HubSpot tells two kinds of work on a lead apart."""
    return "connected-stage-id" if lead.status == "working" and lead.number % 2 else LEAD_STAGES[lead.status]


def _home_amount(deal: Deal, home: str) -> Decimal | None:
    if deal.amount is None:
        return None
    rate = _DOLLARS.get(deal.currency, Decimal(1)) / _DOLLARS.get(home, Decimal(1))
    return (deal.amount * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


def _company_stages(book: Book, pipelines: Pipelines) -> dict[int, str]:
    """Company number → lifecycle stage that its deals give it."""
    stages: dict[int, str] = {}
    for deal in book.deals:
        if deal.company is None:
            continue
        stage = pipelines.stage(deal.pipeline, deal.stage)
        if stage.metadata["isClosed"] == "false":
            stages.setdefault(deal.company, "opportunity")
        elif float(stage.metadata["probability"]) > 0:
            stages[deal.company] = "customer"
    return stages
