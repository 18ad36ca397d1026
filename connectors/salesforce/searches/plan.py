"""Which objects a search reads, and in which calls; decided without one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from connectors.salesforce.account import Account
from connectors.salesforce.manifest import manifest
from connectors.salesforce.objects import ObjectTable
from connectors.salesforce.planning import tables_for
from connectors.salesforce.searches.text import complaint_of, find_text, words_of
from connectors.salesforce.shapes import RecordShape, record_shape
from connectors.salesforce.soql import Select
from model.capabilities import SearchSplit
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.query import SearchQuery

__all__ = ["MAX_ROWS", "Sought", "calls_of", "matched_fields", "plan_of", "sought"]

# Salesforce, SOSL reference, "LIMIT" and "OFFSET": rows of one answer, and the last place to start at (read 2026-11).
MAX_ROWS = 2_000

_MATCHED: Mapping[Entity, tuple[str, ...]] = {
    Entity.CONTACT: ("first_name", "last_name", "display_name", "email", "phone", "job_title", "department"),
    Entity.LEAD: ("first_name", "last_name", "display_name", "company_name", "email", "phone", "job_title"),
    Entity.COMPANY: ("name", "website", "phone"),
    Entity.DEAL: ("name", "next_step"),
    Entity.APPOINTMENT: ("title", "location"),
    Entity.TASK: ("subject",),
    Entity.NOTE: ("title", "body_preview"),
    Entity.USER: ("name", "email"),
}

_LAG = "found by whole words, in an index that lags behind changes"


@dataclass(frozen=True, slots=True)
class Sought:
    """Hits of one type.

    Attributes:
        shapes: of the selected fields, by object.
        after: hits to leave out at the start.
        limit: hits wanted behind them.
    """

    entity: Entity
    shapes: Sequence[RecordShape]
    after: int
    limit: int

    @property
    def rows(self) -> int:
        """Rows to ask of each object so that the hits are among them, and one more where more follow."""
        return min(self.after + self.limit + 1, MAX_ROWS)

    @property
    def skips(self) -> bool:
        """Whether the org can leave the first ones out."""
        return len(self.shapes) == 1 and self.after > 0

    def items(self, *, is_alone: bool) -> list[str]:
        """What stands in RETURNING; OFFSET goes with a single object alone."""
        skips = is_alone and self.skips
        limit = min(self.limit + 1, MAX_ROWS) if skips else self.rows
        return [_returned(shape, limit, self.after if skips else 0) for shape in self.shapes]


def matched_fields(table: ObjectTable) -> tuple[str, ...]:
    """Fields that are read along to tell where the words stand; long texts are found and not told."""
    return tuple(name for name in _MATCHED[table.entity] if name in table.fields)


def _returned(shape: RecordShape, limit: int, offset: int) -> str:
    table = shape.table
    columns = dict.fromkeys((*shape.columns(), *table.columns(matched_fields(table))))
    return Select(
        items=list(columns), source=table.name, where=table.base, limit=limit, offset=offset or None
    ).as_returned()


def sought(account: Account, query: SearchQuery, after: Mapping[Entity, int]) -> list[Sought]:
    """What to look for, by type; types that the org does not search are left out."""
    found = []
    for entity, selection in query.selections.items():
        try:
            tables = [table for table in tables_for(account, entity) if table.info.is_searchable]
        except UnsupportedBySource:
            continue
        shapes = [record_shape(account.tables, table, selection, can_follow=False) for table in tables]
        if shapes:
            found.append(Sought(entity, shapes, after.get(entity, 0), query.limit))
    return found


def calls_of(query: SearchQuery, wanted: Sequence[Sought]) -> list[tuple[Sequence[Sought], str]]:
    """The searches, each with the types it finds: one for all where their rows fit an answer and the text a URI."""
    together = _text(query, wanted, is_alone=len(wanted) == 1)
    rows = sum(one.rows * len(one.shapes) for one in wanted)
    if len(wanted) == 1 or (rows <= MAX_ROWS and _fits(together)):
        return [(wanted, together)]
    return [([one], _text(query, [one], is_alone=True)) for one in wanted]


def _fits(text: str) -> bool:
    return len(quote(text, safe="")) <= manifest().get_bytes


def _text(query: SearchQuery, wanted: Sequence[Sought], *, is_alone: bool) -> str:
    returned = ", ".join(item for one in wanted for item in one.items(is_alone=is_alone))
    return f"FIND {{{find_text(words_of(query.text))}}} IN ALL FIELDS RETURNING {returned}"


def plan_of(account: Account, query: SearchQuery) -> SearchSplit:
    """Which types would be searched, and at what cost."""
    wanted = sought(account, query, {})
    asked = calls_of(query, wanted) if wanted else []
    complaint = complaint_of(words_of(query.text))
    if complaint is None and not wanted:
        complaint = f"{account.tables.source} searches none of these types"
    if complaint is None and not all(_fits(text) for _, text in asked):
        complaint = "the search is longer than a URI may be; select fewer fields"
    if complaint is not None:
        return SearchSplit(unsupported=complaint, calls=0)
    return SearchSplit(
        entities=tuple(one.entity for one in wanted),
        calls=len(asked) + sum(_apart(shape, query.limit) for one in wanted for shape in one.shapes),
        notes=(_LAG,),
        operation="search",
        vendor_query="\n".join(text for _, text in asked),
    )


def _apart(shape: RecordShape, limit: int) -> int:
    """Calls that complete the hits."""
    return len(shape.apart - {"body"}) + (limit if "body" in shape.apart else 0)
