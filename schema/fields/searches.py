"""The root search."""

from collections.abc import Sequence
from typing import Annotated, Any

import strawberry
from strawberry import UNSET

from model.entities import Entity
from model.errors import BadRequest
from model.reading import SearchRequest
from schema.fields.arguments import After, First, Options
from schema.fields.info import Info
from schema.fields.pages import HitView, PageView, search_page
from schema.lower.given import given
from schema.lower.options import lower_options
from schema.lower.paging import page_size
from schema.lower.selection import selection
from schema.types.enums import RecordType

__all__ = ["search_field"]

_FIRST = 25

_Text = Annotated[str, strawberry.argument(description="What somebody would type; it is searched for as text.")]
_Types = Annotated[
    list[RecordType] | None,
    strawberry.argument(description="Types to search; all that a source can search when left out."),
]
_Sources = Annotated[
    list[str] | None, strawberry.argument(description="Keys of the sources to search; all when left out.")
]


def search_field(description: str) -> Any:
    """A search over the sources by each CRM's own index."""
    return strawberry.field(resolver=_search, description=description)


async def _search(
    info: Info,
    text: _Text,
    *,
    types: _Types = UNSET,
    first: First = _FIRST,
    after: After = UNSET,
    sources: _Sources = UNSET,
    options: Options = UNSET,
) -> PageView[HitView]:
    asked, keys = given(types), given(sources)
    named = None if asked is None else _entities(asked)
    request = SearchRequest(
        text=text,
        selections={
            entity: selection(info.raw, info.context, entity, is_list=True)
            for entity in (Entity if named is None else named)
        },
        is_any_type=named is None,
        first=page_size(first, default=_FIRST, most=info.context.limits.first),
        after=given(after),
        sources=None if keys is None else tuple(keys),
        options=lower_options(given(options)),
    )
    return search_page(await info.context.reads.search(request))


def _entities(types: Sequence[RecordType]) -> list[Entity]:
    """The types that were named.

    Raises:
        BadRequest: one comes twice.
    """
    entities = [Entity[item.name] for item in types]
    twice = next((entity for entity in entities if entities.count(entity) > 1), None)
    if twice:
        raise BadRequest(f"types names {twice.name} twice; keep one of them")
    return entities
