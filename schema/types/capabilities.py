"""What a source can do, as a client sees it."""

from collections.abc import Sequence

import strawberry
from strawberry.utils.str_converters import to_camel_case

from model import capabilities as model
from schema.fields.relations import resolved
from schema.types.enums import FieldKind, PushdownMode, RecordType, RelationCoverage, RelationMode
from schema.types.values import Choice

__all__ = [
    "FieldCapability",
    "FieldDescription",
    "OperatorCapability",
    "RelationCapability",
    "TypeCapability",
    "UpsertKey",
]


def _field_name(root: model.FieldCapability | model.RelationCapability) -> str:
    return to_camel_case(root.field)


def _mapped_name(root: model.RemoteField) -> str | None:
    return None if root.field is None else to_camel_case(root.field)


@strawberry.type(description="How one operator on a field is evaluated.")
class OperatorCapability:
    """How one operator on a field is evaluated."""

    operator: str = strawberry.field(description="The operator as filters spell it, such as `startsWith`.")
    mode: PushdownMode = strawberry.field(description="Who evaluates it.")


def _operators(root: model.FieldCapability) -> list[OperatorCapability]:
    return [
        OperatorCapability(operator=key.value, mode=PushdownMode(mode.value)) for key, mode in root.operators.items()
    ]


@strawberry.type(description="What a source can do with one field.")
class FieldCapability:
    """What a source can do with one field."""

    field: str = resolved(_field_name, "The field's name in this schema.")
    remote_fields: list[str] = strawberry.field(description="The CRM's fields it is read from.")
    operators: list[OperatorCapability] = resolved(_operators, "The operators a filter may use.")
    is_sortable: bool = strawberry.field(description="Whether the CRM can order by it.")
    is_writable: bool = strawberry.field(description="Whether the CRM lets it be written.")
    is_required: bool = strawberry.field(description="Whether the CRM requires it of a new record.")


@strawberry.type(description="How a source reads one relation.")
class RelationCapability:
    """How a source reads one relation."""

    field: str = resolved(_field_name, "The relation's name in this schema.")
    mode: RelationMode = strawberry.field(description="How it is read.")
    batch_size: int | None = strawberry.field(description="Parents in one call.")
    coverage: RelationCoverage = strawberry.field(description="How much of it shows.")


@strawberry.type(description="A field that identifies a record to be written.")
class UpsertKey:
    """A field that identifies a record to be written."""

    field: str = strawberry.field(description="The field's name in this schema.")
    is_native: bool = strawberry.field(description="Whether the CRM itself matches by it.")


def _not_offered() -> bool:
    return False


def _no_size() -> int | None:
    return None


def _no_keys() -> list[UpsertKey]:
    return []


def _fields(root: model.TypeCapability) -> Sequence[model.FieldCapability]:
    return list(root.fields.values())


def _relations(root: model.TypeCapability) -> Sequence[model.RelationCapability]:
    return list(root.relations.values())


@strawberry.type(description="What a source can do with one type.")
class TypeCapability:
    """What a source can do with one type."""

    entity: RecordType = strawberry.field(name="type", description="The type.")
    can_get: bool = strawberry.field(description="Whether a record can be read by its id.")
    can_list: bool = strawberry.field(description="Whether records can be listed.")
    can_count: bool = strawberry.field(description="Whether the CRM counts matching records.")
    can_aggregate: bool = resolved(_not_offered, "Whether the CRM groups and sums; no connector offers it yet.")
    can_search: bool = strawberry.field(description="Whether the CRM's own search finds its records.")
    can_create: bool = resolved(_not_offered, "Whether records can be created; no connector offers it yet.")
    can_update: bool = resolved(_not_offered, "Whether records can be changed; no connector offers it yet.")
    can_delete: bool = resolved(_not_offered, "Whether records can be deleted; no connector offers it yet.")
    upsert_keys: list[UpsertKey] = resolved(_no_keys, "Fields an upsert can match on; no connector offers it yet.")
    batch_read_size: int | None = strawberry.field(description="Ids read in one call.")
    batch_write_size: int | None = resolved(_no_size, "Records written in one call; null where none can be.")
    fields: list[FieldCapability] = resolved(_fields, "What it can do with each field.")
    relations: list[RelationCapability] = resolved(_relations, "How it reads each relation.")


@strawberry.type(description="A field as the CRM describes it.")
class FieldDescription:
    """A field as the CRM describes it."""

    field: str | None = resolved(
        _mapped_name, "Its name in this schema, `custom.…` for an alias; null where it has none."
    )
    remote_field: str = strawberry.field(description="Its name in the CRM's API.")
    label: str | None = strawberry.field(description="Its name as people see it in the CRM.")
    kind: FieldKind = strawberry.field(description="What sort of value it holds.")
    is_custom: bool = strawberry.field(description="Whether the account itself added it.")
    is_required: bool = strawberry.field(description="Whether the CRM requires it of a new record.")
    is_writable: bool = strawberry.field(description="Whether the CRM lets it be written.")
    choices: list[Choice] | None = strawberry.field(description="What may be picked, for pick lists.")
