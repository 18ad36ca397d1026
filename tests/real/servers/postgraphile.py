"""PostGraphile over a CRM's schema in PostgreSQL: a Relay-style GraphQL back end that somebody might have."""

import os
import secrets
import shutil
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

PACKAGES = Path(__file__).with_name("npm")
SCHEMA = Path(__file__).with_name("postgraphile.sql").read_text(encoding="utf-8")
DATABASE = "crm"
EMAIL, PASSWORD = "gateway@crm.example", "gateway-secret"
LOGIN = """mutation ($email: String!, $password: String!) {
  authenticate(input: {email: $email, password: $password}) { jwtToken }
}"""
PLUGINS = (
    "@graphile-contrib/pg-simplify-inflector",
    "postgraphile-plugin-connection-filter",
    "@graphile/pg-aggregates",
)


@contextmanager
def running(home: Path) -> Iterator[dict[str, str]]:
    """A PostGraphile that holds the book, as the environment names it."""
    sources = [path.read_bytes() for path in sorted(PACKAGES.iterdir()) if path.is_file()]
    program = Kept(home / "postgraphile" / "program", *sources).make_by(_install)
    data = Kept(home / "postgraphile" / "data", Path(__file__).read_bytes(), SCHEMA, content(), postgres.VERSION)
    is_made = data.is_made
    if not is_made:
        data.empty()
    with postgres.running(home, data.folder / "cluster") as socket:
        if not is_made:
            _create(socket)
        port = free_port()
        url = f"http://127.0.0.1:{port}/graphql"
        with serving(
            _command(port),
            home / "postgraphile" / "postgraphile.log",
            is_ready=lambda: answers("POST", url, {"query": "{__typename}"}),
            cwd=program,
            env={
                "PATH": os.environ["PATH"],
                "PGDATABASE": DATABASE,
                "PGHOST": str(socket),
                "PGPORT": str(postgres.PORT),
                "PGUSER": postgres.USER,
            },
        ):
            if not is_made:
                with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
                    _PostGraphile(client).write_book()
                data.finish()
            address = {"URL": url, "EMAIL": EMAIL, "PASSWORD": PASSWORD}
            yield {f"CRM_GATEWAY_REAL_POSTGRAPHILE_{name}": value for name, value in address.items()}


def _install(folder: Path) -> None:
    """Install exactly what the lock file says, with no package's scripts run."""
    shutil.copytree(PACKAGES, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("node_modules"))
    run(["npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund"], folder / "install.log", cwd=folder)


def _create(socket: Path) -> None:
    """Make the database, with one account that may log in."""
    with postgres.connected(socket, "postgres") as connection:
        connection.execute(f"CREATE DATABASE {DATABASE}")
    with postgres.connected(socket, DATABASE) as connection:
        connection.execute(SCHEMA)
        values = (EMAIL, PASSWORD)
        connection.execute("INSERT INTO hidden.login VALUES (%s, sha256(convert_to(%s, 'UTF8')))", values)


def _command(port: int) -> list[str]:
    """PostGraphile over the database that its environment names."""
    options = {
        "--schema": "crm",
        "--default-role": "visitor",
        "--jwt-token-identifier": "crm.jwt_token",
        "--jwt-secret": secrets.token_hex(),
        "--host": "127.0.0.1",
        "--port": str(port),
        "--append-plugins": ",".join(PLUGINS),
        "--extended-errors": "hint,detail,errcode",
    }
    flags = (
        "--dynamic-json",
        "--no-setof-functions-contain-nulls",
        "--no-ignore-rbac",
        "--enable-query-batching",
        "--disable-graphiql",
        "--disable-query-log",
    )
    given = (text for option in options.items() for text in option)
    return ["node", "node_modules/postgraphile/cli.js", *given, *flags]


class _PostGraphile:
    """A PostGraphile's GraphQL, by a client that this logs in."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        token = self.ask(LOGIN, {"email": EMAIL, "password": PASSWORD})["authenticate"]["jwtToken"]
        self._client.headers["Authorization"] = f"Bearer {token}"

    def ask(self, document: str, variables: Mapping[str, Any]) -> Any:
        """The data of the answer to *document*."""
        answer = self._client.post("/graphql", json={"query": document, "variables": variables}).json()
        if "errors" in answer:
            raise Failed(f"postgraphile refused a mutation: {answer['errors'][0]['message']}")
        return answer["data"]

    def create(self, kind: str, records: Iterable[Mapping[str, Any]], *, key: str = "id") -> list[str]:
        """The keys of new *records* of *kind*, in their order: GraphQL runs mutations one after another."""
        field = kind[0].lower() + kind[1:]
        variables = {f"v{index}": record for index, record in enumerate(records)}
        declared = ", ".join(f"${name}: {kind}Input!" for name in variables)
        mutations = " ".join(
            f"{name}: create{kind}(input: {{{field}: ${name}}}) {{{field} {{{key}}}}}" for name in variables
        )
        created = self.ask(f"mutation({declared}) {{{mutations}}}", variables)
        return [created[name][field][key] for name in variables]

    def write_book(self) -> None:
        """Write every table of the book."""
        accounts, people = self._write_people()
        self._write_meetings(self._write_opportunities(accounts, people), people)
        self.create(
            "Prospect",
            (
                {
                    "givenName": row["first_name"],
                    "familyName": row["last_name"],
                    "companyName": row["company"],
                    "email": row["email"],
                    "phone": row["phone"],
                    "status": row["status"].upper(),
                    "source": row["source"] or None,
                }
                for row in rows("leads")
            ),
        )

    def _write_people(self) -> tuple[list[str], list[str]]:
        """The keys of the accounts and of the people."""
        accounts = self.create(
            "Account",
            (
                {
                    "legalName": row["name"],
                    "website": row["website"],
                    "city": row["city"],
                    "countryCode": row["country"],
                    "industry": row["industry"],
                    "employeeCount": int(row["employees"]),
                    "phone": row["phone"],
                }
                for row in rows("companies")
            ),
        )
        people = self.create(
            "Person",
            (
                {
                    "accountId": accounts[int(row["company"])],
                    "givenName": row["first_name"],
                    "familyName": row["last_name"],
                    "email": row["email"],
                    "phone": row["phone"],
                    "jobTitle": row["title"],
                    "labels": [row["tag"]] if row["tag"] else [],
                    "extra": {"city": row["city"]},
                }
                for row in rows("contacts")
            ),
        )
        return accounts, people

    def _write_opportunities(self, accounts: Sequence[str], people: Sequence[str]) -> list[str]:
        return self.create(
            "Opportunity",
            (
                {
                    "title": row["name"],
                    "amount": row["amount"],
                    "stage": row["stage"].upper(),
                    "accountId": accounts[int(row["company"])],
                    "personId": people[int(row["contact"])],
                    "expectedClose": row["close"],
                    "probability": int(row["probability"]),
                }
                for row in rows("deals")
            ),
        )

    def _write_meetings(self, opportunities: Sequence[str], people: Sequence[str]) -> None:
        meetings = self.create(
            "Meeting",
            (
                {
                    "subject": row["subject"],
                    "startsAt": row["start"],
                    "endsAt": row["end"],
                    "location": row["location"] or None,
                    "opportunityId": opportunities[int(row["deal"])],
                }
                for row in rows("appointments")
            ),
        )
        attendees = (
            {"meetingId": meeting, "personId": people[int(row["contact"])]}
            for meeting, row in zip(meetings, rows("appointments"), strict=True)
        )
        self.create("MeetingAttendee", attendees, key="meetingId")
