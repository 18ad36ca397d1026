"""Connections to the store, and its schema brought up to date before the first one is used."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, event, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from model.errors import StoreUnavailable

__all__ = ["Database"]

log = structlog.get_logger(__name__)

_PATIENCE_S = 3.0
_CONNECT_S = 2
# The first four bytes of a hash of this product's name, so that no other user of the database takes the same lock.
_LOCK = 0x63726D67
_MIGRATIONS = Path(__file__).parent / "migrations"


class Database:
    """One database; lives as long as the app, in one event loop. Nothing is opened before it is first used."""

    def __init__(self, url: URL) -> None:
        self._is_sqlite = url.get_backend_name() == "sqlite"
        self._engine = _sqlite(url) if self._is_sqlite else _postgres(url)
        self._migrating = asyncio.Lock()
        self._is_ready = False

    @property
    def dialect(self) -> str:
        """Sqlite or postgresql."""
        return self._engine.dialect.name

    async def migrate(self) -> None:
        """Bring the schema up to date, once; processes that start together wait for the one that does it.

        Raises:
            StoreUnavailable: it cannot be reached.
        """
        async with self._migrating:
            if self._is_ready:
                return
            async with self._begun(writes=True) as connection:
                if not self._is_sqlite:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
                await connection.run_sync(_upgrade)
            self._is_ready = True

    @asynccontextmanager
    async def begun(self, *, writes: bool = False) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction that the block's end commits.

        Raises:
            StoreUnavailable: the database cannot be reached, or refused; the log has why.
        """
        if not self._is_ready:
            await self.migrate()
        async with self._begun(writes=writes) as connection:
            yield connection

    @asynccontextmanager
    async def _begun(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with asyncio.timeout(_PATIENCE_S), self._engine.connect() as connection:
                await connection.execution_options(writes=writes)
                async with connection.begin():
                    yield connection
        except (SQLAlchemyError, OSError, TimeoutError) as error:
            # A driver's message may hold the address with its password.
            log.error("store.unavailable", error=type(error).__name__, dialect=self.dialect)
            raise StoreUnavailable("the store cannot be reached; the gateway's log has why") from None

    async def aclose(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def _postgres(url: URL) -> AsyncEngine:
    return create_async_engine(
        url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": _CONNECT_S}
    )


def _sqlite(url: URL) -> AsyncEngine:
    """An engine whose transactions begin when they are told to, so that two writers wait and do not fail."""
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": _CONNECT_S})

    def opens(*_: object) -> None:
        if url.database is not None:
            Path(url.database).touch(mode=0o600)  # what is made by SQLite itself, all may read

    def connected(connection: Any, _: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=NORMAL")
        cursor.close()

    def begins(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine.sync_engine, "do_connect", opens)
    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begins)
    return engine


def _upgrade(connection: Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
