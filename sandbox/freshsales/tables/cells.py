"""How Freshsales writes values."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

__all__ = ["Row", "absent", "amount_cell", "date_cell", "instant_cell", "partial_row"]

Row = dict[str, Any]
"""A record with all it has, as JSON values."""

_IN_PART = {
    "contacts": "id first_name last_name display_name avatar email job_title work_number mobile_number lead_score",
    "sales_accounts": "id name avatar website phone last_contacted",
    "deals": "id name amount deal_pipeline_id deal_stage_id",
}
"""What records of some kinds tell within or beside others; records of all other kinds tell all they have."""


def partial_row(root: str, row: Row) -> Row:
    """*row*, which answers hold under *root*, as others bring it along."""
    keys = _IN_PART[root].split() if root in _IN_PART else row
    return {**({"partial": True} if root in _IN_PART else {}), **{key: row[key] for key in keys}}


def instant_cell(value: datetime | None) -> str | None:
    """Such as 2026-01-01T10:00:00Z: whole seconds, which are all that Freshsales tells."""
    return None if value is None else value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def date_cell(value: date | None) -> str | None:
    """Such as 2026-01-01."""
    return None if value is None else value.isoformat()


def amount_cell(value: Decimal | None) -> str | None:
    """A text without exponent and with at least one decimal place, such as 7000.0."""
    if value is None:
        return None
    text = f"{value.normalize():f}"
    return text if "." in text else f"{text}.0"


def absent(names: str) -> Row:
    """Nulls under *names*, which blanks separate."""
    return dict.fromkeys(names.split())
