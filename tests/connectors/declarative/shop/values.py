"""Values as a manner tells them, reads them in filters, and compares them."""

import re
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.connectors.declarative.shop.manner import Manner, Refusal
from tests.connectors.declarative.shop.rows import STATUSES, Kind

__all__ = ["Values"]

_UUIDS = uuid.UUID("5b1d4d5a-6a1c-4c5e-9a55-0d3a2f6c7e10")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_BOOLEANS = {"true": True, "false": False}


class Values:
    """Three forms of a value: *stored* in a row, *told* in JSON, and a *key* that compares."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._days = manner.filter_days or manner.days
        self._instants = manner.filter_instants or manner.instants

    def told(self, kind: Kind, stored: Any) -> Any:
        """What an answer says."""
        manner = self._manner
        if stored is None:
            return manner.empties
        if kind == "day" and manner.days != "iso":
            return date.fromisoformat(stored).strftime(manner.days)
        if kind == "instant":
            return _told_instant(stored, manner.instants)
        if kind == "status":
            return STATUSES.index(stored) + 1 if manner.status == "number" else stored
        if kind == "id":
            told = self.key("id", stored)
            return str(told) if manner.envelope == "jsonapi" else told
        return stored

    def key(self, kind: Kind, stored: Any) -> Any:
        """What a row's value is compared by: texts in lower case, a status by its place."""
        match kind:
            case "id" if self._manner.ids == "text":
                return str(stored)
            case "id" if self._manner.ids == "uuid":
                return str(uuid.uuid5(_UUIDS, str(stored)))
            case "text":
                return stored.lower()
            case "day":
                return date.fromisoformat(stored)
            case "status":
                return STATUSES.index(stored) + 1
            case _:
                return stored

    def read(self, kind: Kind, told: Any) -> Any:
        """The key of what a filter says in JSON.

        Raises:
            Refusal: 400, it is no such value.
        """
        try:
            return self._readers[kind](self, told)
        except (ValueError, TypeError, ArithmeticError) as error:
            raise Refusal(400, f"{told!r} is no {kind}") from error

    def read_text(self, kind: Kind, text: str) -> Any:
        """The key of what a filter says where everything is text."""
        is_number = (
            kind == "number"
            or (kind == "id" and self._manner.ids == "number")
            or (kind == "instant" and self._instants == "epoch")
            or (kind == "status" and self._manner.status == "number")
        )
        if is_number and _NUMBER.fullmatch(text):
            return self.read(kind, Decimal(text) if "." in text else int(text))
        if is_number or (kind == "bool" and text not in _BOOLEANS):
            raise Refusal(400, f"{text!r} is no {kind}")
        return self.read(kind, _BOOLEANS[text] if kind == "bool" else text)

    def is_quoted(self, kind: Kind) -> bool:
        """Whether OData writes the value as a string."""
        return (
            kind == "text"
            or (kind == "id" and self._manner.ids == "text")
            or (kind == "day" and self._days != "iso")
            or (kind == "instant" and self._instants not in {"iso", "epoch"})
            or (kind == "status" and self._manner.status == "word")
        )

    def _read_id(self, told: Any) -> Any:
        if self._manner.ids == "number":
            return int(told) if self._manner.envelope == "jsonapi" and isinstance(told, str) else _of(int, told)
        return str(uuid.UUID(_of(str, told))) if self._manner.ids == "uuid" else _of(str, told)

    def _read_day(self, told: Any) -> date:
        form = "%Y-%m-%d" if self._days == "iso" else self._days
        return _parsed(_of(str, told), form).date()

    def _read_instant(self, told: Any) -> datetime:
        if self._instants == "epoch":
            return datetime.fromtimestamp(_of(int, told), UTC)
        if self._instants != "iso":
            return _parsed(_of(str, told), self._instants)
        read = datetime.fromisoformat(_of(str, told))
        if read.tzinfo is None:
            raise ValueError(f"{told} has no offset")
        return read

    def _read_status(self, told: Any) -> int:
        if self._manner.status == "word":
            return STATUSES.index(told) + 1
        if _of(int, told) not in range(1, len(STATUSES) + 1):
            raise ValueError(f"there is no status {told}")
        return int(told)

    _readers: Mapping[Kind, Callable[["Values", Any], Any]] = {
        "id": _read_id,
        "text": lambda _, told: _of(str, told).lower(),
        "number": lambda _, told: _of((int, float, Decimal), told),
        "bool": lambda _, told: _of(bool, told),
        "day": _read_day,
        "instant": _read_instant,
        "status": _read_status,
    }


def _told_instant(stored: datetime, form: str) -> str | int:
    if form == "epoch":
        return int(stored.timestamp())
    return stored.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if form == "iso" else form)


def _parsed(text: str, form: str) -> datetime:
    """*text* in *form* and in no other spelling, such as one without leading zeros."""
    read = datetime.strptime(text, form).replace(tzinfo=UTC)
    if read.strftime(form) != text:
        raise ValueError(f"{text} is not written as {form}")
    return read


def _of(wanted: type | tuple[type, ...], told: Any) -> Any:
    if not isinstance(told, wanted) or (isinstance(told, bool) and wanted is not bool):
        raise TypeError(f"{told!r} is of another type")
    return told
