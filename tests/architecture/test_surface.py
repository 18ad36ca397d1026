"""What a reader and a type checker are told: annotations, docstrings, `__all__`, and imports at the top."""

import ast
from collections.abc import Iterable, Iterator

from tests.architecture.tree import Function, Module, module_of, product, told


def bare_signatures(modules: Iterable[Module]) -> list[str]:
    """Functions with a parameter or a result that has no annotation."""
    return [
        f"{module.place(node)} {node.name}"
        for module in modules
        for node in module.functions()
        if node.returns is None or any(item.annotation is None for item in parameters(node))
    ]


def parameters(node: Function) -> Iterator[ast.arg]:
    """Every parameter but `self` and `cls`."""
    found = node.args
    named = (*found.posonlyargs, *found.args, *found.kwonlyargs, found.vararg, found.kwarg)
    return (item for item in named if item is not None and item.arg not in {"self", "cls"})


def undocumented(modules: Iterable[Module]) -> list[str]:
    """Modules, public classes, and public functions and methods of them, without a docstring."""
    found: list[str] = []
    for module in modules:
        if not ast.get_docstring(module.syntax):
            found.append(f"{module.path}:1")
        found += [f"{module.place(node)} {node.name}" for node in public(module.syntax) if not ast.get_docstring(node)]
    return found


def public(scope: ast.Module | ast.ClassDef) -> Iterator[Function | ast.ClassDef]:
    """Public definitions of *scope* and of its public classes; a property's setter is told of by the property."""
    for node in scope.body:
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) or node.name.startswith("_"):
            continue
        if not any(isinstance(item, ast.Attribute) and item.attr == "setter" for item in node.decorator_list):
            yield node
        if isinstance(node, ast.ClassDef):
            yield from public(node)


def without_all(modules: Iterable[Module]) -> list[str]:
    """Modules that do not say what they give; a lone docstring gives nothing, and `__main__.py` is run."""
    return [
        str(module.path)
        for module in modules
        if len(module.syntax.body) > 1
        and module.path.name != "__main__.py"
        and not any(is_all(node) for node in module.syntax.body)
    ]


def is_all(node: ast.stmt) -> bool:
    """Whether *node* assigns `__all__`."""
    return isinstance(node, ast.Assign) and any(isinstance(to, ast.Name) and to.id == "__all__" for to in node.targets)


def late_imports(modules: Iterable[Module]) -> list[str]:
    """Imports inside functions; the command line alone may put off what is slow to import."""
    return sorted(
        {
            module.place(inner)
            for module in modules
            if not module.name.startswith("gateway.cli")
            for node in module.functions()
            for inner in ast.walk(node)
            if isinstance(inner, (ast.Import, ast.ImportFrom))
        }
    )


def relative_imports(modules: Iterable[Module]) -> list[str]:
    """Imports that do not say the whole name."""
    return [
        module.place(node)
        for module in modules
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.ImportFrom) and node.level
    ]


def test_every_signature_is_annotated() -> None:
    """Public or private, a function says what it takes and gives."""
    found = bare_signatures(product())

    assert not found, told(found)


def test_everything_public_is_documented() -> None:
    """A module, a public class and a public function say what they are for."""
    found = undocumented(product())

    assert not found, told(found)


def test_every_module_says_what_it_gives() -> None:
    """A module has `__all__`."""
    found = without_all(product())

    assert not found, told(found)


def test_imports_stand_at_the_top() -> None:
    """What a module needs is seen in its first lines."""
    found = late_imports(product())

    assert not found, told(found)


def test_imports_say_the_whole_name() -> None:
    """No import is relative."""
    found = relative_imports(product())

    assert not found, told(found)


def test_bare_signatures_are_seen() -> None:
    """A missing result, parameter or keyword is found; a whole signature and `self` are not."""
    text = (
        "class C:\n"
        "    def whole(self, a: int, *rest: int, b: int = 1, **more: int) -> int: ...\n"
        "    def no_result(self, a: int): ...\n"
        "    def no_type(self, a) -> int: ...\n"
        "async def no_keyword(*, b=1) -> int: ...\n"
        "def no_rest(*rest) -> int: ...\n"
    )

    found = [line.split()[1] for line in bare_signatures([module_of(text)])]

    assert found == ["no_keyword", "no_rest", "no_result", "no_type"]


def test_missing_docstrings_are_seen() -> None:
    """Modules, classes, methods and functions are found; private ones and setters are not."""
    text = (
        "class C:\n    def method(self): ...\ndef function(): ...\ndef _private(): ...\nclass _P:\n    def m(self): ..."
    )

    found = undocumented([module_of(text)])

    assert found == [
        "model/example.py:1",
        "model/example.py:1 C",
        "model/example.py:2 method",
        "model/example.py:3 function",
    ]


def test_missing_all_is_seen() -> None:
    """A module with code needs it; a package page with a docstring alone does not."""
    modules = [
        module_of('"""D."""\nimport re\n', "model/a.py"),
        module_of('"""D."""\n__all__ = []\n', "model/b.py"),
        module_of('"""D."""\n', "model/__init__.py"),
        module_of('"""D."""\nrun()\n', "model/__main__.py"),
    ]

    assert without_all(modules) == ["model/a.py"]


def test_late_imports_are_seen() -> None:
    """Imports in functions and methods are found, except in the command line."""
    text = "import re\nclass C:\n    def f(self):\n        if re:\n            from json import loads\n"

    assert late_imports([module_of(text)]) == ["model/example.py:5"]
    assert late_imports([module_of(text, "gateway/cli/demo.py")]) == []


def test_relative_imports_are_seen() -> None:
    """One dot is enough."""
    assert relative_imports([module_of("from .a import b\nfrom model import a\n")]) == ["model/example.py:1"]
