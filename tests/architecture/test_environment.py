"""The environment: the product's package names are its own, and one library must stay out."""

from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture.tree import PRODUCT, ROOT, told


def other_owners(owners: Mapping[str, Sequence[str]]) -> list[str]:
    """Installed distributions, other than ours, that bring a package with one of our names."""
    return [
        f"{name} is also in {owner}"
        for name in PRODUCT
        for owner in sorted(set(owners.get(name, ())))
        if owner != "crm-gateway"
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


def test_other_owners_are_seen() -> None:
    """A second distribution with one of our names is found; our own is not."""
    owners = {"schema": ["crm-gateway", "schema"], "gateway": ["crm-gateway"], "httpx": ["httpx"]}

    assert other_owners(owners) == ["schema is also in schema"]


def test_foreign_origin_is_seen() -> None:
    """A package from elsewhere does not lead here."""
    found = origin("pytest")

    assert found is not None
    assert not found.is_relative_to(ROOT / "gateway")
