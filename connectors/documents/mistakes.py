"""What is wrong with a file: every mistake at once, each with its place and a hint, and with no secret in it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from model.errors import ConfigError

__all__ = ["Mistake", "Path", "did_you_mean", "nearest", "printable", "quoted", "refuse", "shown", "unknown"]

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""

_LONGEST_WORD = 64
# A secret may stand where a key belongs, as in {token:pat-5ecre7} without its blank. What follows a sign that
# parts keys from values is never repeated, nor what mixes letters and digits as people's words seldom do.
_GLUED = re.compile(r"[:=\s].*", re.DOTALL)
_RUN = re.compile(r"[^\W_]{8,}")
_WORD = re.compile(r"[^\W\d_]{1,24}\d{0,5}|\d{1,20}")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: *place* is a file, or an environment variable; *line* 0 is the place as a whole."""

    place: str
    line: int
    path: Path
    message: str

    def __str__(self) -> str:
        """As `file:line path: message`."""
        place = f"{self.place}:{self.line}" if self.line else self.place
        path = "".join(f"[{key}]" if isinstance(key, int) else f".{shown(key)}" for key in self.path).lstrip(".")
        return printable(f"{place} {path}: {self.message}" if path else f"{place}: {self.message}")


def refuse(mistakes: Iterable[Mistake]) -> ConfigError:
    """The error that lists *mistakes*, a file's in the order of their lines."""
    ordered = sorted(mistakes, key=lambda mistake: (mistake.place, mistake.line))
    return ConfigError("\n".join(str(mistake) for mistake in ordered))


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The one of *known* that *word* was probably meant to be."""
    spelled = {name.lower(): name for name in known}
    return next((spelled[name] for name in get_close_matches(word[:_LONGEST_WORD].lower(), spelled, n=1)), None)


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint that names the nearest of *known*, or all of them."""
    near = nearest(word, known)
    return f"did you mean {near!r}?" if near else f"allowed are {', '.join(known)}"


def unknown(word: object, known: Sequence[str], *, what: str = "is unknown") -> str:
    """What is said of *word*, None for a missing one, where *known* are allowed; repeats it if it is nearly one."""
    if word is None:
        return f"is missing; {did_you_mean('', known)}"
    hint = did_you_mean(str(word), known)
    return f"{quoted(word)} {what}; {hint}" if nearest(str(word), known) else f"{what}; {hint}"


def quoted(value: object) -> str:
    """*value* as a message may repeat it, in quotes."""
    return repr(shown(str(value)))


def shown(word: str) -> str:
    """*word* as a message may repeat it: short, with `…` for what could be a secret."""
    word = _GLUED.sub("…", word[:_LONGEST_WORD])
    return "…" if any(not _WORD.fullmatch(run) for run in _RUN.findall(word)) else word


def printable(text: str) -> str:
    """*text* with control characters escaped, so that none reaches a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)
