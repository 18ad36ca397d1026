"""Definitions of tables and columns: EntityDefinitions and their Attributes, with the labels of choices."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sandbox.dynamics365.api.asked import Answer, Asked, json_answer, read_options
from sandbox.dynamics365.errors import VendorError, no_property, no_segment, unsupported
from sandbox.dynamics365.odata.filters import Filters
from sandbox.dynamics365.odata.scope import Scope
from sandbox.dynamics365.odata.syntax import split_outside, unwrapped
from sandbox.dynamics365.org.cells import Row, guid
from sandbox.dynamics365.org.store import Store
from sandbox.dynamics365.org.tables import Column, Kind, Table, tables

__all__ = ["Metadata"]

_ADDRESS = re.compile(
    r"EntityDefinitions(?:\((?P<table>[^)]*)\))?(?P<below>/Attributes(?:\((?P<column>[^)]*)\))?)?"
    r"(?:/Microsoft\.Dynamics\.CRM\.(?P<cast>\w+))?"
)
_KEY = re.compile(r"(?:LogicalName='(?P<name>\w+)'|(?P<id>[0-9a-f-]{36}))")
_TYPES: dict[Kind, str] = {
    "bigint": "BigInt",
    "bool": "Boolean",
    "choice": "Picklist",
    "choices": "Virtual",
    "date": "DateTime",
    "datetime": "DateTime",
    "decimal": "Decimal",
    "guid": "Uniqueidentifier",
    "int": "Integer",
    "lookup": "Lookup",
    "memo": "Memo",
    "money": "Money",
    "state": "State",
    "status": "Status",
    "text": "String",
}
_LOOKUPS = {"customerid": "Customer", "parentcustomerid": "Customer", "ownerid": "Owner", "partyid": "Lookup"}
_OF_CASTS = {"DateTimeBehavior", "Format", "MaxLength", "Targets"}
_OF_OPTIONS = {"choice", "choices", "state", "status"}
_MARK = "@odata.type"
_LENGTHS = {"text": 100, "memo": 2000}
_EVERY_ATTRIBUTE: Row = {
    "AttributeOf": None,
    "IsFilterable": True,
    "IsLogical": False,
    "IsManaged": False,
    "IsSearchable": False,
    "IsSecured": False,
    "IsSortableEnabled": {"Value": True, "CanBeChanged": False},
    "IsValidForAdvancedFind": {"Value": True, "CanBeChanged": True},
    "IsValidForCreate": True,
    "IsValidForRead": True,
    "IsValidForUpdate": True,
    "RequiredLevel": {"Value": "None", "CanBeChanged": True},
}


class Metadata:
    """Answers about definitions; they are neither paged nor sorted, and take no $top (Query table definitions)."""

    def __init__(self, store: Store, filters: Filters, root: str) -> None:
        self._store, self._filters, self._root = store, filters, root
        self._entities = {name: _entity(table) for name, table in tables().items()}
        self._attributes = {
            name: [_attribute(table, column) for column in table.columns.values()] for name, table in tables().items()
        }

    def answer(self, asked: Asked) -> Answer:
        """The answer to *asked*, whose path begins with EntityDefinitions.

        Raises:
            VendorError: 400 or 404.
        """
        address = _ADDRESS.fullmatch(asked.path)
        if address is None or (address["cast"] and not address["below"]):
            raise no_segment(asked.path.rpartition("/")[2])
        options, _ = read_options(asked.query)
        if refused := options.keys() - {"$select", "$filter", "$expand"}:
            raise unsupported(f"The query parameter {min(refused)} in a query of definitions")
        if address["table"] is None:
            if address["below"]:
                raise no_segment("Attributes")
            return self._list(list(self._entities.values()), options, "EntityMetadata")
        entity = _keyed(list(self._entities.values()), address["table"], "Entity")
        if not address["below"]:
            return self._one(entity, options, "EntityMetadata")
        cast = address["cast"] or "AttributeMetadata"
        rows = [row for row in self._attributes[str(entity["LogicalName"])] if _is_a(row, cast)]
        if address["column"] is None:
            return self._list(rows, options, cast)
        return self._one(_keyed(rows, address["column"], "Attribute"), options, cast)

    def _list(self, rows: list[Row], options: Mapping[str, str], kind: str) -> Answer:
        if "$filter" in options:
            scope = Scope(table=_queried(kind, rows), store=self._store)
            predicate = self._filters.predicate(options["$filter"], scope)
            rows = [row for row in rows if predicate(row)]
        value = [self._told(row, options, kind) for row in rows]
        return json_answer({"@odata.context": self._context(kind), "value": value})

    def _one(self, row: Row, options: Mapping[str, str], kind: str) -> Answer:
        if "$filter" in options:
            raise unsupported("The query option $filter of a single definition")
        return json_answer({"@odata.context": f"{self._context(kind)}/$entity", **self._told(row, options, kind)})

    def _told(self, row: Row, options: Mapping[str, str], kind: str) -> dict[str, object]:
        """The properties selected; option sets and attributes come by $expand alone."""
        plain = {name: cell for name, cell in row.items() if name != "OptionSet"}
        chosen: dict[str, object] = {**plain}
        if "$select" in options:
            names = [name.strip() for name in options["$select"].split(",")]
            if unknown := [name for name in names if name not in _properties(kind, plain)]:
                raise no_property(unknown[0], kind)
            chosen = {name: plain.get(name) for name in (_MARK, *names, "MetadataId") if name in plain}
        for part in split_outside(options["$expand"], ",") if "$expand" in options else []:
            chosen |= self._expanded(part.strip(), row, kind)
        return chosen

    def _expanded(self, text: str, row: Row, kind: str) -> dict[str, object]:
        name = text.partition("(")[0]
        inner = unwrapped(text, name) or ""
        options = dict(part.split("=", 1) for part in split_outside(inner, ";") if "=" in part)
        if name == "Attributes" and kind == "EntityMetadata":
            rows = self._attributes[str(row["LogicalName"])]
            return {name: [self._told(one, options, "AttributeMetadata") for one in rows]}
        option_set = row.get("OptionSet")
        if name != "OptionSet" or kind == "AttributeMetadata" or not isinstance(option_set, dict):
            raise no_property(name, kind)
        wanted = options["$select"].split(",") if "$select" in options else list(option_set)
        return {name: {key: option_set.get(key) for key in dict.fromkeys([*wanted, "MetadataId"])}}

    def _context(self, kind: str) -> str:
        suffix = "" if kind == "EntityMetadata" else "/Attributes"
        return f"{self._root}/$metadata#EntityDefinitions{suffix}"


def _entity(table: Table) -> Row:
    return {
        "MetadataId": guid("EntityMetadata", table.name),
        "LogicalName": table.name,
        "SchemaName": table.name.capitalize(),
        "EntitySetName": table.entity_set,
        "LogicalCollectionName": table.entity_set,
        "ObjectTypeCode": table.code,
        "PrimaryIdAttribute": table.key,
        "PrimaryNameAttribute": table.title or None,
        "IsActivity": table.is_activity,
        "IsCustomEntity": False,
        "IsManaged": True,
        "IsPrivate": False,
        "OwnershipType": "UserOwned" if "_ownerid_value" in table.columns else "OrganizationOwned",
        "TableType": "Standard",
        "DisplayName": _label(table.name.capitalize()),
    }


def _attribute(table: Table, column: Column) -> Row:
    kind = _LOOKUPS.get(column.name, _TYPES[column.kind]) if column.kind == "lookup" else _TYPES[column.kind]
    is_custom = column.name.startswith("new_")
    row: Row = {
        _MARK: f"#Microsoft.Dynamics.CRM.{_metadata_type(column)}",
        "MetadataId": guid("AttributeMetadata", f"{table.name}/{column.name}"),
        "LogicalName": column.name,
        "SchemaName": column.name if is_custom else column.name.capitalize(),
        "EntityLogicalName": table.name,
        "AttributeType": kind,
        "AttributeTypeName": {"Value": f"{'MultiSelectPicklist' if column.kind == 'choices' else kind}Type"},
        "IsCustomAttribute": is_custom,
        "IsPrimaryId": column.name == table.key,
        "IsPrimaryName": column.name == table.title,
        "DisplayName": _label(column.name.removeprefix("new_").capitalize()),
        **_EVERY_ATTRIBUTE,
    }
    if column.kind in _LENGTHS:
        row["MaxLength"] = _LENGTHS[column.kind]
    if column.kind == "lookup":
        row["Targets"] = [*column.targets]
    if column.kind in {"date", "datetime"}:
        row["Format"] = "DateOnly" if column.kind == "date" else "DateAndTime"
        row["DateTimeBehavior"] = {"Value": "DateOnly" if column.kind == "date" else "UserLocal"}
    if column.kind in _OF_OPTIONS | {"bool"}:
        row["OptionSet"] = _option_set(table, column)
    return row


def _metadata_type(column: Column) -> str:
    if column.kind == "choices":
        return "MultiSelectPicklistAttributeMetadata"
    return f"{_TYPES[column.kind].replace('Uniqueidentifier', 'UniqueIdentifier')}AttributeMetadata"


def _option_set(table: Table, column: Column) -> dict[str, object]:
    told: dict[str, object] = {
        "MetadataId": guid("OptionSet", f"{table.name}/{column.name}"),
        "Name": f"{table.name}_{column.name}",
        "IsGlobal": False,
        "OptionSetType": column.kind.capitalize(),
    }
    if column.kind == "bool":
        return {**told, "TrueOption": _option(1, "Yes"), "FalseOption": _option(0, "No")}
    options = [
        _option(value, label, **({"State": column.states[value]} if column.states else {}))
        for value, label in column.options.items()
    ]
    return {**told, "Options": options}


def _option(value: int, label: str, **further: int) -> dict[str, object]:
    return {"Value": value, "Label": _label(label), "Description": _label(None), **further}


def _label(text: str | None) -> dict[str, object]:
    if text is None:
        return {"LocalizedLabels": [], "UserLocalizedLabel": None}
    told = {"Label": text, "LanguageCode": 1033, "IsManaged": True, "MetadataId": guid("label", text)}
    return {"LocalizedLabels": [told], "UserLocalizedLabel": told}


def _keyed(rows: Sequence[Row], key: str, what: str) -> Row:
    told = _KEY.fullmatch(key)
    wanted: tuple[str, Any] = ("LogicalName", told["name"]) if told and told["name"] else ("MetadataId", key)
    found = next((row for row in rows if row[wanted[0]] == wanted[1]), None)
    if found is None:
        raise VendorError(404, "0x80060888", f"{what} with {wanted[0]} = {wanted[1]} does not exist")
    return found


def _is_a(row: Row, kind: str) -> bool:
    """Whether the attribute is of the type *kind* or of one below it."""
    own = str(row[_MARK]).rpartition(".")[2]
    is_enum = "OptionSet" in row and own != "BooleanAttributeMetadata"
    return kind in {"AttributeMetadata", own} or (kind == "EnumAttributeMetadata" and is_enum)


def _properties(kind: str, row: Row) -> set[str]:
    """A cast has the properties of its own type too."""
    return set(row) - (_OF_CASTS if kind == "AttributeMetadata" else set())


def _queried(kind: str, rows: Sequence[Row]) -> Table:
    """A table for filters over definitions."""
    kinds: dict[type, Kind] = {bool: "bool", int: "int"}
    cells = rows[0].items() if rows else ()
    columns = {
        name: Column(name=name, kind="guid" if name == "MetadataId" else kinds.get(type(cell), "text"))
        for name, cell in cells
        if not isinstance(cell, dict | list)
    }
    return Table(
        name=kind, entity_set=kind, code=0, key="MetadataId", title="", is_activity=False, columns=columns, navs={}
    )
