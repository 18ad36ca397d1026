r"""What stands between the braces of FIND: words, phrases, wildcards and the words that join them.

Blanks between terms mean AND, which binds closer than OR.
`*` stands for any characters of one word and `?` for one, both at the middle or the end; in front they are left out.
Every other reserved character needs a backslash, also between quotes, and is then punctuation like any other:
`& | ! { } [ ] ( ) ^ ~ : \ " ' + -` (SOSL reference, FIND, read 2026-11).
A term with punctuation inside, such as an e-mail address, is a phrase of its words.
"""

import re
from dataclasses import dataclass
from typing import Any, Literal

from lark import Lark, Token, Transformer, v_args

from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.grammar import parsed_by

__all__ = ["ANY", "ONE", "Joined", "Phrase", "Term", "escaped", "parse_terms"]

ANY, ONE = "\ue001", "\ue002"
"""The wildcards `*` and `?` in the words of a phrase: signs that no text has."""

_GRAMMAR = r"""
start: either
?either: both (OR both)*
?both: unit following*
following: [AND] unit -> joined
    | [AND] NOT unit -> without
?unit: TERM -> phrase
    | QUOTED -> phrase
    | "(" either ")"

OR.2: /OR(?=[\s(]|$)/i
AND.2: /AND(?=[\s(]|$)/i
NOT.2: /NOT(?=[\s(]|$)/i
QUOTED: /"(?:[^"\\{}\[\]()^~:'+\-&|!]|\\.)*"/s
TERM: /(?:[^\s"\\{}\[\]()^~:'+\-&|!]|\\.)+/s
%ignore /\s+/
"""
_PIECE = re.compile(r"\\(.)|(.)", re.DOTALL)
_WORD = re.compile(f"(?:[^\\W_]|[{ANY}{ONE}])+")
_WILDCARDS = {"*": ANY, "?": ONE}
_TO_ESCAPE = re.compile(r"[&|!{}\[\]^~:'+\-\\]")


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that stand side by side, in lower case; they may hold `ANY` and `ONE`, but not in front."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """Two terms: both (AND), one of them (OR), or the first without the second (NOT)."""

    word: Literal["AND", "OR", "NOT"]
    left: "Term"
    right: "Term"


Term = Phrase | Joined


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    def start(self, term: Term) -> Term:
        return term

    def either(self, *parts: Any) -> Term:
        term: Term = parts[0]
        for other in parts[2::2]:
            term = _joined("OR", term, other)
        return term

    def both(self, term: Term, *following: tuple[Literal["AND", "NOT"], Term]) -> Term:
        for word, other in following:
            term = _joined(word, term, other)
        return term

    def joined(self, _and: Token | None, unit: Term) -> tuple[str, Term]:
        return "AND", unit

    def without(self, _and: Token | None, _not: Token, unit: Term) -> tuple[str, Term]:
        return "NOT", unit

    def phrase(self, token: Token) -> Term:
        text = token[1:-1] if token.type == "QUOTED" else token
        marked = "".join(escape or _WILDCARDS.get(plain, plain) for escape, plain in _PIECE.findall(text))
        words = (word.lstrip(ANY + ONE).lower() for word in _WORD.findall(marked))
        return Phrase(tuple(word for word in words if word))


_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=True)


def parse_terms(search: str) -> Term:
    """What *search*, the text between the braces, looks for.

    Raises:
        SoqlError: MALFORMED_SEARCH; INVALID_SEARCH when no term has two characters.
    """
    if not search.strip():
        raise _too_short(search)
    term = parsed_by(_PARSER, search, "MALFORMED_SEARCH")
    if not isinstance(term, Phrase | Joined):
        raise TypeError(f"the parser made a {type(term).__name__} of {search!r}")
    if not any(length > 1 for length in _lengths(term)):
        raise _too_short(search)
    return term


def escaped(text: str) -> str:
    """*text* with a backslash before what is reserved, but for quotes, parentheses and wildcards."""
    return _TO_ESCAPE.sub(lambda match: f"\\{match[0]}", text)


def _joined(word: Literal["AND", "OR", "NOT"], left: Term, right: Term) -> Term:
    """Both terms joined; one of punctuation alone says nothing."""
    if right == Phrase(()):
        return left
    return right if left == Phrase(()) and word != "NOT" else Joined(word, left, right)


def _lengths(term: Term) -> list[int]:
    """Of each phrase, its characters without wildcards."""
    if isinstance(term, Phrase):
        return [sum(len(word) - word.count(ANY) - word.count(ONE) for word in term.words)]
    return [*_lengths(term.left), *_lengths(term.right)]


def _too_short(search: str) -> SoqlError:
    return SoqlError("INVALID_SEARCH", f"search term must be longer than one character: {search}")
