"""The rows that all cases are compared with are those of the seed books."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from model.entities import Entity, Record
from model.values import Money
from tests.differential.book import book_of, contacts_told, deals_told
from tests.differential.world import SETUP, World


def _plain(value: Any) -> Any:
    """Amounts by what they are worth: 5 and 5.00 are one amount."""
    return (Decimal(value.amount), value.currency) if isinstance(value, Money) else value


def _differing(told: Mapping[str, Mapping[str, Any]], rows: Mapping[str, Record]) -> list[str]:
    return [
        f"{remote_id} {name}: the book says {value!r}, the row {getattr(rows[remote_id], name)!r}"
        for remote_id, values in told.items()
        for name, value in values.items()
        if _plain(getattr(rows[remote_id], name)) != _plain(value)
    ]


@pytest.mark.parametrize("platform", SETUP.sources)
def test_contacts_and_deals_are_told_as_the_book_does(world: World, platform: str) -> None:
    """Names, addresses, companies, amounts, outcomes and days, for every row, and no row beyond the book's."""
    book, rows = book_of(platform, SETUP.scale), world.accounts[platform].rows
    contacts, deals = dict(contacts_told(platform, book)), dict(deals_told(platform, book))

    for entity, told in ((Entity.CONTACT, contacts), (Entity.DEAL, deals)):
        held = {row.remote_id: row for row in rows[entity]}
        assert held.keys() == told.keys()
        assert _differing(told, held) == []
