"""People's names: folded, in one order, without titles."""

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["PersonName", "folded", "person_name", "script_of"]

_APART = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_TITLES = frozenset(
    {
        *("dr", "prof", "mr", "mrs", "ms", "mx", "miss", "herr", "frau", "hr"),
        *("fr", "mme", "mlle", "m", "sir", "dame", "ing", "mag", "dipl", "phd"),
        *("md", "jr", "sr"),
    }
)


def folded(text: str) -> str:
    """*text* without case, accents and signs, its words apart by one blank."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold().translate(_APART))
    bare = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return " ".join(_WORDS.findall(unicodedata.normalize("NFC", bare).replace("'", "").replace("’", "")))


@dataclass(frozen=True, slots=True)
class PersonName:
    """A folded name; either part may be empty."""

    given: str
    family: str

    @property
    def full(self) -> str:
        """Both parts."""
        return f"{self.given} {self.family}".strip()


def script_of(name: str) -> str:
    """The script of the first letter of *name*, such as LATIN; empty without one."""
    return unicodedata.name(name[0], "").partition(" ")[0] if name else ""


def person_name(first: str | None, last: str | None, display: str | None = None) -> PersonName:
    """The name, read from *display* where the CRM has no parts; "Family, Given" is understood."""
    given, family = _bare(first or ""), _bare(last or "")
    if given or family or not display:
        return PersonName(given, family)
    before, comma, after = display.partition(",")
    if comma and _bare(after):
        return PersonName(_bare(after), _bare(before))
    given, _, family = _bare(display).rpartition(" ")
    return PersonName(given, family)


def _bare(text: str) -> str:
    """*text* folded and without titles, unless it is nothing else."""
    words = folded(text).split()
    return " ".join([word for word in words if word not in _TITLES] or words)
