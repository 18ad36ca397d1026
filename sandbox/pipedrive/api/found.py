"""What searches look through: the texts of each record, and how a result shows it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.pipedrive.content import FIELDS, Account, Row

__all__ = ["CUSTOM_TYPES", "SEARCHED", "Document", "Documents"]

SEARCHED: dict[str, tuple[str, ...]] = {
    "person": ("name", "email", "phone", "notes", "custom_fields"),
    "organization": ("name", "address", "notes", "custom_fields"),
    "deal": ("title", "notes", "custom_fields"),
    "lead": ("title", "notes", "custom_fields"),
}
"""What a search of each type looks through (API reference of version 2, read 2026-11)."""

_NOTE_LINKS = {"person": "person_id", "organization": "org_id", "deal": "deal_id", "lead": "lead_id"}
_TABLES = {"person": "persons", "organization": "organizations", "deal": "deals", "lead": "leads"}
CUSTOM_TYPES = {"address", "varchar", "text", "varchar_auto", "double", "monetary", "phone"}
"""Types of the account's own fields that searches look through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One record as searches see it.

    Attributes:
        row: the record.
        kind: its type, singular.
        texts: its texts by searched field, custom ones by their keys too.
    """

    row: Row
    kind: str
    texts: dict[str, list[str]]

    def values(self, code: str) -> list[str]:
        """Its texts of one field."""
        return self.texts.get(code, [])

    def score(self, term: str, fields: Iterable[str] | None, *, is_exact: bool) -> float:
        """How well *term*, in small letters, is found in *fields*, or in all; 0 where it is not."""
        best = 0.0
        for name in SEARCHED[self.kind] if fields is None else fields:
            for value in self.values(name):
                told = value.lower()
                if told == term:
                    return 1.5
                if not is_exact and term in told:
                    best = max(best, 0.8 if told.startswith(term) else 0.4)
        return best


class Documents:
    """The documents of one account, made when first asked for."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._made: dict[str, list[Document]] = {}

    def of(self, name: str) -> list[Document]:
        """Those of one type, in no order that means something."""
        if name not in self._made:
            rows = self._account.tables[_TABLES[name]].values()
            fields = FIELDS["deal" if name == "lead" else name].values()
            codes = [one.code for one in fields if one.is_custom and one.type in CUSTOM_TYPES]
            self._made[name] = [self._document(name, row, codes) for row in rows if not row.get("is_deleted")]
        return self._made[name]

    def related(self, one: Document, most: int) -> list[Document]:
        """The newest deals and leads of a person or organization, and the newest persons of an organization."""
        names = {"person": ("deal", "lead"), "organization": ("deal", "lead", "person")}.get(one.kind, ())
        told: list[Document] = []
        for name in names:
            key = "person_id" if one.kind == "person" else "organization_id" if name == "lead" else "org_id"
            linked = (other for other in self.of(name) if other.row[key] == one.row["id"])
            told += sorted(linked, key=lambda other: str(other.row["add_time"]), reverse=True)[:most]
        return told

    def _document(self, name: str, row: Row, codes: list[str]) -> Document:
        notes = [note["content"] for note in self._account.grouped("notes", _NOTE_LINKS[name]).get(row["id"], [])]
        own = row.get("custom_fields", row)
        custom = {code: [_text(own[code])] for code in codes if own.get(code) is not None}
        if name == "person" and row.get("notes"):
            notes.append(row["notes"])
        texts = {
            **custom,
            "custom_fields": [value for values in custom.values() for value in values],
            "notes": notes,
            "email": [one["value"] for one in row.get("emails", ())],
            "phone": [one["value"] for one in row.get("phones", ())],
            "address": [row["address"]["value"]] if row.get("address") else [],
            "name": [row["name"]] if "name" in row else [],
            "title": [row["title"]] if "title" in row else [],
        }
        return Document(row=row, kind=name, texts=texts)

    def item(self, one: Document) -> Row:
        """How a result shows it; addresses and numbers are plain texts here."""
        name, row, texts = one.kind, one.row, one.texts
        base = {"id": row["id"], "type": name, "visible_to": int(row["visible_to"]), "owner": {"id": row["owner_id"]}}
        found: Row = {**base, "custom_fields": texts["custom_fields"], "notes": texts["notes"]}
        if name == "person":
            linked = {"organization": self._named("organizations", row["org_id"])}
            return {**found, "name": row["name"], "emails": texts["email"], "phones": texts["phone"], **linked}
        if name == "organization":
            return {**found, "name": row["name"], "address": (row["address"] or {}).get("value")}
        person = self._account.tables["persons"].get(row["person_id"])
        linked = {
            "title": row["title"],
            "person": self._named("persons", row["person_id"]),
            "organization": self._named("organizations", row.get("org_id", row.get("organization_id"))),
            "is_archived": row["is_archived"],
        }
        if name == "lead":
            value = row["value"] or {}
            addresses: dict[str, Any] = {
                "emails": [told["value"] for told in person["emails"]] if person else [],
                "phones": [told["value"] for told in person["phones"]] if person else [],
            }
            return {**found, **linked, **addresses, "value": value.get("amount"), "currency": value.get("currency")}
        stage = self._named("stages", row["stage_id"])
        return {**found, **linked, **{key: row[key] for key in ("value", "currency", "status")}, "stage": stage}

    def _named(self, table: str, key: int | None) -> Row | None:
        row = self._account.tables[table].get(key)
        return None if row is None else {"id": row["id"], "name": row["name"]}


def _text(value: Any) -> str:
    """Of a sum of money its number, of an address its one line."""
    return str(value["value"] if isinstance(value, dict) else value)
