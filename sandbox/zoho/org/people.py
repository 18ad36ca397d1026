"""Users, contacts, leads and accounts of a book, as Zoho's modules hold them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from sandbox.seed import Book, Company, Lead, Person, Row, User
from sandbox.zoho.org.cells import Record, Ref, record_id

__all__ = ["LEAD_STATUSES", "RATES", "Teller", "accounts", "contacts", "full_name", "leads", "users"]

LEAD_STATUSES = {
    "new": "Not Contacted",
    "working": "Contacted",
    "qualified": "Pre-Qualified",
    "disqualified": "Not Qualified",
    "converted": "Pre-Qualified",
}
"""Book status → value of Lead_Status; that a lead is converted stands in fields of its own."""

RATES = {"EUR": Decimal(1), "USD": Decimal("1.08"), "GBP": Decimal("0.86"), "JPY": Decimal("163.5")}
"""Units of each currency for one of the home currency, as the account keeps them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Teller:
    """What all modules are told with: a book, and who owns what has no owner in it."""

    book: Book
    zone: ZoneInfo
    admin: User

    def user(self, number: int | None) -> Ref:
        """A user; Zoho has neither queues nor records without owner, so the administrator stands for both."""
        user = self.admin if number is None else self.book.users[number - 1]
        user = user if user.kind == "user" else self.admin
        return Ref("Users", record_id("Users", user.number), user.name, user.email)

    def contact(self, number: int | None) -> Ref | None:
        """A contact."""
        return (
            None
            if number is None
            else Ref("Contacts", record_id("Contacts", number), full_name(self.book.people[number - 1]))
        )

    def account(self, number: int | None) -> Ref | None:
        """An account."""
        return (
            None
            if number is None
            else Ref("Accounts", record_id("Accounts", number), self.book.companies[number - 1].name)
        )

    def deal(self, number: int | None) -> Ref | None:
        """A deal."""
        return None if number is None else Ref("Deals", record_id("Deals", number), self.book.deals[number - 1].name)

    def lead(self, number: int | None) -> Ref | None:
        """A lead."""
        return (
            None if number is None else Ref("Leads", record_id("Leads", number), full_name(self.book.leads[number - 1]))
        )

    def keys(self, module: str, row: Row, owner: int | None) -> Record:
        """What every record has; Zoho keeps whole seconds."""
        held = self.user(owner)
        return {
            "id": record_id(module, row.number),
            "Owner": held,
            "Created_By": self.user(None) if row.number % 4 == 0 else held,
            "Modified_By": held,
            "Created_Time": row.created_at.replace(microsecond=0),
            "Modified_Time": row.updated_at.replace(microsecond=0),
        }

    def last_activity(self, row: Row) -> datetime | None:
        """When something last happened with *row*; nothing ever did with every third one."""
        return row.updated_at.replace(microsecond=0) if row.number % 3 else None


def full_name(one: Person | Lead) -> str:
    """First and last name."""
    return f"{one.first_name} {one.last_name}" if one.first_name else one.last_name


def users(teller: Teller) -> Iterator[dict[str, object]]:
    """Every user as JSON, the administrator last."""
    book = teller.book
    for user in (*(one for one in book.users if one.kind == "user"), teller.admin):
        first, _, last = user.name.rpartition(" ")
        is_admin = user is teller.admin
        yield {
            "id": record_id("Users", user.number),
            "zuid": str(70_012_000 + user.number * 13),
            "full_name": user.name,
            "first_name": first,
            "last_name": last,
            "email": user.email,
            "status": "active" if user.is_active else "disabled",
            "confirm": user.is_active,
            "role": {"name": "CEO" if is_admin else "Manager", "id": record_id("Settings", 1 if is_admin else 2)},
            "profile": {
                "name": "Administrator" if is_admin else "Standard",
                "id": record_id("Settings", 3 if is_admin else 4),
            },
            "time_zone": user.time_zone,
            "locale": "en_US",
            "language": "en_US",
            "created_time": _instant(user.created_at, teller.zone),
            "Modified_Time": _instant(user.updated_at, teller.zone),
        }


def contacts(teller: Teller) -> Iterator[Record]:
    """One record per person; Zoho has room for one company and two addresses each."""
    for person in teller.book.people:
        yield {
            **teller.keys("Contacts", person, person.owner),
            **_address("Mailing_", "Zip", person),
            "First_Name": person.first_name,
            "Last_Name": person.last_name,
            "Full_Name": full_name(person),
            "Salutation": person.salutation,
            "Title": person.job_title,
            "Department": person.department,
            "Email": person.email,
            "Secondary_Email": person.other_emails[0] if person.other_emails else None,
            "Phone": person.phone,
            "Mobile": person.mobile,
            "Description": person.description,
            "Date_of_Birth": person.birth_date,
            "Last_Activity_Time": teller.last_activity(person),
            "Email_Opt_Out": person.email_opt_out,
            "Lead_Source": person.lead_source,
            "Account_Name": teller.account(person.company),
            "Tag": [],
            "NPS_Score": person.nps,
            "Customer_Number": person.customer_number,
            "Renewal_Date": person.renewal_on,
            "VIP": bool(person.is_vip),
            "Preferred_Channel": person.preferred_channel and person.preferred_channel.capitalize(),
            "Interests": list(person.interests),
        }


def leads(teller: Teller) -> Iterator[Record]:
    """One record per lead; a converted one leads to what became of it."""
    for lead in teller.book.leads:
        is_converted = lead.converted_on is not None
        yield {
            **teller.keys("Leads", lead, lead.owner),
            "First_Name": lead.first_name,
            "Last_Name": lead.last_name,
            "Full_Name": full_name(lead),
            "Company": lead.company_name,
            "Designation": lead.job_title,
            "Email": lead.email,
            "Phone": lead.phone,
            "City": lead.city,
            "Country": lead.country,
            "Description": lead.description,
            "Last_Activity_Time": teller.last_activity(lead),
            "Lead_Status": LEAD_STATUSES[lead.status],
            "Lead_Source": lead.lead_source,
            "Rating": lead.rating and lead.rating.capitalize(),
            "Tag": [],
            "Converted__s": is_converted,
            "Converted_Date_Time": None
            if lead.converted_on is None
            else datetime.combine(lead.converted_on, time(), teller.zone).astimezone(UTC),
            "Converted_Contact": teller.contact(lead.person) if is_converted else None,
            "Converted_Account": teller.account(lead.company) if is_converted else None,
            "Converted_Deal": teller.deal(lead.deal) if is_converted else None,
        }


def accounts(teller: Teller) -> Iterator[Record]:
    """One record per company, with revenues in the home currency."""
    for company in teller.book.companies:
        yield {
            **teller.keys("Accounts", company, company.owner),
            **_address("Billing_", "Code", company),
            "Account_Name": company.name,
            "Phone": company.phone,
            "Website": company.domain and f"https://{company.domain}",
            "Industry": company.industry,
            "Description": company.description,
            "Employees": company.employees,
            "Annual_Revenue": company.annual_revenue,
            "Currency": teller.book.home_currency,
            "Exchange_Rate": RATES[teller.book.home_currency],
            "Last_Activity_Time": teller.last_activity(company),
            "Tag": [],
            "Parent_Account": teller.account(company.parent),
            "Customer_Number": company.customer_number,
            "Tier": company.tier and company.tier.capitalize(),
        }


def _address(prefix: str, code: str, one: Person | Company) -> Record:
    return {
        f"{prefix}Street": one.street,
        f"{prefix}City": one.city,
        f"{prefix}State": one.region,
        f"{prefix}{code}": one.postal_code,
        f"{prefix}Country": one.country,
    }


def _instant(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).isoformat(timespec="seconds")
