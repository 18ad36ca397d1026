"""The tables of one account: every type's fields as far as this credential may read them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial

from connectors.mapping import Row, Table
from connectors.salesforce.objects.activities import (
    appointment_fields,
    classic_note_fields,
    note_fields,
    task_fields,
)
from connectors.salesforce.objects.commerce import company_fields, deal_fields
from connectors.salesforce.objects.custom import custom_field
from connectors.salesforce.objects.facts import ENTITY_OF, Facts
from connectors.salesforce.objects.ids import canonical
from connectors.salesforce.objects.mapped import Mapped, flag, instant, value
from connectors.salesforce.objects.people import contact_fields, lead_fields, queue_fields, user_fields
from connectors.salesforce.objects.relations import TO_ONE
from connectors.salesforce.objects.sobject import ObjectInfo
from connectors.salesforce.soql import Condition, Id, Missing, Rule
from model.entities import Entity, Record
from model.fields import FIELDS
from model.values import instant_text

__all__ = ["APART", "PREFIXES", "ObjectTable", "Tables", "tables_of"]

# Salesforce Help, "Standard field record ID prefix decoder" (read 2026-11).
PREFIXES: Mapping[str, str] = {
    "Account": "001",
    "Contact": "003",
    "ContentNote": "069",
    "Event": "00U",
    "Group": "00G",
    "Lead": "00Q",
    "Note": "002",
    "Opportunity": "006",
    "Task": "00T",
    "User": "005",
}

APART: Mapping[str, frozenset[str]] = {
    "Event": frozenset({"attendees"}),
    "ContentNote": frozenset({"about", "body"}),
}
"""Fields by object that take calls of their own after the rows are read."""

_BASES: Mapping[str, str] = {"Event": "IsChild", "Group": "Type"}
_CONDITIONS: Mapping[str, Condition] = {"Event": "IsChild = false", "Group": "Type = 'Queue'"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectTable:
    """One object as one unified type.

    Attributes:
        base: rows that are of this type at all.
        fields, custom: how each field is read, ours by name and the org's columns by API name.
        hidden: mapped fields and references whose columns this credential may not read; they are missing on every
            record.
        rules: how each field of ours is compared; fields that are checked here are left out.
    """

    entity: Entity
    info: ObjectInfo
    base: Condition
    fields: Mapping[str, Mapped]
    custom: Mapping[str, Mapped]
    hidden: frozenset[str]
    rules: Mapping[str, Rule]
    table: Table

    @property
    def name(self) -> str:
        """The object's API name."""
        return self.info.name

    def columns(self, fields: Iterable[str]) -> tuple[str, ...]:
        """Columns that *fields* are read from."""
        return self.table.remote_fields(fields)

    def reader(self, fields: Iterable[str], *, source: str) -> Callable[[Row, str], Record]:
        """From a row and its id to a record with *fields* set."""
        return self.table.reader(fields, source=source)

    def canonical(self, remote_id: str) -> str | None:
        """The one spelling of an id of this object."""
        return _id_of(self.name, remote_id)


def _id_of(name: str, remote_id: str) -> str | None:
    spelled = canonical(remote_id)
    return spelled if spelled is not None and spelled.startswith(PREFIXES[name]) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Everything one account can be asked for.

    Attributes:
        objects: described objects by name, junction objects included.
        by_object: tables by object.
        by_entity: the object that a type's lists are read from; of users, the one beside their queues.
    """

    source: str
    facts: Facts
    objects: Mapping[str, ObjectInfo]
    by_object: Mapping[str, ObjectTable]
    by_entity: Mapping[Entity, ObjectTable]

    def all_of(self, entity: Entity) -> tuple[ObjectTable, ...]:
        """The objects whose rows are *entity*'s: one, or none; users and queues are two."""
        own = self.by_entity.get(entity)
        queues = self.by_object.get("Group") if entity is Entity.USER else None
        return tuple(table for table in (own, queues) if table is not None)


def tables_of(objects: Mapping[str, ObjectInfo], facts: Facts, *, source: str) -> Tables:
    """The tables of an account with these described *objects*.

    Notes are ContentNotes; the classic Note stands in where the org has none.
    """
    by_object = _object_tables(objects, facts)
    by_entity = {
        table.entity: table
        for name, table in by_object.items()
        if name != "Group" and not (name == "Note" and "ContentNote" in by_object)
    }
    return Tables(source=source, facts=facts, objects=objects, by_object=by_object, by_entity=by_entity)


def _object_tables(objects: Mapping[str, ObjectInfo], facts: Facts) -> Mapping[str, ObjectTable]:
    makers: Mapping[str, Callable[[], Iterable[Mapped]]] = {
        "Account": lambda: company_fields(facts),
        "Contact": contact_fields,
        "ContentNote": note_fields,
        "Event": lambda: appointment_fields(facts),
        "Group": queue_fields,
        "Lead": lambda: lead_fields(facts),
        "Note": lambda: classic_note_fields(facts),
        "Opportunity": lambda: deal_fields(facts),
        "Task": lambda: task_fields(facts),
        "User": user_fields,
    }
    return {
        name: _table(objects[name], (*_every(name, facts), *make()), facts)
        for name, make in makers.items()
        if name in objects
    }


def _every(name: str, facts: Facts) -> tuple[Mapped, ...]:
    """The fields that every object has."""
    return (
        value(
            "remote_id",
            ("Id",),
            lambda row: row["Id"],
            rule=Id("Id", partial(_id_of, name)),
        ),
        value("url", ("Id",), lambda row: facts.url_of(row["Id"])),
        instant("created_at", "CreatedDate"),
        instant("updated_at", "SystemModstamp"),
        value("version", ("SystemModstamp",), lambda row: row["SystemModstamp"]),
        value("fetched_at", (), lambda _: instant_text(datetime.now(UTC))),
        flag("is_deleted", "IsDeleted"),
    )


def _table(info: ObjectInfo, mapped: Iterable[Mapped], facts: Facts) -> ObjectTable:
    entity = ENTITY_OF[info.name]
    visible: dict[str, Mapped] = {}
    hidden = {name for name, path in TO_ONE[info.name].items() if path.column not in info.columns}
    for item in mapped:
        seen = item.seen_through(info.columns)
        if seen is None:
            hidden.add(item.column.field)
        else:
            visible[item.column.field] = seen
    rules = {name: item.rule for name, item in visible.items() if item.rule is not None}
    gone = {name: Missing() for name in FIELDS[entity] if name not in visible}
    own = {name: found for name, column in info.columns.items() if (found := custom_field(column, facts)) is not None}
    base = _CONDITIONS.get(info.name, True) if _BASES.get(info.name) in info.columns else True
    return ObjectTable(
        entity=entity,
        info=info,
        base=base,
        fields=visible,
        custom=own,
        hidden=frozenset(hidden),
        rules={**gone, **rules},
        table=Table.of(
            entity,
            info.name,
            (item.column for name, item in visible.items() if name != "remote_id"),
            custom=(item.column for item in own.values()),
        ),
    )
