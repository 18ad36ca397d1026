"""Sources in memory, and a request's scope around each test."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from connectors.base import Connector
from connectors.scope import Deadline, Scope, entered
from model.entities import Contact, Entity
from model.reading import PlatformInfo
from resolvers.cursor import Cursors
from resolvers.exchange import NO_RATES, Rates
from resolvers.reads import Reads
from resolvers.settings import ReadLimits
from resolvers.sources import Source, Sources

MEMORY = PlatformInfo(key="memory", name="Memory", auth_kinds=())
Asks = Callable[..., Reads]


@pytest.fixture
async def scope() -> Iterator[Scope]:
    """A generous scope that is current inside the test."""
    found = Scope(deadline=Deadline.after(30), max_calls=10_000)
    with entered(found):
        yield found


@pytest.fixture
def reading() -> Asks:
    """Makes the reads of one request over connectors; each call is a new request."""

    def make(*connectors: Connector, key: bytes = b"k" * 32, rates: Rates = NO_RATES, **limits: int) -> Reads:
        sources = Sources(
            Source(key=item.source, name=item.source, platform=MEMORY, connector=item) for item in connectors
        )
        return Reads(
            sources=sources, cursors=Cursors(key), limits=ReadLimits(**limits), platforms=lambda: [MEMORY], rates=rates
        )

    return make


def contact(source: str, number: int, **fields: object) -> Contact:
    """A whole contact with *fields*; everything else is missing."""
    blank = {name: None for name in Contact.__dataclass_fields__ if name not in {"source", "remote_id"}}
    return Contact(source=source, remote_id=str(number), **{**blank, **fields})


def contacts(source: str, stamps: Sequence[str | None]) -> dict[Entity, list[Contact]]:
    """Contacts 1, 2, … with these updated_at."""
    return {
        Entity.CONTACT: [
            contact(source, number, updated_at=stamp, last_name=f"N{number % 7}")
            for number, stamp in enumerate(stamps, start=1)
        ]
    }
