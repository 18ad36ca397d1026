"""The root aggregates: two factories, for deals have amounts as well."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from model.aggregate import CURRENCY
from model.entities import Entity
from model.reading import AggregateRequest, AggregateResult
from schema.fields.arguments import Options, SourceKeys
from schema.fields.info import Info
from schema.inputs.options import ReadOptions
from schema.lower.filters import lower_where
from schema.lower.given import given
from schema.lower.groups import GroupInput, lower_groups, names_records, totals_wanted
from schema.lower.options import lower_options
from schema.lower.paging import page_size

__all__ = ["aggregate_field", "deal_aggregate_field"]

_FIRST = 100
_AMOUNT = "amount"
_WHERE = strawberry.argument(description="What the records must satisfy; everything when left out.")
_GROUP_BY = strawberry.argument(description="Keys of the groups, at most five; all records are one group without any.")

_First = Annotated[int | None, strawberry.argument(description="Groups at most, from 1 to the gateway's limit.")]
_ConvertTo = Annotated[
    str | None,
    strawberry.argument(description="ISO 4217 currency that `converted` is in, by the gateway's exchange rates."),
]


def aggregate_field(entity: Entity, *, where: type, group_by: type, description: str) -> Any:
    """Groups of *entity* records over the sources.

    Args:
        entity: the type of the records.
        where: its filter input.
        group_by: its group input.
        description: for the schema.
    """

    async def resolve(
        info: Info,
        *,
        where: object = UNSET,
        group_by: Sequence[GroupInput] = (),
        first: _First = _FIRST,
        sources: SourceKeys = UNSET,
        options: Options = UNSET,
    ) -> AggregateResult:
        return await _read(info, entity, where=where, group_by=group_by, first=first, sources=sources, options=options)

    return _declared(resolve, where, group_by, description)


def deal_aggregate_field(*, where: type, group_by: type, description: str) -> Any:
    """Groups of deals over the sources, with their amounts."""

    async def resolve(
        info: Info,
        *,
        where: object = UNSET,
        group_by: Sequence[GroupInput] = (),
        first: _First = _FIRST,
        convert_to: _ConvertTo = UNSET,
        sources: SourceKeys = UNSET,
        options: Options = UNSET,
    ) -> AggregateResult:
        return await _read(
            info,
            Entity.DEAL,
            where=where,
            group_by=group_by,
            first=first,
            convert_to=given(convert_to),
            sources=sources,
            options=options,
        )

    return _declared(resolve, where, group_by, description)


def _declared(resolve: Any, where: type, group_by: type, description: str) -> Any:
    # The types differ from field to field, and an annotation in the source cannot name a variable.
    resolve.__annotations__["where"] = Annotated[where | None, _WHERE]
    resolve.__annotations__["group_by"] = Annotated[list[group_by], _GROUP_BY]  # type: ignore[valid-type]
    return strawberry.field(resolver=resolve, description=description)


async def _read(
    info: Info,
    entity: Entity,
    *,
    where: object,
    group_by: Sequence[GroupInput],
    first: int | None,
    sources: Sequence[str] | None,
    options: ReadOptions | None,
    convert_to: str | None = None,
) -> AggregateResult:
    limits, read_options = info.context.limits, lower_options(given(options))
    chosen, keys = given(sources), lower_groups(group_by)
    totals = totals_wanted(info.raw)
    request = AggregateRequest(
        entity=entity,
        where=lower_where(given(where), entity, context=info.context, time_zone=read_options.time_zone),
        keys=keys,
        # The default gives as many as there may be; only what a client asks itself is refused.
        first=page_size(None if first == _FIRST else first, default=min(_FIRST, limits.groups), most=limits.groups),
        amount=_AMOUNT if totals.has_amounts or any(key.field == CURRENCY for key in keys) else None,
        is_weighted=totals.is_weighted,
        convert_to=convert_to,
        wants_names=totals.has_labels and names_records(entity, keys),
        sources=None if chosen is None else tuple(chosen),
        options=read_options,
    )
    return await info.context.reads.aggregate(request)
