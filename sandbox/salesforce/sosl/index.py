"""The words of the records, in full-text tables that are made when an object is first searched.

A word is a run of letters or digits; case does not count, accents do.
The digits of a phone number are also one word.
Text in Chinese or Japanese is not cut into words: a run of it is one.
"""

import html
import re
from collections.abc import Iterable
from itertools import product

from sandbox.salesforce.org import Field, SObject
from sandbox.salesforce.org.store import Store
from sandbox.salesforce.soql.context import Fragment
from sandbox.salesforce.sosl.statement import Scope
from sandbox.salesforce.sosl.terms import ANY, ONE, Joined, Phrase, Term

__all__ = ["Index"]

_GROUPS = ("name", "email", "phone", "other")
_SCOPES: dict[Scope, tuple[str, ...]] = {
    "ALL": _GROUPS,
    "NAME": ("name",),
    "EMAIL": ("email",),
    "PHONE": ("phone",),
    "SIDEBAR": ("name", "email", "phone"),
}
_FURTHER_NAMES = {"Account": {"Website"}, "Lead": {"Company"}}
"""Fields that a search of names looks at beside the name itself (IN SearchGroup, read 2026-11)."""

_WITHOUT_SCOPES = frozenset({"ContentNote"})
"""Files are searched whole, whatever fields a search names (the same page)."""

_TEXT_TYPES = frozenset({"string", "textarea", "url", "combobox"})
_BETWEEN_FIELDS = "\ue000"
_TAG = re.compile(r"<[^>]*>")


class Index:
    """Finds records by words; callers take turns."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._made: set[str] = set()
        store.define("digits", 1, _digits)
        store.define("plain", 1, _plain)

    def matching(self, sobject: SObject, term: Term, scope: Scope) -> Fragment:
        """The SQL that gives the row numbers of the records of *sobject* that *term* finds."""
        if sobject.name not in self._made:
            self._make(sobject)
        groups = _GROUPS if sobject.name in _WITHOUT_SCOPES and scope != "NAME" else _SCOPES[scope]
        match = f"{{{' '.join(groups)}}} : ({self._match(sobject, term)})"
        table = f'"words_{sobject.name}"'
        return Fragment(f"SELECT rowid FROM {table} WHERE {table} MATCH ?", (match,))  # noqa: S608 - catalog names

    def _make(self, sobject: SObject) -> None:
        texts: dict[str, list[str]] = {group: [] for group in _GROUPS}
        for one in sobject.fields.values():
            if (group := _group(sobject, one)) is not None:
                texts[group] += _texts(one)
        between = f" || ' {_BETWEEN_FIELDS} ' || "
        self._store.index_words(
            sobject.name,
            {group: between.join(f"coalesce({sql}, '')" for sql in found) or "''" for group, found in texts.items()},
        )
        self._made.add(sobject.name)

    def _match(self, sobject: SObject, term: Term) -> str:
        """*term* in the language of the full-text table."""
        if isinstance(term, Phrase):
            return self._phrase(sobject, term)
        left, right = self._match(sobject, term.left), self._match(sobject, term.right)
        # A long chain of one word stays flat: the table's own parser has a shallow stack.
        is_chain = isinstance(term.left, Joined) and term.left.word == term.word
        return f"{left if is_chain else f'({left})'} {term.word} ({right})"

    def _phrase(self, sobject: SObject, phrase: Phrase) -> str:
        if not phrase.words:
            return '""'
        *first, last = phrase.words
        is_prefix = last.endswith(ANY)
        spelt = [self._spellings(sobject, word) for word in (*first, last.rstrip(ANY) if is_prefix else last)]
        found = (f'"{" ".join(words)}"{" *" if is_prefix else ""}' for words in product(*spelt))
        return " OR ".join(found) or '""'

    def _spellings(self, sobject: SObject, word: str) -> list[str]:
        """The words of the records that a *word* with wildcards stands for."""
        if ANY not in word and ONE not in word:
            return [word]
        pattern = word.replace(ANY, "*").replace(ONE, "?")
        sql = f'SELECT term FROM "vocabulary_{sobject.name}" WHERE term GLOB ?'  # noqa: S608 - catalog names
        return [str(row[0]) for row in self._store.select(sql, (pattern,))]


def _group(sobject: SObject, one: Field) -> str | None:
    if one is sobject.name_field or one.name in _FURTHER_NAMES.get(sobject.name, ()):
        return "name"
    if one.type in {"email", "phone"}:
        return one.type
    return "other" if one.type in _TEXT_TYPES or (sobject.name, one.name) == ("ContentNote", "Content") else None


def _texts(one: Field) -> Iterable[str]:
    column = f'"{one.name}"'
    if one.type == "phone":
        return column, f"digits({column})"
    return (f"plain({column})",) if one.type == "base64" else (column,)


def _digits(text: str | None) -> str | None:
    return None if text is None else re.sub(r"\D", "", text)


def _plain(text: str | None) -> str | None:
    """The words of HTML."""
    return None if text is None else html.unescape(_TAG.sub(" ", text))
