"""The emulator tells the account's book, in Pipedrive's objects and values."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from sandbox.pipedrive import EMULATOR
from sandbox.pipedrive.content.fields import own_key
from tests.sandbox.pipedrive.accounts import Account, running_account

Row = dict[str, Any]


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """The seeded account."""
    with running_account() as running:
        yield running


def test_persons_are_the_people(account: Account) -> None:
    """Names, labelled addresses and numbers, company and Contact Sync's fields, row by row."""
    told = {row["name"]: row for row in account.walk("/api/v2/persons")}
    companies = {row["id"]: row["name"] for row in account.walk("/api/v2/organizations")}
    book = account.book
    names = {one.number: " ".join(part for part in (one.first_name, one.last_name) if part) for one in book.people}
    counts = Counter(names.values())
    assert counts == Counter(row["name"] for row in account.walk("/api/v2/persons"))

    for person in (one for one in book.people if counts[names[one.number]] == 1):
        row = told[names[person.number]]
        emails = [one for one in (person.email, *person.other_emails) if one]
        phones = [one for one in (person.phone, person.mobile) if one]
        assert [one["value"] for one in row["emails"]] == emails
        assert [one["value"] for one in row["phones"]] == phones
        assert [one["primary"] for one in row["phones"]] == [True, False][: len(phones)]
        assert companies.get(row["org_id"]) == (book.companies[person.company - 1].name if person.company else None)
        assert (row["job_title"], row["notes"]) == (person.job_title, person.description)
        assert row["birthday"] == (person.birth_date and person.birth_date.isoformat())
        assert (row["postal_address"] or {}).get("postal_code") == person.postal_code


def test_deals_add_up_by_currency_and_status(account: Account) -> None:
    """Counts and sums of the lists are the book's, archived deals included; no amount is 0."""
    outcomes = {(way.key, one.key): one.outcome for way in account.book.pipelines for one in way.stages}
    expected: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for deal in account.book.deals:
        expected[deal.currency, outcomes[deal.pipeline, deal.stage]].append(deal.amount or Decimal(0))

    rows = account.walk("/api/v2/deals") + account.walk("/api/v2/deals/archived")

    told: dict[tuple[str, str], list[Decimal]] = defaultdict(list)
    for row in rows:
        told[row["currency"], row["status"]].append(Decimal(str(row["value"])))
    assert {key: (len(one), sum(one)) for key, one in told.items()} == {
        key: (len(one), sum(one)) for key, one in expected.items()
    }
    assert all((row["lost_reason"] is None) or row["status"] == "lost" for row in rows)
    assert {row["status"] for row in rows if row["won_time"]} == {"won"}


def test_summary_is_what_the_list_adds_up_to(account: Account) -> None:
    """`deals/summary` counts the deals that are not archived, by currency."""
    rows = account.walk("/api/v2/deals", status="open")

    told = account.get("/v1/deals/summary", status="open").json()["data"]

    assert told["total_count"] == len(rows)
    for currency, one in told["values_total"].items():
        values = [row["value"] for row in rows if row["currency"] == currency]
        assert (one["count"], one["value"]) == (len(values), pytest.approx(sum(values)))


def test_appointments_and_tasks_share_a_table(account: Account) -> None:
    """Kinds tell them apart; an all-day one has no time; somebody unknown sits in some."""
    rows = account.walk("/api/v2/activities", include_fields="attendees")
    kinds = Counter(row["type"] for row in rows)
    meetings = [row for row in rows if row["type"] in {"meeting", "call", "lunch"}]

    assert set(kinds) == {"call", "meeting", "lunch", "task", "deadline", "email"}
    assert len(meetings) == len(account.book.appointments)
    assert len(rows) - len(meetings) == len(account.book.tasks)
    spans = sorted((row["due_date"], row["due_time"] or "") for row in meetings)
    assert spans == sorted(
        (f"{one.starts_at or one.starts_on:%Y-%m-%d}", f"{one.starts_at:%H:%M:%S}" if one.starts_at else "")
        for one in account.book.appointments
    )
    assert all((row["duration"] is None) == (row["due_time"] is None) for row in rows)
    known = [one["person_id"] or one["user_id"] for row in meetings for one in row["attendees"]]
    assert None in known
    assert any(known)
    assert all(row["person_id"] == row["participants"][0]["person_id"] for row in rows if row["participants"])


def test_leads_are_those_not_converted(account: Account) -> None:
    """Archived ones stand apart; a conversion leaves the lead's id on the deal."""
    active, archived = account.walk_v1("/v1/leads"), account.walk_v1("/api/v1/leads/archived")
    statuses = Counter(lead.status for lead in account.book.leads)

    assert len(archived) == statuses["disqualified"]
    assert len(active) == sum(statuses.values()) - statuses["disqualified"] - statuses["converted"]
    assert all(row["person_id"] for row in active)
    sources = [row["source_lead_id"] for row in account.walk("/api/v2/deals", include_fields="source_lead_id")]
    gone = next(one for one in sources if one)
    assert account.get(f"/v1/leads/{gone}").status_code == 404
    with_fee = [row for row in active if any(key.endswith("_currency") for key in row)]
    months = EMULATOR.own_fields["deal"]["contractMonths"]
    assert {row.get(months) for row in active} == {None, 12}
    assert with_fee == [row for row in active if months in row]


def test_own_fields_are_nested_and_have_options(account: Account) -> None:
    """40 hexadecimal digits each; choices are option ids, or labels when asked for."""
    keys = EMULATOR.own_fields["contact"]
    fields = {row["field_code"]: row for row in account.walk("/api/v2/personFields")}
    plain = account.walk("/api/v2/persons", custom_fields=f"{keys['interests']},{keys['isVip']}")
    labelled = account.walk("/api/v2/persons", include_option_labels="true")

    assert all(re.fullmatch("[0-9a-f]{40}", key) and fields[key]["is_custom_field"] for key in keys.values())
    assert {frozenset(row["custom_fields"]) for row in plain} == {frozenset((keys["interests"], keys["isVip"]))}
    options = {one["id"]: one["label"] for one in fields[keys["interests"]]["options"]}
    interests = [row["custom_fields"][keys["interests"]] for row in plain]
    assert [None if one is None else [{"id": each, "label": options[each]} for each in one] for one in interests] == [
        row["custom_fields"][keys["interests"]] for row in labelled
    ]
    fees = [row["custom_fields"][own_key("deal", "setupFee")] for row in account.walk("/api/v2/deals")]
    assert {tuple(one) for one in fees if one} == {("value", "currency")}
    told = sorted(tuple(options[each] for each in one or ()) for one in interests)
    assert told == sorted(person.interests for person in account.book.people)


def test_participants_are_the_people_of_the_deal(account: Account) -> None:
    """Both roads give the same persons, the primary one among them."""
    counted = account.walk("/api/v2/deals", include_fields="participants_count")
    deal = max(counted, key=lambda row: int(row["participants_count"]))

    told = [one["person_id"]["value"] for one in account.walk_v1(f"/v1/deals/{deal['id']}/participants")]

    assert len(told) == deal["participants_count"] > 1
    assert told[0] == deal["person_id"]
    assert sorted(row["id"] for row in account.walk("/api/v2/persons", deal_id=deal["id"])) == sorted(told)


def test_times_are_whole_seconds_and_ids_in_no_order_of_time(account: Account) -> None:
    """Version 1 writes other times than version 2, and leads have milliseconds."""
    persons = account.walk("/api/v2/persons")
    notes, leads = account.walk_v1("/v1/notes"), account.walk_v1("/v1/leads")

    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", row["update_time"]) for row in persons)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", row["update_time"]) for row in notes)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", row["update_time"]) for row in leads)
    made = [row["add_time"] for row in persons]
    assert made != sorted(made)
    expected = sorted(one.updated_at.replace(microsecond=0) for one in account.book.people)
    assert sorted(datetime.fromisoformat(row["update_time"]) for row in persons) == expected


def test_deleted_rows_are_hidden_and_known_by_id() -> None:
    """Deals alone are listed by `status=deleted`, for thirty days; single reads say that they are deleted."""
    with running_account(scale=0.05, deleted_every=5, contact_sync=False) as account:
        book = account.book
        persons, deleted = account.walk("/api/v2/persons"), account.walk("/api/v2/deals", status="deleted")

        assert len(persons) == len(book.people) - len(book.people) // 5
        assert "job_title" not in persons[0]
        assert len(account.walk_v1("/v1/notes")) == len(book.notes) - len(book.notes) // 5
        assert [row["is_deleted"] for row in deleted] == [True] * (len(book.deals) // 5)
        one = account.get(f"/api/v2/deals/{deleted[0]['id']}").json()["data"]
        assert one["is_deleted"] is True
        assert account.get("/api/v2/deals", ids=one["id"]).json()["data"] == []
