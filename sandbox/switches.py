"""An emulator's options, checked: dataclasses of whole numbers, numbers, texts, truths and closed words."""

import difflib
from collections.abc import Mapping
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

__all__ = ["switched"]

T = TypeVar("T")

_ALLOWED: Mapping[Any, tuple[type, ...]] = {bool: (bool,), int: (int,), float: (int, float), str: (str,)}
_TOLD: Mapping[Any, str] = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}


def switched(options: type[T], given: Mapping[str, str | int | float | bool], *, emulator: str) -> T:
    """*options* with the *given* switches in place of its defaults.

    Raises:
        ValueError: unknown name, or a value that the switch does not take; numbers are 0 or more.
    """
    kinds = get_type_hints(options)
    for name, value in given.items():
        if name not in kinds:
            close = difflib.get_close_matches(name, kinds, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(kinds)}"
            raise ValueError(f"{emulator} emulator: unknown option {name!r}; {hint}")
        wanted = _wanted(value, kinds[name])
        if wanted is not None:
            raise ValueError(f"{emulator} emulator: option {name} takes {wanted}, got {value!r}")
    return options(**given)


def _wanted(value: object, kind: Any) -> str | None:
    """What the switch takes instead of *value*; None where it takes it."""
    if get_origin(kind) is Literal:
        return None if value in get_args(kind) else " or ".join(get_args(kind))
    if not isinstance(value, _ALLOWED[kind]) or (isinstance(value, bool) and kind is not bool):
        return _TOLD[kind]
    return "0 or more" if isinstance(value, int | float) and value < 0 else None
