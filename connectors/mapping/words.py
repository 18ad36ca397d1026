"""Words that are searched for, and the fields of a record that they stand in."""

from collections.abc import Iterable, Sequence

from model.entities import Record

__all__ = ["is_unicode", "matched_on", "why_unsearchable", "words_of"]


def words_of(text: str) -> list[str]:
    """The words of *text*, case-folded; a star is none, for it could stand for anything."""
    return text.replace("*", " ").casefold().split()


def why_unsearchable(text: str) -> str | None:
    """Why no type can be searched for *text*, and what to do; None where it can."""
    if not words_of(text):
        return "the text has no word to search for; give one"
    return None if is_unicode(text) else "the text holds half a character; take out the lone surrogate"


def is_unicode(text: str) -> bool:
    """Whether *text* can be written as JSON: halves of surrogate pairs cannot."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def matched_on(record: Record, names: Iterable[str], words: Sequence[str]) -> tuple[str, ...]:
    """Those of *names* in whose text any of *words* stands."""
    texts = ((name, getattr(record, name)) for name in names)
    return tuple(
        name for name, text in texts if isinstance(text, str) and any(word in text.casefold() for word in words)
    )
