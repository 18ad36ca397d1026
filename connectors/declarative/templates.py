"""Templates of a connector file: `$name` or `${name}` in texts, wherever they stand in plain data; `$$` is a dollar."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

__all__ = ["fill", "names_in"]

_NAME = re.compile(r"\$(?:(\$)|([A-Za-z_]+)|\{([A-Za-z_]+)\})")


def fill(template: Any, words: Mapping[str, Any]) -> Any:
    """*template* with *words* in it; None, for the caller to leave out, where a word it needs is None or not there.

    A text that is one name alone becomes the word itself, whatever that is; inside other texts, and in keys, words are
    written as text. Keys with dots become objects in objects. Mappings and lists lose what comes to nothing.
    """
    match template:
        case str():
            return _text(template, words)
        case Mapping():
            filled: dict[str, Any] = {}
            for key, item in template.items():
                name, value = _text(str(key), words), fill(item, words)
                if name is not None and (value is not None or item is None):
                    _put(filled, str(name), value)
            return filled
        case list() | tuple():
            filled_items = [(item, fill(item, words)) for item in template]
            return [value for item, value in filled_items if value is not None or item is None]
        case _:
            return template


def names_in(template: Any) -> Iterator[str]:
    """Every name that *template* has, as often as it stands there."""
    match template:
        case str():
            yield from (name for found in _NAME.finditer(template) if (name := _name(found)) is not None)
        case Mapping():
            for key, item in template.items():
                yield from names_in(str(key))
                yield from names_in(item)
        case list() | tuple():
            for item in template:
                yield from names_in(item)
        case _:
            return


def _name(found: re.Match[str]) -> str | None:
    return found[2] or found[3]


def _text(template: str, words: Mapping[str, Any]) -> Any:
    whole = _NAME.fullmatch(template)
    if whole is not None and (name := _name(whole)) is not None:
        return words.get(name)
    if any(words.get(name) is None for name in names_in(template)):
        return None
    return _NAME.sub(lambda found: "$" if (name := _name(found)) is None else str(words[name]), template)


def _put(filled: dict[str, Any], name: str, value: Any) -> None:
    *outer, last = name.split(".")
    for part in outer:
        filled = filled.setdefault(part, {})
    held = filled.get(last)
    filled[last] = {**held, **value} if isinstance(held, dict) and isinstance(value, dict) else value
