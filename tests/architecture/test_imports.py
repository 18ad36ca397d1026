"""Floors: imports go down, nobody imports in a circle, and a CRM knows no other CRM."""

import sys
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest
from grimp import ImportGraph, build_graph
from importlinter.cli import lint_imports

from tests.architecture.tree import PRODUCT, ROOT, told

VENDOR_PARENTS = ("connectors", "sandbox")


@cache
def imports() -> ImportGraph:
    """Every import of the product at run time; other packages as single modules."""
    first, *others = PRODUCT
    return build_graph(
        first, *others, include_external_packages=True, exclude_type_checking_imports=True, cache_dir=None
    )


def graph_of(*pairs: tuple[str, str]) -> ImportGraph:
    """A graph of importer and imported that is not in the tree."""
    graph = ImportGraph()
    for importer, imported in pairs:
        graph.add_import(importer=importer, imported=imported)
    return graph


def a_circle(graph: ImportGraph) -> list[str]:
    """The modules of one import cycle, empty where there is none."""
    needed = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def foreign_imports(graph: ImportGraph) -> list[str]:
    """What the vocabulary imports beyond itself and the standard library."""
    return sorted(
        f"{module} imports {imported}"
        for module in graph.modules
        if module.partition(".")[0] == "model"
        for imported in graph.find_modules_directly_imported_by(module)
        if imported.partition(".")[0] not in {"model", *sys.stdlib_module_names}
    )


def acquaintances(graph: ImportGraph, vendors: set[str]) -> list[str]:
    """Imports from one vendor's package into another's, or into one from the floor's shared modules."""
    owner = {module: vendor for vendor in vendors for module in graph.modules if f"{module}.".startswith(f"{vendor}.")}
    return sorted(
        f"{module} imports {imported}"
        for module in graph.modules
        if module.startswith(VENDOR_PARENTS)
        for imported in graph.find_modules_directly_imported_by(module)
        if imported in owner and owner.get(module) != owner[imported]
    )


def vendor_packages(root: Path) -> set[str]:
    """Packages that speak to one CRM, or play one: those in `connectors/` with a manifest, and emulators."""
    keys = {manifest.parent.name for manifest in (root / "connectors").glob("*/manifest.yaml")}
    keys |= {page.parent.name for page in (root / "sandbox").glob("*/__init__.py") if "EMULATOR = " in page.read_text()}
    return {f"{parent}.{key}" for parent in VENDOR_PARENTS for key in keys}


def test_contracts_hold(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Every import contract of pyproject.toml is kept."""
    monkeypatch.syspath_prepend(str(ROOT))

    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert status == 0, capsys.readouterr().out


def test_nobody_imports_in_a_circle() -> None:
    """At run time the modules can be put in an order in which each needs only earlier ones."""
    found = a_circle(imports())

    assert not found, told(found)


def test_vocabulary_needs_nothing() -> None:
    """`model` imports the standard library alone."""
    found = foreign_imports(imports())

    assert not found, told(found)


def test_a_crm_knows_no_other_crm() -> None:
    """Nothing in `connectors` or `sandbox` imports a vendor's package but that package itself."""
    vendors = vendor_packages(ROOT)

    found = acquaintances(imports(), vendors)

    assert {"connectors.hubspot", "connectors.salesforce"} <= vendors
    assert not found, told(found)


def test_broken_contracts_are_seen(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The linter refuses an import that a contract forbids, and names it."""
    monkeypatch.syspath_prepend(str(ROOT))
    config = tmp_path / "contracts.toml"
    config.write_text(
        '[tool.importlinter]\nroot_packages = ["model", "resolvers"]\n'
        '[[tool.importlinter.contracts]]\nname = "Turned upside down"\n'
        'type = "layers"\nlayers = ["model", "resolvers"]\n'
    )

    status = lint_imports(config_filename=str(config), no_cache=True, no_logo=True)

    assert status == 1
    assert "Turned upside down BROKEN" in capsys.readouterr().out


def test_circles_are_seen() -> None:
    """A circle of three modules is found; a diamond is none."""
    assert set(a_circle(graph_of(("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")))) == {"a", "b", "c"}
    assert a_circle(graph_of(("a", "b"), ("a", "c"), ("b", "d"), ("c", "d"))) == []


def test_foreign_imports_are_seen() -> None:
    """A library is found; the standard library and the vocabulary itself are not."""
    graph = graph_of(("model.a", "pydantic"), ("model.a", "json"), ("model.a", "model.b"), ("schema.a", "strawberry"))

    assert foreign_imports(graph) == ["model.a imports pydantic"]


def test_acquaintances_are_seen() -> None:
    """One CRM in another is found, and one in the shared modules; shared modules in a CRM are not."""
    graph = graph_of(
        ("connectors.one.a", "connectors.two.b"),
        ("connectors.one.a", "connectors.one.b"),
        ("connectors.one.a", "connectors.http"),
        ("connectors.registry", "connectors.two"),
    )
    graph.add_module("connectors.oneself")

    assert acquaintances(graph, {"connectors.one", "connectors.two"}) == [
        "connectors.one.a imports connectors.two.b",
        "connectors.registry imports connectors.two",
    ]
