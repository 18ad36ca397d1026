"""The values that come only when `include_fields` names them."""

from typing import Any

from sandbox.pipedrive.content import Account, Row

__all__ = ["extra"]

_LINKS = {"person": "person_id", "organization": "org_id", "deal": "deal_id"}
_NOWHERE = {"files_count": 0, "followers_count": 0, "email_messages_count": 0, "products_count": 0}
"""What this account has none of."""


def extra(account: Account, kind: str, row: Row, code: str) -> Any:
    """The value of the optional field *code* of a row of *kind*."""
    if code in row:
        return row[code]
    if code in _NOWHERE:
        return _NOWHERE[code]
    if code == "first_won_time":
        return row["won_time"]
    if code == "people_count":
        return len(account.grouped("persons", "org_id").get(row["id"], []))
    if code == "participants_count":
        return len(account.participants[row["id"]])
    if code == "notes_count":
        return len(account.grouped("notes", _LINKS[kind]).get(row["id"], []))
    if code.endswith("deals_count"):
        return _count_deals(account, kind, row, code)
    if "activit" in code:
        return _activity(account.grouped("activities", _LINKS[kind]).get(row["id"], []), code)
    return None


def _count_deals(account: Account, kind: str, row: Row, code: str) -> int:
    """Such as `related_won_deals_count`: related are others of its organization, or of the organization's people."""
    *ways, status, _, _ = code.split("_")
    own = account.grouped("deals", _LINKS[kind]).get(row["id"], [])
    deals = own
    if ways == ["participant"]:
        held = (account.tables["deals"][one] for one in account.sits_in.get(row["id"], ()))
        deals = [one for one in held if one["person_id"] != row["id"] and not one["is_deleted"]]
    elif ways == ["related"] and kind == "person":
        others = account.grouped("deals", "org_id").get(row["org_id"], []) if row["org_id"] else []
        deals = [one for one in others if one["person_id"] != row["id"]]
    elif ways == ["related"]:
        people = account.grouped("persons", "org_id").get(row["id"], [])
        by_person = account.grouped("deals", "person_id")
        deals = [one for person in people for one in by_person.get(person["id"], []) if one["org_id"] != row["id"]]
    wanted = {"won", "lost"} if status == "closed" else {status}
    return sum(one["status"] in wanted for one in deals)


def _activity(rows: list[Row], code: str) -> int | None:
    """A count, or the id of the next one to do or the last one done."""
    if code.endswith("_count"):
        wanted = {"activities_count": (True, False), "done_activities_count": (True,)}.get(code, (False,))
        return sum(one["done"] in wanted for one in rows)
    is_last = code == "last_activity_id"
    found = sorted((one["due_date"], one["id"]) for one in rows if one["done"] == is_last and one["due_date"])
    return found[-1 if is_last else 0][1] if found else None
