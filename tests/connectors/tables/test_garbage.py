"""Pages whose rows tell no position are an outage of the source, by id and by the last change, and never a bug."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from connectors.credentials import Bearer
from connectors.freshsales.lists import Listing as View
from connectors.freshsales.lists import Lists as Views
from connectors.http import AddressPolicy, HttpClient, LimitClass, Limits, Pace, Window, Wire
from connectors.pipedrive.dialect import PipedriveDialect
from connectors.pipedrive.lists import Listing, Lists
from connectors.scope import Deadline, Scope, entered
from model.entities import Entity
from model.errors import SourceUnavailable
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

ROOMY = Limits((LimitClass("default", (Window(1000, 10, "burst"),)),), concurrency=5)
MORE = {"additional_data": {"next_cursor": "x"}}


@pytest.fixture
async def origin() -> AsyncIterator[Origin]:
    """A vendor whose answers a test writes."""
    async with Origin().listening() as listening:
        yield listening


@pytest.fixture
async def client(origin: Origin) -> AsyncIterator[HttpClient]:
    """A client of that vendor, in a request of a few calls."""
    made = HttpClient(
        source="acme",
        base_url=origin.url,
        auth=Bearer.model_validate({"kind": "bearer", "token": "token-of-the-test"}),
        token_url=None,
        dialect=PipedriveDialect("acme"),
        limits=ROOMY,
        wire=Wire(pace=Pace(1), addresses=AddressPolicy(allow_loopback=True)),
    )
    with entered(Scope(deadline=Deadline.after(5), max_calls=20)):
        yield made
    await made.aclose()


def telling(origin: Origin, body: Any) -> None:
    """Answer everything with *body*."""

    async def handler(asked: Asked) -> Answer:
        del asked
        return as_json(body)

    origin.handler = handler


@pytest.mark.parametrize("is_by_change", [False, True])
@pytest.mark.parametrize(
    "body",
    [
        {"data": [], **MORE},
        {"data": None, **MORE},
        {"data": [{"update_time": "2026-11-01T00:00:00Z"}]},
        {"data": ["x"]},
        {"data": [{"id": 1, "update_time": "2026-11-01T00:00:00Z"}], "additional_data": [1]},
    ],
)
async def test_a_list_of_pipedrive(origin: Origin, client: HttpClient, body: Any, is_by_change: bool) -> None:
    """An empty page that more follows, and rows without an id."""
    telling(origin, body)
    lists, listing = Lists(client), Listing("persons", Entity.CONTACT)

    reading = (
        lists.by_change([listing], bool, is_falling=True, limit=3, after=None, size=3)
        if is_by_change
        else lists.by_id([listing], bool, limit=3, after=None, size=3)
    )
    with pytest.raises(SourceUnavailable, match="another shape"):
        await reading


@pytest.mark.parametrize("moment", [None, "", "nope", {"a": 1}])
async def test_a_change_of_pipedrive_has_a_moment(origin: Origin, client: HttpClient, moment: Any) -> None:
    """Rows without one have no place in that order; by id they are read."""
    telling(origin, {"data": [{"id": 1, "update_time": moment}]})
    lists, listing = Lists(client), Listing("persons", Entity.CONTACT)

    with pytest.raises(SourceUnavailable, match="another shape"):
        await lists.by_change([listing], bool, is_falling=False, limit=3, after=None, size=3)

    assert len((await lists.by_id([listing], bool, limit=3, after=None, size=3)).rows) == 1


@pytest.mark.parametrize("row", [{"id": "x"}, {"id": None}, {"id": 1}, {"id": 1, "updated_at": "nope"}])
async def test_a_view_of_freshsales(origin: Origin, client: HttpClient, row: Any) -> None:
    """Rows without a number, or without the instant that they are sorted by."""
    telling(origin, {"deals": [row], "meta": {"total": 1}})
    view = View("deals", Entity.DEAL, "/deals/view/1")

    with pytest.raises(SourceUnavailable, match="another shape"):
        await Views(client).page([view], bool, sorting=("updated_at", True), limit=3, after=None)


@pytest.mark.parametrize("cursors", ["a", "ab"])
async def test_metadata_of_pipedrive_ends(origin: Origin, client: HttpClient, cursors: str) -> None:
    """Cursors that lead round in a circle are an outage: a part of the stages is not all of them."""

    async def handler(asked: Asked) -> Answer:
        del asked
        following = cursors[len(origin.asked) % len(cursors)]
        return as_json({"data": [{"id": 1}], "additional_data": {"next_cursor": following}})

    origin.handler = handler

    with pytest.raises(SourceUnavailable, match="without an end"):
        await Lists(client).all("/api/v2/stages", 1)

    assert len(origin.asked) == 2
