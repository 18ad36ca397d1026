"""Query expressions as text: cut apart outside of quotes and brackets, and read into odata-query's nodes."""

import re
from collections.abc import Mapping

from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from sandbox.dynamics365.errors import bad_request, syntax_error

__all__ = ["ARRAY", "parsed", "split_outside", "unwrapped"]

ARRAY = "\x02"
"""What begins a text literal that stands for a JSON array, which the grammar of odata-query does not have."""

_TEXT = r"'(?:[^']|'')*'"
_PIECES = re.compile(rf'{_TEXT}|(?P<array>\[(?:"(?:[^"\\]|\\.)*"|[^\]"\'])*\])|(?P<alias>@\w+)|(?P<word>[A-Za-z]+)')
_WORDS = {"and", "eq", "ge", "gt", "le", "lt", "ne", "not", "null", "or", "true", "false"}


def split_outside(text: str, separator: str) -> list[str]:
    """The parts of *text* between the *separator*s that stand in no quotes and no brackets.

    Raises:
        VendorError: 400, brackets or quotes that do not close.
    """
    parts, depth, start, is_quoted = [], 0, 0, False
    for position, sign in enumerate(text):
        if sign == "'":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
            if depth < 0:
                raise syntax_error(text, position)
        elif sign == separator and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    if depth or is_quoted:
        raise syntax_error(text)
    return [*parts, text[start:]]


def unwrapped(text: str, name: str) -> str | None:
    """What stands in the brackets of *text* where it is *name*(…)."""
    told = text.strip()
    is_call = told.startswith(f"{name}(") and told.endswith(")")
    return told[len(name) + 1 : -1] if is_call else None


def parsed(text: str, aliases: Mapping[str, str]) -> ast._Node:
    """The condition *text*, with *aliases* (such as @p1) put in, and JSON arrays as `ARRAY` texts.

    Raises:
        VendorError: 400.
    """
    prepared = _PIECES.sub(lambda match: _prepared(match, text, aliases), text)
    try:
        node: ast._Node | None = ODataParser().parse(ODataLexer().tokenize(prepared.strip()))
    except (ODataException, AttributeError, TypeError) as error:  # its grammar trips over three named parameters
        raise syntax_error(text) from error
    if node is None:
        raise syntax_error(text)
    return node


def _prepared(match: re.Match[str], text: str, aliases: Mapping[str, str]) -> str:
    piece = match.group()
    if match["array"]:
        return "'" + ARRAY + piece.replace("'", "''") + "'"
    if match["alias"]:
        if piece not in aliases:
            raise bad_request(f"The parameter alias '{piece}' was not found in the request.")
        value = aliases[piece]
        return _PIECES.sub(lambda inner: _prepared(inner, text, {}), value)
    # Keywords are lower case here; odata-query takes any case.
    if match["word"] and piece not in _WORDS and piece.lower() in _WORDS:
        raise syntax_error(text, match.start())
    return piece
