"""What records show, and what `include=` brings beside them."""

from collections.abc import Iterable, Sequence

from sandbox.freshsales.account import Account
from sandbox.freshsales.errors import invalid
from sandbox.freshsales.tables import Object, Row, partial_row

__all__ = ["Included"]


class Included:
    """The records of one answer, with what was asked to come along.

    The id of what a record refers to stands on it only with its include, a few aside (`Reference.is_shown`).
    Included rows stand at the root of the answer, each once; contacts, accounts and deals among them are partial.
    A contact's accounts and a deal's contacts stand in it as well.
    """

    def __init__(self, account: Account, kind: Object, include: str | None) -> None:
        """Check what is asked.

        Raises:
            VendorError: 400 for a name that the object does not know.
        """
        self._account, self._kind = account, kind
        names = [name.strip() for name in (include or "").split(",") if name.strip()]
        for name in names:
            if name not in kind.includes and name not in kind.silent:
                known = ", ".join((*kind.includes, *kind.silent))
                raise invalid(f"Invalid include: {name}. Valid values are {known}")
        self._asked = [kind.includes[name] for name in dict.fromkeys(names) if name in kind.includes]

    def show(self, row: Row) -> Row:
        """*row* as the answer has it."""
        shown = {one.key for one in self._asked}
        told = {key: value for key, value in row.items() if key not in self._kind.keys or key in shown}
        if "sales_account_id" in shown:
            account = self._account.find("sales_accounts", row["sales_account_id"] or 0)
            told["sales_account"] = account and partial_row("sales_accounts", account)
        if self._kind.plural == "deals" and "contacts" in shown:
            told["contact_ids"] = [one["id"] for one in row["contacts"]]
        if "targetables" in shown:
            told["targetable"] = next(iter(row["targetables"]), None)
        return told

    def beside(self, rows: Sequence[Row]) -> dict[str, list[Row]]:
        """What comes along with *rows*, by root, in the order asked."""
        found: dict[str, dict[int, Row]] = {}
        for reference in self._asked:
            wanted = [one for row in rows for one in _ids(row.get(reference.key))]
            if reference.root == "targetables":
                self._add(found, self._account.targets(one for row in rows for one in row["targetables"]))
                continue
            held = [row for one in wanted if (row := self._account.find(reference.root, one)) is not None]
            self._add(found, {reference.root: held})
            if reference.root == "appointment_attendees":
                self._add(found, self._account.targets(one["attendee"] for one in held))
        return {root: list(held.values()) for root, held in found.items()}

    def _add(self, found: dict[str, dict[int, Row]], rows: dict[str, list[Row]]) -> None:
        for root, more in rows.items():
            found.setdefault(root, {}).update({row["id"]: partial_row(root, row) for row in more})


def _ids(value: object) -> Iterable[int]:
    """The ids in a key: one, many, or those of partial rows."""
    if isinstance(value, list):
        return [one["id"] if isinstance(one, dict) else one for one in value]
    return [value] if isinstance(value, int) else []
