"""How `CONTAINS_TOKEN` and `query` match text."""

import re
from collections.abc import Callable
from functools import lru_cache

__all__ = ["contains_tokens", "literal_of", "matches_query", "phone_line"]

_WORD = re.compile(r"\w+")
_PHONE = re.compile(r"[\d\s()+./-]{7,}")

Matcher = Callable[[str], bool]


def contains_tokens(text: str, pattern: str) -> bool:
    """Whether each blank-separated part of *pattern* is a token of *text*; both are in lower case.

    Tokens are the words, and the pieces between blanks, such as a whole email address.
    `*` stands for any characters of one token (search guide, read 2026-11).
    """
    return _token_matcher(pattern)(text)


def matches_query(text: str, query: str) -> bool:
    """Like `contains_tokens`; a phone number also matches one with a country code before it.

    Args:
        text: lower-case values, one per line, and phone numbers as `phone_line`s.
        query: in lower case.
    """
    if _PHONE.fullmatch(query):
        digits = re.sub(r"\D", "", query)
        return any(line.startswith("#") and line.endswith(digits) for line in text.splitlines())
    return contains_tokens(text, query)


def phone_line(number: str) -> str:
    """The digits of *number*, marked as such."""
    return "#" + re.sub(r"\D", "", number)


def literal_of(pattern: str) -> str:
    """The longest piece that a text must hold to match *pattern*; may be empty."""
    if _PHONE.fullmatch(pattern):
        return ""
    pieces = [piece for part in pattern.split() for piece in (part.split("*") if "*" in part else _WORD.findall(part))]
    return max(pieces, key=len, default="")


@lru_cache(maxsize=256)
def _token_matcher(pattern: str) -> Matcher:
    if _WORD.fullmatch(pattern):
        alone = re.compile(rf"(?<!\w){pattern}(?!\w)")
        return lambda text: alone.search(text) is not None
    parts = [_part_matcher(part) for part in pattern.split()]

    def matches(text: str) -> bool:
        words = _WORD.findall(text)
        tokens = {*words, *text.split()}
        return all(part(tokens) for part in parts)

    return matches


def _part_matcher(part: str) -> Callable[[set[str]], bool]:
    if "*" in part:
        glob = re.compile(".*".join(re.escape(piece) for piece in part.split("*")))
        return lambda tokens: any(glob.fullmatch(token) for token in tokens)
    words = _WORD.findall(part)
    return lambda tokens: part in tokens or (bool(words) and tokens.issuperset(words))
