"""Deals, events, tasks and notes of a book, as Zoho's modules hold them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from sandbox.seed import Appointment, Book, Stage, Task
from sandbox.zoho.org.cells import Record, Ref, record_id
from sandbox.zoho.org.people import RATES, Teller

__all__ = ["PRIORITIES", "TASK_STATUSES", "contact_roles", "deals", "events", "notes", "stages_of", "tasks"]

TASK_STATUSES = {"open": "Not Started", "in_progress": "In Progress", "done": "Completed", "canceled": "Deferred"}
PRIORITIES = {"low": "Low", "normal": "Normal", "high": "High"}


def stages_of(book: Book) -> dict[tuple[str, str], Stage]:
    """The stages of the deal pipelines, by their keys in the book."""
    return {(way.key, stage.key): stage for way in book.pipelines if way.kind == "deal" for stage in way.stages}


def deals(teller: Teller) -> Iterator[Record]:
    """One record per deal; Zoho has no time of closing, so its day stands in Closing_Date."""
    stages = stages_of(teller.book)
    labels = {way.key: way.label for way in teller.book.pipelines}
    for deal in teller.book.deals:
        stage = stages[deal.pipeline, deal.stage]
        primary = next((role.person for role in deal.roles if role.is_primary), None)
        yield {
            **teller.keys("Deals", deal, deal.owner),
            "Deal_Name": deal.name,
            "Next_Step": deal.next_step,
            "Description": deal.description,
            "Amount": deal.amount,
            "Expected_Revenue": None if deal.amount is None else deal.amount * stage.probability,
            "Currency": deal.currency,
            "Exchange_Rate": RATES[deal.currency] / RATES[teller.book.home_currency],
            "Probability": int(stage.probability * 100),
            "Closing_Date": deal.close_on,
            "Last_Activity_Time": teller.last_activity(deal),
            "Tag": [],
            "Stage": stage.label,
            "Pipeline": labels[deal.pipeline],
            "Type": deal.deal_type and deal.deal_type.title(),
            "Lead_Source": deal.lead_source,
            "Reason_For_Loss__s": deal.lost_reason,
            "Account_Name": teller.account(deal.company),
            "Contact_Name": teller.contact(primary),
            "Contract_Months": deal.contract_months,
            "Main_Competitor": deal.competitor,
        }


def contact_roles(book: Book) -> dict[str, list[tuple[str, str | None]]]:
    """Contact ids and roles of each deal, by the deal's id."""
    return {
        record_id("Deals", deal.number): [(record_id("Contacts", role.person), role.role) for role in deal.roles]
        for deal in book.deals
    }


def events(teller: Teller) -> Iterator[Record]:
    """One record per appointment; whole days end a second before midnight (events page, read 2026-11)."""
    for meeting in teller.book.appointments:
        starts, ends = _span(meeting, teller)
        # Who is asked about a lead is no contact yet, so one excludes the other.
        about = teller.deal(meeting.deal) or teller.lead(meeting.lead) or teller.account(meeting.company)
        yield {
            **teller.keys("Events", meeting, meeting.owner),
            "Event_Title": meeting.title,
            "Venue": meeting.location,
            "Description": meeting.description,
            "Start_DateTime": starts,
            "End_DateTime": ends,
            "All_day": meeting.starts_on is not None,
            "Remind_At": starts - timedelta(minutes=15) if meeting.number % 2 else None,
            "Participants": list(_participants(meeting, teller)),
            "Who_Id": None if about and about.module == "Leads" else teller.contact(_first(meeting)),
            **_about("What_Id", about),
        }


def _span(meeting: Appointment, teller: Teller) -> tuple[datetime, datetime]:
    if meeting.starts_at is not None and meeting.ends_at is not None:
        return meeting.starts_at, meeting.ends_at
    first, after = meeting.starts_on or date.min, meeting.ends_on or date.min
    midnight, end = (datetime.combine(day, time(), teller.zone).astimezone(UTC) for day in (first, after))
    return midnight, end - timedelta(seconds=1)


def _participants(meeting: Appointment, teller: Teller) -> Iterator[dict[str, object]]:
    """Its contacts and its lead; every third time a colleague, every fifth somebody whom nobody knows."""
    book = teller.book
    known = [("contact", teller.contact(one), book.people[one - 1].email) for one in meeting.people]
    if meeting.lead is not None:
        known.append(("lead", teller.lead(meeting.lead), book.leads[meeting.lead - 1].email))
    if meeting.number % 3 == 0:
        colleague = teller.user(meeting.number // 3 % len(book.users) + 1)
        known.append(("user", colleague, colleague.email))
    first = meeting.number * 10
    for place, (kind, ref, email) in enumerate(known, start=first):
        yield _participant(place, kind, ref.id if ref else "", ref.name if ref else None, email)
    if meeting.number % 5 == 0:
        guest = f"guest{meeting.number}@elsewhere.example"
        yield _participant(first + len(known), "email", guest, None, guest)


def _participant(place: int, kind: str, who: str, name: str | None, email: str | None) -> dict[str, object]:
    return {
        "id": record_id("Participants", place),
        "type": kind,
        "participant": who,
        "name": name,
        "Email": email,
        "invited": place % 2 == 0,
        "status": "not_known",
    }


def tasks(teller: Teller) -> Iterator[Record]:
    """One record per task."""
    for task in teller.book.tasks:
        yield {
            **teller.keys("Tasks", task, task.owner),
            "Subject": task.subject,
            "Description": task.body,
            "Due_Date": task.due_on,
            "Closed_Time": task.completed_at and task.completed_at.replace(microsecond=0),
            "Remind_At": None,
            "Status": TASK_STATUSES[task.status],
            "Priority": PRIORITIES[task.priority],
            "Who_Id": teller.contact(_first(task)),
            **_about("What_Id", teller.deal(task.deal) or teller.account(task.company)),
        }


def _first(one: Appointment | Task) -> int | None:
    return one.people[0] if one.people else None


def notes(teller: Teller) -> Iterator[Record]:
    """One record per note; Zoho's notes belong to one record: the deal, else the first contact, else the account."""
    for note in teller.book.notes:
        person = note.people[0] if note.people else None
        parent = teller.deal(note.deal) or teller.contact(person) or teller.account(note.company)
        yield {
            **teller.keys("Notes", note, note.owner),
            "Note_Title": note.title,
            "Note_Content": note.body,
            **_about("Parent_Id", parent and Ref(parent.module, parent.id, parent.name, tells_module=True)),
        }


def _about(name: str, ref: Ref | None) -> Record:
    """A look-up that may lead to several modules, and which one it leads to."""
    return {name: ref, "$se_module": None if ref is None else ref.module}
