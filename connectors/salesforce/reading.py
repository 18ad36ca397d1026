"""Queries run to their end: answers followed across batches, child rows gathered into links."""

import asyncio
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, TypeVar

from connectors.http import HttpClient
from connectors.mapping import Row, understood
from connectors.salesforce.calls import Answer, Api
from connectors.salesforce.objects import ObjectTable
from connectors.salesforce.shapes import ChildShape
from connectors.salesforce.soql import Select, is_in, text_literal
from model.entities import Entity, Record
from model.page import RelatedPage

__all__ = ["Reader", "together"]

T = TypeVar("T")


async def together(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of *work*, run at once; when one part fails the others end, and its error alone is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(part) for part in work]
    except BaseExceptionGroup as failed:
        raise failed.exceptions[0] from None
    return [task.result() for task in tasks]


class Reader:
    """Reads rows of one org; holds no state of a request."""

    def __init__(self, client: HttpClient, api: Api) -> None:
        self._client = client
        self._api = api

    async def rows(
        self, texts: Sequence[str], *, entity: Entity, wanted: int | None = None, with_deleted: bool = False
    ) -> list[list[Row]]:
        """The rows of each query, all asked in one call; each at least *wanted* rows long, or whole.

        An answer holds at most 2,000 rows, child rows counted, so that a query can take more calls.
        """
        if not texts:
            return []
        answers = await self._client.send(self._api.queries(texts, entity=entity, with_deleted=with_deleted))
        return [await self._whole(answer, entity=entity, wanted=wanted) for answer in answers]

    async def answers(self, texts: Sequence[str], *, entity: Entity) -> Sequence[Answer]:
        """The first answer of each query, all asked in one call."""
        return await self._client.send(self._api.queries(texts, entity=entity))

    async def _whole(self, answer: Answer, *, entity: Entity, wanted: int | None) -> list[Row]:
        rows = list(answer.rows)
        link = answer.next_link
        while link is not None and (wanted is None or len(rows) < wanted):
            answer = await self._client.send(self._api.more(self._client.path_of(link), entity=entity))
            rows.extend(answer.rows)
            link = answer.next_link
        return rows

    async def count(self, selects: Sequence[Select], *, entity: Entity) -> int:
        """How many rows satisfy *selects*, whose item is COUNT(), in one call for all."""
        if not selects:
            return 0
        answers = await self._client.send(self._api.queries([select.text() for select in selects], entity=entity))
        return sum(answer.total for answer in answers)

    async def links(
        self, table: ObjectTable, child: ChildShape, rows: Sequence[Row], primed: list[Record]
    ) -> Mapping[str, RelatedPage]:
        """The first links of each parent in *rows*, by its id."""
        with understood(self._client.source):
            parents = [row["Id"] for row in rows]
        return {
            parent: await self._links_of(table, child, row, primed) for parent, row in zip(parents, rows, strict=True)
        }

    async def _links_of(self, table: ObjectTable, child: ChildShape, row: Row, primed: list[Record]) -> RelatedPage:
        found = [await self._child_rows(way.relationship, way.ask, row, child) for way in child.ways]
        with understood(self._client.source):
            gathered = child.gather(found, primed)
        if gathered.unread_after is None:
            return gathered.page
        # So many rows repeat records that the first distinct ones are not all there: go on behind them.
        held = gathered.page.links
        rest = child.narrowed(max(1, child.first - len(held)))
        pages = await self.related(table, rest, [row["Id"]], after=gathered.unread_after, primed=primed)
        further = pages[row["Id"]]
        links = (*held, *further.links)
        return RelatedPage(links[: child.first], has_more=further.has_more or len(links) > child.first)

    async def _child_rows(self, relationship: str | None, ask: int, row: Row, child: ChildShape) -> Sequence[Row]:
        if relationship is None:
            return (row,)
        with understood(self._client.source):
            answer = Answer.of_child(row[relationship])
        return await self._whole(answer, entity=child.ways[0].target, wanted=ask)

    async def related(
        self,
        table: ObjectTable,
        child: ChildShape,
        parents: Sequence[str],
        *,
        after: str | None,
        primed: list[Record],
    ) -> dict[str, RelatedPage]:
        """The first links of each of *parents* behind *after*; parents that are not there have none."""
        if not child.is_inline:
            return await self._unnamed(child, parents, after, primed)
        select = Select(
            items=list(dict.fromkeys(("Id", *child.items(after)))),
            source=table.name,
            where=is_in("Id", [text_literal(parent) for parent in parents]),
        )
        (rows,) = await self.rows([select.text()], entity=table.entity)
        none = dict.fromkeys(parents, RelatedPage(()))
        return {**none, **await self.links(table, child, rows, primed)}

    async def _unnamed(
        self, child: ChildShape, parents: Sequence[str], after: str | None, primed: list[Record]
    ) -> dict[str, RelatedPage]:
        (way,) = child.ways
        (rows,) = await self.rows([way.unnamed_select(parents, after).text()], entity=way.target)
        by_parent: dict[str, list[Row]] = {parent: [] for parent in parents}
        with understood(self._client.source):
            for row in rows:
                by_parent[row[way.way.parent_column]].append(row)
            return {parent: child.gather([found], primed, is_whole=True).page for parent, found in by_parent.items()}
