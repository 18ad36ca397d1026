"""Matches, people, and what is decided about matches."""

from collections.abc import Awaitable
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from model import reading
from model.entities import Entity, Record
from model.errors import BadRequest
from model.ids import GlobalId
from model.reading import IDENTITY, MatchRequest, MatchResult, PeopleRequest
from schema.fields.arguments import After, First, Options
from schema.fields.info import Info
from schema.fields.pages import PageView, people_page
from schema.inputs.filters import ContactFilter
from schema.lower.filters import lower_where, shape_of
from schema.lower.given import given
from schema.lower.options import lower_options
from schema.lower.paging import page_size
from schema.lower.selection import selection

__all__ = ["decision_field", "matches_field", "people_field"]

_FIRST = 25

_Sources = Annotated[
    list[str] | None, strawberry.argument(description="Keys of the sources to look in; all when left out.")
]
_Rejected = Annotated[bool | None, strawberry.argument(description="Whether what somebody rejected is listed as well.")]
_DrivenBy = Annotated[str, strawberry.argument(description="Key of the source whose contacts are walked.")]
_Where = Annotated[
    ContactFilter | None,
    strawberry.argument(description="What the driving source's contacts must satisfy; everything when left out."),
]
_Joined = Annotated[
    list[str] | None,
    strawberry.argument(description="Keys of the sources to join, the driving one among them; all when left out."),
]
_A = Annotated[strawberry.ID, strawberry.argument(description="Global id of a contact or company.")]
_B = Annotated[strawberry.ID, strawberry.argument(description="Global id of another record of the same type.")]


def matches_field(description: str) -> Any:
    """The matches of a record in other sources."""
    bounds = "Under a list, the request's own deadline and calls bound it, not the list's options."
    return strawberry.field(resolver=_matches, description=f"{description} {bounds}")


def people_field(description: str) -> Any:
    """The people behind one source's contacts."""
    return strawberry.field(resolver=_people, description=description)


def decision_field(state: reading.MatchState, description: str) -> Any:
    """A mutation that keeps what somebody decided about two records."""

    async def resolve(info: Info, a: _A, b: _B) -> MatchResult:
        first, second = GlobalId.decode(a), GlobalId.decode(b)
        if first.kind not in IDENTITY:
            raise BadRequest(f"`a` names a {first.kind}; only contacts and companies are matched")
        if second.kind != first.kind:
            raise BadRequest(f"`a` names a {first.kind} and `b` a {second.kind}; both must be of one type")
        if first == second:
            raise BadRequest("`a` and `b` name one record")
        wanted = selection(info.raw, info.context, Entity(first.kind), is_list=True)
        request = MatchRequest(selection=wanted, with_rejected=True)
        return await info.context.reads.decide(first, second, state, request)

    return strawberry.mutation(resolver=resolve, description=description)


def _matches(
    root: Record, info: Info, sources: _Sources = UNSET, with_rejected: _Rejected = False
) -> Awaitable[MatchResult]:
    keys = given(sources)
    request = MatchRequest(
        selection=selection(info.raw, info.context, Entity(type(root).__name__.lower()), is_list=True),
        sources=None if keys is None else tuple(keys),
        with_rejected=bool(with_rejected),
    )
    return info.context.reads.matches(root, request)


async def _people(
    info: Info,
    driven_by: _DrivenBy,
    *,
    first: First = _FIRST,
    after: After = UNSET,
    where: _Where = UNSET,
    sources: _Joined = UNSET,
    options: Options = UNSET,
) -> PageView[Any]:
    limits, read_options = info.context.limits, lower_options(given(options))
    condition, keys = given(where), given(sources)
    request = PeopleRequest(
        driven_by=driven_by,
        selection=selection(info.raw, info.context, Entity.CONTACT, is_list=True),
        first=page_size(first, default=_FIRST, most=limits.first),
        after=given(after),
        where=lower_where(condition, Entity.CONTACT, context=info.context, time_zone=read_options.time_zone),
        shape="" if condition is None else shape_of(condition),
        sources=None if keys is None else tuple(keys),
        options=read_options,
    )
    return people_page(await info.context.reads.people(request))
