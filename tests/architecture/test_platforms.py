"""A platform lives in its own folders: no shared module's code names one."""

import ast
from collections.abc import Iterator

from tests.architecture.tree import ROOT, Module, module_of, product, told

__all__: list[str] = []


def platform_keys() -> list[str]:
    """The folders of connectors that say what they are in a manifest."""
    return sorted(path.parent.name for path in (ROOT / "connectors").glob("*/manifest.yaml"))


def shared(modules: tuple[Module, ...]) -> list[Module]:
    """Modules outside the folders of single platforms."""
    keys = set(platform_keys())
    return [module for module in modules if not keys.intersection(module.path.parts)]


def words(module: Module) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Names, attributes, imports and texts of the code; docstrings speak to people and are left out."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module.syntax):
        match node:
            case ast.Name(id=text) | ast.Attribute(attr=text):
                yield node, text
            case ast.Constant(value=str(text)) if id(node) not in docstrings:
                yield node, text
            case ast.ImportFrom(module=text) if text:
                yield node, text
            case ast.Import(names=names):
                yield node, " ".join(name.name for name in names)


def naming_platforms(modules: list[Module], keys: list[str]) -> list[str]:
    """Places whose code holds a platform's key."""
    return [
        f"{module.place(node)} {text[:60]!r}"
        for module in modules
        for node, text in words(module)
        if any(key in text.lower() for key in keys)
    ]


def test_there_are_platforms_to_look_for() -> None:
    """Without keys the next check would pass over anything."""
    assert {"hubspot", "salesforce"} <= set(platform_keys())


def test_no_shared_module_names_a_platform() -> None:
    """Adding or removing a CRM edits no shared file."""
    found = naming_platforms(shared(product()), platform_keys())

    assert not found, told(found)


def test_the_check_finds_a_platforms_name() -> None:
    """An import, a comparison and an attribute are each found, a docstring is not."""
    module = module_of(
        '"""Not hubspot."""\nfrom connectors.hubspot import x\nif key == "salesforce":\n    a.hubspot_only()\n'
    )

    assert len(naming_platforms([module], ["hubspot", "salesforce"])) == 3
