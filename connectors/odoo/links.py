"""Relations that do not stand on the record: found by what points to the parents, or by what they point to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.base import RelatedResult
from connectors.mapping import Row, understood
from connectors.odoo.calls import Calls
from connectors.odoo.domains import Domain, joined
from connectors.odoo.manifest import Base, manifest
from connectors.tables import Link, TableType, at, paged, suffice
from model.entities import Entity, Record
from model.page import Link as PageLink
from model.query import Selection
from model.values import Ref

__all__ = ["Links", "conditions_of"]


def conditions_of(base: Base, *, is_listed: bool) -> list[Domain]:
    """What makes rows of a model rows of a type, archived ones among them unless *is_listed*."""
    return [one for one in (base.rows, base.listed if is_listed else ()) if one]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """One relation's links: those of parents of type *found* to records of type *target*."""

    calls: Calls
    source: str
    found: TableType
    target: TableType
    link: Link
    selection: Selection
    first: int
    after: str | None

    async def of(self, parents: Sequence[str]) -> Sequence[RelatedResult]:
        """The first links of each parent."""
        ids = list(dict.fromkeys(parents))
        links = await (self._own(ids) if ">" in self.link.via else self._pointing(ids))
        return paged(links, parents, first=self.first, after=self.after, id_key=int)

    async def _own(self, parents: Sequence[str]) -> list[tuple[str, PageLink]]:
        """What a column of the parents themselves points to."""
        model, _, _, column = self.link.via.split()
        where = (("id", "in", tuple(map(int, parents))),)
        answer = await self.calls.rows(
            model, where, (column,), limit=len(parents), entity=self.found.entity, operation="links"
        )
        with understood(self.source):
            return [
                (str(row["id"]), self._link(remote_id, is_primary=not isinstance(row[column], list)))
                for row in answer.rows
                for remote_id in self._fitting(row[column])
            ]

    def _fitting(self, held: Any) -> Iterator[str]:
        """Ids in a column's value; of partners only those who are people, where contacts are meant."""
        for one in held if isinstance(held, list) else [] if held is None else [held]:
            if not isinstance(one, Mapping):
                yield str(one)
            elif self.target.entity is not Entity.CONTACT or not one["is_company"]:
                yield str(one["id"])

    async def _pointing(self, parents: Sequence[str]) -> list[tuple[str, PageLink]]:
        """The records that point to the parents, by id; one call unless they are more than a page."""
        model, path = self.link.via.split()
        column, fields = path.partition(".")[0], self.target.fields_of(self.selection)
        read = self.target.reader(fields, source=self.source)
        limit = self.first + 1 if len(parents) == 1 else manifest().page
        links, behind, has_more = list[tuple[str, PageLink]](), self.after, True
        while has_more:
            further: list[Domain] = [] if behind is None else [(("id", ">", int(behind)),)]
            base = conditions_of(self.target.base, is_listed=True)
            answer = await self.calls.rows(
                model,
                joined("&", *base, *self._to(path, parents), *further),
                (*self.target.columns(fields), column),
                limit=limit,
                entity=self.target.entity,
                operation="links",
            )
            rows = answer.rows
            with understood(self.source):
                for row in rows:
                    link = self._link(str(row["id"]), read(row))
                    links += [(parent, link) for parent in _ids_at(row, path)]
            behind = str(rows[-1]["id"]) if rows else None
            has_more = answer.has_more and bool(rows) and not suffice(links, parents, first=self.first)
        return links

    def _to(self, path: str, parents: Sequence[str]) -> list[Domain]:
        """That *path* leads to one of *parents*; what an activity is about is told with its model."""
        ids = tuple(map(int, parents))
        pointing: list[Domain] = [((path, "in", ids),)]
        if path == "res_id":
            column = "model" if self.target.entity is Entity.NOTE else "res_model"
            pointing.append(((column, "=", self.found.remote),))
        return pointing

    def _link(self, remote_id: str, record: Record | None = None, *, is_primary: bool = False) -> PageLink:
        return PageLink(ref=Ref(self.target.entity, remote_id), record=record, is_primary=is_primary)


def _ids_at(row: Row, path: str) -> Iterator[str]:
    """Ids of what *path* leads to, of one record or of several."""
    held = at(path)(row)
    for one in held if isinstance(held, list) else [] if held is None else [held]:
        yield str(one["id"] if isinstance(one, Mapping) else one)
