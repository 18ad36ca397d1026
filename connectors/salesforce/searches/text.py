"""Text as SOSL finds it: words, with nothing of them left to its operators."""

import re
from collections.abc import Iterable, Sequence

__all__ = ["complaint_of", "find_text", "words_of"]

# Salesforce, SOSL reference, "FIND": reserved characters, operators, and what longer texts lose (read 2026-11).
_RESERVED = re.compile(r"""[?&|!{}\[\]()^~*:\\"'+\-]""")
_OPERATORS = frozenset({"and", "or", "not"})
_MAX_CHARS = 4_000
# Control characters, and halves of a surrogate pair.
_UNSPEAKABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_SEARCHED = re.compile(r"[^\W_]{2}")


def words_of(text: str) -> Sequence[str]:
    """The words of *text*, in order, none twice; signs that stand alone are none."""
    found = _UNSPEAKABLE.sub(" ", text).split()
    return list(dict.fromkeys(word for word in found if any(char.isalnum() for char in word)))


def find_text(words: Iterable[str]) -> str:
    """What stands between the braces of FIND so that records are found that hold all of *words*, as they are."""
    return " AND ".join(map(_term, words))


def _term(word: str) -> str:
    """A word; one that SOSL would take for an operator is a phrase of its own."""
    escaped = _RESERVED.sub(r"\\\g<0>", word)
    return f'"{escaped}"' if word.casefold() in _OPERATORS else escaped


def complaint_of(words: Sequence[str]) -> str | None:
    """Why SOSL would not search for *words*; None where it would."""
    if not any(map(_SEARCHED.search, words)):
        return "Salesforce searches for words of two letters or digits at least; type a longer one"
    if len(find_text(words)) > _MAX_CHARS:
        return f"Salesforce searches for {_MAX_CHARS} characters at most; type fewer words"
    return None
