"""A book's people, companies, leads, deals and users as Salesforce records."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from functools import partial

from sandbox.salesforce.org.ids import id_of
from sandbox.salesforce.org.keys import Keys, Record
from sandbox.salesforce.org.objects import PICKLISTS
from sandbox.salesforce.org.records import Records, Told
from sandbox.seed import Company, Deal, DealRole, Lead, Person, Stage, User

__all__ = ["deleted_rows", "sales_rows"]

_LEAD_STATUS = {
    "new": "Open - Not Contacted",
    "working": "Working - Contacted",
    "qualified": "Qualified",
    "disqualified": "Closed - Not Converted",
    "converted": "Closed - Converted",
}
_REGIONS = {
    "AMER": {"United States", "USA", "US", "Canada", "CA", "Brazil", "Brasil", "Mexico"},
    "APAC": {
        "Japan",
        "日本",
        "China",
        "CN",
        "India",
        "Vietnam",
        "South Korea",
        "Korea, Republic of",
        "Australia",
        "AU",
    },
}
_DELETED_SHARE = 100
_DELETED_PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "Lead": "00Q",
    "Opportunity": "006",
    "Event": "00U",
    "Task": "00T",
}
_MERGED = frozenset({"Account", "Contact", "Lead"})


def sales_rows(keys: Keys) -> Iterator[tuple[str, Records]]:
    """Records by object, in the order of their ids."""
    book = keys.book
    yield "Organization", [_organization(keys)]
    yield "User", [*(_user(keys, one) for one in book.users if one.kind == "user"), _integration_user(keys)]
    yield "Group", [_queue(keys, one) for one in book.users if one.kind == "queue"]
    yield "OpportunityStage", list(_stages(keys))
    yield "LeadStatus", list(_lead_statuses(keys))
    yield "CurrencyType", list(_currencies(keys))
    yield "Account", Told(book.companies, partial(_account, keys))
    yield "Contact", Told(book.people, partial(_contact, keys))
    yield "Lead", Told(book.leads, partial(_lead, keys))
    yield "Opportunity", Told(book.deals, partial(_opportunity, keys, keys.stages()))
    roles = ((deal, role) for deal in book.deals for role in deal.roles)
    yield "OpportunityContactRole", Told(list(enumerate(roles, 1)), partial(_role, keys))
    yield "AccountContactRelation", list(_relations(keys))


def deleted_rows(keys: Keys, name: str, rows: Records) -> list[Record]:
    """Further records, in the recycle bin: one for each hundred of *rows*, copies that somebody deleted since.

    They were deleted in the last days; every second one of an object that can be merged lost a merge.
    """
    if name not in _DELETED_PREFIXES:
        return []
    copies = []
    for place in range(max(2, len(rows) // _DELETED_SHARE) if rows else 0):
        original = rows[place * 7 % len(rows)]
        gone_at = keys.now.replace(microsecond=0) - timedelta(hours=5 * (place % 60) + 3)
        copy = original | {"Id": id_of(_DELETED_PREFIXES[name], len(rows) + place + 1), "IsDeleted": True}
        copy |= {"LastModifiedDate": gone_at, "SystemModstamp": gone_at, "External_Id__c": None}
        if name in _MERGED and place % 2 == 0:
            copy["MasterRecordId"] = original["Id"]
        copies.append(copy)
    return copies


def _organization(keys: Keys) -> Record:
    return keys.setup_audit() | {
        "Id": keys.organization,
        "Name": "Sandbox Trading",
        "DefaultLocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "TimeZoneSidKey": keys.book.time_zone,
        "FiscalYearStartMonth": 1,
        "InstanceName": "EM1",
        "OrganizationType": "Enterprise Edition",
    }


def _user(keys: Keys, user: User) -> Record:
    first, _, last = user.name.rpartition(" ")
    address = user.email or f"user{user.number}@crew.example"
    return (
        _account_holder(keys)
        | keys.audit(user)
        | {
            "Id": id_of("005", user.number),
            "Username": address,
            "FirstName": first,
            "LastName": last,
            "Name": user.name,
            "Email": address,
            "Alias": f"u{user.number}",
            "IsActive": user.is_active,
            "TimeZoneSidKey": user.time_zone,
        }
    )


def _account_holder(keys: Keys) -> Record:
    holder: Record = {
        "UserType": "Standard",
        "LocaleSidKey": "en_US",
        "LanguageLocaleKey": "en_US",
        "ProfileId": id_of("00e", 1),
        "CurrencyIsoCode": keys.book.home_currency,
        "DefaultCurrencyIsoCode": keys.book.home_currency,
    }
    return holder


def _integration_user(keys: Keys) -> Record:
    return (
        _account_holder(keys)
        | keys.setup_audit()
        | {
            "Id": keys.integration_user,
            "Username": "integration@example.com",
            "FirstName": "Integration",
            "LastName": "User",
            "Name": "Integration User",
            "Email": "integration@example.com",
            "Alias": "integ",
            "IsActive": True,
            "TimeZoneSidKey": keys.book.time_zone,
        }
    )


def _queue(keys: Keys, user: User) -> Record:
    return keys.audit(user) | {
        "Id": id_of("00G", user.number),
        "Name": user.name,
        "DeveloperName": user.name.replace(" ", "_"),
        "Type": "Queue",
        "Email": user.email,
        "OwnerId": keys.organization,
    }


def _forecast(stage: Stage) -> str:
    if stage.outcome != "open":
        return "Closed" if stage.outcome == "won" else "Omitted"
    return "Commit" if stage.probability >= Decimal("0.8") else "Pipeline"


def _stages(keys: Keys) -> Iterator[Record]:
    by_label = dict(keys.stages().values())
    for order, (label, stage) in enumerate(by_label.items(), 1):
        yield keys.setup_audit() | {
            "Id": id_of("01J", order),
            "MasterLabel": label,
            "ApiName": label,
            "IsActive": True,
            "SortOrder": order,
            "IsClosed": stage.outcome != "open",
            "IsWon": stage.outcome == "won",
            "ForecastCategory": _forecast(stage),
            "ForecastCategoryName": _forecast(stage),
            "DefaultProbability": stage.probability * 100,
        }


def _lead_statuses(keys: Keys) -> Iterator[Record]:
    for order, label in enumerate(PICKLISTS["lead_status"], 1):
        yield keys.setup_audit() | {
            "Id": id_of("01J", 1_000 + order),
            "MasterLabel": label,
            "ApiName": label,
            "SortOrder": order,
            "IsDefault": order == 1,
            "IsConverted": label == _LEAD_STATUS["converted"],
        }


def _currencies(keys: Keys) -> Iterator[Record]:
    for number, (code, rate) in enumerate(keys.rates().items(), 1):
        yield keys.setup_audit() | {
            "Id": id_of("01L", number),
            "IsoCode": code,
            "ConversionRate": rate,
            "DecimalPlaces": 0 if code == "JPY" else 2,
            "IsActive": True,
            "IsCorporate": code == keys.book.home_currency,
        }


def _region(country: str | None) -> str | None:
    if country is None:
        return None
    return next((region for region, countries in _REGIONS.items() if country in countries), "EMEA")


def _address(prefix: str, row: Company | Person) -> Record:
    return {
        f"{prefix}Street": row.street,
        f"{prefix}City": row.city,
        f"{prefix}State": row.region,
        f"{prefix}PostalCode": row.postal_code,
        f"{prefix}Country": row.country,
    }


def _external_id(kind: str, number: int) -> str | None:
    """Two in three records came from another system, whose keys are unique and have a case."""
    return f"{kind}-{number:06d}" if number % 3 else None


def _capitalized(word: str | None) -> str | None:
    return None if word is None else word.capitalize()


def _account(keys: Keys, company: Company) -> Record:
    return (
        keys.audit(company)
        | _address("Billing", company)
        | {
            "Id": keys.reference("Account", company.number),
            "Name": company.name,
            "ParentId": keys.reference("Account", company.parent),
            "Phone": company.phone,
            "Website": f"https://{company.domain}" if company.domain else None,
            "Industry": company.industry,
            "AnnualRevenue": company.annual_revenue,
            "NumberOfEmployees": company.employees,
            "Description": company.description,
            "OwnerId": keys.owner(company.owner),
            "CurrencyIsoCode": keys.book.home_currency,
            "External_Id__c": _external_id("acc", company.number),
            "Region__c": _region(company.country),
            "Customer_Number__c": company.customer_number,
            "Tier__c": _capitalized(company.tier),
        }
    )


def _full_name(first: str | None, last: str) -> str:
    return f"{first} {last}" if first else last


def _contact(keys: Keys, person: Person) -> Record:
    return (
        keys.audit(person)
        | _address("Mailing", person)
        | {
            "Id": keys.reference("Contact", person.number),
            "AccountId": keys.reference("Account", person.company),
            "FirstName": person.first_name,
            "LastName": person.last_name,
            "Name": _full_name(person.first_name, person.last_name),
            "Salutation": person.salutation,
            "Email": person.email,
            "Phone": person.phone,
            "MobilePhone": person.mobile,
            "Title": person.job_title,
            "Department": person.department,
            "LeadSource": person.lead_source,
            "Birthdate": person.birth_date,
            "HasOptedOutOfEmail": person.email_opt_out,
            "DoNotCall": person.do_not_call,
            "Description": person.description,
            "OwnerId": keys.owner(person.owner),
            "CurrencyIsoCode": keys.book.home_currency,
            "External_Id__c": _external_id("con", person.number),
            "NPS__c": person.nps,
            "Customer_Number__c": person.customer_number,
            "Renewal_Date__c": person.renewal_on,
            "VIP__c": bool(person.is_vip),
            "Preferred_Channel__c": _capitalized(person.preferred_channel),
            "Region__c": _region(person.country),
            "Interests__c": ";".join(one.capitalize() for one in person.interests),
        }
    )


def _lead(keys: Keys, lead: Lead) -> Record:
    is_converted = lead.status == "converted"
    return keys.audit(lead) | {
        "Id": keys.reference("Lead", lead.number),
        "FirstName": lead.first_name,
        "LastName": lead.last_name,
        "Name": _full_name(lead.first_name, lead.last_name),
        "Company": lead.company_name,
        "Title": lead.job_title,
        "Email": lead.email,
        "Phone": lead.phone,
        "Status": _LEAD_STATUS[lead.status],
        "Rating": lead.rating.title() if lead.rating else None,
        "LeadSource": lead.lead_source,
        "City": lead.city,
        "Country": lead.country,
        "Description": lead.description,
        "OwnerId": keys.owner(lead.owner, may_be_queue=True),
        "CurrencyIsoCode": keys.book.home_currency,
        "IsConverted": is_converted,
        "ConvertedDate": lead.converted_on if is_converted else None,
        "ConvertedAccountId": keys.reference("Account", lead.company) if is_converted else None,
        "ConvertedContactId": keys.reference("Contact", lead.person) if is_converted else None,
        "ConvertedOpportunityId": keys.reference("Opportunity", lead.deal) if is_converted else None,
        "External_Id__c": _external_id("lead", lead.number),
    }


def _opportunity(keys: Keys, stages: Mapping[tuple[str, str], tuple[str, Stage]], deal: Deal) -> Record:
    label, stage = stages[deal.pipeline, deal.stage]
    amount = keys.money(deal.amount, deal.currency)
    primary = next((one.person for one in deal.roles if one.is_primary), None)
    return keys.audit(deal) | {
        "Id": keys.reference("Opportunity", deal.number),
        "AccountId": keys.reference("Account", deal.company),
        "Name": deal.name[:120],
        "Amount": amount,
        "CurrencyIsoCode": deal.currency,
        "StageName": label,
        "Probability": stage.probability * 100,
        "ExpectedRevenue": None if amount is None else round(amount * stage.probability, 2),
        "CloseDate": deal.close_on,
        "Type": deal.deal_type.title() if deal.deal_type else None,
        "NextStep": deal.next_step,
        "LeadSource": deal.lead_source,
        "IsClosed": stage.outcome != "open",
        "IsWon": stage.outcome == "won",
        "ForecastCategory": _forecast(stage),
        "ForecastCategoryName": _forecast(stage),
        "OwnerId": keys.owner(deal.owner),
        "Description": deal.description,
        "LastStageChangeDate": (deal.closed_at or deal.created_at).replace(microsecond=0),
        "FiscalYear": deal.close_on.year,
        "FiscalQuarter": (deal.close_on.month - 1) // 3 + 1,
        "ContactId": keys.reference("Contact", primary),
        "External_Id__c": _external_id("opp", deal.number),
        "Loss_Reason__c": deal.lost_reason,
        "Contract_Months__c": deal.contract_months,
        "Competitor__c": deal.competitor,
    }


def _role(keys: Keys, numbered: tuple[int, tuple[Deal, DealRole]]) -> Record:
    number, (deal, role) = numbered
    return keys.audit(deal) | {
        "Id": id_of("00K", number),
        "OpportunityId": keys.reference("Opportunity", deal.number),
        "ContactId": keys.reference("Contact", role.person),
        "Role": role.role,
        "IsPrimary": role.is_primary,
    }


def _relations(keys: Keys) -> Iterator[Record]:
    number = 0
    for person in keys.book.people:
        companies = ([person.company] if person.company else []) + list(person.other_companies)
        for company in companies:
            number += 1
            yield keys.audit(person) | {
                "Id": id_of("07k", number),
                "AccountId": keys.reference("Account", company),
                "ContactId": keys.reference("Contact", person.number),
                "IsDirect": company == person.company,
                "IsActive": True,
            }
