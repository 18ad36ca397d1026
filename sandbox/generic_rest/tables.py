"""The account's tables: the columns of each with their kinds, and the rows that tell the book."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from html import escape
from typing import Any, Literal

from sandbox.seed import Book, Company, Deal, Lead, Note, Person
from sandbox.seed import Row as BookRow

__all__ = ["Kind", "Row", "Table", "pipelines_of", "shown", "tables_of"]

Kind = Literal["id", "ids", "text", "long_text", "texts", "enumeration", "number", "instant", "date", "bool"]

Row = dict[str, Any]
"""A record by column, parts of objects under dotted names, in Python's own values; None where there is none."""

_COLUMNS: dict[str, dict[Kind, str]] = {
    "users": {"text": "name email time_zone", "enumeration": "kind", "bool": "active"},
    "companies": {
        "text": "name domain website phone industry annual_revenue.currency address.street address.city address.region "
        "address.postal_code address.country custom.customer_number custom.tier",
        "number": "employees annual_revenue.value",
        "long_text": "description",
        "id": "parent_id owner_id",
    },
    "contacts": {
        "text": "first_name last_name full_name salutation job_title department email phone mobile lead_source "
        "address.street address.city address.region address.postal_code address.country "
        "custom.customer_number custom.channel",
        "texts": "other_emails custom.interests",
        "number": "custom.nps",
        "date": "birth_date custom.renewal_on",
        "bool": "email_opt_out do_not_call custom.is_vip",
        "long_text": "description",
        "id": "company_id owner_id",
    },
    "leads": {
        "text": "title first_name last_name full_name company_name job_title email phone rating lead_source city "
        "country",
        "enumeration": "status",
        "date": "converted_on",
        "long_text": "description",
        "id": "owner_id contact_id company_id deal_id",
    },
    "deals": {
        "text": "name amount.currency deal_type next_step lost_reason lead_source custom.competitor",
        "number": "amount.value custom.contract_months",
        "enumeration": "status",
        "date": "expected_close_on",
        "instant": "closed_at",
        "long_text": "description",
        "id": "pipeline_id stage_id company_id owner_id",
        "ids": "contact_ids",
    },
    "appointments": {
        "text": "title location meeting_url outcome",
        "instant": "starts_at ends_at",
        "date": "starts_on ends_on",
        "bool": "all_day",
        "long_text": "description",
        "id": "owner_id company_id deal_id lead_id",
        "ids": "contact_ids",
    },
    "notes": {"text": "title", "long_text": "body", "id": "owner_id company_id deal_id", "ids": "contact_ids"},
    "tasks": {
        "text": "subject",
        "enumeration": "status priority",
        "date": "due_on",
        "instant": "completed_at",
        "long_text": "body",
        "id": "owner_id company_id deal_id",
        "ids": "contact_ids",
    },
}
_SUMS_OF_MONEY = ("amount", "annual_revenue")
_ID_STEP, _ID_PRIME = 618_033, 1_000_003
"""A row's number times the one modulo the other, so that ids are scattered, and differ below a million rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One resource.

    Attributes:
        columns: kinds by name, parts of objects under dotted names.
        rows: by id.
    """

    columns: Mapping[str, Kind]
    rows: Mapping[int, Row]


def shown(row: Row, names: Iterable[str]) -> dict[str, object]:
    """The columns *names* of *row* as JSON has them, parts of objects within these."""
    told: dict[str, Any] = {}
    for name in names:
        whole, _, part = name.partition(".")
        if not part:
            told[whole] = _cell(row[name])
        elif whole in _SUMS_OF_MONEY and row[f"{whole}.value"] is None:
            told[whole] = None
        else:
            told.setdefault(whole, {})[part] = _cell(row[name])
    return told


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03d}Z"
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:.2f}" if isinstance(value, Decimal) else value


def pipelines_of(book: Book) -> list[dict[str, Any]]:
    """The ways for deals, the first with the id 1 and stages from 11 on."""
    return [
        {
            "id": place,
            "name": pipeline.label,
            "stages": [
                {
                    "id": place * 10 + position + 1,
                    "name": stage.label,
                    "position": position,
                    "probability": int(stage.probability * 100),
                    "outcome": stage.outcome,
                }
                for position, stage in enumerate(pipeline.stages)
            ],
        }
        for place, pipeline in enumerate((one for one in book.pipelines if one.kind == "deal"), start=1)
    ]


def tables_of(book: Book) -> dict[str, Table]:
    """Every resource of the account by name, each row with all its columns."""
    told: dict[str, tuple[Iterable[BookRow], Callable[[Any], Row]]] = {
        "users": (book.users, lambda one: {"active": one.is_active}),
        "companies": (book.companies, partial(_company, currency=book.home_currency)),
        "contacts": (book.people, _contact),
        "leads": (book.leads, _lead),
        "deals": (book.deals, partial(_deal, stages=_stages(book))),
        "appointments": (book.appointments, lambda one: {"all_day": one.starts_on is not None}),
        "notes": (book.notes, _note),
        "tasks": (book.tasks, lambda _: {}),
    }
    return {name: _table(_COLUMNS[name], rows, differing) for name, (rows, differing) in told.items()}


def _table(columns: Mapping[Kind, str], told: Iterable[BookRow], differing: Callable[[Any], Row]) -> Table:
    kinds: dict[str, Kind] = {"id": "id", "created_at": "instant", "updated_at": "instant"}
    kinds |= {name: kind for kind, names in columns.items() for name in names.split()}
    rows = [_row(one, kinds, {"id": _id(one.number), **differing(one)}) for one in told]
    return Table(columns=kinds, rows={row["id"]: row for row in sorted(rows, key=lambda row: int(row["id"]))})


def _row(told: BookRow, kinds: Mapping[str, Kind], differing: Row) -> Row:
    """What *differing* has for a column, else what the book's row has under the same name."""
    row = {}
    for name, kind in kinds.items():
        attribute = name.rpartition(".")[2]
        if name in differing:
            row[name] = differing[name]
        elif kind == "id":
            row[name] = _id(getattr(told, attribute.removesuffix("_id")))
        elif kind == "ids":
            row[name] = _ids(told.people)  # type: ignore[attr-defined]  # every row with people but the deals'
        else:
            row[name] = getattr(told, attribute)
    return row


def _id(number: int | None) -> int | None:
    return None if number is None else number * _ID_STEP % _ID_PRIME


def _ids(numbers: Iterable[int]) -> tuple[int | None, ...]:
    return tuple(_id(number) for number in numbers)


def _full_name(told: Person | Lead) -> str:
    return " ".join(name for name in (told.first_name, told.last_name) if name)


def _company(told: Company, *, currency: str) -> Row:
    return {
        "website": told.domain and f"https://{told.domain}",
        "annual_revenue.value": told.annual_revenue,
        "annual_revenue.currency": None if told.annual_revenue is None else currency,
    }


def _contact(told: Person) -> Row:
    return {"full_name": _full_name(told), "custom.channel": told.preferred_channel}


def _lead(told: Lead) -> Row:
    return {"full_name": _full_name(told), "contact_id": _id(told.person) if told.status == "converted" else None}


def _stages(book: Book) -> dict[tuple[str, str], Row]:
    """The columns of a deal that its stage gives, by the book's keys of pipeline and stage."""
    ways = [one for one in book.pipelines if one.kind == "deal"]
    return {
        (way.key, step.key): {"pipeline_id": pipeline["id"], "stage_id": stage["id"], "status": step.outcome}
        for way, pipeline in zip(ways, pipelines_of(book), strict=True)
        for step, stage in zip(way.stages, pipeline["stages"], strict=True)
    }


def _deal(told: Deal, *, stages: Mapping[tuple[str, str], Row]) -> Row:
    return {
        "amount.value": told.amount,
        "amount.currency": None if told.amount is None else told.currency,
        "expected_close_on": told.close_on,
        "contact_ids": _ids(role.person for role in told.roles),
        **stages[told.pipeline, told.stage],
    }


def _note(told: Note) -> Row:
    lines = "<br>".join(escape(line) for line in told.body.split("\n"))
    return {"body": f"<p>{lines}</p>"}
