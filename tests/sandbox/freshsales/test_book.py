"""What the account tells is the book."""

from collections import Counter
from decimal import Decimal

from sandbox.seed import Book
from tests.sandbox.freshsales.accounts import Account, told_book

BOOK: Book = told_book()


def names(account: Account, selector: str, key: str | None = None) -> dict[int, str]:
    """The names of a list by their ids."""
    return {row["id"]: row[key or "name"] for row in account.read(f"/selector/{selector}")[selector]}


def test_contacts_are_the_people_and_the_open_leads(account: Account) -> None:
    """One list holds both, told apart by the stage of type Lead; a converted lead is its person's contact."""
    rows = account.all("contacts", "All Contacts", include="lifecycle_stage,contact_status")
    stages = account.read("/selector/lifecycle_stages")["lifecycle_stages"]
    (lead_stage,) = [one["id"] for one in stages if one["type"] == "Lead"]
    statuses = names(account, "contact_statuses")

    leads = [row for row in rows if row["lifecycle_stage_id"] == lead_stage]
    told = Counter(lead.status for lead in BOOK.leads)
    assert len(rows) == len({row["id"] for row in rows}) == len(BOOK.people) + len(leads)
    assert Counter(statuses[row["contact_status_id"]] for row in leads) == {
        "New": told["new"],
        "Contacted": told["working"],
        "Interested": told["qualified"],
        "Unqualified": told["disqualified"],
    }
    assert told["converted"] > 0
    emails = Counter(person.email for person in BOOK.people)
    assert Counter(row["email"] for row in rows if row not in leads) == emails


def test_deals_are_told_by_currency_and_outcome(account: Account) -> None:
    """Amounts are texts in the deal's own currency; the views of outcomes hold every deal once."""
    currencies = names(account, "currencies", "currency_code")
    expected: Counter[tuple[str, str]] = Counter()
    outcomes = {(one.key, step.key): step.outcome for one in BOOK.pipelines for step in one.stages}
    for deal in BOOK.deals:
        expected[outcomes[deal.pipeline, deal.stage], deal.currency] += deal.amount or Decimal(0)

    found: Counter[tuple[str, str]] = Counter()
    count = 0
    for outcome in ("open", "won", "lost"):
        for row in account.all("deals", f"{outcome.title()} Deals", include="currency"):
            count += 1
            found[outcome, currencies[row["currency_id"]]] += Decimal(row["amount"] or "0")

    assert found == expected
    assert count == len(BOOK.deals) == len(account.all("deals", "All Deals"))


def test_accounts_hold_their_contacts_and_deals(account: Account) -> None:
    """Both sides of a link tell the same, one account of a contact being the primary one."""
    accounts = account.all("sales_accounts", "All Accounts", include="contacts,deals")
    contacts = account.all("contacts", "All Contacts", include="sales_accounts")
    linked = {(link["id"], row["id"]) for row in contacts for link in row["sales_accounts"]}

    assert len(accounts) == len(BOOK.companies)
    assert {(row["id"], one) for row in accounts for one in row["contact_ids"]} == linked
    assert len(linked) == sum(len({one.company, *one.other_companies}) for one in BOOK.people if one.company)
    primary = [link for row in contacts for link in row["sales_accounts"] if link["is_primary"]]
    assert len(primary) == sum(one.company is not None for one in BOOK.people)
    assert sum(len(row["deal_ids"]) for row in accounts) == sum(deal.company is not None for deal in BOOK.deals)


def test_a_deals_people_come_with_it(account: Account) -> None:
    """By ids and in part within the deal, in whole beside it."""
    page = account.read(account.view("deals", "All Deals"), per_page=100, include="contacts,sales_account")

    assert sum(len(row["contact_ids"]) for row in page["deals"]) == sum(len(deal.roles) for deal in BOOK.deals)
    assert {one["id"] for one in page["contacts"]} == {one for row in page["deals"] for one in row["contact_ids"]}
    assert {one["id"] for one in page["sales_accounts"]} == {row["sales_account_id"] for row in page["deals"]} - {None}


def test_tasks_are_open_or_completed(account: Account) -> None:
    """The vendor knows no other status; a queue's tasks are nobody's."""
    open_ones = account.pages("/tasks", "tasks", filter="open")
    done = account.pages("/tasks", "tasks", filter="completed")
    told = Counter(task.status for task in BOOK.tasks)
    people = {user.number for user in BOOK.users if user.kind == "user"}

    assert (len(open_ones), len(done)) == (told["open"] + told["in_progress"], told["done"] + told["canceled"])
    assert sum(row["completed_date"] is not None for row in done) == told["done"]
    owned = sum(row["owner_id"] is not None for row in (*open_ones, *done))
    assert owned == sum(task.owner in people for task in BOOK.tasks)
    assert len({user["id"] for user in account.read("/selector/owners")["users"]}) == len(people)


def test_appointments_are_past_or_upcoming(account: Account) -> None:
    """Each once; whole days, outcomes and people are those of the book, some seats are of people erased since."""
    rows = [row for when in ("past", "upcoming") for row in account.pages("/appointments", "appointments", filter=when)]
    page = account.read("/appointments", filter="past", per_page=100, include="appointment_attendees,creater")
    outcomes = names(account, "sales_activity_outcomes")

    assert len({row["id"] for row in rows}) == len(rows) == len(BOOK.appointments)
    assert sum(row["is_allday"] for row in rows) == sum(one.starts_on is not None for one in BOOK.appointments)
    told = Counter({"completed": "Completed", "canceled": "Canceled"}.get(one.outcome) for one in BOOK.appointments)
    assert Counter(outcomes.get(row["outcome_id"]) for row in rows)["Completed"] == told["Completed"]
    seats = {one["id"]: one for one in page["appointment_attendees"]}
    assert {one for row in page["appointments"] for one in row["appointment_attendee_ids"]} == set(seats)
    kinds = {one["attendee"]["type"] for one in seats.values()}
    assert kinds == {"FdMultitenant::User", "Contact"}
    known = {row["id"] for row in account.all("contacts", "All Contacts")}
    guests = {one["attendee"]["id"] for one in seats.values() if one["attendee"]["type"] == "Contact"}
    assert guests & known
    assert guests - known


def test_notes_are_read_with_what_they_are_about(account: Account) -> None:
    """There is no list of notes; contacts, accounts and deals bring them along."""
    found = {}
    for plural, name in (("contacts", "All Contacts"), ("sales_accounts", "All Accounts"), ("deals", "All Deals")):
        path = account.view(plural, name)
        for page in (1, 2):
            answer = account.read(path, per_page=100, page=page, include="notes")
            found |= {note["id"]: note["description"] for note in answer["notes"]}

    told = {f"{note.title}\n{note.body}" if note.title else note.body for note in BOOK.notes}
    assert set(found.values()) == told
    assert account.get("/notes").status_code == account.get("/notes/1").status_code == 404


def test_own_fields_stand_in_custom_field(account: Account) -> None:
    """Numbers, days, flags, choices and several choices, each null where nobody said."""
    rows = [row["custom_field"] for row in account.all("contacts", "All Contacts")]
    deals = [row["custom_field"] for row in account.all("deals", "All Deals")]

    assert Counter(row["cf_nps_score"] for row in rows if row["cf_nps_score"] is not None) == Counter(
        one.nps for one in BOOK.people if one.nps is not None
    )
    assert {row["cf_interests"] for row in rows} == {";".join(one.interests) or None for one in BOOK.people}
    assert {row["cf_is_vip"] for row in rows} == {True, False, None}
    assert Counter(row["cf_main_competitor"] for row in deals) == Counter(deal.competitor for deal in BOOK.deals)
