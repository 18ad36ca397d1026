"""Platforms, and the sources connected to them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import strawberry

from model import capabilities as model
from model import entities
from model.aliases import Alias
from model.reading import SourceInfo
from model.values import instant_text
from schema.fields.info import Info
from schema.fields.relations import resolved
from schema.scalars import DateTime
from schema.types.capabilities import FieldDescription, TypeCapability
from schema.types.enums import AuthKind, LeadModel, RecordType, SourceStatus
from schema.types.node import Node
from schema.types.records.pipeline import Pipeline

__all__ = ["Platform", "Quota", "Source"]


@strawberry.type(description="A CRM product.")
class Platform(Node):
    """A CRM product."""

    key: str = strawberry.field(description="Its key in the configuration.")
    name: str = strawberry.field(description="Its name.")
    auth_kinds: list[AuthKind] = strawberry.field(description="The ways to sign in that the gateway knows for it.")


def _resets_at(root: model.Quota, info: Info) -> str | None:
    if root.resets_in_s is None:
        return None
    return instant_text(info.context.now + timedelta(seconds=root.resets_in_s))


@strawberry.type(description="A limit on the calls to a source, over one window of time.")
class Quota:
    """A limit on the calls to a source, over one window of time."""

    name: str = strawberry.field(description="What it limits.")
    limit: int | None = strawberry.field(description="Calls in a window.")
    remaining: int | None = strawberry.field(description="Calls left in this window.")
    window_s: float | None = strawberry.field(description="Length of the window in seconds.")
    resets_at: DateTime | None = resolved(_resets_at, "When the window ends.")
    is_observed: bool = strawberry.field(description="Whether the CRM itself said so; else it is counted here.")


async def _described(root: SourceInfo, info: Info) -> object:
    return getattr(await info.context.reads.describe(root.key), info.python_name)


async def _capabilities(root: SourceInfo, info: Info) -> list[model.TypeCapability]:
    return list((await info.context.reads.describe(root.key)).types.values())


async def _fields(
    root: SourceInfo,
    info: Info,
    record_type: Annotated[RecordType, strawberry.argument(name="type", description="The type.")],
) -> Sequence[model.RemoteField]:
    description, entity = await info.context.reads.describe(root.key), entities.Entity[record_type.name]
    fields = description.remote_fields.get(entity, ())
    return [_named(item, info.context.aliases.with_key(entity, root.key, item.remote_field)) for item in fields]


def _named(field: model.RemoteField, alias: Alias | None) -> model.RemoteField:
    """*field*, called by its alias where it is no field of this schema otherwise."""
    return field if alias is None or field.field is not None else replace(field, field=f"custom.{alias.name}")


def _quotas(root: SourceInfo, info: Info) -> Sequence[model.Quota]:
    return info.context.reads.quotas(root.key)


@strawberry.type(description="One connected CRM account.")
class Source(Node):
    """One connected CRM account."""

    key: str = strawberry.field(description="Its immutable key in the configuration.")
    name: str = strawberry.field(description="Its name.")
    platform: Platform = strawberry.field(description="The CRM product it is an account of.")
    status: SourceStatus = strawberry.field(description="Whether it can be read now.")
    status_reason: str | None = strawberry.field(description="Why it cannot, or only partly.")
    region: str | None = resolved(_described, "Region or data centre of the account.")
    remote_account_id: str | None = resolved(_described, "The CRM's own id of the account.")
    default_currency: str | None = resolved(_described, "ISO 4217 currency of amounts that name none.")
    time_zone: str | None = resolved(_described, "IANA time zone of the account.")
    lead_model: LeadModel | None = resolved(_described, "What a lead is there.")
    quotas: list[Quota] | None = resolved(_quotas, "Its limits on calls, as known now.")
    capabilities: list[TypeCapability] | None = resolved(_capabilities, "What it can do, type by type.")
    fields: list[FieldDescription] | None = resolved(_fields, "The fields of one type as the CRM describes them.")
    pipelines: list[Pipeline] | None = resolved(_described, "Its deal pipelines.")
