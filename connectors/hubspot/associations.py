"""What records are tied to: ids at the far ends of associations, and the links made of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from connectors.http import HttpClient, together
from connectors.hubspot.calls import Endpoints
from connectors.hubspot.manifest import manifest
from model.entities import Entity
from model.page import Link, RelatedPage
from model.values import Ref

__all__ = ["Associations", "End", "links_of"]


@dataclass(slots=True)
class End:
    """One record at the far end, with the type ids and labels of all ties to it."""

    remote_id: str
    ties: list[tuple[int, str | None]] = field(default_factory=list)

    def is_primary(self, primary_type: int | None) -> bool:
        """Whether one of the ties marks it as the primary one."""
        return primary_type is not None and any(type_id == primary_type for type_id, _ in self.ties)

    def role(self, primary_type: int | None) -> str | None:
        """The first label that says more than that it is the primary one."""
        return next((label for type_id, label in self.ties if label and type_id != primary_type), None)


class Associations:
    """Reads one source's associations; lives as long as its connector and keeps nothing."""

    def __init__(self, client: HttpClient, endpoints: Endpoints) -> None:
        self._client = client
        self._endpoints = endpoints

    async def ends(
        self,
        entity: Entity,
        object_: str,
        target: str,
        parents: Sequence[str],
        *,
        enough: int | None = None,
        after: int = 0,
    ) -> Mapping[str, tuple[list[End], bool]]:
        """By parent: ends by ascending id behind *after*, and whether others follow.

        All are read, in as many rounds as HubSpot pages; where its pages come by ascending id, reading stops behind
        *enough* of them.
        """
        size = manifest().association_batch_size
        chunks = [parents[start : start + size] for start in range(0, len(parents), size)]
        rounds = await together(
            *(self._rounds(entity, (object_, target), chunk, enough=enough, after=after) for chunk in chunks)
        )
        return {parent: found for chunk in rounds for parent, found in chunk.items()}

    async def _rounds(
        self, entity: Entity, way: tuple[str, str], parents: Sequence[str], *, enough: int | None, after: int
    ) -> Mapping[str, tuple[list[End], bool]]:
        found: dict[str, dict[int, End]] = {parent: {} for parent in parents}
        is_cut: set[str] = set()
        pending: list[tuple[str, str | None]] = [(parent, None) for parent in dict.fromkeys(parents)]
        while pending:
            call = self._endpoints.associations(*way, pending, entity=entity)
            answer = await self._client.send(call)
            for parent in found.keys() & answer.links.keys():
                for remote_id, ties in answer.links[parent]:
                    found[parent].setdefault(int(remote_id), End(remote_id)).ties.extend(ties)
            pending = []
            for parent, place in answer.next_after.items():
                if parent not in found:
                    continue
                if enough is not None and _has_enough(found[parent], enough, after):
                    is_cut.add(parent)
                else:
                    pending.append((parent, place))
        return {
            parent: ([ends[number] for number in sorted(ends) if number > after], parent in is_cut)
            for parent, ends in found.items()
        }

    async def related(
        self,
        entity: Entity,
        object_: str,
        target: str,
        *,
        to: Entity,
        parents: Sequence[str],
        first: int,
        after: str | None,
    ) -> list[RelatedPage]:
        """The first links of each parent, by ascending id."""
        behind = int(after) if after is not None else 0
        found = await self.ends(entity, object_, target, parents, enough=first, after=behind)
        pages = []
        for parent in parents:
            ends, is_cut = found[parent]
            page = links_of(ends, (object_, target), to=to, first=first, is_many=True)
            pages.append(replace(page, has_more=page.has_more or is_cut))
        return pages

    async def primary(self, entity: Entity, object_: str, target: str, parents: Sequence[str]) -> Mapping[str, End]:
        """By parent, the primary end, else the one with the lowest id; absent where there is none."""
        primary_type = manifest().primary_type(object_, target)
        found = await self.ends(entity, object_, target, parents)
        return {
            parent: next((end for end in ends if end.is_primary(primary_type)), ends[0])
            for parent, (ends, _) in found.items()
            if ends
        }

    async def to_one(
        self, entity: Entity, object_: str, target: str, *, to: Entity, parents: Sequence[str]
    ) -> list[RelatedPage]:
        """The link to the primary end of each parent."""
        found = await self.primary(entity, object_, target, parents)
        ends = [[found[parent]] if parent in found else [] for parent in parents]
        return [links_of(one, (object_, target), to=to, first=1, is_many=False) for one in ends]


def links_of(ends: Sequence[End], way: tuple[str, str], *, to: Entity, first: int, is_many: bool) -> RelatedPage:
    """The first links to *ends*, which come by ascending id; of a to-one relation the link to the primary end."""
    primary_type = manifest().primary_type(*way)
    if not is_many:
        ends = [next((end for end in ends if end.is_primary(primary_type)), ends[0])] if ends else []
    return RelatedPage(tuple(_link(end, to, primary_type) for end in ends[:first]), has_more=len(ends) > first)


def _has_enough(ends: Mapping[int, End], enough: int, after: int) -> bool:
    """Whether the ends came by ascending id so far, with more than *enough* of them behind *after*."""
    numbers = list(ends)
    return numbers == sorted(numbers) and sum(number > after for number in numbers) > enough


def _link(end: End, to: Entity, primary_type: int | None) -> Link:
    is_primary = end.is_primary(primary_type)
    return Link(ref=Ref(to, end.remote_id), role=end.role(primary_type), is_primary=is_primary)
