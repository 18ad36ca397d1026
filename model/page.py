"""What a source answers: a page of records, positions to resume from, and related rows that came along."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from model.entities import Record
from model.values import Ref

__all__ = ["Hit", "Link", "Missing", "Page", "Position", "RelatedPage", "Searched"]


@dataclass(frozen=True, slots=True)
class Position:
    """A place in an ordered stream: just after the row with these sort keys and this remote id.

    *keys* are in normalised wire form, one for each key of the query's order, None for a missing value.
    It names a key set and no vendor locator, so it does not expire.
    """

    keys: tuple[str | None, ...]
    remote_id: str


@dataclass(frozen=True, slots=True)
class Missing:
    """What `by_ids` gives for an id the CRM has no row for."""

    remote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row of a to-many relation; *record* is there when the read carried it."""

    ref: Ref
    record: Record | None = None
    role: str | None = None
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class RelatedPage:
    """The first links of one parent in remote-id order, and whether more follow."""

    links: tuple[Link, ...]
    has_more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Records in the query's order.

    Attributes:
        has_more: whether rows follow the last one; a page may be short, even empty, and still have more.
        resume: where the next page starts when `has_more` and *records* is empty or ends early; None means after
            the last record.
        primed: records reached by to-one relations that came in the same answer.
        related: first links of to-many relations that came along, by (relation, parent's remote id).
        total: rows that match in all, where the answer said so.
    """

    records: Sequence[Record]
    has_more: bool
    resume: Position | None = None
    primed: Sequence[Record] = ()
    related: Mapping[tuple[str, str], RelatedPage] = field(default_factory=lambda: MappingProxyType({}))
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that a search found, and the unified fields its words stand in; none where the CRM alone knows."""

    record: Record
    matched_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Searched:
    """Hits of one type, best first as the CRM ranks them, and whether more follow."""

    hits: Sequence[Hit]
    has_more: bool = False
