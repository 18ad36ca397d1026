"""A HubSpot connector at work against the emulator, and reading as the host does it."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from connectors.credentials import Auth, Bearer
from connectors.http import AddressPolicy, Pace, Wire
from connectors.hubspot import PLATFORM
from connectors.hubspot.connector import HubSpotConnector
from connectors.hubspot.manifest import HubSpotOptions
from connectors.registry import SourceConfig
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity, Record
from model.evaluate import evaluate, sort_keys
from model.fields import FIELDS, CustomName, FieldKind
from model.page import Position
from model.query import EVERYTHING, Order, Predicate, Query, Selection, fields_in
from sandbox.run import Sandbox

__all__ = ["TYPES", "UNLIMITED", "Account", "account", "all_fields", "data_calls", "further_names"]


UNLIMITED = {"burst_private": 1_000_000, "search_rate": 1_000_000, "daily": 100_000_000}
"""Switches that put an emulator's limits out of the way."""

TYPES = tuple(entity for entity in Entity if entity not in {Entity.PROJECT, Entity.COMMENT})
"""Those that HubSpot has."""


class Account:
    """A described connector inside a scope."""

    def __init__(self, connector: HubSpotConnector, scope: Scope, config: SourceConfig, wire: Wire) -> None:
        self.connector = connector
        self.scope = scope
        self.config = config
        self.wire = wire

    async def pages(self, query: Query) -> AsyncIterator[Sequence[Record]]:
        """The pages of a query that is pushed whole."""
        after: Position | None = None
        while True:
            page = await self.connector.page(query, after)
            yield page.records
            if not page.has_more:
                return
            assert page.records or page.resume is not None, "no page may stand still"
            last = page.records[-1] if page.records else None
            after = page.resume or (Position(sort_keys(last, query.order), last.remote_id) if last else None)

    async def rows(self, query: Query) -> list[Record]:
        """The concatenated pages of a query that is pushed whole."""
        return [record async for page in self.pages(query) for record in page]

    async def read(
        self,
        entity: Entity,
        where: Predicate = EVERYTHING,
        *fields: str,
        order: tuple[Order, ...] = (),
        limit: int = 100,
    ) -> list[Record]:
        """The matching records: what is pushed at HubSpot, the rest checked here."""
        selection = Selection().with_fields(*fields, *(item.field for item in order))
        query = Query(entity=entity, selection=selection, where=where, order=order, limit=limit)
        split = self.connector.plan(query)
        assert split.is_order_pushed
        selection = selection.with_fields(*fields_in(split.residual))
        pushed = replace(query, where=split.pushed, selection=selection)
        return [record for record in await self.rows(pushed) if evaluate(split.residual, record, entity=entity)]


@asynccontextmanager
async def account(
    sandbox: Sandbox, *, auth: Auth | None = None, max_calls: int = 5000, deadline_s: float = 60.0, **options: object
) -> AsyncIterator[Account]:
    """A connector to the emulator, described, in a scope of its own; *options* are the source's."""
    config = SourceConfig(
        key="hubspot",
        name="HubSpot",
        platform="hubspot",
        base_url=sandbox.url("hubspot"),
        auth=auth or Bearer.model_validate({"kind": "bearer", "token": sandbox.secrets["HUBSPOT_TOKEN"]}),
        options=HubSpotOptions.model_validate(options),
    )
    wire = Wire(addresses=AddressPolicy(allow_loopback=True), pace=Pace(sandbox.clock.time_scale))
    connector = PLATFORM.connect(config, wire)
    assert isinstance(connector, HubSpotConnector)
    try:
        with entered(Scope(deadline=Deadline.after(deadline_s), max_calls=max_calls)) as scope:
            await connector.describe()
            yield Account(connector, scope, config, wire)
    finally:
        await connector.aclose()


def all_fields(entity: Entity) -> frozenset[str]:
    """Every value field of a type that costs no further call."""
    return frozenset(FIELDS[entity]) - {"about", "attendees"}


async def further_names(hubspot: Account, entity: Entity) -> list[str]:
    """Relations whose ids stand on the record, and every property under its own name."""
    described = await hubspot.connector.describe()
    keyed = [name for name, found in described.types[entity].relations.items() if found.is_keyed]
    kinds = [(found.remote_field, _AS.get(found.kind, found.kind)) for found in described.remote_fields.get(entity, ())]
    return [*keyed, *(str(CustomName(kind, key)) for key, kind in kinds if kind is not FieldKind.OTHER)]


_AS = dict.fromkeys(
    (FieldKind.LONG_TEXT, FieldKind.CHOICE, FieldKind.MULTI_CHOICE, FieldKind.PHONE, FieldKind.EMAIL), FieldKind.TEXT
)
"""What a filter takes these kinds of property for."""


def data_calls(scope: Scope) -> list[str]:
    """Operations of the data calls made so far."""
    return [call.operation for call in scope.calls if call.kind == "data" and not call.is_cached]
