"""Addresses of databases, as operators write them and as the drivers take them."""

from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

__all__ = ["store_url"]

_POSTGRES = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


def store_url(url: str | None, path: Path | None) -> URL:
    """The database at *url*, else the SQLite file at *path*, else one in memory that ends with the process.

    Raises:
        ValueError: *url* names no PostgreSQL database; the message does not repeat it.
    """
    if url is None:
        return URL.create("sqlite+aiosqlite", database=None if path is None else str(path))
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("must be a URL such as postgresql://user:password@host/database") from None
    if found.drivername not in _POSTGRES:
        raise ValueError("must begin with postgresql://; an SQLite file is named by store.path")
    return found.set(drivername="postgresql+psycopg")
