"""Literals of SOQL and words of SOSL, read by the vendor's rules and by nothing of the connector's."""

from dataclasses import dataclass

__all__ = ["Token", "found_words", "tokens"]

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


# Salesforce, SOSL reference, "FIND", "Reserved characters" (read 2026-11).
_RESERVED = frozenset("?&|!{}[]()^~*:\\\"'+-")


def found_words(text: str) -> tuple[list[str], str]:
    """The words that a search looks for, each of which a record must hold, and what follows FIND {...}.

    Raises:
        ValueError: the text between the braces is more than words joined by AND.
    """
    if not text.startswith("FIND {"):
        raise ValueError("no search")
    terms, at = _terms(text, len("FIND {"))
    if len(terms) % 2 == 0 or any(joint != ("AND", False) for joint in terms[1::2]):
        raise ValueError("not joined by AND")
    if any(word.upper() in {"AND", "OR", "NOT"} and not is_phrase for word, is_phrase in terms[::2]):
        raise ValueError("an operator for a word")
    return [word for word, _ in terms[::2]], text[at:]


def _terms(text: str, at: int) -> tuple[list[tuple[str, bool]], int]:
    """The terms from *at* to the closing brace, each with whether it is a phrase, and the place behind it."""
    terms, word, is_phrase, was_phrase = [], "", False, False
    while at < len(text):
        char, at = text[at], at + 1
        if char == "\\":
            if text[at : at + 1] not in _RESERVED or at == len(text):
                raise ValueError("an escape SOSL has not")
            word, at = word + text[at], at + 1
        elif char == '"':
            is_phrase, was_phrase = not is_phrase, True
        elif char in " }" and not is_phrase:
            terms.append((word, was_phrase))
            word, was_phrase = "", False
            if char == "}":
                return terms, at
        elif char in _RESERVED:
            raise ValueError(f"a bare {char}")
        else:
            word += char
    raise ValueError("a search does not end")
