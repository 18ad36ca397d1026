"""What an object and a field are, and how the tables in `objects` and `activities` tell them.

A table is text with one field a line: `Name type[:length or targets] flag … key=value …`.

Types: those of the describe call.
Flags: `required` (not nillable), `readonly` (neither created nor updated), `createonly`, `defaulted`, `idlookup`,
`external`, `unique`, `sensitive` (text compared with its case), `nofilter`, `nosort`, `indexed`.
Keys: `rel` (name of the relationship to the parent), `children` (its name at the parent), `values` (a picklist's list),
`compound` (the compound field it is a part of), `when` (the feature that an org must have for the field to exist),
`scale` (decimal places of a double).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

__all__ = ["Field", "SObject", "audit_fields", "parse_fields"]

_TEXT_TYPES = frozenset({"string", "picklist", "multipicklist", "email", "phone", "url", "textarea", "combobox"})
_NUMBER_TYPES = frozenset({"double", "currency", "percent", "int"})
_UNFILTERABLE = frozenset({"base64", "address", "junctionIdList"})
_UNGROUPABLE = frozenset({"datetime", "double", "currency", "percent", "multipicklist"})
_LONG_TEXT = 255
_LENGTHS = {"string": 255, "picklist": 255, "email": 80, "phone": 40, "url": 255, "id": 18, "reference": 18}
_NAME_FIELDS = ("name", "subject", "title", "masterlabel")
_ID_TYPES = frozenset({"id", "reference"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of an object, as describe tells it.

    Attributes:
        name: API name in its canonical case.
        type: the describe type.
        length: of text, in characters; 0 for other types.
        targets: the objects that a reference may point to; several make it polymorphic.
        relationship: name of the path to the parent record; None where there is none.
        children: name of the relationship at the parent; None where the parent has none.
        values: a picklist's values, in the order that sorting uses.
        compound: the compound field that this one is a part of.
        feature: the org feature that brings the field; None for always.
        scale: decimal places of a double.
        is_case_sensitive: text is compared with its case (unique case-sensitive fields).
        is_indexed: the table has an index on it.
    """

    name: str
    type: str
    length: int = 0
    targets: tuple[str, ...] = ()
    relationship: str | None = None
    children: str | None = None
    values: tuple[str, ...] = ()
    compound: str | None = None
    feature: str | None = None
    scale: int = 2
    nillable: bool = True
    createable: bool = True
    updateable: bool = True
    defaulted: bool = False
    filterable: bool = True
    sortable: bool = True
    groupable: bool = True
    id_lookup: bool = False
    external: bool = False
    unique: bool = False
    is_case_sensitive: bool = False
    is_indexed: bool = False

    @property
    def is_custom(self) -> bool:
        """Whether the org's administrator added it."""
        return self.name.endswith("__c")

    @property
    def is_id(self) -> bool:
        """Whether its values are record ids."""
        return self.type in _ID_TYPES

    @property
    def is_number(self) -> bool:
        """Whether its values are numbers."""
        return self.type in _NUMBER_TYPES

    @property
    def is_text(self) -> bool:
        """Whether its values are text that filters compare."""
        return self.type in _TEXT_TYPES

    @property
    def is_polymorphic(self) -> bool:
        """Whether it may point to several kinds of object."""
        return len(self.targets) > 1

    @property
    def is_stored(self) -> bool:
        """Whether a column holds it (a compound field is made of others)."""
        return self.type != "address"

    @property
    def has_key(self) -> bool:
        """Whether a second column holds the upper-cased text that comparisons use."""
        return self.is_text and self.filterable and not self.is_case_sensitive

    @property
    def label(self) -> str:
        """Its words, as a page would show them."""
        return _words(self.name.removesuffix("__c").replace("_", " "))


@dataclass(frozen=True, slots=True, kw_only=True)
class SObject:
    """One object: a table of records.

    Attributes:
        name: API name in its canonical case.
        prefix: the first three characters of its records' ids.
        plural: label of many.
        fields: in the order of describe, by lower-case API name.
        feature: the org feature that brings the object; None for always.
        is_queryable: False for `Name`, which is only reached through a polymorphic reference.
        is_searchable: text searches may name it.
    """

    name: str
    prefix: str
    plural: str
    fields: Mapping[str, Field]
    feature: str | None = None
    is_queryable: bool = True
    is_searchable: bool = False

    @property
    def has_trash(self) -> bool:
        """Whether deleted records stay and say `IsDeleted`."""
        return "isdeleted" in self.fields

    @property
    def label(self) -> str:
        """Its words."""
        return _words(self.name)

    @property
    def name_field(self) -> Field | None:
        """The field that people tell its records apart by."""
        return next((self.fields[one] for one in _NAME_FIELDS if one in self.fields), None)

    def named(self, name: str) -> Field | None:
        """The field with this API name in any case."""
        return self.fields.get(name.lower())

    def parent_reference(self, relationship: str) -> Field | None:
        """The reference behind a parent path's step, given in any case."""
        wanted = relationship.lower()
        return next((one for one in self.fields.values() if (one.relationship or "").lower() == wanted), None)

    def components(self, compound: str) -> list[Field]:
        """The fields that make up a compound field."""
        return [one for one in self.fields.values() if one.compound == compound]


def parse_fields(table: str, values: Mapping[str, tuple[str, ...]]) -> Iterable[Field]:
    """The fields of a table in the module's notation.

    Args:
        table: one field a line.
        values: picklist lists by the names that `values=` uses.
    """
    for line in table.strip().splitlines():
        if words := line.split():
            yield _parse_field(words, values)


def audit_fields(kind: str) -> str:
    """The table of the fields that Salesforce itself keeps.

    Args:
        kind: "full"; "no_trash" for objects whose deleted rows are gone; "link" without dates and people;
            "bare" for Id alone.
    """
    if kind == "bare":
        return "Id id required readonly defaulted idlookup"
    if kind == "link":
        return """
    Id id required readonly defaulted idlookup
    IsDeleted boolean required readonly defaulted
    SystemModstamp datetime required readonly defaulted indexed
    """
    stamps = """
    CreatedDate datetime required readonly defaulted indexed
    CreatedById reference:User rel=CreatedBy required readonly defaulted
    LastModifiedDate datetime required readonly defaulted indexed
    LastModifiedById reference:User rel=LastModifiedBy required readonly defaulted
    SystemModstamp datetime required readonly defaulted indexed
    """
    trash = "IsDeleted boolean required readonly defaulted\n" if kind == "full" else ""
    return "Id id required readonly defaulted idlookup\n" + trash + stamps


def _parse_field(words: list[str], values: Mapping[str, tuple[str, ...]]) -> Field:
    name, declared, *rest = words
    kind, _, detail = declared.partition(":")
    flags = {word for word in rest if "=" not in word}
    keys = dict(word.split("=", 1) for word in rest if "=" in word)
    targets = tuple(detail.split(",")) if kind == "reference" else ()
    length = int(detail) if detail.isdigit() else _LENGTHS.get(kind, 0)
    is_long = kind == "textarea" and length > _LONG_TEXT
    filterable = not is_long and kind not in _UNFILTERABLE and "nofilter" not in flags
    return Field(
        name=name,
        type=kind,
        length=length,
        targets=targets,
        relationship=keys.get("rel"),
        children=keys.get("children"),
        values=values[keys["values"]] if "values" in keys else (),
        compound=keys.get("compound"),
        feature=keys.get("when"),
        scale=int(keys.get("scale", 2)),
        nillable="required" not in flags and kind != "boolean",
        createable=not flags & {"readonly"},
        updateable=not flags & {"readonly", "createonly"},
        defaulted="defaulted" in flags or kind == "boolean",
        filterable=filterable,
        sortable=filterable and kind != "multipicklist" and "nosort" not in flags,
        groupable=filterable and kind not in _UNGROUPABLE,
        id_lookup="idlookup" in flags,
        external="external" in flags,
        unique="unique" in flags,
        is_case_sensitive="sensitive" in flags,
        is_indexed=kind == "reference" or (kind != "id" and bool(flags & {"indexed", "idlookup", "external"})),
    )


def _words(name: str) -> str:
    if name.endswith("Id") and len(name) > 2:
        name = name[:-2] + " ID"
    spaced = "".join(
        f" {letter}" if place and letter.isupper() and name[place - 1].islower() else letter
        for place, letter in enumerate(name)
    )
    return spaced.strip()
