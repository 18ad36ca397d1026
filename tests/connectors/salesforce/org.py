"""A connector that is connected to an emulated org, and the scope its calls run in."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from connectors.credentials import Auth
from connectors.http import AddressPolicy, Pace, Wire
from connectors.registry import SourceConfig
from connectors.salesforce import PLATFORM, Options, SalesforceConnector
from connectors.scope import CallEvent, Deadline, Scope, entered
from model.entities import Entity, Record
from model.evaluate import evaluate, sort_keys
from model.fields import FIELDS, is_filterable
from model.page import Page, Position
from model.query import EVERYTHING, Order, Predicate, Query, RelationSelection, Selection, fields_in
from sandbox.run import Sandbox

__all__ = ["TYPES", "Org", "Relations", "connected", "filterable", "query"]

Relations = dict[str, RelationSelection]
TYPES = tuple(entity for entity in Entity if entity not in {Entity.PROJECT, Entity.COMMENT})
"""Those that Salesforce has."""


def filterable(entity: Entity) -> frozenset[str]:
    """Every field a predicate may name."""
    return frozenset(name for name, field in FIELDS[entity].items() if is_filterable(field))


def query(
    entity: Entity,
    *fields: str,
    where: Predicate = EVERYTHING,
    order: Sequence[Order] = (),
    limit: int = 200,
    relations: Relations | None = None,
) -> Query:
    """A query, shortly said."""
    selection = Selection(frozenset(fields), relations or {})
    return Query(entity=entity, selection=selection, where=where, order=tuple(order), limit=limit)


@dataclass(frozen=True, slots=True)
class Org:
    """One described org."""

    connector: SalesforceConnector
    scope: Scope

    def calls(self) -> list[CallEvent]:
        """Data calls since the last look."""
        found = [event for event in self.scope.calls if event.kind == "data"]
        self.scope.calls.clear()
        return found

    async def walk(self, asked: Query) -> list[Page]:
        """All pages of a query, each from a position made of the last row before it."""
        pages, after = [], None
        while True:
            page = await self.connector.page(asked, after)
            pages.append(page)
            if not page.has_more:
                return pages
            last = page.records[-1]
            after = Position(sort_keys(last, asked.order), last.remote_id)

    async def rows(self, asked: Query) -> list[Record]:
        """The rows a host would show: what is pushed is asked, the rest is checked here."""
        split = self.connector.plan(asked)
        assert split.unsupported is None
        assert split.is_order_pushed
        needed = asked.selection.with_fields(*fields_in(split.residual), *(item.field for item in asked.order))
        pages = await self.walk(replace(asked, where=split.pushed, selection=needed))
        records = [record for page in pages for record in page.records]
        return [record for record in records if evaluate(split.residual, record, entity=asked.entity)]

    async def one(self, entity: Entity, remote_id: str, *fields: str) -> Record:
        """A record by its id."""
        (found,) = await self.connector.by_ids(entity, [remote_id], Selection(frozenset(fields)))
        assert isinstance(found, Record), found
        return found


@asynccontextmanager
async def connected(
    sandbox: Sandbox,
    options: Options | None = None,
    *,
    auth: Mapping[str, object] | None = None,
    base_url: str | None = None,
    deadline_s: float = 30.0,
    time_scale: float = 1.0,
) -> AsyncIterator[Org]:
    """A described org, closed at the end."""
    entry = sandbox.connect("salesforce")
    given = auth or entry["auth"]
    assert isinstance(given, Mapping)
    resolved = {name: sandbox.secrets.get(str(text).removeprefix("env:"), text) for name, text in given.items()}
    config = SourceConfig(
        key="sf",
        name="Sales",
        platform="salesforce",
        base_url=base_url or sandbox.url("salesforce"),
        auth=TypeAdapter[Auth](Auth).validate_python(resolved),
        options=options or Options(),
    )
    wire = Wire(pace=Pace(time_scale), addresses=AddressPolicy(allow_loopback=True))
    connector = PLATFORM.connect(config, wire)
    assert isinstance(connector, SalesforceConnector)
    scope = Scope(Deadline.after(deadline_s), max_calls=10_000)
    try:
        with entered(scope):
            await connector.describe()
            scope.calls.clear()
            yield Org(connector, scope)
    finally:
        await connector.aclose()
