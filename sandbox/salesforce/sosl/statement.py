"""What a SOSL statement says: `FIND {…} IN … FIELDS RETURNING … LIMIT n`.

The clauses WITH and UPDATE are unknown here: what they do needs articles, sites or price books.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.grammar import make_parser, parsed_by, start_of
from sandbox.salesforce.soql.language.syntax import Path, Query, Selected, SelectItem

__all__ = ["MAX_ROWS", "SCOPES", "Find", "Scope", "parse_find", "parse_returned"]

MAX_ROWS = 2_000
"""Records of one search, of one object in it, and rows to skip (SOSL limits, SOSL OFFSET, read 2026-11)."""

_MAX_LENGTH = 100_000
"""Characters in a statement (SOSL limits, read 2026-11)."""

Scope = Literal["ALL", "NAME", "EMAIL", "PHONE", "SIDEBAR"]
SCOPES: tuple[Scope, ...] = get_args(Scope)

_RULES = r"""
find: FIND SEARCH [in_scope] [returning] [limit]
in_scope: IN SCOPE FIELDS
returning: RETURNING returned ("," returned)*
returned: PATH ["(" _items [where] [order_by] [limit] [offset] ")"]

SEARCH: /\{(?:[^\\{}]|\\.)*\}/s
SCOPE: /(ALL|NAME|EMAIL|PHONE|SIDEBAR)(?![a-z0-9_.])/i
"""
_KEYWORDS = ("FIND", "FIELDS", "RETURNING")


@dataclass(frozen=True, slots=True, kw_only=True)
class Find:
    """A whole search.

    Attributes:
        search: the text between the braces.
        scope: which fields it looks at.
        returned: the objects, each as a statement of its rows; its SELECT list is Id where none is given. Empty for
            every object.
        limit: records at most.
    """

    search: str
    scope: Scope
    returned: tuple[Query, ...]
    limit: int | None


def _find(parts: list[Any]) -> Find:
    search = parts[1]
    told = dict(one for one in parts[2:] if one is not None)
    return Find(
        search=search[1:-1],
        scope=told.get("scope", "ALL"),
        returned=told.get("returned", ()),
        limit=told.get("limit"),
    )


def _returned(parts: list[Any]) -> Query:
    source, *rest = parts
    clauses: dict[str, Any] = dict(one for one in rest if isinstance(one, tuple))
    items: tuple[SelectItem, ...] = tuple(one for one in rest if one is not None and not isinstance(one, tuple))
    at = start_of(source)
    return Query(
        select=items or (Selected(Path(("Id",), at), None),),
        source=Path(tuple(source.split(".")), at),
        alias=None,
        where=clauses.get("where"),
        group_by=(),
        having=None,
        order_by=clauses.get("order_by", ()),
        limit=clauses.get("limit"),
        offset=clauses.get("offset"),
    )


_MAKERS: dict[str, Callable[[list[Any]], Any]] = {
    "find": _find,
    "in_scope": lambda parts: ("scope", parts[1].upper()),
    "returning": lambda parts: ("returned", tuple(parts[1:])),
    "returned": _returned,
}
_FIND = make_parser("find", rules=_RULES, keywords=_KEYWORDS, makers=_MAKERS)
_RETURNED = make_parser("returned", rules=_RULES, keywords=_KEYWORDS, makers=_MAKERS)


def parse_find(statement: str) -> Find:
    """What *statement* says.

    Raises:
        SoqlError: MALFORMED_SEARCH, with the place in its message.
    """
    if len(statement) > _MAX_LENGTH:
        raise SoqlError("MALFORMED_SEARCH", f"SOSL statements cannot be longer than {_MAX_LENGTH} characters.")
    words = statement.split(None, 1)
    if not words or not words[0].upper().startswith("FIND") or "{" not in statement:
        raise SoqlError("MALFORMED_SEARCH", "No search term found. The search term must be enclosed in braces.")
    found = parsed_by(_FIND, statement, "MALFORMED_SEARCH")
    if not isinstance(found, Find):
        raise TypeError(f"the parser made a {type(found).__name__} of {statement!r}")
    return found


def parse_returned(text: str) -> Query:
    """What *text*, one object of a RETURNING clause, says.

    Raises:
        SoqlError: MALFORMED_SEARCH, with the place in its message.
    """
    returned = parsed_by(_RETURNED, text, "MALFORMED_SEARCH")
    if not isinstance(returned, Query):
        raise TypeError(f"the parser made a {type(returned).__name__} of {text!r}")
    return returned
