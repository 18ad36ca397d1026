"""People: one source's contacts, each joined with its certain matches in the others."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from model.entities import Contact, Entity, Record
from model.errors import BadRequest, OurBug
from model.fields import CustomName, FieldKind
from model.ids import GlobalId
from model.query import union
from model.reading import (
    IDENTITY,
    ListRequest,
    ListResult,
    MatchState,
    Outcome,
    PeopleRequest,
    PeopleResult,
    Person,
)
from resolvers.identity.block import keys_of
from resolvers.identity.cluster import clusters
from resolvers.identity.golden import golden
from resolvers.identity.lookup import Search, Side, shared_phones
from resolvers.identity.matching import Decided, Matching, id_of, outcome_of
from resolvers.identity.profile import Profile
from resolvers.identity.profiles import Profiles
from resolvers.identity.score import compare
from resolvers.lists.outcomes import refuse
from resolvers.relations import Relations
from resolvers.sources import Source, Sources

__all__ = ["driving_list", "joined_sources", "people_of"]


def driving_list(request: PeopleRequest, sources: Sources) -> ListRequest:
    """The list of the driving source that *request* walks, with all that its contacts are recognised by.

    Raises:
        BadRequest: there is no such source.
    """
    driver = sources.chosen((request.driven_by,))[0]
    numbers = [str(CustomName(FieldKind.OTHER, alias.name)) for alias in driver.aliases.identifying(Entity.CONTACT)]
    return ListRequest(
        entity=Entity.CONTACT,
        selection=union([request.selection, IDENTITY[Entity.CONTACT].with_fields(*numbers)]),
        first=request.first,
        after=request.after,
        where=request.where,
        shape=request.shape,
        sources=(request.driven_by,),
        options=request.options,
    )


def joined_sources(request: PeopleRequest, sources: Sources) -> list[Source]:
    """The sources that *request* joins with the driving one.

    Raises:
        BadRequest: the driving source is none, or not among those asked.
    """
    chosen = sources.chosen(request.sources)
    driver = sources.chosen((request.driven_by,))[0]
    if driver not in chosen:
        raise BadRequest("drivenBy must be one of sources")
    return [source for source in chosen if source is not driver]


async def people_of(
    request: PeopleRequest,
    page: ListResult,
    others: Sequence[Source],
    *,
    matching: Matching,
    profiles: Profiles,
    relations: Relations,
) -> PeopleResult:
    """The people behind *page*, contacts of the driving source, with their records in *others*.

    A person comes once in a page, where its first driving record stands.

    Raises:
        SourceError: a source failed, and the caller wants the field to fail then.
    """
    selection = union([request.selection, IDENTITY[Entity.CONTACT]])
    driving = await profiles.of(await profiles.whole(page.records))
    search = Search(
        entity=Entity.CONTACT,
        wanted=driving,
        selection=selection,
        in_steps=True,
        is_hurried=request.options.is_hurried,
    )
    sides = await matching.sides(others, search)
    refuse([side.failure for side in sides if side.failure is not None], request.options, has_answer=True)
    joining = _Joining(driving, sides, await matching.decided(driving))
    joining.confirmed = await matching.records(joining.unread({source.key for source in others}), selection)
    groups = joining.groups()
    await relations.prefetch([record for group in groups for record in group], selection)
    people = [await _person(group, joining, profiles) for group in groups]
    return PeopleResult(
        people=people,
        has_next_page=page.has_next_page,
        has_previous_page=page.has_previous_page,
        cursor_of=_cursors(page, [joining.row(group[0]) for group in groups]),
        outcomes=[*page.outcomes, *joining.outcomes(groups)],
        is_partial=page.is_partial or any(side.failure is not None for side in sides),
    )


class _Joining:
    """Who of the driving records and of those found elsewhere is one person.

    Attributes:
        confirmed: records that people confirmed and no look-up brought.
    """

    def __init__(self, driving: Sequence[Profile], sides: Sequence[Side], decided: Decided) -> None:
        self.confirmed: dict[GlobalId, Record] = {}
        self._driving = driving
        self._sides = sides
        self._decided = decided
        self._rows = {id_of(item.record): row for row, item in enumerate(driving)}
        self._told: dict[GlobalId, dict[str, None]] = defaultdict(dict)
        self._brought = {id_of(item.record): item.record for side in sides for item in side.candidates.values()}

    def row(self, record: Record) -> int:
        """The place of a driving record in its page."""
        return self._rows[id_of(record)]

    def evidence(self, group: Sequence[Record]) -> tuple[str, ...]:
        """Why the records of *group* are of one person, each with the source it speaks of."""
        return tuple(dict.fromkeys(sentence for record in group for sentence in self._told[id_of(record)]))

    def unread(self, sources: set[str]) -> list[GlobalId]:
        """Records that people confirmed and no look-up brought, of *sources*."""
        found = {
            other
            for item in self._driving
            for other, decision in self._decided.about(id_of(item.record)).items()
            if decision.state is MatchState.CONFIRMED and other.source in sources and other not in self._brought
        }
        return sorted(found, key=GlobalId.encode)

    def groups(self) -> list[list[Record]]:
        """The records of each person, the driving ones first; only people with a driving record."""
        records = {id_of(item.record): item.record for item in self._driving} | self._brought | self.confirmed
        edges = sorted(self._edges(records), key=lambda edge: -edge[2])
        joined = [(a, b) for a, b, _ in edges]
        linked = dict.fromkeys([*self._rows, *(other for _, other in joined)])
        apart = {
            frozenset((id_of(item.record), other))
            for item in self._driving
            for other, decision in self._decided.about(id_of(item.record)).items()
            if decision.state is MatchState.REJECTED
        }
        found = clusters(list(linked), joined, apart)
        return [[records[member] for member in group] for group in found if group[0] in self._rows]

    def _edges(self, records: dict[GlobalId, Record]) -> Iterator[tuple[GlobalId, GlobalId, float]]:
        for item in self._driving:
            own = id_of(item.record)
            for other, decision in self._decided.about(own).items():
                if decision.state is MatchState.CONFIRMED and other in records:
                    yield self._edge(own, other, 2.0, f"confirmed on {decision.decided_at[:10]}")
            for side in self._sides:
                for place, likeness in side.found.get((own.source, own.remote_id), {}).items():
                    if likeness.is_certain:
                        other = id_of(side.candidates[place].record)
                        yield self._edge(own, other, likeness.score, *likeness.evidence)
        yield from self._edges_in_page()

    def _edges_in_page(self) -> Iterator[tuple[GlobalId, GlobalId, float]]:
        """Pairs of driving records: one source may hold a person twice."""
        shared = shared_phones(self._driving)
        by_key: dict[tuple[str, str], list[Profile]] = defaultdict(list)
        for item in self._driving:
            near = {id_of(one.record): one for key in set(keys_of(item)) for one in by_key[key]}
            for other, one in near.items():
                likeness = compare(one, item, shared=shared)
                if likeness.is_certain:
                    yield self._edge(other, id_of(item.record), likeness.score, *likeness.evidence)
            for key in set(keys_of(item)):
                by_key[key].append(item)

    def _edge(self, a: GlobalId, b: GlobalId, score: float, *evidence: str) -> tuple[GlobalId, GlobalId, float]:
        for sentence in evidence:
            self._told[b][f"{b.source}: {sentence}"] = None
        return a, b, score

    def outcomes(self, groups: Sequence[Sequence[Record]]) -> Iterator[Outcome]:
        """How each source took part that was looked in."""
        for side in self._sides:
            rows = sum(1 for group in groups for record in group if record.source == side.source.key)
            yield outcome_of(side, rows, is_decided=self._decided.is_known)


async def _person(group: Sequence[Record], joining: _Joining, profiles: Profiles) -> Person:
    records = [record for record in group if isinstance(record, Contact)]
    if len(records) != len(group):
        raise OurBug("a person has a record that is no contact")
    names = [company.name or None if company is not None else None for company in await profiles.companies(records)]
    values, field_sources = golden(records, dict(enumerate(names)))
    first = records[0]
    return Person(
        key=GlobalId("person", first.source, first.remote_id).encode(),
        display_name=values["displayName"],
        email=values["email"],
        phone=values["phone"],
        company=values["company"],
        records=records,
        evidence=joining.evidence(records),
        field_sources=field_sources,
    )


def _cursors(page: ListResult, rows: Sequence[int]) -> Callable[[int], str]:
    """Cursors of people from those of driving rows: behind a person lie no rows but those of the next one on.

    A row that was joined to an earlier person is passed over with the row before it.
    """

    def cursor_of(index: int) -> str:
        is_last = index >= len(rows) - 1
        return page.cursor_of(len(page.records) - 1 if is_last else rows[index + 1] - 1)

    return cursor_of
