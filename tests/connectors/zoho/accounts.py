"""Connectors to emulated Zoho accounts, inside a scope."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from connectors.scope import Deadline, Scope, entered
from connectors.zoho.connector import ZohoConnector
from sandbox.run import Sandbox
from tests.contract.sources import connecting

__all__ = ["Account", "account"]


class Account:
    """A described connector, and the scope of its calls."""

    def __init__(self, connector: ZohoConnector, scope: Scope) -> None:
        self.connector = connector
        self.scope = scope

    @property
    def queries(self) -> list[str]:
        """The texts of the data calls so far."""
        return [event.query or "" for event in self.scope.calls if event.kind == "data"]


@asynccontextmanager
async def account(sandbox: Sandbox, **options: object) -> AsyncIterator[Account]:
    """A connector to the emulated account, described."""
    connector = connecting(sandbox, "zoho", **options)()
    assert isinstance(connector, ZohoConnector)
    try:
        with entered(Scope(deadline=Deadline.after(20), max_calls=1000)) as scope:
            await connector.describe()
            yield Account(connector, scope)
    finally:
        await connector.aclose()
