"""A connector to a socket whose answers a test writes: metadata as Odoo tells it, and rows call by call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import orjson

from connectors.credentials import Bearer
from connectors.http import AddressPolicy, Pace, Wire
from connectors.odoo import PLATFORM
from connectors.odoo.connector import OdooConnector
from connectors.registry import SourceConfig
from connectors.scope import Deadline, Scope, entered
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

__all__ = ["Database", "connected"]

KEY = "0123456789abcdef0123456789abcdef01234567"

_LEAD = {
    "id": "integer",
    "name": "char",
    "active": "boolean",
    "won_status": "selection",
    "write_date": "datetime",
    "create_date": "datetime",
    "date_deadline": "date",
    "stage_id": "many2one",
    "expected_revenue": "monetary",
    "company_currency": "many2one",
}
_ACTIVITY = {"id": "integer", "active": "boolean", "summary": "char"}


@dataclass
class Database:
    """What the socket answers.

    Attributes:
        fields: by model, the type of each column; others are not installed.
        own: fields of leads and deals that users made, as `fields_get` tells them.
        currencies: of the user's two companies.
        answers: of calls for records, first come first; the last one again and again.
        asked: arguments of calls for records, by model and method, in order.
    """

    fields: dict[str, dict[str, str]] = field(default_factory=lambda: {"crm.lead": _LEAD, "mail.activity": _ACTIVITY})
    own: dict[str, dict[str, Any]] = field(default_factory=dict)
    currencies: tuple[str, str] = ("USD", "USD")
    answers: list[Any] = field(default_factory=list)
    asked: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    async def handle(self, asked: Asked) -> Answer:
        """Metadata, or the next answer."""
        model, method = asked.target.split("/")[-2:]
        self.headers = dict(asked.headers)
        found = self._metadata(model, method)
        if found is not None:
            return found
        self.asked.append((model, method, orjson.loads(asked.body)))
        return as_json(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])

    def _metadata(self, model: str, method: str) -> Answer | None:
        match model, method:
            case "res.users", "context_get":
                return as_json({"uid": 2, "lang": "en_US", "tz": "Europe/Brussels"})
            case "res.company", _:
                return as_json(_rows([{"id": 1, **_in(self.currencies[0])}, {"id": 2, **_in(self.currencies[1])}]))
            case "res.users", _:
                return as_json(_rows([_USER]))
            case "res.lang", _:
                return as_json(_rows([{"id": 63, "code": "ru_RU"}]))
            case "crm.stage", _:
                return as_json(_rows([{"id": 1, "name": "New", "sequence": 1, "is_won": False}]))
            case _, "fields_get":
                return self._fields(model)
        return None

    def _fields(self, model: str) -> Answer:
        if model not in self.fields:
            error = {"name": "werkzeug.exceptions.NotFound", "message": f"the model '{model}' does not exist"}
            return as_json(error, 404)
        told = {"string": "A field", "required": False, "readonly": False, "store": True}
        plain = {name: {**told, "type": kind} for name, kind in self.fields[model].items()}
        return as_json({**plain, **({name: {**told, **one} for name, one in self.own.items()})})


_USER = {
    "id": 2,
    "name": "Ann",
    "email": "ann@example.com",
    "active": True,
    "tz": False,
    "partner_id": {"id": 3, "is_company": False, "commercial_partner_id": {"id": 3, "is_company": False}},
    "company_id": 1,
    "create_date": "2026-01-01 00:00:00",
    "write_date": "2026-01-01 00:00:00",
    "calendar_default_privacy": "public",
}


def _in(currency: str) -> dict[str, Any]:
    return {"name": f"In {currency}", "currency_id": {"id": 1, "name": currency}}


def _rows(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"length": len(rows), "records": rows}


@asynccontextmanager
async def connected(database: Database) -> AsyncIterator[OdooConnector]:
    """A described connector to it, inside a scope."""
    async with Origin().listening() as origin:
        origin.handler = database.handle
        config = SourceConfig(
            key="odoo",
            name="Odoo",
            platform="odoo",
            base_url=origin.url,
            auth=Bearer.model_validate({"kind": "bearer", "token": KEY}),
            options=PLATFORM.options.model_validate({"database": "crm"}),
        )
        connector = OdooConnector(config, Wire(pace=Pace(), addresses=AddressPolicy(allow_loopback=True)))
        with entered(Scope(deadline=Deadline.after(10), max_calls=100)):
            await connector.describe()
            yield connector
        await connector.aclose()
