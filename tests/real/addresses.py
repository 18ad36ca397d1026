"""Where the real CRMs are, by the environment."""

import os
from dataclasses import dataclass

import pytest

__all__ = ["OdooAddress", "PostGraphileAddress", "odoo_address", "postgraphile_address"]


@dataclass(frozen=True, slots=True)
class OdooAddress:
    """An Odoo; *key* is an API key of its administrator."""

    url: str
    database: str
    key: str


@dataclass(frozen=True, slots=True)
class PostGraphileAddress:
    """A PostGraphile; *url* is that of its GraphQL endpoint, where the account logs in by `authenticate`."""

    url: str
    email: str
    password: str


def odoo_address() -> OdooAddress:
    """The Odoo to test against; skips the test where none is given."""
    return OdooAddress(*map(_given, ("ODOO_URL", "ODOO_DATABASE", "ODOO_KEY")))


def postgraphile_address() -> PostGraphileAddress:
    """The PostGraphile to test against; skips the test where none is given."""
    return PostGraphileAddress(
        *map(_given, ("POSTGRAPHILE_URL", "POSTGRAPHILE_EMAIL", "POSTGRAPHILE_PASSWORD")),
    )


def _given(name: str) -> str:
    variable = f"CRM_GATEWAY_REAL_{name}"
    if not (value := os.environ.get(variable)):
        pytest.skip(f"{variable} is not set")
    return value
