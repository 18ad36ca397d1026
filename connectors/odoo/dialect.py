"""How Odoo says yes, wait and no: a status, and the Python class of the error."""

from collections.abc import Mapping
from typing import Any

from connectors.http import Accepted, Call, Failed, LimitClass, Limits, Observed, Reply, Retry, Verdict, quotable
from connectors.odoo.manifest import manifest
from model.errors import (
    RateLimited,
    ReauthRequired,
    Rejected,
    SchemaDrift,
    SourceError,
    SourceForbidden,
    SourceUnavailable,
)

__all__ = ["OdooDialect", "limits_of"]

# "External JSON-2 API: Errors": what a request itself does wrong comes with status 500 as well, by its class.
_DRIFTED = frozenset({"builtins.ValueError", "builtins.KeyError", "builtins.AttributeError"})
_WRONG = frozenset({"builtins.TypeError", "odoo.exceptions.UserError", "odoo.exceptions.ValidationError"})
# A row that went while it was read.
_GONE = "odoo.exceptions.MissingError"


def limits_of() -> Limits:
    """Calls at a time; Odoo counts none."""
    return Limits(classes=(LimitClass("default", ()),), concurrency=manifest().concurrency)


class OdooDialect:
    """Reads one source's replies; keeps nothing. What Odoo tells of its own code never leaves here."""

    def __init__(self, source: str) -> None:
        self._source = source

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        """What to do with *reply*, by its status and the class of the error."""
        if reply.status < 300:
            return Accepted()
        if reply.status == 429:
            text = f"{self._source} is asked too often ({call.operation}); ask again in some seconds"
            return Retry(RateLimited(text, source=self._source))
        body = reply.json()
        error: Mapping[str, Any] = body if isinstance(body, dict) else {}
        name = str(error.get("name") or "")
        if name == _GONE or (reply.status >= 500 and name not in _DRIFTED | _WRONG):
            text = f"{self._source} answered {call.operation} with status {reply.status}; try again later"
            return Retry(SourceUnavailable(text, source=self._source))
        return Failed(self._refusal(call, reply.status, name, quotable(error.get("message") or "")))

    def observed(self, call: Call[Any], reply: Reply) -> tuple[Observed, ...]:
        """Nothing: Odoo tells of no limits."""
        del call, reply
        return ()

    def _refusal(self, call: Call[Any], status: int, name: str, said: str) -> SourceError:
        if status == 401:
            text = f"{self._source}: Odoo does not accept the API key, or it has expired; make another one"
            return ReauthRequired(text, source=self._source)
        if status == 403:
            text = f"{self._source} lacks a right for {call.operation}; give the key's user access to the records"
            return SourceForbidden(text, source=self._source)
        if status == 404 and not name:
            text = f"{self._source} has no such database, or no API of Odoo 19, there; check base_url and database"
            return SchemaDrift(text, source=self._source)
        if status == 404 or name in _DRIFTED:
            text = f"{self._source} has no such model or field ({said or call.path}); check the mapping"
            return SchemaDrift(text, source=self._source)
        text = f"{self._source} refused {call.operation} (status {status})" + (f": {said}" if said else "")
        return Rejected(text, source=self._source)
