"""What a story may say about an answer: a part of its JSON, and checks at paths.

A path is names joined by dots, `*` for every item of a list, a number for one.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

__all__ = ["at", "check", "differences", "filled"]

ABSENT = object()
"""Stands where a path leads nowhere."""


def at(body: Any, path: str) -> Any:
    """The value at *path*; a list of values where *path* has a `*`; ABSENT where it leads nowhere."""
    values, is_many = [body], False
    for name in path.split("."):
        if name == "*":
            is_many = True
            values = [item for value in values if isinstance(value, list) for item in value]
        else:
            values = [_step(value, name) for value in values]
    return values if is_many else values[0]


def _step(value: Any, name: str) -> Any:
    if isinstance(value, list) and name.isdecimal():
        return value[int(name)] if int(name) < len(value) else ABSENT
    return value.get(name, ABSENT) if isinstance(value, Mapping) else ABSENT


def differences(expected: Any, actual: Any, path: str = "") -> list[str]:
    """Where *actual* lacks what *expected* says: objects may hold more, lists and values may not differ."""
    if isinstance(expected, Mapping) and isinstance(actual, Mapping):
        return [
            told
            for name, value in expected.items()
            for told in differences(value, actual.get(name, ABSENT), f"{path}.{name}".lstrip("."))
        ]
    if isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        pairs = enumerate(zip(expected, actual, strict=True))
        return [told for index, (one, other) in pairs for told in differences(one, other, f"{path}.{index}")]
    if expected == "<any>" and actual is not ABSENT:
        return []
    return [] if expected == actual else [f"{path}: expected {expected!r}, got {_told(actual)}"]


def filled(value: Any, kept: Mapping[str, Any]) -> Any:
    """*value* with what was kept in place of texts such as "<after>"."""
    if isinstance(value, Mapping):
        return {name: filled(item, kept) for name, item in value.items()}
    if isinstance(value, list):
        return [filled(item, kept) for item in value]
    if isinstance(value, str) and value.startswith("<") and value[1:-1] in kept:
        return kept[value[1:-1]]
    return value


def check(body: Any, path: str, said: str, kept: dict[str, Any]) -> str | None:
    """What is wrong with *said* at *path*, None where it holds; a value may be *kept* for later steps."""
    value = at(body, path)
    for pattern, holds in _CHECKS:
        found = re.fullmatch(pattern, said, flags=re.DOTALL)
        if found is not None:
            words = [kept.get(word[1:-1], word) if word.startswith("<") else word for word in found.groups()]
            return None if holds(value, words) else f"{path}: expected {said}, got {_told(value)}"
    keep = re.fullmatch(r"keep as (\w+)", said)
    if keep is None:
        raise ValueError(f"{path}: the check {said!r} is unknown")
    if value is ABSENT or value is None:
        return f"{path}: expected something to keep, got {_told(value)}"
    kept[keep[1]] = value
    return None


def _told(value: Any) -> str:
    text = "nothing" if value is ABSENT else repr(value)
    return text if len(text) <= 400 else text[:400] + "…"


def _plain(word: str) -> Any:
    """*word* as JSON has it, or as text."""
    known = {"true": True, "false": False, "null": None}
    return known[word] if word in known else int(word) if re.fullmatch(r"-?\d+", word) else word


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_sorted(values: list[Any], *, is_descending: bool) -> bool:
    """Whether *values* are in order, null ones last either way."""
    filled_ones = [value for value in values if value is not None]
    if values[: len(filled_ones)] != filled_ones:
        return False
    pairs = pairwise([_comparable(value) for value in filled_ones])
    return all(b <= a if is_descending else a <= b for a, b in pairs)


def _comparable(value: Any) -> Any:
    return datetime.fromisoformat(value) if isinstance(value, str) and re.match(r"\d{4}-\d\d-\d\dT", value) else value


def _each(value: Any, holds: Callable[[Any], bool]) -> bool:
    return bool(_listed(value)) and all(map(holds, value))


_CHECKS: tuple[tuple[str, Callable[[Any, list[Any]], bool]], ...] = (
    ("absent", lambda value, _: value is ABSENT),
    ("present", lambda value, _: value is not ABSENT and value is not None),
    (r"(\d+) items?", lambda value, words: isinstance(value, list) and len(value) == int(words[0])),
    (r"at least (\d+) items?", lambda value, words: isinstance(value, list) and len(value) >= int(words[0])),
    ("ascending", lambda value, _: bool(_listed(value)) and _is_sorted(value, is_descending=False)),
    ("descending", lambda value, _: bool(_listed(value)) and _is_sorted(value, is_descending=True)),
    ("distinct", lambda value, _: bool(_listed(value)) and len(set(value)) == len(value)),
    ("each present", lambda value, _: _each(value, lambda item: item is not None and item is not ABSENT)),
    ("some present", lambda value, _: any(item is not None and item is not ABSENT for item in _listed(value))),
    ("some null", lambda value, _: None in _listed(value)),
    ("each of (.+)", lambda value, words: _each(value, lambda item: item in words[0].split(", "))),
    ("each contains (.+)", lambda value, words: _each(value, lambda item: words[0].casefold() in item.casefold())),
    ("each is (.+)", lambda value, words: _each(value, lambda item: item == _plain(str(words[0])))),
    ("some is (.+)", lambda value, words: _plain(str(words[0])) in _listed(value)),
    ("none is (.+)", lambda value, words: isinstance(value, list) and _plain(str(words[0])) not in value),
    ("contains (.+)", lambda value, words: isinstance(value, str) and words[0] in value),
    ("is not (.+)", lambda value, words: value is not ABSENT and value != _plain(str(words[0]))),
    ("is (.+)", lambda value, words: value == _plain(str(words[0]))),
)
