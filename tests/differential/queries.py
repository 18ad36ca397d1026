"""What vendors' queries hold, read by the rules of each language and by nothing of the connectors'."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.connectors.salesforce.lexer import Token, tokens

__all__ = ["Asked", "asked_of"]

# Salesforce, SOSL reference, "Reserved characters" (read 2026-11).
_RESERVED = "?&|!{}[]()^~*:\\\"'+-"


@dataclass(frozen=True)
class Asked:
    """One vendor query: its *form*, the text around its values, and the *values*; of patterns, what wildcards leave."""

    form: str
    values: tuple[str, ...]


def asked_of(calls: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Asked]]:
    """The queries of *calls*, by source.

    Raises:
        ValueError: one is no query of its language.
    """
    for call in calls:
        text = call["query"]
        if call["kind"] != "data" or not text:
            continue
        if text.startswith("FIND"):
            yield call["source"], _sosl(text)
        elif text.startswith("SELECT"):
            yield call["source"], _soql(text)
        elif text.startswith("{"):
            yield call["source"], _json(text)


def _soql(text: str) -> Asked:
    found = tokens(text)
    form = "?".join(token.value for token in found if not token.is_literal)
    values: list[str] = []
    for before, token in pairwise(found):
        if token.is_literal:
            values += _pieces(token) if before.value.endswith("LIKE ") else [token.value]
    return Asked(_shortened(form), tuple(values))


def _pieces(token: Token) -> list[str]:
    """What stands between the wildcards of a pattern; an escaped sign is no wildcard."""
    places = [-1, *token.wildcards, len(token.value)]
    return [piece for start, end in pairwise(places) if (piece := token.value[start + 1 : end])]


def _shortened(form: str) -> str:
    """*form* without what varies among harmless values: how many there are, and how many rows are read at once."""
    return re.sub(r"\(\?(, \?)*\)", "(?)", re.sub(r"LIMIT \d+", "LIMIT", form))


def _without_wildcards(token: Token) -> str:
    """A pattern without the wildcards that a comparison puts around a value; one inside is no sign of the value."""
    last = len(token.value) - 1
    start = 1 if 0 in token.wildcards else 0
    end = last if last in token.wildcards and last >= start else last + 1
    inside = [place for place in token.wildcards if start <= place < end]
    if inside:
        raise ValueError(f"a bare wildcard at {inside[0]} of {token.value!r}")
    return token.value[start:end]


def _sosl(text: str) -> Asked:
    words, at = [""], len("FIND {")
    if not text.startswith("FIND {"):
        raise ValueError("FIND has no braces")
    while text[at] != "}":
        if text[at] == "\\":
            at += 1
            if text[at] not in _RESERVED:
                raise ValueError(f"an escaped {text[at]!r}")
            words[-1] += text[at]
        elif text.startswith(" AND ", at):
            at += len(" AND ") - 1
            words.append("")
        elif text[at] in _RESERVED.replace('"', "") or text[at] == " ":
            raise ValueError(f"a bare {text[at]!r}")
        elif text[at] != '"':
            words[-1] += text[at]
        at += 1
    return Asked(_shortened(text[at:]), tuple(words))


def _json(text: str) -> Asked:
    body = json.loads(text)
    values: list[str] = [body.pop("query")] if "query" in body else []
    for group in body.get("filterGroups", ()):
        for item in group["filters"]:
            values += [item.pop(name) for name in ("value", "highValue") if name in item]
            values += item.pop("values", ())
    for name in ("limit", "inputs", "after"):
        body.pop(name, None)
    return Asked(json.dumps(body), tuple(values))
