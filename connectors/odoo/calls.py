"""The calls that Odoo is asked by: a method of a model with named arguments, by JSON-2."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import orjson

from connectors.http import Call, HttpClient
from connectors.kept import every
from connectors.mapping import Row
from connectors.odoo.domains import Domain, joined
from connectors.odoo.manifest import manifest
from connectors.scope import CallKind
from connectors.tables import SortKey
from model.entities import Entity
from model.errors import Rejected, SchemaDrift, SourceForbidden

__all__ = ["Calls", "Rows", "described", "ordered"]

T = TypeVar("T")

_EVERYTHING: Mapping[str, Any] = {"active_test": False}
"""Archived rows are hidden unless a call says otherwise."""


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one answer, whether others follow, and the first of those where it came along."""

    rows: Sequence[Row]
    has_more: bool
    next: Row | None = None


class Calls:
    """One source's calls; holds no state of a request."""

    def __init__(self, client: HttpClient, database: str | None) -> None:
        self._client = client
        self._headers = {} if database is None else {"x-odoo-database": database}

    async def rows(
        self,
        model: str,
        domain: Domain,
        columns: Iterable[str],
        order: Sequence[SortKey] = (("id", False),),
        *,
        limit: int,
        entity: Entity | None,
        operation: str,
        is_filtered: bool = False,
    ) -> Rows:
        """Rows with *columns*, *limit* at most; one more is asked for, to see whether others follow.

        Where *is_filtered*, the model drops rows behind the limit: it is asked how many there are as well, and for
        more where it dropped all.
        """
        asked = limit + 1
        while True:
            rows, length = await self._rows(
                model, domain, columns, order, limit=asked, entity=entity, operation=operation, is_counted=is_filtered
            )
            if rows or not is_filtered or not await self.count(model, domain, entity=entity):
                return Rows(rows[:limit], length > min(limit, len(rows)), rows[limit] if len(rows) > limit else None)
            asked *= 10

    async def _rows(
        self,
        model: str,
        domain: Domain,
        columns: Iterable[str],
        order: Sequence[SortKey],
        *,
        limit: int,
        entity: Entity | None,
        operation: str,
        is_counted: bool,
    ) -> tuple[Sequence[Row], int]:
        nested = manifest().nested
        names = tuple(dict.fromkeys(columns))
        arguments = {
            "domain": domain,
            "specification": {name: {"fields": nested[name]} if name in nested else {} for name in names},
            "order": ordered(order),
            "limit": limit,
            "context": {**_EVERYTHING, "force_search_count": is_counted},
            **({} if is_counted else {"count_limit": 1}),
        }

        def parse(payload: Any) -> tuple[Sequence[Row], int]:
            rows = [_row(row, names) for row in payload["records"]]
            return rows, int(payload["length"])

        kind: CallKind = "metadata" if entity is None else "data"
        call = self._call(model, "web_search_read", arguments, parse, operation=operation, kind=kind, entity=entity)
        return await self._client.send(call)

    async def count(self, model: str, domain: Domain, *, entity: Entity | None) -> int:
        """How many rows satisfy *domain*."""
        arguments = {"domain": domain, "context": _EVERYTHING}
        kind: CallKind = "metadata" if entity is None else "data"
        return await self._client.send(
            self._call(model, "search_count", arguments, _count, operation="count", kind=kind, entity=entity)
        )

    async def groups(
        self,
        model: str,
        domain: Domain,
        columns: Sequence[str],
        aggregates: Sequence[str],
        *,
        zone: str,
        entity: Entity,
    ) -> Sequence[Row]:
        """Groups by *columns* with *aggregates*; days of instants begin at midnight of *zone*."""
        arguments = {
            "domain": domain,
            "groupby": columns,
            "aggregates": aggregates,
            "context": {**_EVERYTHING, "tz": zone},
        }

        def parse(payload: Any) -> tuple[Sequence[Row]]:
            return ([{name: row[name] for name in (*columns, *aggregates)} for row in payload],)

        call = self._call(model, "formatted_read_group", arguments, parse, operation="groups", entity=entity)
        found: tuple[Sequence[Row]] = await self._client.send(call)
        return found[0]

    async def every(self, model: str, columns: Sequence[str], domain: Domain = ()) -> Sequence[Row]:
        """Every row of a model that is metadata, by id."""

        async def read(place: int | None) -> tuple[Sequence[Row], int | None]:
            further: Domain = () if place is None else (("id", ">", place),)
            parts = [one for one in (domain, further) if one]
            where = joined("&", *parts) if parts else ()
            found = await self.rows(model, where, columns, limit=manifest().page, entity=None, operation=model)
            return found.rows, int(found.rows[-1]["id"]) if found.has_more else None

        return await every(read, source=self._client.source)

    async def tried(self, model: str, columns: Sequence[str], domain: Domain = ()) -> Sequence[Row]:
        """The same; none where the model or a column is not installed, or cannot be read."""
        try:
            return await self.every(model, columns, domain)
        except (SourceForbidden, Rejected, SchemaDrift):
            return ()

    async def fields(self, model: str) -> Mapping[str, Row] | str:
        """The model's fields by name, or why it cannot be read."""
        arguments = {"attributes": ["type", "string", "required", "readonly", "selection", "store", "digits"]}
        call = self._call(model, "fields_get", arguments, dict, operation="fields", kind="metadata")
        try:
            found: Mapping[str, Row] = await self._client.send(call)
        except (SourceForbidden, Rejected, SchemaDrift) as error:
            return error.message
        return found

    async def context(self) -> Row:
        """The user's id, language and time zone."""
        call = self._call("res.users", "context_get", {}, dict, operation="context", kind="metadata")
        return await self._client.send(call)

    def _call(
        self,
        model: str,
        method: str,
        arguments: Mapping[str, Any],
        parse: Any,
        *,
        operation: str,
        kind: CallKind = "data",
        entity: Entity | None = None,
    ) -> Call[Any]:
        return Call(
            operation=operation,
            method="POST",
            path=f"/json/2/{model}/{method}",
            content=orjson.dumps(arguments),
            headers=self._headers,
            parse=parse,
            rows=lambda found: len(found[0]) if isinstance(found, tuple) else 0,
            kind=kind,
            entity=None if entity is None else entity.value,
            query=described(
                model, arguments.get("domain", ()), arguments.get("order", ""), arguments.get("groupby", ())
            ),
        )


def described(model: str, domain: Domain, order: str = "", groups: Sequence[str] = ()) -> str:
    """What is asked of a model, for people."""
    text = f"{model} {orjson.dumps(domain).decode()}"
    return text + (f" order {order}" if order else "") + (f" by {', '.join(groups)}" if groups else "")


def ordered(order: Sequence[SortKey]) -> str:
    """*order* as Odoo writes it."""
    return ", ".join(f"{column} {'desc' if falls else 'asc'}" for column, falls in order)


def _row(row: Row, names: Sequence[str]) -> Row:
    """*row* with every name that was asked for; Odoo's false is a missing value, of whatever type.

    Raises:
        LookupError, TypeError: it is not what was asked for.
    """
    if isinstance(row["id"], bool) or not isinstance(row["id"], int):
        raise TypeError("an id is no number")
    instants = manifest().instants
    return {"id": row["id"], **{name: _present(row[name], is_instant=name in instants) for name in names}}


def _present(value: Any, *, is_instant: bool = False) -> Any:
    if value is False:
        return None
    if is_instant:
        return f"{value}Z"
    if isinstance(value, dict):
        return {name: _present(inner) for name, inner in value.items()}
    return [_present(inner) for inner in value] if isinstance(value, list) else value


def _count(payload: Any) -> int:
    if isinstance(payload, bool) or not isinstance(payload, int):
        raise TypeError("a count is no number")
    return payload
