"""The environment: the product's names are its own, it declares what it imports, and one library stays out."""

import re
import sys
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture.test_imports import imports
from tests.architecture.tree import PRODUCT, ROOT, told

# Chosen by name at run time, or by the interpreter: nothing imports them.
NEVER_IMPORTED = {"aiosqlite", "httptools", "psycopg", "tzdata", "uvloop"}


def other_owners(owners: Mapping[str, Sequence[str]]) -> list[str]:
    """Installed distributions, other than ours, that bring a package with one of our names."""
    return [
        f"{name} is also in {owner}"
        for name in PRODUCT
        for owner in sorted(set(owners.get(name, ())))
        if owner != "crm-gateway"
    ]


@cache
def imported() -> set[str]:
    """Distributions that the product imports from, beyond the standard library and itself."""
    graph, owners = imports(), packages_distributions()
    tops = {module.partition(".")[0] for module in graph.modules} - {*PRODUCT, *sys.stdlib_module_names}
    return {plain(owners[top][0]) for top in tops}


@cache
def declared() -> set[str]:
    """Distributions that the product depends on, by pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return {plain(item) for item in project["project"]["dependencies"]}


def plain(requirement: str) -> str:
    """The name in *requirement* as indexes compare names."""
    name = re.split(r"[^A-Za-z0-9_.-]", requirement, maxsplit=1)[0]
    return re.sub(r"[-_.]+", "-", name).lower()


def mismatches(declared: Iterable[str], imported: Iterable[str]) -> list[str]:
    """Dependencies that nobody imports, and imports that nobody declares."""
    unused = set(declared) - set(imported) - NEVER_IMPORTED
    undeclared = set(imported) - set(declared)
    return [f"{name} is not imported" for name in sorted(unused)] + [
        f"{name} is not declared" for name in sorted(undeclared)
    ]


def origin(package: str) -> Path | None:
    """The folder that *package* is imported from."""
    found = find_spec(package)
    return Path(found.origin).parent if found is not None and found.origin is not None else None


def test_package_names_are_ours_alone() -> None:
    """PyPI has other packages called `schema` and `connectors`; none of them is installed."""
    found = other_owners(packages_distributions())

    assert not found, told(found)


@pytest.mark.parametrize("package", PRODUCT)
def test_package_is_imported_from_here(package: str) -> None:
    """Each name leads to this working tree."""
    assert origin(package) == ROOT / package


def test_httpx2_stays_out() -> None:
    """Beside httpx2, Authlib would build its OAuth client on it and refuse httpx transports."""
    assert find_spec("httpx2") is None
    with pytest.raises(PackageNotFoundError):
        version("httpx2")


def test_what_is_imported_is_declared() -> None:
    """The product imports each of its dependencies, and nothing that only another one brings."""
    found = mismatches(declared(), imported())

    assert not found, told(found)


def test_mismatches_are_seen() -> None:
    """A dependency too many and one too few are named; what is chosen by name need not be imported."""
    found = mismatches({"httpx", "stale", "uvloop"}, {"httpx", "sneaked-in"})

    assert found == ["stale is not imported", "sneaked-in is not declared"]
    assert {plain("PyYAML>=6"), plain("a_b.c; python_version < '4'")} == {"pyyaml", "a-b-c"}


def test_other_owners_are_seen() -> None:
    """A second distribution with one of our names is found; our own is not."""
    owners = {"schema": ["crm-gateway", "schema"], "gateway": ["crm-gateway"], "httpx": ["httpx"]}

    assert other_owners(owners) == ["schema is also in schema"]


def test_foreign_origin_is_seen() -> None:
    """A package from elsewhere does not lead here."""
    found = origin("pytest")

    assert found is not None
    assert not found.is_relative_to(ROOT / "gateway")
