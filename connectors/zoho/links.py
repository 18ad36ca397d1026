"""Relations that do not stand on the record: found by COQL over what points to the parents, or in related lists."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from connectors.base import RelatedResult
from connectors.http import together
from connectors.mapping import Row, understood
from connectors.tables import Criterion, Kind, Link, TableType, paged, suffice
from connectors.zoho.calls import Asked, Calls
from connectors.zoho.coql import Condition, Coql, select
from connectors.zoho.fields import SE_MODULE, related_refs
from connectors.zoho.manifest import manifest
from model.capabilities import RelationMode
from model.entities import Record
from model.errors import SourceError
from model.page import Link as PageLink
from model.page import RelatedPage
from model.query import Selection
from model.values import Ref

__all__ = ["Links"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """One relation's links: those of *parents*, which are of type *found*, to records of type *target*."""

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
        if self.link.mode is RelationMode.PER_PARENT:
            return await together(*(self._tried(parent) for parent in parents))
        ids = list(dict.fromkeys(parents))
        if self.link.via == "Participants":
            links = await self._who_attends(ids)
        elif ">" in self.link.via:
            links = await self._own(ids)
        else:
            links = await self._pointing(ids)
        return paged(links, parents, first=self.first, after=self.after, id_key=int)

    async def _tried(self, parent: str) -> RelatedResult:
        try:
            return await self._listed(parent)
        except SourceError as error:
            return error

    async def _listed(self, parent: str) -> RelatedPage:
        """The related list of one record; contacts of a deal come with their role. Two hundred in a call."""
        fields = self.target.fields_of(self.selection)
        read = self.target.reader(fields, source=self.source)
        further = ("Contact_Role",) if self.link.via == "Contact_Roles" else ()
        columns = (*self.target.columns(fields), *further)
        links, number, has_more = list[tuple[str, PageLink]](), 0, True
        while has_more:
            number += 1
            answer = await self.calls.listed(
                self.target.remote,
                f"{self.found.remote}/{parent}/{self.link.via}",
                columns,
                (("page", str(number)), ("per_page", str(manifest().page))),
                entity=self.target.entity,
                operation="related",
            )
            with understood(self.source):
                links += [(parent, self._link(str(row["id"]), read(row), _role(row))) for row in answer.rows]
            has_more = answer.has_more
        return paged(links, [parent], first=self.first, after=self.after, id_key=int)[0]

    async def _who_attends(self, parents: Sequence[str]) -> list[tuple[str, PageLink]]:
        """The contacts that meetings are with: the one they point to, and those who take part."""
        columns = ("Who_Id", "What_Id", SE_MODULE, "Participants")
        rows = await self.calls.by_ids(self.found.remote, parents, columns, entity=self.found.entity)
        with understood(self.source):
            return [(str(row["id"]), self._link(contact)) for row in rows for contact in _guests(row)]

    async def _own(self, parents: Sequence[str]) -> list[tuple[str, PageLink]]:
        """What a column of the parents themselves points to."""
        module, _, _, column = self.link.via.split()
        where = _among("id", parents)
        text = select(("id", column), module, where, (("id", False),), len(parents))
        answer = await self.calls.coql(
            text, ("id", column), entity=self.found.entity, limit=len(parents), operation="links"
        )
        with understood(self.source):
            pairs = ((str(row["id"]), row[column]) for row in answer.rows if row[column] is not None)
            return [(parent, self._link(str(one["id"]), is_primary=True)) for parent, one in pairs]

    async def _pointing(self, parents: Sequence[str]) -> list[tuple[str, PageLink]]:
        """The records that point to the parents, by id; one call unless they are more than two thousand."""
        module, *columns = self.link.via.split()
        fields = self.target.fields_of(self.selection)
        asked = Asked.of(self.target.columns(fields))
        direct = tuple(dict.fromkeys((*asked.direct, *columns))) if not asked.apart else ("id", *columns)
        read = self.target.reader(fields, source=self.source)
        limit = self.first + 1 if len(parents) == 1 else manifest().coql.rows
        links, behind, has_more = list[tuple[str, PageLink]](), self.after, True
        to_them = [_among(column, parents) for column in columns]
        pointing = to_them[0] if len(to_them) == 1 else Coql().either(to_them)
        while has_more:
            where = pointing if behind is None else Coql().both([pointing, Condition(f"id > '{behind}'")])
            text = select(direct, module, where, (("id", False),), limit)
            answer = await self.calls.coql(text, direct, entity=self.target.entity, limit=limit, operation="links")
            with understood(self.source):
                for row in answer.rows:
                    record = None if asked.apart else read(row)
                    links += [(one, self._link(str(row["id"]), record)) for one in _pointed(row, columns)]
            behind = str(answer.rows[-1]["id"]) if answer.rows else None
            has_more = answer.has_more and bool(answer.rows) and not suffice(links, parents, first=self.first)
        return links

    def _link(
        self, remote_id: str, record: Record | None = None, role: str | None = None, *, is_primary: bool = False
    ) -> PageLink:
        return PageLink(ref=Ref(self.target.entity, remote_id), record=record, role=role, is_primary=is_primary)


def _among(column: str, ids: Sequence[str]) -> Condition:
    return Coql().among(Criterion(column=column, kind=Kind.ID), [f"'{one}'" for one in ids])


def _pointed(row: Row, columns: Sequence[str]) -> Iterator[str]:
    yield from dict.fromkeys(str(row[column]["id"]) for column in columns if row[column] is not None)


def _guests(row: Row) -> Iterator[str]:
    yield from (found for module, found in related_refs(row) if module == "Contacts")
    yield from (str(one["participant"]) for one in row["Participants"] or () if one["type"] == "contact")


def _role(row: Row) -> str | None:
    role: Mapping[str, str] | None = row.get("Contact_Role")
    return None if role is None else str(role["name"])
