"""What a request asks of the Web API, and what is answered; requests inside a batch are the same."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote_plus

import orjson

from sandbox.dynamics365.errors import bad_request, unsupported

__all__ = ["Answer", "Asked", "json_answer", "read_options"]

_KNOWN = {"$select", "$expand", "$filter", "$orderby", "$apply", "$top", "$count", "$skiptoken"}
_UNKNOWN = {"$skip": "Skip Clause is not supported in CRM"}
_JSON = "application/json; odata.metadata=minimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request.

    Attributes:
        method: in capitals.
        path: decoded, below the version, without a slash at its ends.
        query: as sent.
        prefer: value of the header Prefer.
    """

    method: str
    path: str
    query: str
    prefer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer."""

    status: int = 200
    body: bytes = b""
    media_type: str = _JSON
    headers: Mapping[str, str] = field(default_factory=dict)


def json_answer(body: object, *, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    """*body* as JSON; decimals keep their digits."""
    told = orjson.dumps(body, default=lambda value: orjson.Fragment(str(value)))
    return Answer(status=status, body=told, headers=headers or {})


def read_options(query: str) -> tuple[dict[str, str], dict[str, str]]:
    """The system query options of *query*, and its parameter aliases.

    Raises:
        VendorError: 400, an option that is unknown, not supported or there twice.
    """
    options: dict[str, str] = {}
    aliases: dict[str, str] = {}
    for part in query.split("&") if query else []:
        name, _, value = (unquote_plus(piece) for piece in part.partition("="))
        into = aliases if name.startswith("@") else options
        if name in _UNKNOWN:
            raise bad_request(_UNKNOWN[name])
        if into is options and name not in _KNOWN:
            raise unsupported(f"The query parameter {name}")
        if name in into:
            raise bad_request(
                f"Query option '{name}' was specified more than once, but it must be specified at most once."
            )
        into[name] = value
    return options, aliases
