"""Reads OData's `$filter`."""

import re
from collections.abc import Callable, Iterable, Mapping

from tests.connectors.declarative.shop.manner import Refusal
from tests.connectors.declarative.shop.rows import Row

__all__ = ["Holds", "OData", "joined"]

Holds = Callable[[Row], bool]

_WORDS: Mapping[str, str] = {"eq": "eq", "ne": "ne", "lt": "lt", "le": "lte", "gt": "gt", "ge": "gte"}
_CALLS = {"contains": "contains", "startswith": "starts_with"}
_TOKEN = re.compile(r"('(?:[^']|'')*'|[(),]|[^\s(),']+)\s*")


class OData:
    """A reader of `$filter`: `or` binds less than `and`."""

    def __init__(self, leaf: Callable[[str, str, list[str]], Holds], text: str) -> None:
        self._leaf = leaf
        self._tokens: list[str] = []
        text = text.strip()
        while text:
            token = _TOKEN.match(text)
            if token is None:
                raise Refusal(400, f"{text!r} is no filter")
            self._tokens.append(token[1])
            text = text[token.end() :]

    def holds(self) -> Holds:
        """What the whole text says."""
        holds = self._either()
        if self._tokens:
            raise Refusal(400, f"{self._tokens[0]!r} is left over")
        return holds

    def _either(self) -> Holds:
        found = [self._both()]
        while self._skipped("or"):
            found.append(self._both())
        return joined(found, any)

    def _both(self) -> Holds:
        found = [self._one()]
        while self._skipped("and"):
            found.append(self._one())
        return joined(found, all)

    def _one(self) -> Holds:
        if self._skipped("("):
            holds = self._either()
            self._expect(")")
            return holds
        field = self._taken()
        if field in _CALLS and self._skipped("("):
            test, field = _CALLS[field], self._taken()
            self._expect(",")
            literals = [self._taken()]
            self._expect(")")
            return self._leaf(field, test, literals)
        word = self._taken()
        if word == "in":
            return self._leaf(field, "in", self._listed())
        if word not in _WORDS:
            raise Refusal(400, f"there is no operator {word!r}")
        return self._leaf(field, _WORDS[word], [self._taken()])

    def _listed(self) -> list[str]:
        self._expect("(")
        literals = [self._taken()]
        while self._skipped(","):
            literals.append(self._taken())
        self._expect(")")
        return literals

    def _taken(self) -> str:
        if not self._tokens:
            raise Refusal(400, "the filter breaks off")
        return self._tokens.pop(0)

    def _skipped(self, token: str) -> bool:
        return self._tokens[:1] == [token] and bool(self._tokens.pop(0))

    def _expect(self, token: str) -> None:
        if self._taken() != token:
            raise Refusal(400, f"{token!r} is missing")


def joined(parts: list[Holds], join: Callable[[Iterable[bool]], bool]) -> Holds:
    """What *join*, all or any, says of all *parts*."""
    return lambda row: join(holds(row) for holds in parts)
