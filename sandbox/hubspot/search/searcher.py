"""The CRM search: HubSpot's limits on a request, its order and its paging.

Results come in the order of creation unless a sort is asked for, those of a `query` too: the guide names no other
rank (CRM search guide, read 2026-11).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from sandbox.clock import Clock
from sandbox.hubspot.definitions import OBJECTS, Property
from sandbox.hubspot.errors import VendorError, invalid_json, validation
from sandbox.hubspot.options import Options
from sandbox.hubspot.search.filters import Condition, Conditions, unknown_property
from sandbox.hubspot.tables import Cell, Record, Store, folded, instant_ms, literal_of

__all__ = ["RESULT_CAP", "Search", "SearchAnswer", "Searcher"]

# CRM search guide, read 2026-11.
_MAX_GROUPS, _MAX_FILTERS, _MAX_FILTERS_IN_GROUP = 5, 18, 6
_MAX_LIMIT, _DEFAULT_LIMIT = 200, 10
RESULT_CAP = 10_000
"""A search pages through so many results at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """A checked request.

    Attributes:
        names: properties to return.
        condition: which records.
        order: SQL after ORDER BY.
        offset: results to skip.
        limit: most results to return.
    """

    names: tuple[str, ...]
    condition: Condition
    order: str
    offset: int
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """A page; *next_offset* is None on the last one."""

    total: int
    records: list[Record]
    next_offset: int | None


class Searcher:
    """Searches one portal's store; it draws another order among ties for every call."""

    def __init__(
        self, store: Store, properties: Mapping[str, Mapping[str, Property]], options: Options, clock: Clock
    ) -> None:
        self._store = store
        self._properties = properties
        self._options = options
        self._clock = clock
        self._random = Random(7)  # noqa: S311  # an order, not a secret

    def read(self, kind: str, body: Mapping[str, object]) -> Search:
        """The search that *body* asks for; unknown keys are ignored (hubspot-api-nodejs#344).

        Raises:
            VendorError: 400 for whatever HubSpot refuses.
        """
        limit = _integer(body, "limit", _DEFAULT_LIMIT)
        if not 1 <= limit <= _MAX_LIMIT:
            raise validation(f"limit must be between 1 and {_MAX_LIMIT}, got {limit}")
        offset = _integer(body, "after", 0)
        if offset < 0:
            raise validation(f"after must not be negative, got {offset}")
        if offset + limit > RESULT_CAP:
            raise validation(f"Paging beyond {RESULT_CAP} results is not supported")
        return Search(
            names=self._names(kind, body),
            condition=self._condition(kind, body),
            order=self._order(kind, body),
            offset=offset,
            limit=limit,
        )

    def run(self, kind: str, search: Search) -> SearchAnswer:
        """The page that *search* asks for; it only reads, so it may run in any thread."""
        where, parameters = search.condition
        total = self._store.count(kind, where, parameters)
        paged = f"{where} ORDER BY {search.order} LIMIT ? OFFSET ?"
        records = self._store.select(kind, search.names, paged, [*parameters, search.limit, search.offset])
        end = search.offset + len(records)
        return SearchAnswer(total=total, records=records, next_offset=end if records and end < total else None)

    def _names(self, kind: str, body: Mapping[str, object]) -> tuple[str, ...]:
        names = body.get("properties")
        if names is None:
            return OBJECTS[kind].defaults
        if not isinstance(names, list) or not names:
            # An empty list was refused in 2023 (go-hubspot#8).
            raise validation("properties must be a list of at least one property name")
        for name in names:
            if name not in self._properties[kind]:
                raise unknown_property(str(name))
        return tuple(names)

    def _condition(self, kind: str, body: Mapping[str, object]) -> Condition:
        conditions = Conditions(kind, self._properties[kind], self._options)
        groups = _groups(body)
        alternatives: list[str] = []
        parts: list[str] = ["archived_ms IS NULL"]
        values: list[Cell] = []
        for group in groups:
            made = [conditions.of(one) for one in group]
            alternatives.append("(" + " AND ".join(f"({sql})" for sql, _ in made) + ")")
            values += [value for _, cells in made for value in cells]
        if alternatives:
            parts.append("(" + " OR ".join(alternatives) + ")")
        for sql, cells in (*self._query(body), *self._indexed(kind)):
            parts.append(sql)
            values += cells
        return " AND ".join(parts), values

    def _query(self, body: Mapping[str, object]) -> list[Condition]:
        query = body.get("query")
        if query is None or query == "":
            return []
        if not isinstance(query, str):
            raise invalid_json("Cannot deserialize value of type `String` for query")
        text, column = query.strip().lower(), f'"{folded("query")}"'
        return [(f"(instr({column}, ?) > 0 AND matches_query({column}, ?))", [literal_of(text), text])]

    def _indexed(self, kind: str) -> list[Condition]:
        """Leaves out what the index has not seen yet."""
        if not self._options.index_lag_s:
            return []
        seen_ms = instant_ms(self._clock.now()) - int(self._options.index_lag_s * 1000)
        return [(f'"{OBJECTS[kind].modified}" <= ?', [seen_ms])]

    def _order(self, kind: str, body: Mapping[str, object]) -> str:
        name, direction = _sort(body, self._properties[kind])
        one = self._properties[kind][name or OBJECTS[kind].created]
        return f"{self._sort_key(kind, one)} {direction}{self._nulls(kind, one)}{self._tie_break()}"

    def _sort_key(self, kind: str, one: Property) -> str:
        if one.column == "id":
            return "CAST(id AS TEXT)" if self._options.ids == "lexicographic" else "id"
        if one.name == OBJECTS[kind].modified and self._options.index_late_s:
            late_ms = int(self._options.index_late_s * 1000)
            return f'"{one.column}" - (id % 10 = 3) * (id * 7919 % {late_ms + 1})'
        return f'"{folded(one.column) if one.type == "string" else one.column}"'

    def _nulls(self, kind: str, one: Property) -> str:
        """Left out for columns that are never empty: SQLite could not use their index otherwise."""
        if one.column in {"id", OBJECTS[kind].created, OBJECTS[kind].modified}:
            return ""
        return f" NULLS {self._options.nulls.upper()}"

    def _tie_break(self) -> str:
        if self._options.ties == "id":
            return ", id"
        factor, offset = self._random.randrange(1, 1_000_003), self._random.randrange(1_000_003)
        return f", (id * {factor} + {offset}) % 1000003, id"


def _integer(body: Mapping[str, object], key: str, default: int) -> int:
    value = body.get(key)
    if value is None or value == "":
        return default
    if isinstance(value, str) and value.isdecimal():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise validation(f"{key} must be an integer, got {value!r}")


def _groups(body: Mapping[str, object]) -> list[list[Mapping[str, object]]]:
    """The filters of each group; a bare top-level `filters` is one group."""
    told = body.get("filterGroups") or []
    loose = body.get("filters")
    groups = [_filters(group) for group in _objects(told, "filterGroups")]
    groups += [_objects(loose, "filters")] if loose else []
    if len(groups) > _MAX_GROUPS:
        raise validation(f"Too many filter groups: {len(groups)}, at most {_MAX_GROUPS} are allowed")
    if any(len(group) > _MAX_FILTERS_IN_GROUP for group in groups):
        raise validation(f"Too many filters in a group, at most {_MAX_FILTERS_IN_GROUP} are allowed")
    if sum(map(len, groups)) > _MAX_FILTERS:
        raise validation(f"Too many filters, at most {_MAX_FILTERS} are allowed in total")
    return [group for group in groups if group]


def _filters(group: Mapping[str, object]) -> list[Mapping[str, object]]:
    return _objects(group.get("filters") or [], "filters")


def _objects(told: object, where: str) -> list[Mapping[str, object]]:
    if not isinstance(told, list) or not all(isinstance(one, dict) for one in told):
        raise _wrong_shape(where)
    return told


def _wrong_shape(where: str) -> VendorError:
    return invalid_json(f"Cannot deserialize instance of `java.util.ArrayList` for {where}")


def _sort(body: Mapping[str, object], properties: Mapping[str, Property]) -> tuple[str | None, str]:
    """(property or None, ASC or DESC); a stringified object is ignored, not refused (hubspot-api-ruby#257)."""
    told = body.get("sorts")
    sorts = [] if told is None else told
    if not isinstance(sorts, list):
        raise _wrong_shape("sorts")
    if len(sorts) > 1:
        raise validation(f"Only one sort is allowed, got {len(sorts)}")
    if not sorts:
        return None, "ASC"
    sort = sorts[0]
    if isinstance(sort, str):
        name = sort.removeprefix("-")
        return (name, "DESC" if sort.startswith("-") else "ASC") if name in properties else (None, "ASC")
    if not isinstance(sort, dict) or not isinstance(sort.get("propertyName"), str):
        raise invalid_json("Cannot build Sort, some of required attributes are not set [propertyName]")
    if sort["propertyName"] not in properties:
        raise unknown_property(sort["propertyName"])
    direction = sort.get("direction", "ASCENDING")
    if direction not in {"ASCENDING", "DESCENDING"}:
        raise invalid_json(f"Cannot deserialize value of type `Sort$Direction` from String {direction!r}")
    return sort["propertyName"], direction.removesuffix("ENDING")
