"""The working tree as the checks see it: parsed modules of the product and of its tests, and every text file."""

import ast
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

__all__ = ["PRODUCT", "ROOT", "Function", "Module", "module_of", "modules_of_tests", "product", "told", "tracked_files"]

ROOT = Path(__file__).parents[2]
PRODUCT = ("gateway", "schema", "resolvers", "connectors", "model", "sandbox")
_LEFT_OUT = {"node_modules", "__pycache__"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file; *path* is relative to the repository."""

    path: Path
    text: str

    @cached_property
    def syntax(self) -> ast.Module:
        """The syntax tree."""
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        """As it is imported."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def functions(self) -> Iterator[Function]:
        """Every function, methods and nested ones included."""
        return (node for node in ast.walk(self.syntax) if isinstance(node, Function))

    def place(self, node: ast.stmt | ast.expr) -> str:
        """Where *node* stands, as editors and terminals link it."""
        return f"{self.path}:{node.lineno}"


def module_of(text: str, path: str = "model/example.py") -> Module:
    """A module that is not in the tree, to show to a check."""
    return Module(Path(path), text)


def told(offenders: Iterable[str]) -> str:
    """*offenders* as the message of a failed assertion, one a line."""
    return "\n".join(["these break the rule:", *offenders])


def _modules(folders: Iterable[str]) -> tuple[Module, ...]:
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*.py")))
    return tuple(
        Module(path.relative_to(ROOT), path.read_text(encoding="utf-8"))
        for path in paths
        if not _LEFT_OUT.intersection(path.parts)
    )


@cache
def product() -> tuple[Module, ...]:
    """Every module of the product."""
    return _modules(PRODUCT)


@cache
def modules_of_tests() -> tuple[Module, ...]:
    """Every module of the tests."""
    return _modules(["tests"])


@cache
def tracked_files() -> tuple[Path, ...]:
    """Every file that git tracks or would add, relative to the repository."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return tuple(
        path for name in sorted(set(listed.split("\0")) - {""}) if (path := Path(name)) and (ROOT / path).is_file()
    )
