"""Relations that do not stand on the record: how each is found, and its links."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from connectors.base import RelatedResult
from connectors.declarative.account import canonical
from connectors.declarative.filters import Condition, Declared, Term, Test
from connectors.declarative.lists import Lists, Wanted
from connectors.declarative.spec import Spec
from connectors.http import together
from connectors.mapping import Row, convert
from connectors.tables import Criterion, Kind, Link, TableType, at, paged, suffice
from model.capabilities import RelationMode
from model.entities import Entity, Record
from model.errors import OurBug, SourceError
from model.fields import RELATIONS
from model.page import Link as PageLink
from model.page import Position, RelatedPage
from model.query import Selection
from model.values import Ref

__all__ = ["Relations", "links_of"]

_PARENTS = 50
_THROUGH = re.compile(r"(\S+) (\S+) > (\S+)")


def links_of(entity: Entity, types: Mapping[Entity, TableType], spec: Spec, language: Declared) -> Mapping[str, Link]:
    """The to-many relations of a type: those that the file tells, and those that a to-one relation tells."""
    found: dict[str, Link] = {}
    for name, relation in RELATIONS[entity].items():
        far = types.get(relation.target)
        if far is None or not relation.is_many:
            continue
        told = types[entity].links.get(name)
        via = _told_by(types[entity], far, language) if told is None else told.via
        if via is not None:
            found[name] = _link(via, types[entity], spec)
    return found


def _told_by(near: TableType, far: TableType, language: Declared) -> str | None:
    """What a to-one relation, named as the type at its end, says of the relation the other way."""
    back = far.criteria.get(near.entity.value)
    if isinstance(back, Term) and language.says(back, "in"):
        return near.entity.value
    own = near.table.columns.get(far.entity.value)
    return None if own is None else f"> {own.remote[0]}"


def _link(via: str, near: TableType, spec: Spec) -> Link:
    if via.startswith("/"):
        return Link(via=via, mode=RelationMode.PER_PARENT)
    if via.startswith(">"):
        size = near.batch_read_size or 1
        mode = RelationMode.BATCH if size > 1 else RelationMode.PER_PARENT
        return Link(via=via, mode=mode, batch_size=size, carries_records=False)
    size = min(_PARENTS, spec.filter.most_values if spec.filter is not None else 1)
    return Link(via=via, batch_size=size, carries_records=_THROUGH.fullmatch(via) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relations:
    """The links of one relation: from records of *near* to those of *far*."""

    lists: Lists
    spec: Spec
    near: TableType
    far: TableType
    link: Link
    selection: Selection
    first: int
    after: str | None

    async def of(self, parents: Sequence[str]) -> Sequence[RelatedResult]:
        """The first links of each parent."""
        via = self.link.via
        ids = [one for one in dict.fromkeys(parents) if canonical(one, self.spec.ids_of(self.near.entity)) == one]
        if not ids:
            return self._paged([], parents)
        if via.startswith("/"):
            each = await together(*(self._tried(parent) for parent in ids))
            held = dict(zip(ids, each, strict=True))
            return [held.get(parent, RelatedPage(())) for parent in parents]
        through = _THROUGH.fullmatch(via)
        if through is not None:
            links = await self._through(ids, *through.groups())
        elif via.startswith(">"):
            links = await self._own(ids, via.removeprefix(">").strip())
        else:
            links = await self._pointing(ids)
        return self._paged(links, parents)

    def _paged(self, links: Sequence[tuple[str, PageLink]], parents: Sequence[str]) -> list[RelatedPage]:
        return paged(links, parents, first=self.first, after=self.after, id_key=self.lists.id_key)

    async def _tried(self, parent: str) -> RelatedResult:
        wanted = self._wanted(path=self.link.via.replace("$id", quote(parent, safe="")))
        try:
            position = None if self.after is None else Position((), self.after)
            page = await self.lists.page(wanted, limit=self.first, after=position)
        except SourceError as error:
            return error
        return RelatedPage(tuple(self._linked(one) for one in page.records), has_more=page.has_more)

    async def _pointing(self, parents: Sequence[str]) -> list[tuple[str, PageLink]]:
        """Records of the far type that point to the parents, by a field of ours or by a column."""
        links: list[tuple[str, PageLink]] = []
        criterion = self.far.criteria.get(self.link.via)
        column = self.link.via if criterion is None else self.far.table.columns[self.link.via].remote[0]
        find = at(column)

        def seen(row: Row, record: Record) -> None:
            links.extend((parent, self._linked(record)) for parent in _ids(find(row)))

        wanted = replace(
            self._wanted(), condition=self._among(column, criterion, parents), columns=(column,), seen=seen
        )
        await self._walk(wanted, links, parents)
        return links

    async def _through(self, parents: Sequence[str], remote: str, near: str, far: str) -> list[tuple[str, PageLink]]:
        """What rows of a third kind tie together."""
        links: list[tuple[str, PageLink]] = []
        find_near, find_far = at(near), at(far)

        def seen(row: Row, _: Record) -> None:
            links.extend(
                (parent, PageLink(ref=Ref(self.far.entity, one)))
                for parent in _ids(find_near(row))
                for one in _ids(find_far(row))
            )

        # Such rows are of no type of ours: they are read as records without a field.
        rows = replace(self.far, remote=remote, base=None)
        condition = self._among(near, None, parents)
        wanted = Wanted(
            found=rows, fields=frozenset(), condition=condition, columns=(near, far), seen=seen, operation="links"
        )
        await self._walk(wanted, links, ())
        return links

    async def _own(self, parents: Sequence[str], column: str) -> list[tuple[str, PageLink]]:
        """What a column of the parents' own rows holds."""
        links: list[tuple[str, PageLink]] = []
        find, single = at(column), self.near.table.columns.get(self.far.entity.value)
        is_primary = single is not None and single.remote[0] == column

        def seen(row: Row, record: Record) -> None:
            refs = (Ref(self.far.entity, one) for one in _ids(find(row)))
            links.extend((record.remote_id, PageLink(ref=ref, is_primary=is_primary)) for ref in refs)

        await self.lists.by_ids(self.near, parents, frozenset(), columns=(column,), seen=seen)
        return links

    async def _walk(self, wanted: Wanted, links: Sequence[tuple[str, PageLink]], parents: Sequence[str]) -> None:
        """Read on until each of *parents* has as many links as are wanted, or there are no more rows."""
        after = None if self.after is None or not self.link.carries_records else Position((), self.after)
        while True:
            page = await self.lists.page(wanted, limit=self.spec.paging.max, after=after)
            if not page.has_more or not page.records or (parents and suffice(links, parents, first=self.first)):
                return
            after = page.resume or Position((), page.records[-1].remote_id)

    def _wanted(self, path: str | None = None) -> Wanted:
        return Wanted(found=self.far, fields=self.far.fields_of(self.selection), path=path, operation="links")

    def _among(self, column: str, criterion: Criterion | None, parents: Sequence[str]) -> Condition:
        found = criterion if isinstance(criterion, Term) else None
        if found is None:
            found = Term(column=column, kind=Kind.LINK, is_numeric=self.spec.ids_of(self.near.entity) == "number")
        values = tuple(int(one) if found.is_numeric else one for one in parents)
        condition: Test | None = self.lists.language.test(found, "in", values)
        if condition is None:
            raise OurBug(f"{column} is a relation's and cannot be asked for by several ids")
        return condition

    def _linked(self, record: Record) -> PageLink:
        return PageLink(ref=Ref(self.far.entity, record.remote_id), record=record)


def _ids(value: object) -> Iterator[str]:
    """The ids in a column: one, or a list of them."""
    for one in value if isinstance(value, list) else (value,):
        found = convert.text(one)
        if found is not None:
            yield found
