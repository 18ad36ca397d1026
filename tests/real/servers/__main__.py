"""Runs a command beside real CRMs: `python -m tests.real.servers run -- pytest -m real -n 0`."""

import argparse
import fcntl
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from tests.real.servers import odoo, postgraphile
from tests.real.servers.processes import Failed, ending

SERVERS = {"odoo": odoo.running, "postgraphile": postgraphile.running}
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
log = logging.getLogger("servers")


def main() -> int:
    """The status of the command, or 1 where the servers could not be brought up."""
    parser = argparse.ArgumentParser(prog="python -m tests.real.servers", description=__doc__)
    run = parser.add_subparsers(required=True).add_parser("run", help="run a command beside the servers")
    run.add_argument("--only", choices=SERVERS, help="start this one alone")
    run.add_argument("command", nargs="+", metavar="COMMAND", help="what to run, after --")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    log.setLevel(logging.INFO)
    for number in ENDING:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _leave)
    home = Path(os.environ.get("CRM_GATEWAY_REAL_HOME") or Path(tempfile.gettempdir(), "crm-gateway-real")).resolve()
    try:
        return _run(home, [given.only] if given.only else list(SERVERS), given.command)
    except (Failed, OSError) as problem:
        log.error("%s", problem)
        return 1


def _run(home: Path, names: list[str], command: list[str]) -> int:
    # PostgreSQL runs as another user where this is root, and has to come by.
    os.umask(0o022)
    environ = dict(os.environ)
    with ExitStack() as stack:
        stack.enter_context(_alone(home))
        for name in names:
            started = time.monotonic()
            log.info("%s: starting in %s", name, home)
            environ |= stack.enter_context(SERVERS[name](home))
            log.info("%s: ready after %.1f s", name, time.monotonic() - started)
        process = subprocess.Popen(command, env=environ)
        stack.enter_context(ending(process))
        status = process.wait()
    return status if status >= 0 else 128 - status


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """A block that nobody else is in for the same *home*."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Failed(f"another run uses {home}; give this one another CRM_GATEWAY_REAL_HOME") from None
        yield


def _leave(number: int, _frame: FrameType | None) -> None:
    """End by way of every block that has something to stop; who asks twice does not break that off."""
    for each in ENDING:
        signal.signal(each, signal.SIG_IGN)
    raise SystemExit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
