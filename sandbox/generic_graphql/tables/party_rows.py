"""Members, people, companies and opportunities of a book."""

from collections.abc import Iterator

from sandbox.generic_graphql.tables.cells import Row, full_name, link, made, member_id, midnight, money, phones, row_id
from sandbox.seed import Book, Deal

__all__ = ["company_rows", "member_rows", "members_of", "opportunity_rows", "person_rows"]

_OPEN_STAGES = ("NEW", "SCREENING", "MEETING", "PROPOSAL")
_CLOSED_STAGES = {"won": "CUSTOMER", "lost": "LOST"}
_DELETED_EVERY = 97


def members_of(book: Book) -> frozenset[int]:
    """The numbers of the users who are people."""
    return frozenset(user.number for user in book.users if user.kind == "user")


def member_rows(book: Book) -> Iterator[Row]:
    """One row per person among the users; those who have left are not told apart."""
    members = members_of(book)
    for user in book.users:
        if user.number in members:
            first, _, last = user.name.partition(" ")
            yield {
                **made(user, "WorkspaceMember"),
                "name": full_name(first, last),
                "userEmail": user.email,
                "timeZone": user.time_zone,
            }


def person_rows(book: Book) -> Iterator[Row]:
    """One row per person, and for every 97th a second one that was deleted."""
    for person in book.people:
        row = {
            **made(person, "Person"),
            "name": full_name(person.first_name, person.last_name),
            "emails": {"primaryEmail": person.email or "", "additionalEmails": list(person.other_emails)},
            "phones": phones([number for number in (person.phone, person.mobile) if number]),
            "jobTitle": person.job_title,
            "city": person.city,
            "linkedinLink": link(None),
            "companyId": row_id("Company", person.company),
        }
        yield row
        if person.number % _DELETED_EVERY == 0:
            yield {**row, "id": row_id("Person", person.number, 1), "deletedAt": row["updatedAt"]}


def company_rows(book: Book) -> Iterator[Row]:
    """One row per company; revenues are in the home currency."""
    members = members_of(book)
    for company in book.companies:
        yield {
            **made(company, "Company"),
            "name": company.name,
            "domainName": link(company.domain and f"https://{company.domain}"),
            "employees": company.employees,
            "annualRecurringRevenue": money(company.annual_revenue, book.home_currency),
            "address": {
                "addressStreet1": company.street or "",
                "addressCity": company.city or "",
                "addressState": company.region or "",
                "addressPostcode": company.postal_code or "",
                "addressCountry": company.country or "",
            },
            "accountOwnerId": member_id(company.owner, members),
        }


def opportunity_rows(book: Book) -> Iterator[Row]:
    """One row per deal; all pipelines are one here, and of a deal's people the primary one is told."""
    members, stages = members_of(book), _stages(book)
    for deal in book.deals:
        yield {
            **made(deal, "Opportunity"),
            "name": deal.name,
            "amount": money(deal.amount, deal.currency),
            "closeDate": midnight(deal.close_on),
            "stage": stages[deal.pipeline, deal.stage],
            "companyId": row_id("Company", deal.company),
            "pointOfContactId": _point_of_contact(deal),
            "ownerId": member_id(deal.owner, members),
        }


def _stages(book: Book) -> dict[tuple[str, str], str]:
    """Stages by the keys of pipeline and stage; the open ones in their order."""
    found = {}
    for pipeline in book.pipelines:
        left = iter(_OPEN_STAGES)
        for stage in pipeline.stages if pipeline.kind == "deal" else ():
            found[pipeline.key, stage.key] = _CLOSED_STAGES.get(stage.outcome) or next(left)
    return found


def _point_of_contact(deal: Deal) -> str | None:
    return next((row_id("Person", role.person) for role in deal.roles if role.is_primary), None)
