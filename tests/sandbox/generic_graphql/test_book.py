"""What the workspace tells is the book."""

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from tests.sandbox.generic_graphql.workspace import BOOK, Workspace

ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
MEMBERS = {user.number: user.email for user in BOOK.users if user.kind == "user"}


def test_people_are_those_of_the_book(workspace: Workspace) -> None:
    """Missing texts within composites are empty, missing plain ones null."""
    fields = "name { firstName lastName } emails { primaryEmail additionalEmails } jobTitle city company { name }"
    rows = workspace.all("people", fields + " companyId linkedinLink { primaryLinkUrl }")

    companies = {one.number: one.name for one in BOOK.companies}
    told = Counter(
        (
            *row["name"].values(),
            row["emails"]["primaryEmail"],
            tuple(row["emails"]["additionalEmails"]),
            row["jobTitle"],
            row["city"],
            row["company"] and row["company"]["name"],
        )
        for row in rows
    )
    assert told == Counter(
        (
            one.first_name or "",
            one.last_name,
            one.email or "",
            one.other_emails,
            one.job_title,
            one.city,
            companies[one.company] if one.company else None,
        )
        for one in BOOK.people
    )
    assert {row["linkedinLink"]["primaryLinkUrl"] for row in rows} == {""}
    assert all((row["company"] is None) == (row["companyId"] is None) for row in rows)


def test_phones_come_as_they_were_written(workspace: Workspace) -> None:
    """The first one's calling code stands apart where there was one; a mobile number alone is the first one."""
    rows = workspace.all("people", "phones { primaryPhoneNumber primaryPhoneCallingCode additionalPhones }")
    phones = [row["phones"] for row in rows]

    written = [[number for number in (one.phone, one.mobile) if number] for one in BOOK.people]
    assert Counter(_digits(one["primaryPhoneCallingCode"] + one["primaryPhoneNumber"]) for one in phones) == Counter(
        _digits(one[0]) if one else "" for one in written
    )
    assert Counter(tuple(one["additionalPhones"]) for one in phones) == Counter(tuple(one[1:]) for one in written)
    with_code = [one for one in phones if one["primaryPhoneCallingCode"]]
    assert len(with_code) == sum(one[0].startswith("+") for one in written if one) > 0
    assert {"+1", "+49", "+44", "+81"} <= {one["primaryPhoneCallingCode"] for one in with_code}
    assert not any(re.match(r"[-+ ]", one["primaryPhoneNumber"]) for one in phones)


def test_companies_hold_people_and_opportunities(workspace: Workspace) -> None:
    """Revenues are in the home currency; without one the currency is empty too."""
    counts = "people(first: 1) { totalCount } opportunities(first: 1) { totalCount }"
    money = "annualRecurringRevenue { amountMicros currencyCode }"
    rows = workspace.all("companies", f"name employees accountOwnerId {money} {counts}")

    assert Counter((row["name"], row["employees"], _money(row["annualRecurringRevenue"])) for row in rows) == Counter(
        (one.name, one.employees, (one.annual_revenue, "USD" if one.annual_revenue is not None else ""))
        for one in BOOK.companies
    )
    assert sum(row["people"]["totalCount"] for row in rows) == sum(one.company is not None for one in BOOK.people)
    deals = sum(row["opportunities"]["totalCount"] for row in rows)
    assert deals == sum(one.company is not None for one in BOOK.deals)
    assert sum(row["accountOwnerId"] is None for row in rows) == sum(one.owner is None for one in BOOK.companies) > 0


def test_opportunities_are_told_by_currency_and_outcome(workspace: Workspace) -> None:
    """All pipelines are one, the open stages of each in their order; close dates are midnights."""
    fields = "name amount { amountMicros currencyCode } stage closeDate pointOfContactId"
    rows = workspace.all("opportunities", fields)

    stages = {"prospecting": "NEW", "needs_analysis": "SCREENING", "proposal": "MEETING", "negotiation": "PROPOSAL"}
    stages |= {"renewal_due": "NEW", "renewal_quoted": "SCREENING", "renewed": "CUSTOMER", "churned": "LOST"}
    stages |= {"won": "CUSTOMER", "lost": "LOST"}
    assert Counter((row["stage"], *_money(row["amount"]), row["closeDate"]) for row in rows) == Counter(
        (
            stages[one.stage],
            one.amount,
            one.currency if one.amount is not None else "",
            f"{one.close_on}T00:00:00.000Z",
        )
        for one in BOOK.deals
    )
    assert sum(row["pointOfContactId"] is not None for row in rows) == sum(bool(one.roles) for one in BOOK.deals)


def test_members_are_people_and_queues_are_not(workspace: Workspace) -> None:
    """So what a queue owns is nobody's."""
    members = {row["id"]: row for row in workspace.all("workspaceMembers", "id userEmail name { firstName lastName }")}
    tasks = workspace.all("tasks", "status assigneeId dueAt bodyV2 { markdown }")

    assert {row["userEmail"] for row in members.values()} == set(MEMBERS.values())
    owners = Counter(members[row["assigneeId"]]["userEmail"] if row["assigneeId"] else None for row in tasks)
    assert owners == Counter(MEMBERS.get(one.owner or 0) for one in BOOK.tasks)
    statuses = {"open": "TODO", "in_progress": "IN_PROGRESS", "done": "DONE", "canceled": "DONE"}
    assert Counter((row["status"], row["bodyV2"]["markdown"], row["dueAt"]) for row in tasks) == Counter(
        (statuses[one.status], one.body or "", one.due_on and f"{one.due_on}T00:00:00.000Z") for one in BOOK.tasks
    )


def test_notes_and_tasks_name_what_they_are_about(workspace: Workspace) -> None:
    """One target a record, with one of three ids."""
    for plural, singular, told in (("noteTargets", "note", BOOK.notes), ("taskTargets", "task", BOOK.tasks)):
        rows = workspace.all(plural, f"personId companyId opportunityId {singular} {{ id title }}")

        assert all(sum(row[key] is not None for key in list(row)[:3]) == 1 for row in rows)
        found = [sum(row[key] is not None for row in rows) for key in ("personId", "companyId", "opportunityId")]
        people, companies = sum(len(one.people) for one in told), sum(one.company is not None for one in told)
        assert found == [people, companies, sum(one.deal is not None for one in told)]
    notes = workspace.all("notes", "title bodyV2 { markdown }")
    assert Counter((row["title"], row["bodyV2"]["markdown"]) for row in notes) == Counter(
        (one.title, one.body) for one in BOOK.notes
    )


def test_events_last_hours_or_whole_days(workspace: Workspace) -> None:
    """Whole days end at the midnight after the last one."""
    rows = workspace.all("calendarEvents", "title startsAt endsAt isFullDay isCanceled location")

    expected = Counter(
        (
            one.title,
            one.starts_at or _midnight(one.starts_on),
            one.ends_at or _midnight(one.ends_on),
            one.starts_on is not None,
            one.outcome == "canceled",
            one.location,
        )
        for one in BOOK.appointments
    )
    found = [{**row, **{key: datetime.fromisoformat(row[key]) for key in ("startsAt", "endsAt")}} for row in rows]
    assert Counter(tuple(row.values()) for row in found) == expected
    whole = [row for row in found if row["isFullDay"]]
    assert whole
    assert all((row["endsAt"] - row["startsAt"]) % timedelta(days=1) == timedelta(0) for row in whole)


def test_participants_are_members_people_and_strangers(workspace: Workspace) -> None:
    """The owner organizes; a lead's seat names nobody the workspace has."""
    fields = "calendarEvent { id } handle displayName isOrganizer responseStatus personId workspaceMemberId"
    rows = workspace.all("calendarEventParticipants", fields)

    hosts = [row for row in rows if row["isOrganizer"]]
    strangers = [row for row in rows if row["personId"] is None and row["workspaceMemberId"] is None]
    assert Counter(row["handle"] for row in hosts) == Counter(
        MEMBERS[one.owner] for one in BOOK.appointments if one.owner in MEMBERS
    )
    assert sum(row["personId"] is not None for row in rows) == sum(len(one.people) for one in BOOK.appointments)
    leads = [BOOK.leads[one.lead - 1] for one in BOOK.appointments if one.lead]
    assert Counter(row["handle"] for row in strangers) == Counter(one.email for one in leads)
    assert leads
    assert {row["responseStatus"] for row in rows} == {"ACCEPTED", "NEEDS_ACTION", "TENTATIVE", "DECLINED"}


def test_deleted_people_show_where_the_filter_speaks_of_them(workspace: Workspace) -> None:
    """Every 97th person has a deleted double, hidden even below a company."""
    named = workspace.all("people", "id deletedAt")
    gone = workspace.all("people", "id companyId", filter={"not": {"deletedAt": {"is": "NULL"}}})
    both = workspace.all("people", "id", filter={"or": [{"deletedAt": {"is": "NULL"}}, {"id": {"is": "NOT_NULL"}}]})

    assert len(named) == len(BOOK.people)
    assert len(gone) == len(BOOK.people) // 97 > 0
    assert len(both) == len(named) + len(gone)
    assert not {row["id"] for row in gone} & {row["id"] for row in named}
    below = (
        "query ($id: UUID!) { company(filter: { id: { eq: $id } }) { people(first: 200) { edges { node { id } } } } }"
    )
    for company in {row["companyId"] for row in gone} - {None}:
        edges = workspace.data(below, id=company)["company"]["people"]["edges"]
        assert {edge["node"]["id"] for edge in edges} <= {row["id"] for row in named}
    document = "query ($id: UUID!) { person(filter: { id: { eq: $id } }) { id } }"
    assert workspace.codes(document, id=gone[0]["id"]) == ["NOT_FOUND"]


def test_ids_and_instants_are_in_their_own_order(workspace: Workspace) -> None:
    """Ids are version 4 and follow no time; many rows share an `updatedAt`, in milliseconds."""
    rows = workspace.all("people", "id createdAt updatedAt")

    assert all(ID.fullmatch(row["id"]) for row in rows)
    assert [row["id"] for row in rows] == sorted(row["id"] for row in rows)
    assert len({row["updatedAt"] for row in rows}) < len(rows)
    for key in ("createdAt", "updatedAt"):
        instants = [row[key] for row in rows]
        assert instants != sorted(instants)
        assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one) for one in instants)


def _money(told: dict[str, object]) -> tuple[Decimal | None, object]:
    micros = told["amountMicros"]
    return (Decimal(micros) / 1_000_000 if isinstance(micros, int) else None, told["currencyCode"])


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time(), UTC)


def _digits(phone: str) -> str:
    return re.sub(r"\D", "", phone)
