"""What the compilation of a statement depends on besides its text."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.salesforce.org import Catalog, SObject
from sandbox.salesforce.org.store import Cell
from sandbox.salesforce.soql.language.literals import Calendar

__all__ = ["Context", "Fragment"]


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of SQL and the parameters of its question marks, in their order."""

    sql: str
    parameters: tuple[Cell, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """One run of one statement.

    Attributes:
        catalog: the objects and fields that the user sees.
        calendar: what dates mean now.
        version: API version of the request.
        with_trash: deleted and archived records are seen too (queryAll).
        not_in_keeps_null: rows without a value pass `NOT IN`.
        rates: units of each active currency for one of the corporate currency; empty in single-currency orgs.
        home_currency: the running user's currency.
    """

    catalog: Catalog
    calendar: Calendar
    version: int
    with_trash: bool
    not_in_keeps_null: bool
    rates: Mapping[str, float] = field(default_factory=dict)
    home_currency: str = "EUR"

    def visible(self, sobject: SObject, table: str) -> str:
        """The SQL condition of the rows that the statement may see; `1` for all."""
        hidden = () if self.with_trash else ("IsDeleted", "IsArchived")
        flags = [f'{table}."{name}" = 0' for name in hidden if sobject.named(name)]
        return " AND ".join(flags) or "1"
