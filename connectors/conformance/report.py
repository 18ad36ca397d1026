"""What the laws found: violations that a reader can reproduce, and how often each law was really tried."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.conformance.told import told_query, told_rows
from model.entities import Record
from model.query import Query

__all__ = ["Broken", "Report", "Untested", "Violation", "differing"]


class Broken(Exception):
    """A law does not hold; *query* is the one it broke on where the law made its own, *is_smallest* as small as any."""

    def __init__(self, message: str, *, query: Query | None = None, is_smallest: bool = False) -> None:
        super().__init__(message)
        self.message = message
        self.query = query
        self.is_smallest = is_smallest


class Untested(Exception):
    """A law says nothing about this connector or this query."""


def differing(expected: Iterable[Record], actual: Iterable[Record], fields: Iterable[str]) -> str | None:
    """How two lists of rows differ, None where they hold the same ids in the same order."""
    wanted, found, names = list(expected), list(actual), tuple(fields)
    wanted_ids, found_ids = [row.remote_id for row in wanted], [row.remote_id for row in found]
    if wanted_ids == found_ids:
        return None
    missing = [row for row in wanted if row.remote_id not in set(found_ids)]
    extra = [row for row in found if row.remote_id not in set(wanted_ids)]
    lines = [f"{len(wanted)} rows expected, {len(found)} read"]
    if missing:
        lines.append(f"  missing:{told_rows(missing, names)}")
    if extra:
        lines.append(f"  not expected:{told_rows(extra, names)}")
    if not (missing or extra):
        place = next((i for i, pair in enumerate(zip(wanted_ids, found_ids, strict=False)) if pair[0] != pair[1]), 0)
        lines.append(f"  they part at row {place + 1}; expected:{told_rows(wanted[place : place + 3], names)}")
        lines.append(f"  read:{told_rows(found[place : place + 3], names)}")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """One law broken by one case.

    Attributes:
        law: its name.
        meaning: what it says, in a sentence.
        case: number of the case under the report's seed.
        query: the smallest query found that breaks it.
    """

    law: str
    meaning: str
    case: int
    query: Query
    message: str

    def __str__(self) -> str:
        told = self.message.replace("\n", "\n  ")
        return f"{self.law} (case {self.case})\n  law: {self.meaning}\n  query: {told_query(self.query)}\n  {told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The outcome of a run over one source.

    Attributes:
        tried: how many cases really tried each law; 0 where it says nothing about this connector.
    """

    source: str
    seed: int
    tried: Mapping[str, int]
    violations: tuple[Violation, ...] = field(default=())

    def __str__(self) -> str:
        broken = len({violation.law for violation in self.violations})
        head = f"{self.source}: {broken} of {len(self.tried)} laws broken (seed {self.seed})"
        return "\n\n".join([head, *map(str, self.violations)])

    def require_none_broken(self) -> None:
        """Raise an AssertionError that tells every violation, if there is one."""
        if self.violations:
            raise AssertionError(str(self))
