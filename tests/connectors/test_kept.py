"""Lists that are read whole end, whatever the vendor says of more."""

from collections.abc import Sequence

import pytest

from connectors.kept import every
from connectors.mapping import Row
from model.errors import SourceUnavailable


async def test_every_page_is_read_once() -> None:
    """Rows come in the order of the pages, an empty one among them."""
    pages: list[list[Row]] = [[{"id": 1}], [], [{"id": 2}], [{"id": 2}]]

    async def read(place: int | None) -> tuple[Sequence[Row], int | None]:
        number = place or 0
        return pages[number], number + 1 if number + 1 < len(pages) else None

    assert await every(read, source="acme") == [{"id": 1}, {"id": 2}, {"id": 2}]


@pytest.mark.parametrize(("is_alike", "most"), [(True, 2), (False, 500)])
async def test_pages_without_an_end_are_an_outage(is_alike: bool, most: int) -> None:
    """The same page again is told at once; other ones are read up to a bound."""
    calls = 0

    async def read(place: int | None) -> tuple[Sequence[Row], int | None]:
        nonlocal calls
        calls += 1
        return [{"id": 1 if is_alike else calls}], calls

    with pytest.raises(SourceUnavailable, match="without an end"):
        await every(read, source="acme")

    assert calls == most
