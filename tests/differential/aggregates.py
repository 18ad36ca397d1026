"""Aggregate queries, what the oracle counts and sums, and where an answer differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from graphql import GraphQLEnumType
from hypothesis import strategies as st

from model.entities import Deal, Entity, Record
from model.fields import RELATIONS, FieldKind, field_of
from model.ids import GlobalId
from model.values import Choice, Money, Ref
from tests.differential.filters import SCHEMA, Where, wheres
from tests.differential.lists import DOTLESS, ZONES, Tally, lacking_fields
from tests.differential.meaning import Asker
from tests.differential.world import World

__all__ = ["AggregateCase", "aggregate_cases", "miscounts"]

Keys: TypeAlias = tuple[str | None, ...]

_BUCKETS = ("DAY", "WEEK", "MONTH", "QUARTER", "YEAR")
_AMOUNTS = "amounts { currency count sum weightedSum avg min max }"
_AGGREGATED = (Entity.CONTACT, Entity.LEAD, Entity.APPOINTMENT, Entity.DEAL)
_MOST_GROUPS = 500


@dataclass(frozen=True, kw_only=True)
class AggregateCase:
    """One aggregate query."""

    entity: Entity
    where: Where | None
    keys: tuple[tuple[str, str | None], ...]
    sources: tuple[str, ...] | None
    zone: str

    @property
    def query(self) -> str:
        """The document."""
        name, word = self.entity.value.capitalize(), self.entity.value
        return f"""query ($where: {name}Filter, $groupBy: [{name}GroupBy!]!, $sources: [String!],
            $options: ReadOptions) {{ found: {word}Aggregate(where: $where, groupBy: $groupBy, first: {_MOST_GROUPS},
            sources: $sources, options: $options) {{ isPartial isExact hasMoreGroups
            groups {{ count keys {{ field value }} {_AMOUNTS if self.entity is Entity.DEAL else ""} }}
            sources {{ source {{ key }} status isExact isScanLimited notes error {{ code message }} }} }} }}"""

    def variables(self) -> dict[str, Any]:
        """Its values."""
        keys = [{"field": name} | ({"bucket": bucket} if bucket else {}) for name, bucket in self.keys]
        return {
            "where": self.where or {},
            "groupBy": keys,
            "sources": self.sources,
            "options": {"allowScan": True, "timeZone": self.zone},
        }


@st.composite
def aggregate_cases(draw: Any, world: World) -> AggregateCase:
    """Groups of any type that has some, by none to three keys."""
    entity = draw(st.sampled_from(_AGGREGATED))
    enum = SCHEMA.get_type(f"{entity.value.capitalize()}GroupField")
    assert isinstance(enum, GraphQLEnumType)
    names = draw(st.lists(st.sampled_from(sorted(enum.values)), max_size=3, unique=True))
    return AggregateCase(
        entity=entity,
        where=draw(st.none() | wheres(world, entity, depth=1)),
        keys=tuple(
            (name, draw(st.none() | st.sampled_from(_BUCKETS)) if _is_dated(entity, name) else None) for name in names
        ),
        sources=draw(st.sampled_from([None, None, None, *((key,) for key in world.accounts)])),
        zone=draw(st.sampled_from(ZONES)),
    )


def _buckets(entity: Entity, name: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(_BUCKETS) if _is_dated(entity, name) else st.none()


def _is_dated(entity: Entity, name: str) -> bool:
    if name in {"SOURCE", "PLATFORM", "CURRENCY"}:
        return False
    return field_of(entity, name.lower()).kind in {FieldKind.DATE, FieldKind.DATETIME}


@dataclass
class Totals:
    """What one group holds; amounts by currency, each with its probability where it has one."""

    count: int = 0
    amounts: dict[str | None, list[tuple[Decimal, Decimal]]] = field(default_factory=dict)

    def told(self) -> Mapping[str | None, tuple[int, Decimal, Decimal, Decimal, Decimal]]:
        """By currency: how many, their sum, the weighted sum, the least and the most."""
        return {
            currency: (
                len(amounts),
                sum((amount for amount, _ in amounts), Decimal(0)),
                sum((amount * probability for amount, probability in amounts), Decimal(0)),
                min(amount for amount, _ in amounts),
                max(amount for amount, _ in amounts),
            )
            for currency, amounts in self.amounts.items()
        }


def miscounts(case: AggregateCase, world: World, tally: Tally) -> str | None:
    """Where the gateway's groups are not the oracle's; None where they are."""
    now = datetime.now(UTC)
    body = world.ask(case.query, case.variables())
    keys = case.sources or tuple(world.accounts)
    accounts = world.accounts
    lacking = {key for key in keys if case.entity not in accounts[key].rows}
    lacking |= {key for key in keys if lacking_fields(case.where, case.entity, accounts[key])}
    if "errors" in body:
        codes = {error["extensions"]["code"] for error in body["errors"]}
        is_due = lacking == set(keys) and codes <= {"UNSUPPORTED", "BAD_REQUEST"}
        tally.unanswerable += is_due
        return None if is_due else f"errors: {body['errors']}"
    found = body["data"]["found"]
    tally.compared += 1
    left_out = {item["source"]["key"] for item in found["sources"] if item["status"] != "OK" or item["isScanLimited"]}
    if left_out != lacking:
        return f"{left_out} could not answer, and {lacking} lack a field: {found['sources']}"
    tally.short += bool(left_out)
    deviant = tally.deviations(found["sources"])
    if deviant:
        for note in set(deviant.values()):
            tally.excuse(note)
        return None
    asked = [key for key in keys if key not in left_out]
    expected = _folded(case, world, asked, now)
    tally.empty += not any(totals.count for totals in expected.values())
    told = _differing(expected, found)
    if told is not None and _differing(_folded(case, world, asked, now, is_dotless=True), found) is None:
        tally.excuse(DOTLESS)
        return None
    return told


def _folded(
    case: AggregateCase, world: World, keys: Sequence[str], now: datetime, *, is_dotless: bool = False
) -> dict[Keys, Totals]:
    groups: dict[Keys, Totals] = {} if case.keys else {(): Totals()}
    for key in keys:
        where = Asker(key, now, ZoneInfo(case.zone)).predicate(case.where, case.entity)
        is_folded = is_dotless and key == "salesforce"
        for row in world.accounts[key].matching(case.entity, where, is_dotless=is_folded):
            values = tuple(_value(case, row, name, bucket) for name, bucket in case.keys)
            totals = groups.setdefault(values, Totals())
            totals.count += 1
            if isinstance(row, Deal) and isinstance(row.amount, Money):
                amount, probability = Decimal(row.amount.amount), Decimal(str(row.probability or 0))
                totals.amounts.setdefault(row.amount.currency, []).append((amount, probability))
    return groups


def _value(case: AggregateCase, row: Record, name: str, bucket: str | None) -> str | None:
    """What *row* has under one key, as the answer spells it."""
    if name in {"SOURCE", "PLATFORM"}:
        return row.source
    if name == "CURRENCY":
        amount = getattr(row, "amount")  # noqa: B009 - a deal's
        return amount.currency if amount else None
    value = getattr(row, name.lower())
    if value in (None, ""):
        return None
    if isinstance(value, Ref):
        relation = RELATIONS[case.entity].get(name.lower())
        return GlobalId(relation.target.value if relation else name.lower(), row.source, value.remote_id).encode()
    if _is_dated(case.entity, name):
        return _bucketed(value, bucket or "DAY", ZoneInfo(case.zone))
    return value.value if isinstance(value, Choice) else str(value)


def _bucketed(text: str, bucket: str, zone: ZoneInfo) -> str:
    day = datetime.fromisoformat(text).astimezone(zone).date() if "T" in text else date.fromisoformat(text)
    year, week, _ = day.isocalendar()
    return {
        "DAY": day.isoformat(),
        "WEEK": f"{year}-W{week:02}",
        "MONTH": f"{day.year}-{day.month:02}",
        "QUARTER": f"{day.year}-Q{(day.month + 2) // 3}",
        "YEAR": str(day.year),
    }[bucket]


def _differing(expected: Mapping[Keys, Totals], found: Mapping[str, Any]) -> str | None:
    groups = {tuple(key["value"] for key in group["keys"]): group for group in found["groups"]}
    if len(groups) != len(found["groups"]):
        return "a group came twice"
    if not found["hasMoreGroups"] and groups.keys() != expected.keys():
        return (
            f"missing {[*(expected.keys() - groups.keys())][:3]}, too many {[*(groups.keys() - expected.keys())][:3]}"
        )
    for values, group in groups.items():
        totals = expected[values]
        if group["count"] != totals.count:
            return f"{values}: {group['count']} records; {totals.count} match"
        wrong = next(_wrong_amounts(totals, group.get("amounts", [])), None) if "amounts" in group else None
        if wrong is not None:
            return f"{values}: {wrong}"
    return None


def _wrong_amounts(totals: Totals, amounts: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    told = {item["currency"]: item for item in amounts}
    wanted = totals.told()
    if told.keys() != wanted.keys():
        yield f"amounts in {sorted(map(str, told))}; there are some in {sorted(map(str, wanted))}"
        return
    for currency, (count, total, weighted, least, most) in wanted.items():
        item = told[currency]
        have = (item["count"], *(Decimal(item[name]) for name in ("sum", "weightedSum", "min", "max")))
        if have != (count, total, weighted, least, most):
            yield f"{currency}: {have}; it is {(count, total, weighted, least, most)}"
        if abs(Decimal(item["avg"]) - total / count) > Decimal("0.01"):
            yield f"{currency}: the average is {item['avg']} of {count}, together {total}"
