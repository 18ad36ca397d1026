"""What is wrong with a config: every mistake at once, each with its place and a hint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from model.errors import ConfigError

__all__ = ["Mistake", "Path", "did_you_mean", "printable", "quoted", "refuse"]

Path = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""

_MAX_QUOTED = 64


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
        keys = (f"[{key}]" if isinstance(key, int) else f".{key[:_MAX_QUOTED]}" for key in self.path)
        path = "".join(keys).lstrip(".")
        return printable(f"{place} {path}: {self.message}" if path else f"{place}: {self.message}")


def refuse(mistakes: Iterable[Mistake]) -> ConfigError:
    """The error that lists *mistakes*, a file's in the order of their lines."""
    ordered = sorted(mistakes, key=lambda mistake: (mistake.place, mistake.line))
    return ConfigError("\n".join(str(mistake) for mistake in ordered))


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint that names the nearest of *known*, or all of them."""
    near = get_close_matches(word[:_MAX_QUOTED], known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"allowed are {', '.join(known)}"


def quoted(value: object) -> str:
    """*value* as a message may repeat it: short, in quotes."""
    return repr(str(value)[:_MAX_QUOTED])


def printable(text: str) -> str:
    """*text* with control characters escaped, so that none reaches a terminal."""
    return "".join(char if char.isprintable() or char == "\n" else ascii(char)[1:-1] for char in text)
