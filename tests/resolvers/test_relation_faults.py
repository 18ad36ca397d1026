"""Relations that fail: what is lost with them, and what is not."""

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter
from typing import Any

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity, Record
from model.errors import BudgetExceeded, OurBug, SourceTimeout, SourceUnavailable
from model.page import Missing
from model.query import Selection
from model.reading import ReadOptions
from tests.resolvers.books import LINKS, NAME, contacts_with, follow, many, ref, settled, small_book
from tests.resolvers.conftest import Asks
from tests.resolvers.troubled import Hanging, Raising


class Spoilt(MemoryConnector):
    """Cannot deliver some ids."""

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Any:
        """An error in place of each second company."""
        found = await super().by_ids(entity, ids, selection)
        error = SourceUnavailable("a cannot show it", source="a")
        return [
            error if entity is Entity.COMPANY and id_ == "2" else item for id_, item in zip(ids, found, strict=True)
        ]


@pytest.mark.usefixtures("scope")
async def test_one_bad_id_fails_alone(reading: Asks) -> None:
    """Its neighbours in the batch are there, and the request knows which source failed."""
    reads = reading(Spoilt("a", small_book()))
    page = await reads.list(contacts_with(follow("last_name", company=NAME)))

    found = [await settled(reads.related_one(row, "company", NAME)) for row in page.records]

    assert [type(item).__name__ for item in found] == ["Company", "SourceUnavailable", "Company"] * 2
    assert reads.failures["a"].code == "SOURCE_UNAVAILABLE"


@pytest.mark.parametrize("where", ["by_ids", "related"])
@pytest.mark.parametrize(
    ("error", "code"),
    [(SourceUnavailable("b is down", source="b"), "SOURCE_UNAVAILABLE"), (KeyError("hs_x"), "INTERNAL")],
)
async def test_a_batch_that_fails_fails_its_keys_alone(
    reading: Asks, scope: Scope, where: str, error: Exception, code: str
) -> None:
    """The list is there, other sources' rows and other relations too, and each row is not one more try."""
    broken = Raising("b", small_book("b"), links=LINKS)
    broken.where, broken.error = (where,), error
    reads = reading(MemoryConnector("a", small_book(), links=LINKS), broken)
    page = await reads.list(contacts_with(many(follow("last_name"), deals=(3, NAME))))
    made = len(scope.calls)

    found = [
        await settled(reads.related_many(row, "deals", first=3, after=None, selection=NAME)) for row in page.records
    ]

    assert {row.source: getattr(item, "code", "there") for row, item in zip(page.records, found, strict=True)} == {
        "a": "there",
        "b": code,
    }
    assert reads.failures["b"].code == code
    assert len(scope.calls) == made


class Miscounting(MemoryConnector):
    """Gives one result too few."""

    async def by_ids(self, entity: Entity, ids: Sequence[str], selection: Selection) -> Sequence[Record | Missing]:
        """All but the last."""
        return (await super().by_ids(entity, ids, selection))[:-1]


@pytest.mark.usefixtures("scope")
async def test_results_that_do_not_fit_the_ids_are_nobodys(reading: Asks) -> None:
    """Rather no record than another's."""
    found = await settled(reading(Miscounting("a", small_book())).referred("a", ref(Entity.COMPANY, 1), NAME))

    assert isinstance(found, OurBug)


async def test_a_spent_budget_reaches_the_fields(reading: Asks) -> None:
    """Rows whose relations could not be paid for say BUDGET_EXCEEDED."""
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))
    with entered(Scope(deadline=Deadline.after(5), max_calls=1)):
        page = await reads.list(contacts_with(many(follow("last_name", company=NAME), deals=(3, NAME))))
        row = page.records[0]
        found = [
            await settled(reads.related_one(row, "company", NAME)),
            await settled(reads.related_many(row, "deals", first=3, after=None, selection=NAME)),
        ]

    assert [type(item) for item in found] == [BudgetExceeded] * 2


async def test_a_fields_own_bounds_hold_for_what_lies_behind_its_rows(reading: Asks, scope: Scope) -> None:
    """Calls and time that options allow a list are shared by its page and its relations."""
    reads = reading(MemoryConnector("a", small_book(), links=LINKS))
    wanted = many(follow("last_name", company=NAME), deals=(3, NAME))
    bounded = replace(contacts_with(wanted), options=ReadOptions(max_calls=3))

    page = await reads.list(bounded)
    found = [
        await settled(reads.related_one(page.records[0], "company", NAME)),
        await settled(reads.related_many(page.records[0], "deals", first=3, after=None, selection=NAME)),
    ]

    assert [type(item).__name__ for item in found] == ["Company", "BudgetExceeded"]
    assert len(scope.calls) == 3


async def test_a_fields_own_deadline_holds_for_what_lies_behind_its_rows(reading: Asks, scope: Scope) -> None:
    """The request has time left, the field has not."""
    del scope
    hung = Hanging("a", small_book(), links=LINKS)
    hung.where = ("by_ids",)
    hurried = replace(contacts_with(follow("last_name", company=NAME)), options=ReadOptions(deadline_ms=200))
    reads = reading(hung)
    started = perf_counter()

    page = await reads.list(hurried)
    found = await settled(reads.related_one(page.records[0], "company", NAME))

    assert perf_counter() - started < 1
    assert type(found) is SourceTimeout
