"""A YAML file as plain data that remembers the line each value stands on."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from gateway.config.mistakes import Mistake, refuse

__all__ = ["Document", "read_document"]

# A config of a thousand sources stays far below this; YAML bombs and dumps do not.
_MAX_BYTES = 1_000_000
_MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Document:
    """Data of one file, and the line of every key and item by its path."""

    name: str
    data: dict[str, Any]
    lines: dict[tuple[str | int, ...], int] = field(default_factory=dict)

    def line_of(self, path: Sequence[str | int]) -> int:
        """The line of *path*, or of its nearest ancestor that the file has."""
        for length in range(len(path), -1, -1):
            line = self.lines.get(tuple(path[:length]))
            if line is not None:
                return line
        return 1


def read_document(path: Path) -> Document:
    """The file at *path*; anchors, aliases, tags and repeated keys are refused.

    Raises:
        ConfigError: it cannot be read, is too large, or is no YAML mapping.
    """
    name = path.name
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise refuse([Mistake(name, 0, (), f"cannot be read: {error.strerror}")]) from None
    if len(raw) > _MAX_BYTES:
        raise refuse([Mistake(name, 0, (), f"is {len(raw)} bytes; at most {_MAX_BYTES} are read")])
    try:
        text = raw.decode()
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise refuse(
                    [
                        Mistake(
                            name,
                            event.start_mark.line + 1 if event.start_mark else 0,
                            (),
                            "anchors and aliases are not read",
                        )
                    ]
                )
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except UnicodeDecodeError:
        raise refuse([Mistake(name, 0, (), "is not UTF-8 text")]) from None
    except RecursionError:
        raise refuse([Mistake(name, 0, (), f"is nested deeper than {_MAX_DEPTH} levels")]) from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "is not YAML"
        raise refuse([Mistake(name, mark.line + 1 if mark else 0, (), problem)]) from None
    if not isinstance(node, yaml.MappingNode):
        raise refuse([Mistake(name, 1, (), "must be a mapping with a `sources:` list")])
    reader = _Reader(name)
    data = reader.plain(node, ())
    if reader.mistakes:
        raise refuse(reader.mistakes)
    return Document(name, data, reader.lines)


class _Reader:
    """Turns nodes into plain values and notes their lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.mistakes: list[Mistake] = []
        self._constructor = yaml.constructor.SafeConstructor()

    def plain(self, node: yaml.Node, path: tuple[str | int, ...]) -> Any:
        line = node.start_mark.line + 1
        self.lines.setdefault(path, line)
        if len(path) > _MAX_DEPTH:
            self.mistakes.append(Mistake(self.name, line, path[:4], f"is nested deeper than {_MAX_DEPTH} levels"))
            return None
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.plain(item, (*path, index)) for index, item in enumerate(node.value)]
        try:
            return self._constructor.construct_object(node)
        except (yaml.YAMLError, ValueError):
            self.mistakes.append(Mistake(self.name, line, path, f"has a value that is no plain {node.tag}"))
            return None

    def _mapping(self, node: yaml.MappingNode, path: tuple[str | int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(getattr(key_node, "value", ""))
            line = key_node.start_mark.line + 1
            if key in found:
                self.mistakes.append(Mistake(self.name, line, (*path, key), "stands twice"))
            self.lines[*path, key] = line
            found[key] = self.plain(value_node, (*path, key))
        return found
