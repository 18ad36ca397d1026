"""GraphQL documents: one root with its arguments as variables, and what is selected of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.declarative.templates import fill

__all__ = ["document"]


def document(
    root: str, arguments: Mapping[str, tuple[str, str]], paths: Iterable[str], words: Mapping[str, Any]
) -> tuple[str, Mapping[str, Any]]:
    """The text and the variables of a query; values stand in variables alone.

    Args:
        root: name of the root field.
        arguments: by name, the template of the value and that of its type; those without a value are left out.
        paths: what is selected below the root.
        words: for the templates.
    """
    values = {name: value for name, (template, _) in arguments.items() if (value := fill(template, words)) is not None}
    types = {name: fill(arguments[name][1], words) for name in values}
    head = f"query({', '.join(f'${name}: {types[name]}' for name in values)})" if values else "query"
    given = f"({', '.join(f'{name}: ${name}' for name in values)})" if values else ""
    return f"{head} {{ {root}{given} {_selection(paths)} }}", values


def _selection(paths: Iterable[str]) -> str:
    tree: dict[str, Any] = {}
    for path in paths:
        inner = tree
        for part in path.split("."):
            if not part.isdecimal():
                inner = inner.setdefault(part, {})
    return _braced(tree)


def _braced(tree: Mapping[str, Any]) -> str:
    return f"{{ {' '.join(f'{name} {_braced(inner)}' if inner else name for name, inner in tree.items())} }}"
