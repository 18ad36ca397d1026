"""Ids that a source's index gives late make everything inexact that is found by them: rows, totals and groups."""

from dataclasses import replace

import pytest

from connectors.memory import MemoryConnector
from connectors.scope import Scope
from model.aggregate import GroupKey
from model.capabilities import Split
from model.entities import Entity
from model.query import Compare, Operator, Query, Selection
from model.reading import AggregateRequest, ListRequest
from tests.resolvers.books import record, ref
from tests.resolvers.conftest import Asks

LAGS = "its index lags"
AT_C1 = Compare("company.domain", Operator.EQ, "c1.io")
NOWHERE = Compare("company.domain", Operator.EQ, "nowhere.io")


class _LateCompanies(MemoryConnector):
    """Three contacts, two of them at one company; companies are found by an index that lags."""

    def __init__(self, *, groups: bool) -> None:
        companies = [record(Entity.COMPANY, n, domain=f"c{n}.io") for n in (1, 2)]
        people = [record(Entity.CONTACT, n, company=ref(Entity.COMPANY, 1 if n < 3 else 2)) for n in (1, 2, 3)]
        super().__init__("a", {Entity.COMPANY: companies, Entity.CONTACT: people}, groups=groups, looks_behind=False)

    def plan(self, query: Query) -> Split:
        """Exact for contacts alone."""
        split = super().plan(query)
        return replace(split, is_exact=False, notes=(LAGS,)) if query.entity is Entity.COMPANY else split


@pytest.mark.parametrize("groups", [True, False])
@pytest.mark.parametrize(("where", "count"), [(AT_C1, 2), (NOWHERE, 0)])
async def test_groups_by_late_ids_are_not_exact(
    reading: Asks, scope: Scope, groups: bool, where: Compare, count: int
) -> None:
    """Whether the CRM groups, the records are folded here, or the ids leave nothing to be asked."""
    request = AggregateRequest(entity=Entity.CONTACT, keys=(GroupKey("lifecycle"),), where=where)

    result = await reading(_LateCompanies(groups=groups)).aggregate(request)

    (outcome,) = result.outcomes
    assert sum(group.count for group in result.groups) == count
    assert (result.is_partial, result.is_exact, outcome.is_exact) == (False, False, False)
    assert LAGS in outcome.notes
    assert any("two steps" in note for note in outcome.notes)
    is_grouped = [call.operation for call in scope.calls][1:] == ["aggregate"]
    assert is_grouped is (groups and count > 0)


@pytest.mark.parametrize("groups", [True, False])
async def test_groups_without_a_look_up_stay_exact(reading: Asks, scope: Scope, groups: bool) -> None:
    """Nothing of the index is in them."""
    request = AggregateRequest(entity=Entity.CONTACT, keys=(GroupKey("lifecycle"),))

    result = await reading(_LateCompanies(groups=groups)).aggregate(request)

    assert (result.is_exact, [outcome.is_exact for outcome in result.outcomes]) == (True, [True])


@pytest.mark.parametrize(("where", "count"), [(AT_C1, 2), (NOWHERE, 0)])
async def test_totals_by_late_ids_are_not_exact(reading: Asks, scope: Scope, where: Compare, count: int) -> None:
    """The rows and their number are the answer to the same ids."""
    request = ListRequest(
        entity=Entity.CONTACT, selection=Selection(frozenset({"id"})), first=10, where=where, wants_total=True
    )

    page = await reading(_LateCompanies(groups=False)).list(request)

    (outcome,) = page.outcomes
    assert (len(page.records), outcome.total_count, outcome.is_exact) == (count, count, False)
    assert LAGS in outcome.notes
