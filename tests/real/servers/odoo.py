"""Odoo 19: Debian's package of it, unpacked and not installed, with its own demo data and the book."""

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.real.servers import postgres
from tests.real.servers.book import content, rows
from tests.real.servers.kept import Kept
from tests.real.servers.processes import Failed, answers, free_port, run, serving

__all__ = ["running"]

LIBRARIES = Path(__file__).with_name("odoo.txt")
# In no stable release yet. sid goes on: who installs next month may get a later revision of 19.
PACKAGE, SUITE = "odoo-19", "sid"
MIRROR = "http://deb.debian.org/debian"
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
DATABASE = "crm"
MODULES = "crm,contacts,calendar"
ADMINISTRATOR = 2


@contextmanager
def running(home: Path) -> Iterator[dict[str, str]]:
    """An Odoo that holds the book, as the environment names it."""
    program = Kept(home / "odoo" / "program", LIBRARIES.read_text(encoding="utf-8"), PACKAGE).make_by(_install)
    data = Kept(home / "odoo" / "data", Path(__file__).read_bytes(), content(), postgres.VERSION)
    is_made, key, log = data.is_made, data.folder / "key", home / "odoo" / "odoo.log"
    if not is_made:
        data.empty()
    with postgres.running(home, data.folder / "cluster"):
        if not is_made:
            _create(program, data.folder, key)
        url = f"http://127.0.0.1:{(port := free_port())}"
        command = _command(program, data.folder, "server", f"--http-port={port}")
        environ = _environ(program, data.folder)
        with serving(command, log, is_ready=lambda: answers("GET", f"{url}/web/version"), env=environ):
            address = {"URL": url, "DATABASE": DATABASE, "KEY": key.read_text(encoding="ascii")}
            if not is_made:
                headers = {"Authorization": f"bearer {address['KEY']}", "X-Odoo-Database": DATABASE}
                with httpx.Client(base_url=f"{url}/json/2/", headers=headers, timeout=120, trust_env=False) as client:
                    _Odoo(client).write_book()
                data.finish()
            yield {f"CRM_GATEWAY_REAL_ODOO_{name}": value for name, value in address.items()}


def _install(folder: Path) -> None:
    """Download the package by an apt with lists of its own and unpack it; its libraries come from PyPI."""
    log, apt = folder / "install.log", folder / "apt"
    for name in ("lists/partial", "cache/archives/partial"):
        (apt / name).mkdir(parents=True)
    (apt / "sources").write_text(f"deb [signed-by={KEYRING}] {_mirror()} {SUITE} main\n", encoding="utf-8")
    options = {
        "APT::Sandbox::User": "root",
        # A mirror may lag behind; what it has is signed all the same.
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Dir::Cache": apt / "cache",
        "Dir::Etc::sourcelist": apt / "sources",
        "Dir::Etc::sourceparts": "-",
        "Dir::State::lists": apt / "lists",
    }
    client = ["apt-get", *(text for name, value in options.items() for text in ("-o", f"{name}={value}"))]
    run([*client, "update"], log)
    run([*client, "download", PACKAGE], log, cwd=apt)
    # Two thirds of the package are translations, which nobody reads here.
    unpack = f"dpkg-deb --fsys-tarfile apt/{PACKAGE}_*.deb | tar -x --exclude='*/i18n/*' ./usr"
    run(["bash", "-o", "pipefail", "-c", unpack], log, cwd=folder)
    shutil.rmtree(apt)
    uv = os.environ.get("UV", "uv")
    run([uv, "venv", "--python", sys.executable, folder / "venv"], log)
    run([uv, "pip", "install", "--python", folder / "venv", "-r", LIBRARIES], log)


def _mirror() -> str:
    """The mirror of Debian that this machine already uses."""
    command = ["apt-get", "update", "--print-uris"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    release = platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    found = re.search(rf"^'(\S+)/dists/{release}/main/", listed, re.MULTILINE)
    return found[1] if found else MIRROR


def _create(program: Path, data: Path, key: Path) -> None:
    """Make the database, with Odoo's own demo data, and a key of its administrator that does not expire."""
    log, environ = data / "create.log", _environ(program, data)
    run(_command(program, data, "server", "-i", MODULES, "--with-demo", "--stop-after-init"), log, env=environ)
    script = f"""
made = env["res.users.apikeys"].with_user({ADMINISTRATOR})._generate("rpc", "tests", None)
env.cr.commit()
open({str(key)!r}, "w").write(made)
"""
    run(_command(program, data, "shell", "--no-http"), log, env=environ, input=script.encode())


def _command(program: Path, data: Path, name: str, *options: str) -> list[str | Path]:
    """Odoo's command *name*, over the database in *data*."""
    shared = {
        "--data-dir": data / "files",
        "--database": DATABASE,
        "--db_host": data / "cluster",
        "--db_port": postgres.PORT,
        "--db_user": postgres.USER,
        "--http-interface": "127.0.0.1",
        "--max-cron-threads": 0,
        "--workers": 0,
    }
    given = [f"{option}={value}" for option, value in shared.items()]
    return [program / "venv" / "bin" / "python", program / "usr" / "bin" / "odoo", name, *given, *options]


def _environ(program: Path, data: Path) -> dict[str, str]:
    """Nothing of this process's environment: neither settings of other databases, nor of another Odoo."""
    return {
        "HOME": str(data),
        "LANG": "C.UTF-8",
        "PATH": os.defpath,
        "PYTHONPATH": str(program / "usr" / "lib" / "python3" / "dist-packages"),
    }


class _Odoo:
    """An Odoo's JSON-2, by a client that is its administrator."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def call(self, model: str, method: str, **arguments: Any) -> Any:
        """What *method* of *model* gives."""
        response = self._client.post(f"{model}/{method}", json=arguments)
        if response.is_error:
            raise Failed(f"odoo refused {model}/{method} with status {response.status_code}: {response.text[:500]}")
        return response.json()

    def create(self, model: str, records: Iterable[Mapping[str, Any]]) -> list[int]:
        """The ids of new *records*, in their order."""
        return list(self.call(model, "create", vals_list=list(records)))

    def ids(self, model: str, column: str, values: Iterable[str]) -> dict[str, int]:
        """The ids of the records whose *column* is among *values*, by that."""
        found = self.call(model, "search_read", domain=[[column, "in", list(values)]], fields=[column])
        return {record[column]: record["id"] for record in found}

    def write_book(self) -> None:
        """Write every table of the book."""
        settings = self.create("res.config.settings", [{"group_use_lead": True}])
        self.call("res.config.settings", "execute", ids=settings)
        contacts = self._write_people()
        deals = self._write_deals(contacts)
        self.create(
            "calendar.event",
            (
                {
                    "name": row["subject"],
                    "start": _instant(row["start"]),
                    "stop": _instant(row["end"]),
                    "location": row["location"] or False,
                    "partner_ids": _exactly(contacts[int(row["contact"])]),
                    "opportunity_id": deals[int(row["deal"])],
                }
                for row in rows("appointments")
            ),
        )
        self.create(
            "crm.lead",
            (
                {
                    "type": "lead",
                    "name": f"Lead {row['company']}",
                    "contact_name": f"{row['first_name']} {row['last_name']}",
                    "partner_name": row["company"],
                    "email_from": row["email"],
                    "phone": row["phone"],
                }
                for row in rows("leads")
            ),
        )

    def _write_people(self) -> list[int]:
        """The ids of the contacts, written with their companies."""
        countries = self.ids("res.country", "code", {row["country"] for row in rows("companies")})
        (vip,) = self.create("res.partner.category", [{"name": "vip"}])
        companies = self.create(
            "res.partner",
            (
                {
                    "ref": f"seed-co-{row['key']}",
                    "is_company": True,
                    "name": row["name"],
                    "website": row["website"],
                    "city": row["city"],
                    "country_id": countries[row["country"]],
                    "phone": row["phone"],
                }
                for row in rows("companies")
            ),
        )
        return self.create(
            "res.partner",
            (
                {
                    "ref": f"seed-ct-{row['key']}",
                    "name": f"{row['first_name']} {row['last_name']}",
                    "email": row["email"],
                    "phone": row["phone"],
                    "function": row["title"],
                    "parent_id": companies[int(row["company"])],
                    "category_id": _exactly(vip) if row["tag"] == "vip" else [],
                }
                for row in rows("contacts")
            ),
        )

    def _write_deals(self, contacts: Sequence[int]) -> list[int]:
        """The ids of the deals; a lost one is lost from the first stage."""
        stages = self.ids("crm.stage", "name", ["New", "Qualified", "Proposition", "Won"])
        deals = self.create(
            "crm.lead",
            (
                {
                    "type": "opportunity",
                    "name": row["name"],
                    "expected_revenue": float(row["amount"]),
                    "stage_id": stages["New" if row["stage"] == "lost" else row["stage"].capitalize()],
                    "partner_id": contacts[int(row["contact"])],
                    "date_deadline": row["close"],
                    "probability": int(row["probability"]),
                }
                for row in rows("deals")
            ),
        )
        lost = [deal for deal, row in zip(deals, rows("deals"), strict=True) if row["stage"] == "lost"]
        self.call("crm.lead", "action_set_lost", ids=lost)
        return deals


def _instant(text: str) -> str:
    """An instant as Odoo writes it, in UTC."""
    return text.replace("T", " ").removesuffix("Z")


def _exactly(remote: int) -> list[Any]:
    """The command that makes *remote* all that a many2many field holds."""
    return [[6, 0, [remote]]]
