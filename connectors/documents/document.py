"""A YAML file as plain data that remembers the line each value stands on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from connectors.documents import mistakes
from connectors.documents.mistakes import Mistake, refuse

__all__ = ["Document", "read_document"]

_MAX_DEPTH = 20

# libyaml parses ten times faster; PyYAML's wheels have it.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Document:
    """Data of one file, and the line of every key and item by its path."""

    name: str
    data: dict[str, Any]
    lines: dict[mistakes.Path, int] = field(default_factory=dict)

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of *path*, or of its nearest ancestor that the file has."""
        ancestors = (tuple(path[:length]) for length in range(len(path), -1, -1))
        return next((self.lines[place] for place in ancestors if place in self.lines), 1)


def read_document(path: Path, *, root: str, max_bytes: int) -> Document:
    """The file at *path*; anchors, aliases, tags and repeated keys are refused.

    Args:
        path: of the file.
        root: what is said of a file that holds no mapping, such as "must be a mapping with a `types:` section".
        max_bytes: that it may have.

    Raises:
        ConfigError: it cannot be read, is too large, or is no YAML mapping.
    """
    name = path.name
    text = _text(path, max_bytes)
    try:
        _check_events(name, text)
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        raise refuse([Mistake(name, line, (), _problem(error))]) from None
    if not isinstance(node, yaml.MappingNode):
        raise refuse([Mistake(name, 1, (), root)])
    reader = _Reader(name)
    data = reader.plain(node, ())
    if reader.mistakes:
        raise refuse(reader.mistakes)
    return Document(name, data, reader.lines)


def _problem(error: yaml.MarkedYAMLError) -> str:
    """What is wrong, without the tag's name that PyYAML's own parser adds: it may be part of a secret."""
    return (error.problem or "is not YAML").partition(" '!")[0]


def _text(path: Path, max_bytes: int) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(max_bytes + 1)
    except OSError as error:
        raise refuse([Mistake(path.name, 0, (), f"cannot be read: {error.strerror}")]) from None
    if len(raw) > max_bytes:
        line = raw.count(b"\n", 0, max_bytes) + 1
        raise refuse([Mistake(path.name, line, (), f"is larger than {max_bytes} bytes")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise refuse([Mistake(path.name, line, (), "is not UTF-8 text")]) from None
    control = _CONTROL.search(text)
    if control is not None:
        line = text.count("\n", 0, control.start()) + 1
        raise refuse([Mistake(path.name, line, (), f"holds the control character {control[0]!a}")])
    return text


def _check_events(name: str, text: str) -> None:
    """Refuse, before a tree is built, what could make it large or deep, or something else than plain data."""
    found: list[Mistake] = []
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1 if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            found.append(Mistake(name, line, (), "anchors and aliases are not read: write the value out"))
        if getattr(event, "tag", None):
            found.append(Mistake(name, line, (), "tags are not read: write the value without its tag"))
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _MAX_DEPTH:
            found.append(Mistake(name, line, (), f"is nested deeper than {_MAX_DEPTH} levels"))
            break
    if found:
        raise refuse(found)


class _Reader:
    """Turns nodes into plain values and notes their lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[mistakes.Path, int] = {}
        self.mistakes: list[Mistake] = []
        self._constructor = yaml.constructor.SafeConstructor()

    def plain(self, node: yaml.Node, path: mistakes.Path) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, index)) for index, item in enumerate(node.value)]
        try:
            return self._constructor.construct_object(node)
        except (ValueError, yaml.YAMLError):
            self.mistakes.append(Mistake(self.name, line, path, "is no plain value; put it in quotes if it is text"))
            return None

    def _mapping(self, node: yaml.MappingNode, path: mistakes.Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                self.mistakes.append(Mistake(self.name, line, path, "has a key that is no text"))
                continue
            key: str = key_node.value
            if key in found:
                self.mistakes.append(Mistake(self.name, line, (*path, key), "stands twice"))
            self.lines[*path, key] = line
            found[key] = self.plain(value_node, (*path, key))
        return found
