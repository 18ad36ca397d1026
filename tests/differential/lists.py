"""List queries, what the oracle answers, and where an answer differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

from graphql import GraphQLEnumType
from hypothesis import strategies as st

from model.entities import Entity, Record
from model.evaluate import ordering, sort_keys
from model.fields import RELATIONS, FieldKind, custom_of, field_of
from model.ids import GlobalId
from model.query import Direction, Order
from model.values import Choice, Money
from tests.differential.filters import SCHEMA, Where, wheres
from tests.differential.meaning import Asker, snake
from tests.differential.world import Account, World

__all__ = ["DOTLESS", "ZONES", "ListCase", "Tally", "differences", "lacking_fields", "list_cases"]

ZONES = ("UTC", "Europe/Berlin", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Auckland")
_FIELDS: Mapping[Entity, tuple[str, ...]] = {
    Entity.CONTACT: ("firstName", "lastName", "email"),
    Entity.LEAD: ("status", "companyName", "email"),
    Entity.DEAL: ("name", "status", "expectedCloseOn", "closedOn", "amount { amount currency }"),
    Entity.COMPANY: ("name", "domain"),
    Entity.APPOINTMENT: ("title", "startsAt"),
    Entity.TASK: ("subject", "dueOn", "status"),
    Entity.NOTE: ("createdAt", "bodyPreview"),
    Entity.USER: ("name", "email"),
}
_RELATED: Mapping[Entity, tuple[tuple[str, str], ...]] = {
    Entity.CONTACT: (("company", "name"), ("owner", "email")),
    Entity.LEAD: (("owner", "name"),),
    Entity.DEAL: (("company", "domain"), ("owner", "name")),
    Entity.COMPANY: (("parent", "name"), ("owner", "name")),
    Entity.APPOINTMENT: (("owner", "name"), ("company", "name")),
    Entity.TASK: (("owner", "name"),),
    Entity.NOTE: (("author", "name"),),
}
_LISTS = {entity: "companies" if entity is Entity.COMPANY else f"{entity.value}s" for entity in Entity}
_MOST_PAGES = 3

# What these notes warn of does not happen here: nobody writes meanwhile, and the emulator's index does not lag.
_HARMLESS = (
    "index lags",
    "whose index lags",
    "cleared as having a value",
    "filtered in two steps",
    "by any of their associations",
    "reads as missing",
    "read and counted here",
    "a search of its own",
    "records are in the group without one",
)
DOTLESS = "Salesforce takes ı for an ASCII operand's i (docs/connectors/salesforce.md)"
_COLLATED = "locale collates text"
"""Of an order that is the CRM's own: the rows are the oracle's all the same."""


@dataclass(frozen=True, kw_only=True)
class ListCase:
    """One list query."""

    entity: Entity
    where: Where | None
    order: tuple[tuple[str, str], ...]
    first: int
    sources: tuple[str, ...] | None
    zone: str
    has_relations: bool = False

    @property
    def relations(self) -> tuple[tuple[str, str], ...]:
        """The relations that are followed, each with the field that is read there."""
        return _RELATED.get(self.entity, ()) if self.has_relations else ()

    @property
    def query(self) -> str:
        """The document; a page of it for each `after`."""
        name = self.entity.value.capitalize()
        related = " ".join(f"{relation} {{ {field} }}" for relation, field in self.relations)
        return f"""query ($first: Int, $after: String, $where: {name}Filter, $orderBy: [{name}Order!],
            $sources: [String!], $options: ReadOptions) {{ page: {_LISTS[self.entity]}(first: $first, after: $after,
            where: $where, orderBy: $orderBy, sources: $sources, options: $options) {{
            nodes {{ id {" ".join(_FIELDS[self.entity])} {related} }}
            totalCount isPartial pageInfo {{ hasNextPage endCursor }}
            sources {{ source {{ key }} status rows isExact isScanLimited notes error {{ code message }} }} }} }}"""

    def variables(self, after: str | None) -> dict[str, Any]:
        """Its values."""
        return {
            "first": self.first,
            "after": after,
            "where": self.where,
            "orderBy": [{"field": name, "direction": direction} for name, direction in self.order],
            "sources": self.sources,
            "options": {"allowScan": True, "timeZone": self.zone},
        } | ({} if self.where is not None else {"where": {}})


@dataclass
class Tally:
    """How many cases were compared, and how many not to the last row, by what exempts them.

    Attributes:
        uncounted: had no total.
        empty: no row matches.
        short: a source lacks a field that the filter names; the others were compared.
        unanswerable: every source does.
    """

    compared: int = 0
    uncounted: int = 0
    empty: int = 0
    short: int = 0
    unanswerable: int = 0
    exempt: dict[str, int] = field(default_factory=dict)

    def excuse(self, reason: str) -> None:
        """Count a case that is compared by what is still promised alone."""
        self.exempt[reason] = self.exempt.get(reason, 0) + 1

    @staticmethod
    def deviations(outcomes: Sequence[Mapping[str, Any]]) -> dict[str, str]:
        """Why a source's answer need not be the oracle's, by source; those whose answer must be are left out."""
        notes = {
            item["source"]["key"]: [note for note in item["notes"] if not any(word in note for word in _HARMLESS)]
            for item in outcomes
            if not item["isExact"]
        }
        return {key: found[0] for key, found in notes.items() if found}


@st.composite
def list_cases(draw: Any, world: World) -> ListCase:
    """A list of any type, filtered, ordered, paged."""
    entity = draw(st.sampled_from([entity for entity in Entity if _is_everywhere(world, entity)]))
    enum = SCHEMA.get_type(f"{entity.value.capitalize()}OrderField")
    assert isinstance(enum, GraphQLEnumType)
    names = draw(st.lists(st.sampled_from(sorted(enum.values)), max_size=2, unique=True))
    order = tuple((name, draw(st.sampled_from(["ASC", "DESC"]))) for name in names)
    where: Where | None = draw(st.none() | wheres(world, entity))
    for name in names:
        if field_of(entity, name.lower()).kind is FieldKind.MONEY:
            bound = {"currency": draw(st.sampled_from(["EUR", "USD"]))}
            where = {"and": [*([where] if where else []), {snake_to_camel(name): bound}]}
    return ListCase(
        entity=entity,
        where=where,
        order=order,
        first=draw(st.sampled_from([1, 2, 5, 20, 100, 500])),
        sources=draw(st.sampled_from([None, None, None, *((key,) for key in world.accounts)])),
        zone=draw(st.sampled_from(ZONES)),
        has_relations=draw(st.integers(0, 3)) == 0,
    )


def _is_everywhere(world: World, entity: Entity) -> bool:
    return all(entity in account.rows for account in world.accounts.values())


def snake_to_camel(name: str) -> str:
    """CLOSED_ON as closedOn."""
    first, *rest = name.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)


def differences(case: ListCase, world: World, tally: Tally) -> str | None:
    """Where the gateway's answer is not the oracle's; None where it is."""
    now = datetime.now(UTC)
    pages = list(_pages(case, world))
    keys = case.sources or tuple(world.accounts)
    lacking = {key for key in keys if lacking_fields(case.where, case.entity, world.accounts[key])}
    wrong = next((page["errors"] for page in pages if "errors" in page), None)
    if wrong is not None:
        codes = {error["extensions"]["code"] for error in wrong}
        is_due = lacking == set(keys) and codes <= {"UNSUPPORTED", "BAD_REQUEST"}
        tally.unanswerable += is_due
        return None if is_due else f"errors: {wrong}"
    found = [page["data"]["page"] for page in pages]
    tally.compared += 1
    outcomes = found[0]["sources"]
    troubled = [item for item in outcomes if item["error"] or item["isScanLimited"] or item["status"] != "OK"]
    if any((item["error"] or {}).get("code") != "UNSUPPORTED" for item in troubled):
        return f"outcomes: {troubled}"
    left_out = {item["source"]["key"] for item in troubled}
    if left_out != lacking:
        return f"{left_out} could not answer, and {lacking} lack a field: {troubled}"
    tally.short += bool(left_out)
    asked = [key for key in keys if key not in left_out]
    expected = _matching(case, world, asked, now)
    tally.empty += not any(expected.values())
    deviant = {key: note for page in found for key, note in tally.deviations(page["sources"]).items()}
    if deviant:
        for note in set(deviant.values()):
            tally.excuse(note)
        return _promised(case, world, found, expected, deviant)
    told = _exactly(case, world, found, _merged(case, world, expected), tally, is_counted=not left_out)
    if told is not None:
        dotless = _matching(case, world, asked, now, is_dotless=True)
        if _exactly(case, world, found, _merged(case, world, dotless), tally, is_counted=not left_out) is None:
            tally.excuse(DOTLESS)
            return None
    return told


def lacking_fields(where: Where | None, entity: Entity, account: Account) -> list[str]:
    """Fields of CRMs' own that *where* names and the account does not describe."""
    described = {
        kind: {custom.key for name in names.customs() if (custom := custom_of(name)) is not None}
        for kind, names in account.names.items()
    }
    return [key for kind, key in _own_keys(where or {}, entity) if key not in described.get(kind, ())]


def _own_keys(where: Where, entity: Entity) -> Iterator[tuple[Entity, str]]:
    for name, value in where.items():
        if name == "customField":
            yield entity, value["key"]
        elif name == "not":
            yield from _own_keys(value, entity)
        elif name in {"and", "or"}:
            for item in value:
                yield from _own_keys(item, entity)
        elif snake(name) in RELATIONS[entity]:
            yield from _own_keys(value, RELATIONS[entity][snake(name)].target)


def _pages(case: ListCase, world: World) -> Iterator[dict[str, Any]]:
    after: str | None = None
    for _ in range(_MOST_PAGES):
        page = world.ask(case.query, case.variables(after))
        yield page
        if "errors" in page or not page["data"]["page"]["pageInfo"]["hasNextPage"]:
            return
        after = page["data"]["page"]["pageInfo"]["endCursor"]


def _matching(
    case: ListCase, world: World, keys: Sequence[str], now: datetime, *, is_dotless: bool = False
) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for key in keys:
        account = world.accounts[key]
        where = Asker(key, now, ZoneInfo(case.zone)).predicate(case.where, case.entity)
        id_key = account.connector.id_key
        rows = account.matching(case.entity, where, is_dotless=is_dotless and key == "salesforce")
        found[key] = sorted(rows, key=lambda row: id_key(row.remote_id))
    return found


def _merged(case: ListCase, world: World, by_source: Mapping[str, list[Record]]) -> list[Record]:
    """The rows of all sources in the order that the list promises."""
    keys = sorted(by_source)
    if not case.order:
        turns = zip_longest(*(by_source[key] for key in keys))
        return [row for turn in turns for row in turn if row is not None]
    order = tuple(Order(name.lower(), Direction(direction)) for name, direction in case.order)
    key_of = ordering(case.entity, order)
    rows = [row for key in keys for row in by_source[key]]
    return sorted(rows, key=lambda row: (key_of(sort_keys(row, order)), row.source))


def _exactly(
    case: ListCase,
    world: World,
    pages: Sequence[Mapping[str, Any]],
    expected: list[Record],
    tally: Tally,
    *,
    is_counted: bool,
) -> str | None:
    nodes = [node for page in pages for node in page["nodes"]]
    wanted = [_told(case, world, row) for row in expected[: len(pages) * case.first]]
    if nodes != wanted:
        return _parting(wanted, nodes)
    has_next = pages[-1]["pageInfo"]["hasNextPage"]
    if has_next is not (len(expected) > len(pages) * case.first):
        return f"hasNextPage is {has_next} after {len(nodes)} of {len(expected)} rows"
    totals = {page["totalCount"] for page in pages}
    if totals == {None}:
        tally.uncounted += 1
    elif is_counted and totals - {None} != {len(expected)}:
        return f"totalCount is {totals}; {len(expected)} rows match"
    return None


def _promised(
    case: ListCase,
    world: World,
    pages: Sequence[Mapping[str, Any]],
    expected: Mapping[str, list[Record]],
    deviant: Mapping[str, str],
) -> str | None:
    """Where a row came that does not match, or twice, or one is missing that no deviation may lose."""
    nodes = [node for page in pages for node in page["nodes"]]
    is_whole = not pages[-1]["pageInfo"]["hasNextPage"]
    for key, rows in expected.items():
        own = [node for node in nodes if GlobalId.decode(node["id"]).source == key]
        allowed = [_told(case, world, row) for row in rows]
        strange = [node for node in own if node not in allowed]
        if strange:
            return f"{key}: {strange[:3]} came and do not match; {deviant.get(key)}"
        if len({node["id"] for node in own}) != len(own):
            return f"{key}: a row came twice"
        may_lose = key in deviant and _COLLATED not in deviant[key]
        if is_whole and len(own) < len(allowed) and not may_lose:
            return f"{key}: {len(own)} of {len(allowed)} rows came; {deviant.get(key)}"
    return None


def _parting(wanted: Sequence[Mapping[str, Any]], nodes: Sequence[Mapping[str, Any]]) -> str:
    missing = [node for node in wanted if node not in nodes]
    extra = [node for node in nodes if node not in wanted]
    place = next(i for i, (one, other) in enumerate(zip_longest(wanted, nodes)) if one != other)
    return (
        f"{len(wanted)} rows expected, {len(nodes)} came; missing {missing[:3]}; not expected {extra[:3]};"
        f" they part at {place}: {wanted[place : place + 2]} became {nodes[place : place + 2]}"
    )


def _told(case: ListCase, world: World, row: Record) -> dict[str, Any]:
    """*row* as the answer tells it."""
    fields = {name.split(" ")[0] for name in _FIELDS[case.entity]}
    values = {name: _value(getattr(row, snake(name))) for name in fields}
    for relation, name in case.relations:
        other = world.accounts[row.source].related(row, relation)
        values[relation] = None if other is None else {name: getattr(other, name)}
    return {"id": GlobalId(case.entity.value, row.source, row.remote_id).encode(), **values}


def _value(value: Any) -> Any:
    if isinstance(value, Money):
        return {"amount": value.amount, "currency": value.currency}
    return value.value if isinstance(value, Choice) else value
