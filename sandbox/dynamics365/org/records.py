"""The rows of the book's people, companies, leads and deals."""

from collections.abc import Iterator
from decimal import Decimal

from sandbox.dynamics365.org.cells import Cell, Ref, Row, guid, instant, money
from sandbox.dynamics365.org.crew import Crew, option
from sandbox.seed import Book, Company, Deal, Lead, Person

__all__ = ["Names", "record_rows"]

_LEAD_STATES = {"new": (0, 1), "working": (0, 2), "qualified": (1, 3), "converted": (1, 3)}
_LOST = (4, 5, 6, 7)
_INTERESTS = {"product": "1", "pricing": "2", "support": "3"}


class Names:
    """References to the book's rows."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def company(self, number: int | None) -> Ref | None:
        """The account that tells company *number*."""
        return (
            None if number is None else Ref("account", guid("account", number), self._book.companies[number - 1].name)
        )

    def person(self, number: int | None) -> Ref | None:
        """The contact that tells person *number*, if there is one."""
        return None if number is None else self.known_person(number)

    def known_person(self, number: int) -> Ref:
        """The contact that tells person *number*."""
        person = self._book.people[number - 1]
        return Ref("contact", guid("contact", number), full_name(person.first_name, person.last_name))

    def deal(self, number: int | None) -> Ref | None:
        """The opportunity that tells deal *number*."""
        return (
            None
            if number is None
            else Ref("opportunity", guid("opportunity", number), self._book.deals[number - 1].name)
        )

    def lead(self, number: int | None) -> Ref | None:
        """The lead that tells lead *number*."""
        if number is None:
            return None
        lead = self._book.leads[number - 1]
        return Ref("lead", guid("lead", number), full_name(lead.first_name, lead.last_name))


def full_name(first: str | None, last: str) -> str:
    """First name, then last name, which is what `fullname` holds by default."""
    return " ".join(name for name in (first, last) if name)


def record_rows(book: Book, crew: Crew) -> Iterator[tuple[str, Row]]:
    """(table, row) of the book's companies, people, leads and deals, and of the connections between these."""
    names = Names(book)
    lead_of_deal = {lead.deal: lead.number for lead in book.leads if lead.deal}
    lead_of_person = {lead.person: lead.number for lead in book.leads if lead.deal}
    for company in book.companies:
        yield "account", {**_shared(company, crew), **_account(company, crew, names, book.home_currency)}
    for person in book.people:
        told = {**_shared(person, crew), **_contact(person, names)}
        yield "contact", {**told, "originatingleadid": names.lead(lead_of_person.get(person.number))}
    for lead in book.leads:
        yield "lead", {**_shared(lead, crew), **_lead(lead, names), **crew.currency(book.home_currency)}
    for deal in book.deals:
        row = {**_shared(deal, crew), **_opportunity(deal, book, crew, names)}
        yield "opportunity", {**row, "originatingleadid": names.lead(lead_of_deal.get(deal.number))}
        yield "opportunitysalesprocess", _process(deal, row)
        yield from _connections(deal, row, crew, names)


def _shared(row: Company | Person | Lead | Deal, crew: Crew) -> Row:
    return {
        **crew.stamped(row.created_at, row.updated_at, row.owner),
        **crew.owned(row.owner),
        "description": row.description,
    }


def _address(row: Company | Person) -> Row:
    return {
        "address1_line1": row.street,
        "address1_city": row.city,
        "address1_stateorprovince": row.region,
        "address1_postalcode": row.postal_code,
        "address1_country": row.country,
        "statecode": 0,
        "statuscode": 1,
    }


def _account(company: Company, crew: Crew, names: Names, home: str) -> Row:
    return {
        **_address(company),
        **crew.currency(home),
        "accountid": guid("account", company.number),
        "name": company.name,
        "websiteurl": company.domain and f"https://{company.domain}",
        "telephone1": company.phone,
        "industrycode": option("account", "industrycode", company.industry),
        "numberofemployees": company.employees,
        "revenue": money(company.annual_revenue),
        "revenue_base": money(company.annual_revenue),
        "parentaccountid": names.company(company.parent),
        "new_customernumber": company.customer_number,
        "new_tier": option("account", "new_tier", company.tier),
    }


def _contact(person: Person, names: Names) -> Row:
    second, third, *_ = (*person.other_emails, None, None)
    return {
        **_address(person),
        "contactid": guid("contact", person.number),
        "fullname": full_name(person.first_name, person.last_name),
        "firstname": person.first_name,
        "lastname": person.last_name,
        "salutation": person.salutation,
        "emailaddress1": person.email,
        "emailaddress2": second,
        "emailaddress3": third,
        "telephone1": person.phone,
        "mobilephone": person.mobile,
        "jobtitle": person.job_title,
        "department": person.department,
        "birthdate": instant(person.birth_date),
        "donotemail": person.email_opt_out,
        "donotphone": person.do_not_call,
        "leadsourcecode": option("contact", "leadsourcecode", person.lead_source),
        "parentcustomerid": names.company(person.company),
        "new_customernumber": person.customer_number,
        "new_npsscore": person.nps,
        "new_renewalon": instant(person.renewal_on),
        "new_isvip": person.is_vip,
        "new_preferredchannel": option("contact", "new_preferredchannel", person.preferred_channel),
        "new_interests": ",".join(_INTERESTS[one] for one in person.interests) or None,
    }


def _lead(lead: Lead, names: Names) -> Row:
    """Qualified without records of its own unless it was converted; a lost one has any of the reasons."""
    state, status = _LEAD_STATES.get(lead.status, (2, _LOST[lead.number % len(_LOST)]))
    return {
        "leadid": guid("lead", lead.number),
        "subject": lead.title,
        "fullname": full_name(lead.first_name, lead.last_name),
        "firstname": lead.first_name,
        "lastname": lead.last_name,
        "companyname": lead.company_name,
        "jobtitle": lead.job_title,
        "emailaddress1": lead.email,
        "telephone1": lead.phone,
        "leadqualitycode": option("lead", "leadqualitycode", lead.rating and lead.rating.title()),
        "leadsourcecode": option("lead", "leadsourcecode", lead.lead_source),
        "address1_city": lead.city,
        "address1_country": lead.country,
        "statecode": state,
        "statuscode": status,
        "parentaccountid": names.company(lead.company),
        "parentcontactid": names.person(lead.person) if lead.deal else None,
        "qualifyingopportunityid": names.deal(lead.deal),
    }


def _opportunity(deal: Deal, book: Book, crew: Crew, names: Names) -> Row:
    """An open deal has its amount as estimate; a closed one as actual value, beside an estimate that was higher."""
    pipeline = next(one for one in book.pipelines if one.key == deal.pipeline)
    stage = next(one for one in pipeline.stages if one.key == deal.stage)
    stages = crew.open_stages(pipeline)
    reached = next((one for one in stages if one.name == stage.label), stages[deal.number % len(stages)])
    company = names.company(deal.company)
    contact = next((names.person(role.person) for role in deal.roles if role.is_primary), None)
    is_open = stage.outcome == "open"
    estimated = deal.amount if is_open or deal.amount is None else deal.amount * 105 // 100
    actual = None if is_open else deal.amount
    rate = crew.rates[deal.currency]
    return {
        **crew.currency(deal.currency),
        "opportunityid": guid("opportunity", deal.number),
        "name": deal.name,
        "estimatedvalue": money(estimated),
        "estimatedvalue_base": money(_in_base(estimated, rate)),
        "actualvalue": money(actual),
        "actualvalue_base": money(_in_base(actual, rate)),
        "estimatedclosedate": instant(deal.close_on),
        "actualclosedate": instant(deal.closed_at.date()) if deal.closed_at else None,
        "closeprobability": int(stage.probability * 100),
        "stepname": reached.name,
        "processid": crew.process(pipeline),
        "stageid": reached,
        **_deal_state(deal, stage.outcome),
        "parentaccountid": company,
        "parentcontactid": contact,
        "customerid": company or contact,
        "new_contractmonths": deal.contract_months,
        "new_competitor": deal.competitor,
    }


def _in_base(amount: Decimal | None, rate: Decimal) -> Decimal | None:
    return None if amount is None else amount / rate


def _deal_state(deal: Deal, outcome: str) -> Row:
    if outcome == "open":
        return {"statecode": 0, "statuscode": 2 if deal.number % 10 == 0 else 1}
    if outcome == "won":
        return {"statecode": 1, "statuscode": 3}
    return {"statecode": 2, "statuscode": 5 if deal.lost_reason == "Chose a competitor" else 4}


def _process(deal: Deal, opportunity: Row) -> Row:
    """Where *opportunity* stands in its business process flow, which is finished with it."""
    stage = opportunity["stageid"]
    is_open = opportunity["statecode"] == 0
    kept: dict[str, Cell] = {name: opportunity[name] for name in ("createdon", "modifiedon", "createdby", "modifiedby")}
    return {
        **kept,
        "businessprocessflowinstanceid": guid("opportunitysalesprocess", deal.number),
        "name": deal.name,
        "opportunityid": Ref("opportunity", guid("opportunity", deal.number), deal.name),
        "processid": opportunity["processid"],
        "activestageid": stage,
        "activestagestartedon": opportunity["modifiedon"],
        "traversedpath": stage.id if isinstance(stage, Ref) else None,
        "statecode": 0 if is_open else 1,
        "statuscode": 1 if is_open else 2,
    }


def _connections(deal: Deal, row: Row, crew: Crew, names: Names) -> Iterator[tuple[str, Row]]:
    """Stakeholders: two rows each, of which one is the mirror of the other."""
    kept: Row = {name: row[name] for name in row if name.startswith(("created", "modified", "own"))}
    opportunity = Ref("opportunity", guid("opportunity", deal.number), deal.name)
    for role in deal.roles:
        ids = [guid("connection", f"{deal.number}/{role.person}/{side}") for side in "ab"]
        ends, parts = [opportunity, names.known_person(role.person)], [None, crew.role(role.role)]
        for step in (1, -1):
            (first, second), (own, other) = ends[::step], ids[::step]
            row_of_side: Row = {
                "connectionid": own,
                "relatedconnectionid": Ref("connection", other, first.name),
                "name": second.name,
                "ismaster": step == 1,
                "record1id": first,
                "record2id": second,
                "record1roleid": parts[::step][0],
                "record2roleid": parts[::step][1],
                "statecode": 0,
                "statuscode": 1,
            }
            yield "connection", {**kept, **row_of_side}
