"""What is wrong with a config: every mistake at once, each with its place and a hint."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from model.errors import ConfigError

__all__ = ["Mistake", "did_you_mean", "refuse"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake: *line* 0 is the file as a whole, *path* the keys that lead to the value."""

    file: str
    line: int
    path: tuple[str | int, ...]
    message: str

    def __str__(self) -> str:
        """As `file:line path: message`."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        path = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in self.path).lstrip(".")
        return f"{place} {path}: {self.message}" if path else f"{place}: {self.message}"


def refuse(mistakes: Iterable[Mistake]) -> ConfigError:
    """The error that lists *mistakes* in the order of their lines."""
    ordered = sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line))
    return ConfigError("\n".join(str(mistake) for mistake in ordered))


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """A hint that names the nearest of *known*, or all of them."""
    near = get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"allowed are {', '.join(known)}"
