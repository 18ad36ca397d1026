"""The calls that Zoho is asked by: COQL, lists, searches and settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Any

import orjson

from connectors.http import Call, HttpClient, together
from connectors.kept import every
from connectors.mapping import Row, understood
from connectors.scope import CallKind
from connectors.zoho.coql import select
from connectors.zoho.manifest import manifest
from model.entities import Entity
from model.errors import Rejected, SchemaDrift, SourceForbidden

__all__ = ["Asked", "Calls", "Rows", "is_id"]


def is_id(text: object) -> bool:
    """Whether *text* has the form of a record's id: 17 to 19 digits, of old accounts fewer."""
    return isinstance(text, str) and text.isascii() and text.isdigit() and 10 <= len(text) <= 20 and text[0] != "0"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one answer, each with every column asked for, and whether others follow."""

    rows: Sequence[Row]
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a module: *direct* by COQL, and each part of *apart* by lists of ids."""

    direct: tuple[str, ...]
    apart: tuple[tuple[str, ...], ...] = ()

    @classmethod
    def of(cls, columns: Iterable[str]) -> "Asked":
        """*columns*, the first of which is the id, divided by what COQL can select and how much a call can hold."""
        facts = manifest()
        plain = [column for column in columns if column not in facts.listed]
        direct, rest = plain[: facts.coql.columns], plain[facts.coql.columns :]
        others = [*(column for column in columns if column in facts.listed), *rest]
        return cls(tuple(direct), tuple(_parts(others, facts.fields - 1)))

    def lists(self, rows: int) -> int:
        """Calls that the parts take for *rows* rows."""
        return len(self.apart) * ceil(rows / manifest().ids)


class Calls:
    """One source's calls; holds no state of a request."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    async def coql(self, text: str, columns: Sequence[str], *, entity: Entity, limit: int, operation: str) -> Rows:
        """The rows of a query; its credits go by its limit."""
        call = self._query(text, columns, operation, entity=entity)
        return await self._client.send(replace(call, weight=1 + sum(limit > most for most in manifest().coql.credits)))

    def _query(
        self,
        text: str,
        columns: Sequence[str],
        operation: str,
        *,
        entity: Entity | None = None,
        kind: CallKind = "data",
    ) -> Call[Rows]:
        return Call(
            operation=operation,
            method="POST",
            path=_path("/coql"),
            content=orjson.dumps({"select_query": text}),
            parse=lambda payload: _rows(payload, columns),
            rows=lambda found: len(found.rows),
            kind=kind,
            entity=None if entity is None else entity.value,
            query=text,
        )

    async def by_ids(self, module: str, ids: Sequence[str], columns: Sequence[str], *, entity: Entity) -> list[Row]:
        """The rows that there are with *ids*, a hundred ids and fifty columns, the id among them, in each call."""
        facts = manifest()
        parts = list(_parts((column for column in columns if column != "id"), facts.fields - 1)) or [()]
        chunks = list(_parts(ids, facts.ids))
        each = await together(*(self._by_ids(module, chunk, part, entity=entity) for chunk in chunks for part in parts))
        batches = [each[start : start + len(parts)] for start in range(0, len(each), len(parts))]
        return [row for batch in batches for row in _joined(batch)]

    async def _by_ids(self, module: str, ids: Sequence[str], columns: Sequence[str], *, entity: Entity) -> Rows:
        params = (("ids", ",".join(ids)), ("per_page", str(manifest().ids)))
        found = await self.listed(module, module, columns, params, entity=entity, operation="list")
        with understood(self._client.source):
            if not {row["id"] for row in found.rows} <= set(ids):
                raise ValueError("ids that were not asked for")
        return found

    async def listed(
        self,
        module: str,
        path: str,
        columns: Sequence[str],
        params: Sequence[tuple[str, str]] = (),
        *,
        entity: Entity,
        operation: str,
    ) -> Rows:
        """The rows of a list below *path*, of records of *module*."""
        further = tuple(manifest().params.get(module, {}).items())
        columns = tuple(dict.fromkeys(("id", *columns)))
        return await self._client.send(
            Call(
                operation=operation,
                method="GET",
                path=_path(f"/{path}"),
                params=(("fields", ",".join(columns)), *params, *further),
                parse=lambda payload: _rows(payload, columns),
                rows=lambda found: len(found.rows),
                entity=entity.value,
                query=f"{path} {' '.join(f'{name}={value}' for name, value in params)}".strip(),
            )
        )

    async def settings(self, path: str, name: str, params: Mapping[str, str] | None = None) -> Sequence[Row]:
        """The rows of a metadata resource; none where it is empty."""
        return (await self._settings(path, name, params or {})).rows

    async def tried(self, path: str, name: str, params: Mapping[str, str]) -> Sequence[Row] | str:
        """The same, or why it cannot be read."""
        try:
            return await self.settings(path, name, params)
        except (SourceForbidden, Rejected, SchemaDrift) as error:
            return error.message

    async def has_coql(self, module: str) -> bool:
        """Whether COQL reads *module* at all."""
        text = select(("id",), module, None, limit=1)
        try:
            await self._client.send(self._query(text, ("id",), "modules", kind="metadata"))
        except (SourceForbidden, Rejected, SchemaDrift):
            return False
        return True

    async def users(self) -> Sequence[Row]:
        """Every user, active or not."""

        async def read(place: int | None) -> tuple[Sequence[Row], int | None]:
            number = place or 1
            params = {"type": "AllUsers", "page": str(number), "per_page": str(manifest().page)}
            page = await self._settings("/users", "users", params)
            return page.rows, number + 1 if page.has_more else None

        return await every(read, source=self._client.source)

    async def _settings(self, path: str, name: str, params: Mapping[str, str]) -> Rows:
        kind: CallKind = "metadata"

        def parse(payload: Any) -> Rows:
            if payload is None:
                return Rows(())
            return Rows(list(payload[name]), has_more=(payload.get("info") or {}).get("more_records") is True)

        return await self._client.send(
            Call(operation=name, method="GET", path=_path(path), params=tuple(params.items()), parse=parse, kind=kind)
        )


def _path(path: str) -> str:
    return f"/crm/{manifest().version}{path}"


def _parts(items: Iterable[str], size: int) -> Iterable[tuple[str, ...]]:
    held = tuple(items)
    return (held[start : start + size] for start in range(0, len(held), size))


def _joined(parts: Sequence[Rows]) -> Iterable[Row]:
    """Rows of one batch, whose columns came in several answers; one that is not in all of them is gone."""
    first, *rest = [{str(row["id"]): row for row in part.rows} for part in parts]
    for remote_id, row in first.items():
        if all(remote_id in part for part in rest):
            yield {**row, **{name: value for part in rest for name, value in part[remote_id].items()}}


def _rows(payload: Any, columns: Sequence[str]) -> Rows:
    """What an answer holds; an empty one, with status 204, holds none.

    Raises:
        LookupError, TypeError: it is not what was asked for.
    """
    if payload is None:
        return Rows(())
    rows = [{column: row[column] for column in columns} for row in payload["data"]]
    if "id" in columns and not all(is_id(row["id"]) for row in rows):
        raise TypeError("an id is no id")
    has_more = payload["info"]["more_records"]
    if not isinstance(has_more, bool):
        raise TypeError("more_records is no truth value")
    return Rows(rows, has_more)
