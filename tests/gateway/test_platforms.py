"""What the gateway says of platforms, and of sources when none answers."""

from connectors.memory import MemoryConnector
from connectors.registry import platforms
from model.entities import Entity
from model.errors import SourceUnavailable
from model.page import Page, Position
from model.query import Query
from tests.gateway.serving import Served, gateway_over, serving


def test_every_platform_tells_its_ways_to_sign_in(opened: Served) -> None:
    """Each configured kind has a word in the schema."""
    answer = opened.post("{ platforms { key name authKinds } }")

    assert "errors" not in answer
    told = {platform["key"]: platform["authKinds"] for platform in answer["data"]["platforms"]}
    assert set(platforms()) <= set(told)
    assert all(len(kinds) == len(platforms()[key].auth_kinds) for key, kinds in told.items() if key in platforms())


class Down(MemoryConnector):
    """A source that never answers a page."""

    async def page(self, query: Query, after: Position | None = None) -> Page:
        """Fail."""
        raise SourceUnavailable(f"{self.source} is down", source=self.source)


def test_every_failed_source_stands_in_the_extensions() -> None:
    """Also when the whole field failed."""
    down = [Down(key, {Entity.CONTACT: []}) for key in ("alpha", "beta")]
    with serving(gateway_over(down)) as served:
        answer = served.post("{ contacts { nodes { id } } }")

    assert answer["data"] == {"contacts": None}
    assert {source["source"]: source["code"] for source in answer["extensions"]["sources"]} == {
        "alpha": "SOURCE_UNAVAILABLE",
        "beta": "SOURCE_UNAVAILABLE",
    }
