"""What a source can do, as data, and what it would do for one query."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from model.entities import Entity, Pipeline
from model.fields import FieldKind
from model.query import EVERYTHING, Operator, Predicate
from model.values import Choice

__all__ = [
    "AggregateSplit",
    "Coverage",
    "Description",
    "FieldCapability",
    "LeadModel",
    "Pushdown",
    "Quota",
    "RelationCapability",
    "RelationMode",
    "RemoteField",
    "SearchSplit",
    "Split",
    "TypeCapability",
]


class Pushdown(StrEnum):
    """Who evaluates an operator: the CRM, the CRM with a re-check here, this product alone, or nobody."""

    PUSHED = "PUSHED"
    SUPERSET = "SUPERSET"
    LOCAL = "LOCAL"
    UNSUPPORTED = "UNSUPPORTED"


class RelationMode(StrEnum):
    """How a relation is read: within the page's own call, in batches over parents, or a call a parent."""

    INLINE = "INLINE"
    BATCH = "BATCH"
    PER_PARENT = "PER_PARENT"
    UNSUPPORTED = "UNSUPPORTED"


class Coverage(StrEnum):
    """Whether a relation shows every related row or only the primary one."""

    ALL = "ALL"
    PRIMARY_ONLY = "PRIMARY_ONLY"


class LeadModel(StrEnum):
    """What a lead is at this source."""

    OBJECT = "OBJECT"
    INBOX_ITEM = "INBOX_ITEM"
    CONTACT_STAGE = "CONTACT_STAGE"
    NONE = "NONE"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCapability:
    """One unified field at this source; *remote_fields* are the vendor columns it is read from."""

    field: str
    remote_fields: tuple[str, ...]
    operators: Mapping[Operator, Pushdown]
    is_sortable: bool = False
    is_writable: bool = False
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelationCapability:
    """How one relation is read here.

    Attributes:
        field: name of the relation.
        target: type at its other end.
        is_many: whether it is a list.
        mode: INLINE when the page's own call carries the related rows.
        is_keyed: a to-one whose Ref stands on the record, so that `by_ids` loads it; otherwise `related` reads it.
        carries_records: whether `related` brings the records themselves and not only their ids.
        batch_size: parents in one call of `related`.
    """

    field: str
    target: Entity
    is_many: bool
    mode: RelationMode
    is_keyed: bool = False
    carries_records: bool = False
    batch_size: int | None = None
    coverage: Coverage = Coverage.ALL


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeCapability:
    """One unified type at this source; *batch_read_size* ids go in one `by_ids` call.

    *is_cached* types (users, where they are read as metadata) cost no data call on a warm gateway.
    """

    entity: Entity
    remote_type: str
    can_get: bool = True
    can_list: bool = True
    can_count: bool = False
    can_aggregate: bool = False
    can_search: bool = False
    is_cached: bool = False
    batch_read_size: int | None = None
    fields: Mapping[str, FieldCapability] = field(default_factory=lambda: MappingProxyType({}))
    relations: Mapping[str, RelationCapability] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteField:
    """A field as the CRM describes it; *field* is the unified name where it is mapped."""

    remote_field: str
    label: str
    kind: FieldKind
    field: str | None = None
    is_custom: bool = False
    is_required: bool = False
    is_writable: bool = False
    choices: tuple[Choice, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What one connected account is and can do; read from the CRM and cached.

    Attributes:
        types: only those the account offers.
        lacking: those that the CRM does not know at all, so that no record of them can be missing.
        pipelines: of deals, in the CRM's order.
        remote_fields: by type, as described by the CRM.
        notes: what an operator should know, such as why a type is not offered.
    """

    types: Mapping[Entity, TypeCapability]
    pipelines: tuple[Pipeline, ...] = ()
    remote_fields: Mapping[Entity, tuple[RemoteField, ...]] = field(default_factory=lambda: MappingProxyType({}))
    remote_account_id: str | None = None
    region: str | None = None
    default_currency: str | None = None
    time_zone: str | None = None
    lead_model: LeadModel = LeadModel.NONE
    notes: tuple[str, ...] = ()
    lacking: frozenset[Entity] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """What a source would do with a query, decided without calling anybody.

    Attributes:
        pushed: the condition the CRM evaluates; the page is asked with it.
        residual: what must still be checked here, conditions pushed as a superset included.
        is_order_pushed: False means that the CRM cannot give this order.
        is_exact: whether pushed parts mean exactly what `model.evaluate` says; *notes* say why not.
        calls: data calls one page takes on a warm gateway, relations it carries inline included.
        operation: name of the call, such as "query" or "search".
        vendor_query: the query text it would send.
        remote_fields: vendor fields it would ask for.
        unsupported: why this source cannot answer at all, else None.
        inline: relations the page itself carries, nested ones as paths such as "company.owner".
        brings_total: whether the first page says how many rows match in all.
    """

    pushed: Predicate = EVERYTHING
    residual: Predicate = EVERYTHING
    is_order_pushed: bool = True
    is_exact: bool = True
    notes: tuple[str, ...] = ()
    calls: int = 1
    operation: str = ""
    vendor_query: str | None = None
    remote_fields: tuple[str, ...] = ()
    unsupported: str | None = None
    inline: frozenset[str] = frozenset()
    brings_total: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateSplit:
    """What a source would do with groups, decided without calling anybody.

    Attributes:
        unsupported: why the CRM cannot group so with our meaning, else None; then the records are folded here.
        calls: data calls on a warm gateway; an upper bound where it depends on the data.
        is_exact, notes, operation, vendor_query: as of a Split.
    """

    unsupported: str | None = None
    calls: int = 1
    is_exact: bool = True
    notes: tuple[str, ...] = ()
    operation: str = ""
    vendor_query: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchSplit:
    """What a source would do with a search, decided without calling anybody.

    Attributes:
        entities: the types it would search, of those asked for.
        unsupported: why it would search none, else None.
        calls: data calls of one page.
        notes, operation, vendor_query: as of a Split.
    """

    entities: tuple[Entity, ...] = ()
    unsupported: str | None = None
    calls: int = 1
    notes: tuple[str, ...] = ()
    operation: str = ""
    vendor_query: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """One limit window of a source; *is_observed* when the CRM itself said so."""

    name: str
    limit: int | None
    remaining: int | None
    window_s: float | None
    resets_in_s: float | None = None
    is_observed: bool = False
