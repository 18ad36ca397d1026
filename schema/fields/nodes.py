"""The root fields that give one thing by its id."""

from collections.abc import Awaitable
from typing import Annotated, Any

import strawberry

from model.entities import Entity, Pipeline, Record, Stage
from model.errors import BadRequest
from model.ids import GlobalId
from model.reading import PlatformInfo, SourceInfo
from schema.fields.info import Info
from schema.lower.selection import selection
from schema.types.enums import RecordType

__all__ = ["node_field", "nodes_field", "record_by_id", "record_field"]

_ENTITIES = frozenset(Entity)

_Id = Annotated[strawberry.ID, strawberry.argument(name="id", description="A global id, as an `id` field gave it.")]


def record_by_id(entity: Entity, description: str) -> Any:
    """One *entity* record by its global id."""

    async def resolve(info: Info, node_id: _Id) -> Record | None:
        found = GlobalId.decode(node_id)
        if found.kind != entity:
            raise BadRequest(f"this id names a {found.kind}; ask `node`, or the field of its type")
        return await _record(info, found, is_list=False)

    return strawberry.field(resolver=resolve, description=description)


def node_field(description: str) -> Any:
    """Anything by its global id."""
    return strawberry.field(resolver=_one, description=description)


def nodes_field(description: str) -> Any:
    """Several things by their global ids."""
    return strawberry.field(resolver=_many, description=description)


def record_field(description: str) -> Any:
    """A record by the CRM's own id."""
    return strawberry.field(resolver=_by_remote_id, description=description)


async def _one(info: Info, node_id: _Id) -> object:
    return await _node(info, node_id, is_list=False)


def _many(
    info: Info,
    ids: Annotated[list[strawberry.ID], strawberry.argument(description="Global ids, at most one page of them.")],
) -> list[Awaitable[object]]:
    most = info.context.limits.first
    if len(ids) > most:
        raise BadRequest(f"`ids` has {len(ids)} ids; at most {most} are taken")
    return [_node(info, item, is_list=True) for item in ids]


async def _by_remote_id(
    info: Info,
    source: Annotated[str, strawberry.argument(description="Key of the source.")],
    record_type: Annotated[RecordType, strawberry.argument(name="type", description="Type of the record.")],
    remote_id: Annotated[str, strawberry.argument(description="The CRM's own id, in any of its spellings.")],
) -> Record | None:
    entity = Entity[record_type.name]
    return await info.context.reads.record(source, entity, remote_id, selection(info.raw, info.context, entity))


async def _node(
    info: Info, text: str, *, is_list: bool
) -> Record | Pipeline | Stage | SourceInfo | PlatformInfo | None:
    found, reads = GlobalId.decode(text), info.context.reads
    if found.kind in _ENTITIES:
        return await _record(info, found, is_list=is_list)
    match found.kind:
        case "source":
            return reads.source(found.remote_id)
        case "platform":
            return next((item for item in reads.platforms() if item.key == found.remote_id), None)
        case "pipeline" if reads.source(found.source):
            return await reads.pipeline(found.source, found.remote_id)
        case "stage" if reads.source(found.source):
            return await reads.stage(found.source, found.remote_id)
        case _:
            return None


async def _record(info: Info, found: GlobalId, *, is_list: bool) -> Record | None:
    entity = Entity(found.kind)
    selected = selection(info.raw, info.context, entity, is_list=is_list)
    # A source that is gone, or another's, is told from a missing record by nobody.
    if info.context.reads.source(found.source) is None:
        return None
    return await info.context.reads.record(found.source, entity, found.remote_id, selected)
