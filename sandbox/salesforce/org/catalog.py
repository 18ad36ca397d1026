"""The objects and fields that one org has, by its features, and the ways between them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from sandbox.salesforce.org.activities import ACTIVITIES
from sandbox.salesforce.org.fields import Field, SObject, audit_fields, parse_fields
from sandbox.salesforce.org.objects import PICKLISTS, SALES

__all__ = ["Catalog", "Child", "build_catalog"]

_SEARCHABLE = frozenset(
    {"Account", "Contact", "ContentNote", "Event", "Group", "Lead", "Note", "Opportunity", "Task", "User"}
)
"""The objects whose supported calls name search() (Object Reference, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class Child:
    """A relationship from a parent to its children.

    Attributes:
        relationship: its name at the parent; None when queries cannot use it.
        sobject: the children's object.
        reference: the children's field that names the parent.
    """

    relationship: str | None
    sobject: SObject
    reference: Field


class Catalog:
    """What describe, queries and the tables are made from; it does not change."""

    def __init__(self, objects: Iterable[SObject]) -> None:
        self._objects = {one.name.lower(): one for one in objects}

    def __iter__(self) -> Iterator[SObject]:
        return iter(self._objects.values())

    def named(self, name: str) -> SObject | None:
        """The object with this API name in any case."""
        return self._objects.get(name.lower())

    def require(self, name: str) -> SObject:
        """The object with this API name, which must exist."""
        return self._objects[name.lower()]

    def holder_of(self, record_id: str) -> SObject | None:
        """The object whose records' ids begin like *record_id*."""
        return self._by_prefix.get(record_id[:3])

    def children(self, parent: SObject) -> list[Child]:
        """Every reference that points to *parent*."""
        return self._children.get(parent.name, [])

    def child(self, parent: SObject, relationship: str) -> Child | None:
        """The child relationship with this name in any case."""
        wanted = relationship.lower()
        return next((one for one in self.children(parent) if (one.relationship or "").lower() == wanted), None)

    def target_of(self, reference: Field) -> SObject:
        """The object that a parent path through *reference* reads: `Name` when several are possible."""
        return self.require("Name" if reference.is_polymorphic else reference.targets[0])

    def without(self, hidden: frozenset[tuple[str, str]]) -> "Catalog":
        """The catalog that a user sees for whom some fields do not exist.

        Args:
            hidden: (object, field) in lower case.
        """
        return Catalog(
            replace(
                one, fields={key: item for key, item in one.fields.items() if (one.name.lower(), key) not in hidden}
            )
            for one in self._objects.values()
        )

    @cached_property
    def _by_prefix(self) -> dict[str, SObject]:
        return {one.prefix: one for one in self._objects.values()}

    @cached_property
    def _children(self) -> dict[str, list[Child]]:
        found: dict[str, list[Child]] = {}
        for sobject in self._objects.values():
            for reference in sobject.fields.values():
                if sobject.is_queryable:
                    for target in reference.targets:
                        found.setdefault(target, []).append(Child(reference.children, sobject, reference))
        return found


def build_catalog(features: frozenset[str], picklists: Mapping[str, tuple[str, ...]]) -> Catalog:
    """The catalog of an org.

    Args:
        features: which of `shared_activities`, `multi_currency`, `contacts_to_multiple_accounts` are on.
        picklists: the value lists that depend on the org's content: `stage`, `currency`.
    """
    values = {**PICKLISTS, **picklists}
    objects = []
    for name, (prefix, plural, audit, feature, table) in {**SALES, **ACTIVITIES}.items():
        if feature is not None and feature not in features:
            continue
        fields = (one for one in parse_fields(audit_fields(audit) + table, values) if one.feature in {None, *features})
        objects.append(
            SObject(
                name=name,
                prefix=prefix,
                plural=plural,
                fields={one.name.lower(): one for one in fields},
                feature=feature,
                is_queryable=name != "Name",
                is_searchable=name in _SEARCHABLE,
            )
        )
    return Catalog(objects)
