"""SOQL string literals, read by the vendor's rules and by nothing of the connector's."""

from dataclasses import dataclass

__all__ = ["Token", "tokens"]

# Salesforce, SOQL reference, "Quoted string escape sequences" (read 2026-11).
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\", "%": "%", "_": "_"}


@dataclass(frozen=True, slots=True)
class Token:
    """A literal or the text between literals.

    Attributes:
        value: of a literal, what it stands for; wildcards are told apart in *wildcards*.
        wildcards: places in *value* that stand for any text.
    """

    is_literal: bool
    value: str
    wildcards: tuple[int, ...] = ()


def tokens(text: str) -> list[Token]:
    """The literals of *text* and what stands between them.

    Raises:
        ValueError: a literal does not end, or holds an escape SOQL has not.
    """
    found: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == "'":
            token, at = _literal(text, at + 1)
            found.append(token)
        else:
            end = text.find("'", at)
            end = len(text) if end < 0 else end
            found.append(Token(False, text[at:end]))
            at = end
    return found


def _literal(text: str, at: int) -> tuple[Token, int]:
    value, wildcards = "", []
    while True:
        if at >= len(text):
            raise ValueError("a literal does not end")
        char = text[at]
        if char == "'":
            return Token(True, value, tuple(wildcards)), at + 1
        if char == "\\":
            if at + 1 >= len(text) or text[at + 1] not in _ESCAPED:
                raise ValueError("an escape SOQL has not")
            value += _ESCAPED[text[at + 1]]
            at += 2
            continue
        if char in "\n\r\t\b\f":
            raise ValueError("a bare control character")
        if char in "%_":
            wildcards.append(len(value))
        value += char
        at += 1
