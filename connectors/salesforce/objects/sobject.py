"""A Salesforce object as its describe answer tells it to this credential."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.capabilities import RemoteField
from model.fields import FieldKind
from model.values import Choice

__all__ = ["ColumnInfo", "ObjectInfo", "object_info"]

# Salesforce, object reference, "Field types" (read 2026-11).
_KINDS: Mapping[str, FieldKind] = {
    "boolean": FieldKind.BOOLEAN,
    "currency": FieldKind.MONEY,
    "date": FieldKind.DATE,
    "datetime": FieldKind.DATETIME,
    "double": FieldKind.DECIMAL,
    "email": FieldKind.EMAIL,
    "int": FieldKind.INTEGER,
    "long": FieldKind.INTEGER,
    "multipicklist": FieldKind.MULTI_CHOICE,
    "percent": FieldKind.DECIMAL,
    "phone": FieldKind.PHONE,
    "picklist": FieldKind.CHOICE,
    "combobox": FieldKind.CHOICE,
    "reference": FieldKind.REFERENCE,
    "string": FieldKind.TEXT,
    "textarea": FieldKind.LONG_TEXT,
    "url": FieldKind.URL,
    "id": FieldKind.TEXT,
}
_LISTED = frozenset({"picklist", "multipicklist", "combobox"})
# Their parts are columns of their own, or they are files.
_COMPOUND = frozenset({"address", "base64", "location"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnInfo:
    """A column this credential may read.

    Attributes:
        is_compound: whether a cell is no single value: an address, a place, a file.
        is_picklist: whether it holds one of the values that Setup lists.
        is_case_sensitive: whether comparisons mind the case of its text.
        is_groupable, is_aggregatable: whether GROUP BY, and SUM, MIN and MAX, may name it.
        scale: digits behind the point.
        relationship: name of the path to the record it refers to; None where there is none.
        reference_to: objects it may refer to.
        choices: what may be picked.
        spellings: every value that Setup lists, those that are no longer picked included.
    """

    name: str
    label: str
    kind: FieldKind
    is_compound: bool
    is_picklist: bool
    is_case_sensitive: bool
    is_filterable: bool
    is_sortable: bool
    is_groupable: bool
    is_aggregatable: bool
    is_nillable: bool
    is_custom: bool
    is_required: bool
    is_writable: bool
    scale: int
    relationship: str | None
    reference_to: tuple[str, ...]
    choices: tuple[Choice, ...] | None
    spellings: frozenset[str]

    def remote_field(self, field: str | None) -> RemoteField:
        """The column for the account's description; *field* is the unified name where it is mapped."""
        return RemoteField(
            remote_field=self.name,
            label=self.label,
            kind=self.kind,
            field=field,
            is_custom=self.is_custom,
            is_required=self.is_required,
            is_writable=self.is_writable,
            choices=self.choices,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """An object: readable columns by name, and child relationships by (child object, its column)."""

    name: str
    is_searchable: bool
    columns: Mapping[str, ColumnInfo]
    children: Mapping[tuple[str, str], str]


def object_info(answer: Mapping[str, Any]) -> ObjectInfo:
    """The object in a describe answer."""
    columns = [_column(item) for item in answer["fields"]]
    children = {
        (item["childSObject"], item["field"]): item["relationshipName"]
        for item in answer.get("childRelationships") or ()
        if item.get("relationshipName") and not item.get("deprecatedAndHidden")
    }
    return ObjectInfo(
        name=answer["name"],
        is_searchable=bool(answer.get("searchable")),
        columns={column.name: column for column in columns},
        children=children,
    )


def _column(item: Mapping[str, Any]) -> ColumnInfo:
    is_nillable = bool(item.get("nillable", True))
    is_creatable = bool(item.get("createable"))
    return ColumnInfo(
        name=item["name"],
        label=item.get("label") or item["name"],
        kind=_kind(item),
        is_compound=item["type"] in _COMPOUND,
        is_picklist=item["type"] == "picklist",
        is_case_sensitive=bool(item.get("caseSensitive")),
        is_filterable=bool(item.get("filterable", True)),
        # Picklists are ordered as Setup lists their values, and compared by their text: no key set can follow that.
        is_sortable=bool(item.get("sortable", True)) and item["type"] not in _LISTED,
        is_groupable=bool(item.get("groupable")),
        is_aggregatable=bool(item.get("aggregatable")),
        is_nillable=is_nillable,
        is_custom=bool(item.get("custom")),
        is_required=is_creatable and not is_nillable and not item.get("defaultedOnCreate"),
        is_writable=is_creatable or bool(item.get("updateable")),
        scale=int(item.get("scale") or 0),
        relationship=item.get("relationshipName"),
        reference_to=tuple(item.get("referenceTo") or ()),
        choices=_choices(item),
        spellings=frozenset(str(entry["value"]) for entry in item.get("picklistValues") or () if entry.get("value")),
    )


def _kind(item: Mapping[str, Any]) -> FieldKind:
    """A number of no decimal places is whole; Salesforce calls every custom number a double."""
    if item["type"] == "double" and item.get("scale") == 0:
        return FieldKind.INTEGER
    return _KINDS.get(item["type"], FieldKind.OTHER)


def _choices(item: Mapping[str, Any]) -> tuple[Choice, ...] | None:
    if item["type"] not in _LISTED:
        return None
    return tuple(
        Choice(str(entry["value"]), entry.get("label"))
        for entry in item.get("picklistValues") or ()
        if entry.get("active", True) and entry.get("value") is not None
    )
