"""HubSpot's association types: its own, and the labels that a portal defines."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sandbox.hubspot.definitions.objects import OBJECTS

__all__ = ["HUBSPOT_TYPES", "AssociationType", "AssociationTypes", "Category"]

Category = Literal["HUBSPOT_DEFINED", "USER_DEFINED"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AssociationType:
    """What one record is to another, in one direction.

    Attributes:
        type_id: unique only together with *category*.
        category: whose it is.
        label: None for the plain association that every associated pair has.
        name: as v3 answers have it.
    """

    type_id: int
    category: Category
    label: str | None
    name: str


# Type ids: associations guide, last modified 2026-03-30, and the official Python client 12.0.0.
_PLAIN: dict[tuple[str, str], int] = {
    ("contacts", "companies"): 279,
    ("companies", "contacts"): 280,
    ("companies", "companies"): 450,
    ("deals", "contacts"): 3,
    ("contacts", "deals"): 4,
    ("deals", "companies"): 341,
    ("companies", "deals"): 342,
    ("leads", "contacts"): 608,
    ("contacts", "leads"): 609,
    ("leads", "companies"): 610,
    ("companies", "leads"): 611,
    ("leads", "deals"): 1037,
    ("deals", "leads"): 1038,
    ("leads", "meetings"): 600,
    ("meetings", "leads"): 601,
    ("meetings", "contacts"): 200,
    ("contacts", "meetings"): 199,
    ("meetings", "companies"): 188,
    ("companies", "meetings"): 187,
    ("meetings", "deals"): 212,
    ("deals", "meetings"): 211,
    ("notes", "contacts"): 202,
    ("contacts", "notes"): 201,
    ("notes", "companies"): 190,
    ("companies", "notes"): 189,
    ("notes", "deals"): 214,
    ("deals", "notes"): 213,
    ("tasks", "contacts"): 204,
    ("contacts", "tasks"): 203,
    ("tasks", "companies"): 192,
    ("companies", "tasks"): 191,
    ("tasks", "deals"): 216,
    ("deals", "tasks"): 215,
}

# 579 and 581 are not in that guide: they follow their other direction, as its other pairs do.
_PRIMARY: dict[tuple[str, str], int] = {
    ("contacts", "companies"): 1,
    ("companies", "contacts"): 2,
    ("deals", "companies"): 5,
    ("companies", "deals"): 6,
    ("leads", "contacts"): 578,
    ("contacts", "leads"): 579,
    ("leads", "companies"): 580,
    ("companies", "leads"): 581,
    ("leads", "deals"): 582,
    ("deals", "leads"): 583,
}


def _own_types(source: str, target: str) -> dict[str, AssociationType]:
    name = f"{OBJECTS[source].singular}_to_{OBJECTS[target].singular}"
    primary = _PRIMARY.get((source, target))
    plain_name = name if primary is None else f"{name}_unlabeled"
    types = {"plain": _own(_PLAIN[source, target], None, plain_name)}
    if primary is not None:
        types["primary"] = _own(primary, "Primary", name)
    if source == target == "companies":
        types["parent"] = _own(14, "Parent Company", "child_to_parent_company")
        types["child"] = _own(13, "Child Company", "parent_to_child_company")
    return types


def _own(type_id: int, label: str | None, name: str) -> AssociationType:
    return AssociationType(type_id=type_id, category="HUBSPOT_DEFINED", label=label, name=name)


HUBSPOT_TYPES: dict[tuple[str, str], dict[str, AssociationType]] = {pair: _own_types(*pair) for pair in _PLAIN}
"""(from, to) → "plain", "primary", "parent" or "child" → type."""


class AssociationTypes:
    """Every association type of a portal: HubSpot's, and a label for each of the *roles* contacts have in deals."""

    def __init__(self, roles: Iterable[str]) -> None:
        self._roles: dict[tuple[str, str], dict[str, AssociationType]] = {
            ("deals", "contacts"): {},
            ("contacts", "deals"): {},
        }
        for place, role in enumerate(sorted(set(roles))):
            name = re.sub(r"[^a-z0-9]+", "_", role.lower())
            for offset, pair in enumerate(self._roles):
                self._roles[pair][role] = AssociationType(
                    type_id=2 * place + offset + 1, category="USER_DEFINED", label=role, name=name
                )

    def of(self, source: str, target: str) -> list[AssociationType]:
        """The types from *source* to *target*, HubSpot's first."""
        return [*HUBSPOT_TYPES.get((source, target), {}).values(), *self._roles.get((source, target), {}).values()]

    def role(self, source: str, target: str, role: str) -> AssociationType:
        """The label for *role* between deals and contacts, in that direction."""
        return self._roles[source, target][role]
