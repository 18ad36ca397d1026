"""The root lists: one factory, since they differ in their types alone."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from model.entities import Entity, Record
from model.reading import ListRequest
from schema.fields.arguments import After, First, Options, SourceKeys
from schema.fields.info import Info
from schema.fields.pages import PageView, list_page
from schema.lower.filters import lower_where, shape_of
from schema.lower.given import given
from schema.lower.options import lower_options
from schema.lower.orders import OrderInput, lower_orders
from schema.lower.paging import page_size
from schema.lower.selection import selection, wants_total

__all__ = ["list_field"]

_FIRST = 25
_WHERE = strawberry.argument(description="What the records must satisfy; everything when left out.")
_ORDER_BY = strawberry.argument(
    description="Sort keys, at most three; without any, each source gives its cheapest stable order."
)


def list_field(entity: Entity, *, where: type, order: type, description: str) -> Any:
    """A list of *entity* records over the sources.

    Args:
        entity: the type of the records.
        where: its filter input.
        order: its order input.
        description: for the schema.
    """

    async def resolve(
        info: Info,
        *,
        first: First = _FIRST,
        after: After = UNSET,
        where: object = UNSET,
        order_by: Sequence[OrderInput] | None = UNSET,
        sources: SourceKeys = UNSET,
        options: Options = UNSET,
    ) -> PageView[Record]:
        limits, read_options = info.context.limits, lower_options(given(options))
        condition, keys = given(where), given(sources)
        request = ListRequest(
            entity=entity,
            first=page_size(first, default=_FIRST, most=limits.first),
            after=given(after),
            where=lower_where(condition, entity, context=info.context, time_zone=read_options.time_zone),
            shape="" if condition is None else shape_of(condition),
            order=lower_orders(given(order_by) or ()),
            sources=None if keys is None else tuple(keys),
            options=read_options,
            selection=selection(info.raw, info.context, entity, is_list=True),
            wants_total=wants_total(info.raw),
        )
        return list_page(await info.context.reads.list(request))

    # The types differ from list to list, and an annotation in the source cannot name a variable.
    resolve.__annotations__["where"] = Annotated[where | None, _WHERE]
    resolve.__annotations__["order_by"] = Annotated[list[order] | None, _ORDER_BY]  # type: ignore[valid-type]
    return strawberry.field(resolver=resolve, description=description)
