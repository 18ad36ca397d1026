"""An account that does not sort as it is asked to."""

import pytest
from pydantic import SecretStr

from connectors.credentials import Bearer
from connectors.freshsales.dialect import SIGNING, FreshsalesDialect, limits_of
from connectors.freshsales.lists import Listing, Lists, Sorting
from connectors.freshsales.manifest import FreshsalesOptions
from connectors.http import AddressPolicy, HttpClient, Pace, Wire
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity
from model.errors import UnsupportedBySource
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

TASKS = Listing("tasks", Entity.TASK, "/tasks", (("filter", "open"),))
OLD, NEW = "2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z"
SORTED = [{"id": 1, "updated_at": OLD}, {"id": 2, "updated_at": OLD}, {"id": 3, "updated_at": NEW}]


async def read(rows: list[dict[str, object]], sorting: Sorting | None) -> list[object]:
    """The ids that a list of *rows*, in the order sent, is read as."""

    async def answer(asked: Asked) -> Answer:
        del asked
        return as_json({"tasks": rows, "meta": {"total": len(rows)}})

    async with Origin().listening() as origin:
        origin.handler = answer
        client = HttpClient(
            source="fs",
            base_url=origin.url,
            auth=Bearer(kind="bearer", token=SecretStr("key")),
            token_url=None,
            dialect=FreshsalesDialect("fs"),
            limits=limits_of(FreshsalesOptions()),
            wire=Wire(pace=Pace(), addresses=AddressPolicy(allow_loopback=True)),
            signing=SIGNING,
        )
        try:
            with entered(Scope(deadline=Deadline.after(10), max_calls=10)):
                page = await Lists(client).page([TASKS], lambda _: True, sorting=sorting, limit=10, after=None)
        finally:
            await client.aclose()
    return [row["id"] for row in page.rows]


@pytest.mark.parametrize("sorting", [None, ("updated_at", True)], ids=["by id", "by change"])
async def test_a_list_in_another_order_is_refused(sorting: Sorting | None) -> None:
    """Its pages would be read as if the rows between them were not there."""
    shuffled = [SORTED[1], SORTED[2], SORTED[0]]

    with pytest.raises(UnsupportedBySource, match="did not sort tasks by"):
        await read(shuffled, sorting)


async def test_ties_may_come_in_any_order() -> None:
    """How the vendor orders them is not known, and they are put in order here."""
    assert await read([SORTED[1], SORTED[0], SORTED[2]], ("updated_at", False)) == [1, 2, 3]
