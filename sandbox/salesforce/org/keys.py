"""What all records of one org share: ids from a book's numbers, currencies, stages, and who runs the API."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sandbox.salesforce.org.ids import id_of
from sandbox.salesforce.org.store import Value, wire_instant
from sandbox.seed import Book, Row, Stage

__all__ = ["Keys", "Record"]

Record = dict[str, Value]

_EURO_RATES = {"EUR": "1", "USD": "1.08", "GBP": "0.85", "JPY": "170", "CHF": "0.95", "SEK": "11.3"}
_PREFIXES = {
    "Account": "001",
    "Contact": "003",
    "User": "005",
    "Opportunity": "006",
    "Lead": "00Q",
    "Group": "00G",
    "Event": "00U",
    "Organization": "00D",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The org's conventions.

    Attributes:
        book: the content.
        now: the virtual instant of the seeding.
        multi_currency: amounts stay in their own currency.
    """

    book: Book
    now: datetime
    multi_currency: bool

    @property
    def integration_user(self) -> str:
        """The user who runs API calls and owns what nobody else owns: Salesforce has no record without an owner."""
        return id_of("005", len(self.book.users) + 1)

    @property
    def organization(self) -> str:
        """The org's own id."""
        return id_of("00D", 1)

    def reference(self, name: str, number: int | None) -> str | None:
        """The id of row *number* of the book's list behind the object *name*."""
        return None if number is None else id_of(_PREFIXES[name], number)

    def owner(self, number: int | None, *, may_be_queue: bool = False) -> str:
        """The user, or queue where the object allows one, behind a book's owner."""
        if number is None:
            return self.integration_user
        if self.book.users[number - 1].kind == "user":
            return id_of("005", number)
        return id_of("00G", number) if may_be_queue else self.integration_user

    def audit(self, row: Row) -> Record:
        """The fields that Salesforce keeps; audit times are whole seconds."""
        changed = wire_instant(row.updated_at.replace(microsecond=0))
        by = self.owner(getattr(row, "owner", None))
        return {
            "CreatedDate": wire_instant(row.created_at.replace(microsecond=0)),
            "CreatedById": by,
            "LastModifiedDate": changed,
            "LastModifiedById": by,
            "SystemModstamp": changed,
        }

    def setup_audit(self) -> Record:
        """The same fields of a row of the org's setup."""
        made = self.now.replace(year=self.now.year - 5, day=1, hour=0, minute=0, second=0, microsecond=0)
        by = self.integration_user
        return {
            "CreatedDate": made,
            "CreatedById": by,
            "LastModifiedDate": made,
            "LastModifiedById": by,
            "SystemModstamp": made,
        }

    def rates(self) -> dict[str, Decimal]:
        """Units of each of the book's currencies for one of the home currency."""
        home = Decimal(_EURO_RATES[self.book.home_currency])
        return {code: round(Decimal(_EURO_RATES[code]) / home, 6) for code in self.book.currencies}

    def money(self, amount: Decimal | None, currency: str) -> Decimal | None:
        """An amount as a record holds it: converted to the home currency unless the org keeps several."""
        if amount is None or self.multi_currency or currency == self.book.home_currency:
            return amount
        return round(amount / self.rates()[currency], 2)

    def stages(self) -> dict[tuple[str, str], tuple[str, Stage]]:
        """Label and stage by the keys of pipeline and stage.

        Salesforce has one list of stages: those of all deal pipelines stand in it, one after the other; a label that
        two pipelines give to different stages is told apart by the pipeline's.
        """
        found: dict[tuple[str, str], tuple[str, Stage]] = {}
        for pipeline in self.book.pipelines:
            for stage in pipeline.stages if pipeline.kind == "deal" else ():
                clashes = any(
                    label == stage.label and (other.probability, other.outcome) != (stage.probability, stage.outcome)
                    for label, other in found.values()
                )
                label = f"{pipeline.label}: {stage.label}" if clashes else stage.label
                found[pipeline.key, stage.key] = label, stage
        return found

    def stage_labels(self) -> tuple[str, ...]:
        """The one list of stages, in its order."""
        return tuple(dict.fromkeys(label for label, _ in self.stages().values()))
