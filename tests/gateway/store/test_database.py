"""The store's schema, and what happens where there is no store."""

import asyncio
from pathlib import Path

import pytest
import structlog
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import URL, Connection, text

from gateway.store import Database, store_url
from gateway.store.tables import METADATA
from model.errors import StoreUnavailable


def drift(connection: Connection) -> list[object]:
    """Where the database is not as the tables say."""
    return list(compare_metadata(MigrationContext.configure(connection), METADATA))


def modes(folder: Path) -> set[int]:
    """Who may do what with the files of *folder*."""
    return {item.stat().st_mode & 0o777 for item in folder.iterdir()}


async def test_migrations_make_the_tables(database: Database) -> None:
    """What the steps make is what the code expects."""
    async with database.begun() as connection:
        assert await connection.run_sync(drift) == []


async def test_processes_that_start_together_migrate_once(url: URL) -> None:
    """All of them start, and one made the schema."""
    databases = [Database(url) for _ in range(4)]

    await asyncio.gather(*(database.migrate() for database in databases))

    async with databases[0].begun() as connection:
        versions = (await connection.execute(text("SELECT version_num FROM alembic_version"))).all()
    assert [tuple(row) for row in versions] == [("0001",)]
    for database in databases:
        await database.aclose()


async def test_sqlite_reads_beside_a_writer(tmp_path: Path) -> None:
    """A request that reads need not wait for one that writes."""
    database = Database(store_url(None, tmp_path / "state.db"))

    async with database.begun(writes=True) as writer, database.begun() as reader:
        await writer.execute(text("DELETE FROM match_decisions"))
        assert (await reader.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
        assert (await reader.execute(text("SELECT count(*) FROM match_decisions"))).scalar() == 0

    await database.aclose()


async def test_file_is_its_owners_alone(tmp_path: Path) -> None:
    """Who shares the machine need not know who knows whom."""
    database = Database(store_url(None, tmp_path / "state.db"))

    await database.migrate()

    assert modes(tmp_path) == {0o600}
    await database.aclose()


@pytest.mark.parametrize(
    "address",
    [
        store_url("postgresql://anna:hunter2@127.0.0.1:1/state", None),
        store_url(None, Path("/nowhere/at/all/state.db")),
    ],
)
async def test_store_that_is_out_tells_no_secret(address: URL) -> None:
    """The error says what to do, the log what failed, and neither the address."""
    database = Database(address)

    with structlog.testing.capture_logs() as events, pytest.raises(StoreUnavailable) as raised:
        await database.migrate()

    assert [event["event"] for event in events] == ["store.unavailable"]
    assert "hunter2" not in f"{events}{raised.value!r}{raised.value.__context__ and ''}"
    assert raised.value.__cause__ is None
    await database.aclose()


@pytest.mark.parametrize("url", ["mysql://a:hunter2@b/c", "hunter2", "sqlite:///state.db"])
def test_other_databases_are_refused(url: str) -> None:
    """The message does not repeat what may be a secret."""
    with pytest.raises(ValueError, match="postgresql") as raised:
        store_url(url, None)

    assert "hunter2" not in str(raised.value)


def test_addresses_are_as_the_drivers_take_them() -> None:
    """Either spelling of PostgreSQL; a file; memory where nothing is named."""
    assert store_url("postgres://a@b/c", None).drivername == "postgresql+psycopg"
    assert store_url(None, Path("/x/y.db")).database == "/x/y.db"
    assert store_url(None, None).database is None
