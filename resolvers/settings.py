"""The bounds every read keeps."""

from dataclasses import dataclass

__all__ = ["ReadLimits"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """Bounds from the operator's settings.

    Attributes:
        max_first: rows of one list page at most.
        scan_rows: rows a source may read to finish a filter or an order here, where the CRM narrows what is read.
        max_scan_rows: the same with options.allowScan, whatever is narrowed.
        behind_ids: records behind a relation whose ids are asked first at most.
        max_groups: groups that one source's records may fall into, where they are counted here.
        reserve_share: part of the remaining time that a list leaves for the relations behind it.
    """

    max_first: int = 100
    scan_rows: int = 1_000
    max_scan_rows: int = 20_000
    behind_ids: int = 500
    max_groups: int = 10_000
    reserve_share: float = 0.25
