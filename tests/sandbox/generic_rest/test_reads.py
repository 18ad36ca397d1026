"""What the account tells is the book, in the order, columns and pages that a query asks for."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from html import escape
from typing import Any

import httpx
import pytest

from sandbox import Sandbox
from sandbox.seed import build_book

BOOK = build_book("generic_rest", scale=0.1, home_currency="EUR")
LISTS = {
    "users": BOOK.users,
    "companies": BOOK.companies,
    "contacts": BOOK.people,
    "leads": BOOK.leads,
    "deals": BOOK.deals,
    "appointments": BOOK.appointments,
    "notes": BOOK.notes,
    "tasks": BOOK.tasks,
}
ACTIVITY = "owner_id contact_ids company_id deal_id"
COLUMNS = {
    "users": "name email active time_zone kind",
    "companies": "name domain website phone industry employees annual_revenue address description parent_id owner_id "
    "custom",
    "contacts": "first_name last_name full_name salutation job_title department email other_emails phone mobile "
    "address lead_source birth_date email_opt_out do_not_call description company_id owner_id custom",
    "leads": "title first_name last_name full_name company_name job_title email phone status rating lead_source city "
    "country description owner_id converted_on contact_id company_id deal_id",
    "deals": "name amount pipeline_id stage_id status expected_close_on closed_at deal_type next_step lost_reason "
    "lead_source description company_id owner_id contact_ids custom",
    "appointments": "title starts_at ends_at starts_on ends_on all_day location meeting_url description outcome "
    f"lead_id {ACTIVITY}",
    "notes": f"title body {ACTIVITY}",
    "tasks": f"subject body status priority due_on completed_at {ACTIVITY}",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """A client that sends the key."""

    http: httpx.Client

    def query(self, resource: str, **body: object) -> httpx.Response:
        """POST of a query."""
        return self.http.post(f"/api/v1/{resource}/query", json=body)

    def rows(self, resource: str, **body: object) -> list[Row]:
        """Every row that a query finds, page by page, as many as it counts."""
        rows: list[Row] = []
        while True:
            answer = self.query(resource, limit=37, offset=len(rows), **body)
            assert answer.status_code == 200, answer.text
            told = answer.json()
            rows += told["data"]
            if not told["meta"]["has_more"]:
                assert told["meta"]["total"] == len(rows)
                return rows

    def found(self, resource: str, field: str, op: str, value: object) -> set[int]:
        """The ids of the rows that keep one condition."""
        tree = {"field": field, "op": op, "value": value}
        return {row["id"] for row in self.rows(resource, filter=tree, fields=[])}


@pytest.fixture(scope="module")
def account() -> Iterator[Account]:
    """An account whose limits are lifted."""
    options = {"generic_rest": {"burst": 10**9, "daily": 10**9}}
    with Sandbox(["generic_rest"], scale=0.1, options=options) as sandbox:
        headers = {"X-Api-Key": sandbox.secrets["GENERIC_REST_KEY"]}
        with httpx.Client(base_url=sandbox.url("generic_rest"), headers=headers) as http:
            yield Account(http)


@pytest.mark.parametrize("resource", LISTS)
def test_every_row_of_the_book_is_told_once_with_all_its_columns(account: Account, resource: str) -> None:
    """By id, which is not the order of creation; no text is empty."""
    rows = account.rows(resource)

    assert {frozenset(row) for row in rows} == {frozenset(f"id created_at updated_at {COLUMNS[resource]}".split())}
    ids = [row["id"] for row in rows]
    assert ids == sorted(set(ids))
    assert [row["created_at"] for row in rows] != sorted(row["created_at"] for row in rows)
    for key in ("created_at", "updated_at"):
        told = Counter(datetime.fromisoformat(row[key]) for row in rows)
        assert told == Counter(getattr(one, key) for one in LISTS[resource])
    assert not any(value == "" for row in rows for value in row.values())
    assert account.http.get(f"/api/v1/{resource}/{ids[3]}").json() == {"data": rows[3]}


def test_deals_are_told_by_currency_and_status(account: Account) -> None:
    """Amounts are decimal text with their currency, or null as a whole; stages give pipelines and statuses."""
    outcomes = {(way.key, step.key): (way.label, step.outcome) for way in BOOK.pipelines for step in way.stages}
    expected: dict[tuple[str, str, str | None], Decimal] = defaultdict(Decimal)
    for deal in BOOK.deals:
        currency = None if deal.amount is None else deal.currency
        expected[(*outcomes[deal.pipeline, deal.stage], currency)] += deal.amount or Decimal(1)
    pipelines = account.http.get("/api/v1/pipelines").json()
    ways = {way["id"]: way["name"] for way in pipelines["data"]}
    steps = {step["id"]: (way["id"], step["outcome"]) for way in pipelines["data"] for step in way["stages"]}

    found: dict[tuple[str, str, str | None], Decimal] = defaultdict(Decimal)
    for row in account.rows("deals"):
        amount = row["amount"] or {"value": "1", "currency": None}
        assert isinstance(amount["value"], str)
        assert steps[row["stage_id"]] == (row["pipeline_id"], row["status"])
        found[ways[row["pipeline_id"]], row["status"], amount["currency"]] += Decimal(amount["value"])

    assert found == expected
    assert pipelines["meta"] == {"total": 2, "has_more": False}
    assert pipelines["data"][0]["stages"][4] == {
        "id": 15,
        "name": "Closed Won",
        "position": 4,
        "probability": 100,
        "outcome": "won",
    }


def test_records_name_one_another(account: Account) -> None:
    """Ids lead to the rows that the book means; an unconverted lead names none."""
    companies = {row["id"]: row["name"] for row in account.rows("companies")}
    contacts = {row["id"]: row["full_name"] for row in account.rows("contacts")}
    names = [" ".join(name for name in (one.first_name, one.last_name) if name) for one in BOOK.people]
    employers = Counter(
        (names[one.number - 1], one.company and BOOK.companies[one.company - 1].name) for one in BOOK.people
    )

    assert employers == Counter(
        (row["full_name"], companies.get(row["company_id"])) for row in account.rows("contacts")
    )
    for resource, people in (
        ("deals", [[role.person for role in one.roles] for one in BOOK.deals]),
        ("appointments", [list(one.people) for one in BOOK.appointments]),
    ):
        told = Counter(tuple(contacts[one] for one in row["contact_ids"]) for row in account.rows(resource))
        assert told == Counter(tuple(names[number - 1] for number in numbers) for numbers in people)
    for lead in account.rows("leads"):
        links = [lead["contact_id"], lead["company_id"], lead["deal_id"], lead["converted_on"]]
        assert all(links) if lead["status"] == "converted" else links == [None] * 4
        assert lead["status"] != "converted" or contacts[lead["contact_id"]] == lead["full_name"]


def test_values_are_those_of_the_book(account: Account) -> None:
    """Own fields, whole days, HTML, money without a value, several e-mails, queues, and the account itself."""
    contacts, notes = account.rows("contacts"), account.rows("notes")
    own = Counter(
        (one.customer_number, one.nps, one.renewal_on and one.renewal_on.isoformat(), one.is_vip, one.interests)
        for one in BOOK.people
    )
    keys = ("customer_number", "nps", "renewal_on", "is_vip")

    assert own == Counter(
        (*(row["custom"][key] for key in keys), tuple(row["custom"]["interests"])) for row in contacts
    )
    assert sum(len(row["other_emails"]) for row in contacts) == sum(len(one.other_emails) for one in BOOK.people) > 0
    for row in account.rows("appointments"):
        days, instants = (row["starts_on"], row["ends_on"]), (row["starts_at"], row["ends_at"])
        assert (all(days), any(instants)) == (row["all_day"], not row["all_day"])
    assert {row["body"] for row in notes} == {f"<p>{escape(one.body)}</p>".replace("\n", "<br>") for one in BOOK.notes}
    revenues = [row["annual_revenue"] for row in account.rows("companies")]
    assert Counter(one and Decimal(one["value"]) for one in revenues) == Counter(
        one.annual_revenue for one in BOOK.companies
    )
    assert Counter((row["kind"], row["active"]) for row in account.rows("users")) == Counter(
        (one.kind, one.is_active) for one in BOOK.users
    )
    assert account.http.get("/api/v1/account").json()["data"] | {"name": "x"} == {
        "id": "acc-7f3a",
        "name": "x",
        "currency": "EUR",
        "time_zone": "Europe/Berlin",
    }


def part(row: Row, column: str) -> Any:
    """The value under a dotted name; null in a whole that is null."""
    whole, _, inner = column.partition(".")
    return row[whole] if not inner or row[whole] is None else row[whole][inner]


CONDITIONS: list[tuple[str, str, str, object, Callable[[Any], bool]]] = [
    ("contacts", "last_name", "contains", "MÜ", lambda value: "mü" in value.lower()),
    ("contacts", "email", "starts_with", "A", lambda value: value.lower().startswith("a")),
    ("contacts", "lead_source", "eq", "wEB", lambda value: value == "Web"),
    ("contacts", "department", "ne", "sales", lambda value: value != "Sales"),
    ("contacts", "address.country", "nin", ["germany", "Spain"], lambda value: value not in {"Germany", "Spain"}),
    ("contacts", "custom.nps", "gte", "7.5", lambda value: value >= 8),
    ("contacts", "custom.is_vip", "ne", True, lambda value: value is False),
    ("contacts", "birth_date", "lt", "1980-01-01", lambda value: date.fromisoformat(value).year < 1980),
    ("contacts", "custom.nps", "in", [0, "7", 10.0], lambda value: value in {0, 7, 10}),
    ("companies", "employees", "lte", 90, lambda value: value <= 90),
    ("deals", "amount.value", "gt", 9999.99, lambda value: Decimal(value) > 10_000),
    ("deals", "amount.currency", "in", ["usd", "JPY"], lambda value: value in {"USD", "JPY"}),
    ("deals", "status", "in", ["won", "Lost"], lambda value: value == "won"),
    ("deals", "closed_at", "lte", "2026-03-01T02:00:00.5+02:00", lambda value: value <= "2026-03-01T00:00:00.500Z"),
    ("users", "kind", "eq", "queue", lambda value: value == "queue"),
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda condition: "-".join(map(str, condition[:4])))
def test_a_condition_holds_for_present_values_alone(
    account: Account, condition: tuple[str, str, str, object, Callable[[Any], bool]]
) -> None:
    """Of a missing one `is_null` alone is true, and `not` is true of whatever its tree is not."""
    resource, field, op, value, holds = condition
    values = {row["id"]: part(row, field) for row in account.rows(resource)}
    expected = {one for one, told in values.items() if told is not None and holds(told)}
    missing = {one for one, told in values.items() if told is None}
    denied = account.rows(resource, filter={"not": {"field": field, "op": op, "value": value}})

    assert account.found(resource, field, op, value) == expected != set()
    assert {row["id"] for row in denied} == values.keys() - expected
    assert account.found(resource, field, "is_null", True) == missing
    assert account.found(resource, field, "is_null", False) == values.keys() - missing


def test_trees_join_conditions(account: Account) -> None:
    """A list of ids has one of those asked for."""
    deals = account.rows("deals")
    wanted = [row["contact_ids"][-1] for row in deals if row["contact_ids"]][:3]
    is_won = {"field": "status", "op": "eq", "value": "won"}
    has_one = {"field": "contact_ids", "op": "in", "value": wanted}

    for join, holds in (("and", all), ("or", any)):
        found = {row["id"] for row in account.rows("deals", filter={join: [is_won, {"not": has_one}]})}
        assert found == {
            row["id"]
            for row in deals
            if holds((row["status"] == "won", not set(wanted).intersection(row["contact_ids"])))
        }
    assert account.found("deals", "contact_ids", "eq", wanted[0]) == {
        row["id"] for row in deals if wanted[0] in row["contact_ids"]
    }


def test_missing_values_come_last_and_ids_break_ties(account: Account) -> None:
    """In both directions, also behind another key."""
    rows = account.rows("contacts")
    for sign, direction in ((1, "asc"), (-1, "desc")):
        sort = [{"field": "custom.nps", "direction": direction}, {"field": "birth_date", "direction": "asc"}]
        expected = sorted(
            rows,
            key=lambda row: (
                row["custom"]["nps"] is None,
                sign * (row["custom"]["nps"] or 0),
                row["birth_date"] is None,
                row["birth_date"] or "",
                row["id"],
            ),
        )
        assert account.rows("contacts", sort=sort) == expected


def test_columns_are_chosen_by_name(account: Account) -> None:
    """Parts come within their object, and the id comes with whatever is asked for."""
    fields = ["amount.currency", "custom", "name"]
    rows = account.rows("deals", fields=fields)
    one = account.http.get(f"/api/v1/deals/{rows[0]['id']}", params={"fields": ",".join(fields)}).json()

    assert one == {"data": rows[0]}
    assert {frozenset(row) for row in rows} == {frozenset({"id", "amount", "custom", "name"})}
    assert {tuple(row["amount"]) if row["amount"] else None for row in rows} == {("currency",), None}
    assert {frozenset(row["custom"]) for row in rows} == {frozenset({"contract_months", "competitor"})}
    assert account.query("deals", limit=0).json() == {"data": [], "meta": {"total": len(rows), "has_more": True}}
    assert len(account.query("contacts").json()["data"]) == 50
