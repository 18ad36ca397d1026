"""What a record is associated with, page by page, in the shapes of v3 and v4."""

from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Literal

from sandbox.hubspot.account import Account
from sandbox.hubspot.api.parameters import cursor, position
from sandbox.hubspot.definitions import AssociationType, ObjectType

__all__ = ["V3_PAGE", "Associated", "Association", "association_type"]

V3_PAGE = 100
"""Rows per record of a v3 answer (hubspot-api-nodejs#29)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Association:
    """Another record, and what it is to this one."""

    to_id: int
    types: list[AssociationType]


@dataclass(frozen=True, slots=True, kw_only=True)
class Associated:
    """One page of associations; *after* is None on the last one."""

    found: list[Association] = field(default_factory=list)
    after: str | None = None

    @classmethod
    def read(
        cls, account: Account, source: ObjectType, from_id: int, target: ObjectType, *, after: str | None, limit: int
    ) -> "Associated":
        """Up to *limit* records of *target* that *from_id* is associated with, by id.

        Raises:
            VendorError: 400 when *after* is no cursor of such a list.
        """
        types: dict[tuple[str, int], AssociationType] = {
            (one.category, one.type_id): one for one in account.association_types.of(source.name, target.name)
        }
        start = position(after, target.type_id)
        rows = account.store.links(source.name, from_id, target.name, after=start)
        found: list[Association] = []
        for to_id, group in groupby(rows, key=itemgetter(0)):
            if len(found) == limit:
                return cls(found=found, after=cursor(target.type_id, found[-1].to_id))
            found.append(Association(to_id=to_id, types=[types[category, type_id] for _, category, type_id in group]))
        return cls(found=found)

    def v4(self, to_object_id: Literal["string", "number"]) -> list[dict[str, object]]:
        """The `to` list of v4, one entry per record."""
        return [
            {
                "toObjectId": str(one.to_id) if to_object_id == "string" else one.to_id,
                "associationTypes": [association_type(kind) for kind in one.types],
            }
            for one in self.found
        ]

    def v3(self) -> list[dict[str, object]]:
        """The list of v3, which repeats a record once per type."""
        return [{"id": str(one.to_id), "type": kind.name} for one in self.found for kind in one.types]

    def paging(self) -> dict[str, object]:
        """`paging`, or nothing on the last page."""
        return {} if self.after is None else {"paging": {"next": {"after": self.after}}}


def association_type(kind: AssociationType) -> dict[str, object]:
    """As HubSpot's JSON shows *kind*."""
    return {"category": kind.category, "typeId": kind.type_id, "label": kind.label}
