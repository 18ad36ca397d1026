"""The saved views that lists are read through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from sandbox.freshsales.account import Account
from sandbox.freshsales.tables import OBJECTS, Row, choice_id, instant_cell

__all__ = ["View", "filter_row", "views_of"]

_NEW = timedelta(days=7)
_ALL = {"contacts": "Contacts", "sales_accounts": "Accounts", "deals": "Deals"}


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A view, its *rows* by id when they are asked for."""

    id: int
    name: str
    rows: Callable[[], list[Row]]


def views_of(account: Account, plural: str) -> list[View]:
    """The default views of an object: what is the user's, new or modified within 7 days, all, by outcome, deleted."""
    base = 100 * list(_ALL).index(plural)
    return [
        View(id=choice_id("views", base + place), name=name, rows=rows)
        for place, (name, rows) in enumerate(_named(account, plural), start=1)
    ]


def _named(account: Account, plural: str) -> Iterator[tuple[str, Callable[[], list[Row]]]]:
    things = _ALL[plural]

    def keeping(holds: Callable[[Row], bool]) -> Callable[[], list[Row]]:
        return lambda: [row for row in account.rows(plural) if holds(row)]

    def within_days(key: str) -> Callable[[], list[Row]]:
        return keeping(lambda row: row[key] >= (instant_cell(account.clock.now() - _NEW) or ""))

    yield f"My {things}", keeping(lambda row: row["owner_id"] == account.user[0])
    yield f"New {things}", within_days("created_at")
    if plural != "deals" or account.options.all_deals:
        yield f"All {things}", lambda: account.rows(plural)
    if plural == "deals":
        for name, forecast in (("Open", "Open"), ("Won", "Closed Won"), ("Lost", "Closed Lost")):
            stages = {one["id"] for one in account.selectors.lists["deal_stages"] if one["forecast_type"] == forecast}
            yield f"{name} Deals", keeping(lambda row, stages=stages: row["deal_stage_id"] in stages)  # type: ignore[misc]  # a default binds the loop's value
    yield "Recently Modified", within_days("updated_at")
    yield "Recycle Bin", lambda: account.binned(plural)


def filter_row(view: View, account: Account, plural: str) -> Row:
    """*view* as `filters` tells it."""
    number, name = account.user
    return {
        "id": view.id,
        "name": view.name,
        "model_class_name": OBJECTS[plural].model,
        "user_id": number,
        "is_default": True,
        "updated_at": None,
        "user_name": name,
        "current_user_permissions": [],
    }
