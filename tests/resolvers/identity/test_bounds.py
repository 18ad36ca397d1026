"""What matching finds over data whose truth is known keeps its bounds; `benchmarks/identity.py` measures more of it."""

import asyncio

import pytest

from benchmarks.identity import Figures, measured
from model.entities import Entity


@pytest.fixture(scope="module", params=[False, True], ids=["without numbers", "with numbers"])
def figures(request: pytest.FixtureRequest) -> dict[Entity, Figures]:
    """What is found over two small books, without and with customer numbers."""
    books = {"salesforce": "EUR", "hubspot": "USD"}
    return asyncio.run(measured(scale=0.15, books=books, has_numbers=request.param))


@pytest.mark.parametrize("entity", [Entity.CONTACT, Entity.COMPANY])
def test_what_is_certain_is_true(figures: dict[Entity, Figures], entity: Entity) -> None:
    """Precision is at least 0.999, over pairs that are there."""
    found = figures[entity]

    assert len(found.certain) > 20
    assert found.precision >= 0.999


@pytest.mark.parametrize("entity", [Entity.CONTACT, Entity.COMPANY])
def test_who_shares_a_key_is_found(figures: dict[Entity, Figures], entity: Entity) -> None:
    """Recall is at least 0.99 over the pairs that share a key, and most of them are certain."""
    found = figures[entity]

    assert len(found.keyed) > 20
    assert found.recall_keyed >= 0.99
    assert found.certain_of(found.keyed) >= 0.9
