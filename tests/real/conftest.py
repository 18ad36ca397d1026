"""The real CRMs that the tests of this folder speak to."""

import pytest

from tests.real.addresses import OdooAddress, PostGraphileAddress, odoo_address, postgraphile_address


@pytest.fixture(scope="session")
def odoo() -> OdooAddress:
    """The Odoo that the environment names; a test without one is skipped, which fails in CI."""
    return odoo_address()


@pytest.fixture(scope="session")
def postgraphile() -> PostGraphileAddress:
    """The PostGraphile that the environment names; a test without one is skipped, which fails in CI."""
    return postgraphile_address()
