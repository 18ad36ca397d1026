"""A gateway over both real CRMs: one answer, whose sums and walks are the book's."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from gateway.config import load_settings
from gateway.wiring import Gateway
from tests.gateway.serving import Served, serving
from tests.real.addresses import OdooAddress, PostGraphileAddress

pytestmark = pytest.mark.real

# Odoo's own deals have other names; the book's are "Deal 007 Name of a company".
SUMS = """
query Sums($source: String!) {
  dealAggregate(
    sources: [$source], groupBy: [{ field: STATUS }], options: { allowScan: true }
    where: { name: { startsWith: "Deal " }, status: { notIn: [LOST] } }
  ) {
    groups { count amounts { currency sum } }
    isPartial isExact
  }
}
"""
WALK = """
query Walk($after: String) {
  deals(
    first: 17, after: $after, orderBy: [{ field: UPDATED_AT, direction: DESC }], options: { allowScan: true }
    where: { name: { startsWith: "Deal " }, status: { notIn: [LOST] } }
  ) {
    nodes { id updatedAt amount { amount } source { key } contacts { contact { id } } company { name } }
    pageInfo { hasNextPage endCursor }
    isPartial
  }
}
"""
BOTH = {"odoo", "postgraphile"}


@pytest.fixture(scope="module")
def served(
    odoo: OdooAddress, postgraphile: PostGraphileAddress, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    """A gateway over both."""
    config = {
        "cursor_key": "env:CURSOR_KEY",
        "allow_loopback": True,
        "sources": [
            {
                "key": "odoo",
                "platform": "odoo",
                "base_url": odoo.url,
                "database": odoo.database,
                "auth": {"kind": "bearer", "token": "env:ODOO_KEY"},
            },
            {
                "key": "postgraphile",
                "platform": "postgraphile",
                "base_url": postgraphile.url.removesuffix("/graphql"),
                "auth": {"kind": "login", "username": postgraphile.email, "password": "env:PASSWORD"},
            },
        ],
    }
    secrets = {
        "CURSOR_KEY": "a key for tests, 32 characters and more",
        "ODOO_KEY": odoo.key,
        "PASSWORD": postgraphile.password,
    }
    path: Path = tmp_path_factory.mktemp("real") / "crm-gateway.yaml"
    path.write_text(yaml.safe_dump(config))
    with serving(Gateway(load_settings(path, environ=secrets))) as found:
        yield found


@pytest.mark.parametrize("source", sorted(BOTH))
def test_deals_not_lost_sum_to_the_book(source: str, served: Served) -> None:
    """96 deals, 4,303,922.08, through an aggregate."""
    answer = served.post(SUMS, {"source": source})

    aggregate = answer["data"]["dealAggregate"]
    assert (aggregate["isPartial"], aggregate["isExact"]) == (False, True), answer
    assert sum(group["count"] for group in aggregate["groups"]) == 96
    assert sum(Decimal(one["sum"]) for group in aggregate["groups"] for one in group["amounts"]) == Decimal(
        "4303922.08"
    )


def test_a_walk_over_both_sums_to_the_book(served: Served) -> None:
    """Each deal once, in order, and the same sum from either."""
    rows: list[dict[str, Any]] = []
    after = None
    while True:
        answer = served.post(WALK, {"after": after})
        assert "errors" not in answer, answer["errors"]
        page = answer["data"]["deals"]
        assert not page["isPartial"], answer
        rows += page["nodes"]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["pageInfo"]["endCursor"]

    stamps = [row["updatedAt"] for row in rows]
    assert stamps == sorted(stamps, reverse=True)
    assert len({row["id"] for row in rows}) == len(rows) == 2 * 96
    for source in BOTH:
        own = [row for row in rows if row["source"]["key"] == source]
        assert (len(own), sum(Decimal(row["amount"]["amount"]) for row in own)) == (96, Decimal("4303922.08"))
        assert all(row["contacts"] and row["company"] for row in own)
