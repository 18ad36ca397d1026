"""A few records of one's own and an engine over them, and a client of a running emulator."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import httpx

from sandbox import Sandbox
from sandbox.run import Option
from sandbox.salesforce.answers import ApiError
from sandbox.salesforce.org import Catalog, build_catalog
from sandbox.salesforce.org.ids import id_of
from sandbox.salesforce.org.store import Store, Value
from sandbox.salesforce.soql import Calendar, Context, Engine, Json, define_functions

__all__ = ["NOW", "Client", "Desk", "connected", "emulator"]

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
DATA = "/services/data/v60.0"
_STAMP = datetime(2026, 1, 1, tzinfo=UTC)
_PREFIXES = {"Account": "001", "Contact": "003", "Opportunity": "006", "User": "005", "Lead": "00Q", "Group": "00G"}


class Desk:
    """Tables with the records of one test, and the engine that queries them.

    Records get their ids in the order given, from number 1 on, and a common change stamp unless they bring one.
    """

    def __init__(self, *, features: Sequence[str] = (), rates: Mapping[str, float] | None = None) -> None:
        picklists = {"stage": ("Prospecting", "Closed Won"), "currency": ("EUR", "USD")}
        self.catalog: Catalog = build_catalog(frozenset(features), picklists)
        self.store = Store(self.catalog)
        define_functions(self.store, ZONE)
        self.now = NOW
        self.engine = Engine(self.store, lambda: self.now)
        self.rates = rates or {}
        self._counts: dict[str, int] = {}

    def add(self, name: str, *rows: Mapping[str, Value]) -> list[str]:
        """Add records of the object *name*; returns their ids."""
        prefix = _PREFIXES.get(name) or self.catalog.require(name).prefix
        first = self._counts.get(name, 0) + 1
        self._counts[name] = first + len(rows) - 1
        ids = [id_of(prefix, first + place) for place in range(len(rows))]
        stamps = {"CreatedDate": _STAMP, "LastModifiedDate": _STAMP, "SystemModstamp": _STAMP}
        self.store.insert(name, [{**stamps, **row, "Id": one} for one, row in zip(ids, rows, strict=True)])
        return ids

    def contacts(self, *last_names: str) -> list[str]:
        """Add contacts that have a last name only."""
        return self.add("Contact", *({"LastName": name, "Name": name} for name in last_names))

    def run(self, statement: str, *, version: int = 60, with_trash: bool = False, batch: int = 2000) -> Json:
        """The answer to *statement*."""
        return self.engine.query(statement, self.context(version=version, with_trash=with_trash), batch=batch)

    def more(self, answer: Json, *, batch: int = 2000) -> Json:
        """The page after *answer*."""
        return self.engine.more(str(answer["nextRecordsUrl"]).rpartition("/")[2], self.context(), batch=batch)

    def context(self, *, version: int = 60, with_trash: bool = False, keeps_null: bool = True) -> Context:
        """What a statement depends on besides its text."""
        return Context(
            catalog=self.catalog,
            calendar=Calendar(self.now, ZONE),
            version=version,
            with_trash=with_trash,
            not_in_keeps_null=keeps_null,
            rates=self.rates,
        )

    def column(self, statement: str, **options: int | bool) -> list[object]:
        """The value of each record's last member."""
        records = self.run(statement, **options)["records"]
        assert isinstance(records, list)
        return [list(one.values())[-1] for one in records]

    def refusal(self, statement: str, *, version: int = 60) -> ApiError:
        """The error that *statement* is refused with."""
        try:
            answer = self.run(statement, version=version)
        except ApiError as error:
            return error
        raise AssertionError(f"{statement!r} was answered: {answer}")


class Client:
    """A client of a running emulator, logged in by client credentials."""

    def __init__(self, running: Sandbox) -> None:
        self.running = running
        self.http = httpx.Client(base_url=running.url("salesforce"))
        self.login()

    def login(self) -> None:
        """Take a new session."""
        self.http.headers["Authorization"] = f"Bearer {self.token()['access_token']}"

    def token(self, **form: str) -> dict[str, str]:
        """The answer of the token endpoint; client credentials unless *form* says otherwise."""
        answer = self.ask_token(**form)
        assert answer.status_code == 200, answer.text
        told: dict[str, str] = answer.json()
        return told

    def ask_token(self, **form: str) -> httpx.Response:
        """The response of the token endpoint."""
        secrets = self.running.secrets
        client = {"client_id": secrets["SALESFORCE_CLIENT_ID"], "client_secret": secrets["SALESFORCE_CLIENT_SECRET"]}
        return self.http.post("/services/oauth2/token", data={"grant_type": "client_credentials", **client, **form})

    def get(self, path: str, **params: str) -> httpx.Response:
        """GET below the versioned root."""
        return self.http.get(f"{DATA}{path}", params=params or None)

    def query(self, statement: str) -> list[Json]:
        """The first page of an answer."""
        answer = self.get("/query", q=statement)
        assert answer.status_code == 200, answer.text
        records: list[Json] = answer.json()["records"]
        return records


@contextmanager
def emulator(*, scale: float = 0.05, **options: Option) -> Iterator[Sandbox]:
    """A running emulator."""
    with Sandbox(["salesforce"], scale=scale, options={"salesforce": options}) as running:
        yield running


@contextmanager
def connected(*, scale: float = 0.05, **options: Option) -> Iterator[Client]:
    """A client of an emulator of its own."""
    with emulator(scale=scale, **options) as running:
        client = Client(running)
        try:
            yield client
        finally:
            client.http.close()
