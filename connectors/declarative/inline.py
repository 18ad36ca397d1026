"""Secrets that stand in a file, which is shared and committed: they belong behind references."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import SecretStr

from connectors.credentials import Auth
from connectors.documents import Findings, Path

__all__ = ["note_inline_secrets"]

_REFERENCES = ("env:", "file:")
_SECRET_KEYS = frozenset(
    name
    for way in get_args(get_args(Auth)[0])
    for name, field in way.model_fields.items()
    if SecretStr in (field.annotation, *get_args(field.annotation))
)
_SECRET_NAME = re.compile(r"authorization|cookie|password|secret|token|api[-_]?key", re.IGNORECASE)


def note_inline_secrets(data: Mapping[str, Any], findings: Findings) -> None:
    """Note every place in a file's *data* that holds a secret itself, or a header or parameter that must be one."""
    auth = _mapping(_mapping(data.get("trial")).get("auth"))
    for name, value in auth.items():
        if name in _SECRET_KEYS and not (isinstance(value, str) and value.startswith(_REFERENCES)):
            message = "must be a reference such as env:NAME or file:PATH; a secret never stands in the file"
            findings.note(("trial", "auth", name), message)
    for path, sent in _sent(data):
        for name, value in sent.items():
            if _SECRET_NAME.search(name) and not str(value).startswith("$"):
                findings.note((*path, name), "must not stand in the file: `auth` says where a secret goes")


def _sent(data: Mapping[str, Any]) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """What goes out with calls as it is written: headers, parameters and bodies."""
    yield ("headers",), _mapping(data.get("headers"))
    places = [(name,) for name in ("list", "get", "get_many")]
    for path in (*places, *(("types", name) for name in _mapping(data.get("types")))):
        section: Any = data
        for part in path:
            section = _mapping(section).get(part)
        for kind in ("params", "body"):
            yield (*path, kind), _mapping(_mapping(section).get(kind))


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
