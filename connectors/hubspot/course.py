"""How one query is read: from the list, by ids, or by a search, and at what cost."""

from dataclasses import dataclass, replace
from enum import Enum
from math import ceil

from connectors.hubspot.calls import Endpoints
from connectors.hubspot.manifest import manifest
from connectors.hubspot.objects import Mapped
from connectors.hubspot.search import ALL, ID, Groups, Sort, SortKey, both, by_owner, divided, fits, folded, search_body
from connectors.hubspot.search.criteria import CLEARED, Kind
from connectors.hubspot.search.predicate import Division
from connectors.hubspot.search.walk import behind
from model.capabilities import Split
from model.entities import Entity
from model.fields import RELATIONS
from model.query import EVERYTHING, NOTHING, And, Compare, Operator, Predicate, Query, Selection, fields_in, normalised

__all__ = ["Course", "Way", "course_of", "extra_calls", "fields_of", "split_of"]

INDEX_LAG = "HubSpot's search index lags behind records by seconds, at times by much more"
LATER_PAGES = "pages behind the first are read by search, whose index lags behind records"
DELETED = "HubSpot's search never shows deleted records: they are left out"

_ANY_ID = "999999999999999"


class Way(Enum):
    """Where the rows come from."""

    NOWHERE = "nothing can match"
    LIST = "list"
    IDS = "batch_read"
    TIES = "associations"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One query's reading.

    Attributes:
        division: what is pushed and what is not.
        is_whole: whether the whole predicate is pushed, supersets included.
        groups: the search's condition, the type's own included.
        ids: of a reading by ids, ascending and distinct; of one by ties, the ids at their far ends.
        far: of a reading by ties, the object at their far ends.
        key: the order where it is pushed; None for the order by id.
        fields: attributes to set on each record.
        properties: what HubSpot is asked for.
    """

    way: Way
    division: Division
    is_whole: bool
    groups: Groups
    ids: tuple[str, ...]
    key: SortKey | None
    fields: frozenset[str]
    properties: tuple[str, ...]
    far: str = ""

    @property
    def has_absent(self) -> bool:
        """Whether records without the order's key follow the others, read apart."""
        return self.key is not None and not self.key.is_given(self.groups)


def fields_of(entity: Entity, selection: Selection, mapped: Mapped) -> frozenset[str]:
    """Attributes a record needs for *selection*: its fields and the Refs of its keyed relations."""
    keyed = {name for name in selection.relations if name in RELATIONS[entity] and name in mapped.table.columns}
    return selection.fields | keyed


def course_of(query: Query, mapped: Mapped, *, is_resumed: bool, is_pushed: bool) -> Course:
    """The way to read *query*.

    *is_resumed* pages start behind a position.
    *is_pushed* predicates were divided before and are told whole; others are told as far as they fit a search.
    """
    asked = query.where if mapped.users is None else by_owner(query.where, query.entity, mapped.users)
    criteria = mapped.criteria_with(fields_in(asked))
    where = folded(asked, criteria, mapped.constants_with(fields_in(asked)), entity=query.entity)
    key = _sort_key(query, mapped)
    fields = fields_of(query.entity, query.selection, mapped) | {item.field for item in query.order}
    course = Course(
        way=Way.NOWHERE,
        division=Division(pushed=NOTHING, residual=EVERYTHING, groups=(), notes=()),
        is_whole=True,
        groups=(),
        ids=(),
        key=key,
        fields=fields,
        properties=mapped.table.remote_fields(fields),
    )
    if where == NOTHING:
        return course
    chosen = _by_id(where) if key is None and mapped.base == ALL else None
    if chosen is not None and not (is_pushed and chosen[0].residual != EVERYTHING):
        return replace(course, way=Way.IDS, division=chosen[0], groups=ALL, ids=chosen[1])
    if key is None and mapped.base == ALL and (tied := _by_ties(query.entity, where, mapped, is_pushed=is_pushed)):
        return replace(course, way=Way.TIES, division=tied[0], groups=ALL, ids=tied[1], far=tied[2])
    widest = mapped.table.remote_fields(fields | set(fields_in(where)))
    additions = key.conditions() if key else (behind(_ANY_ID),)

    def fits_one(groups: Groups) -> bool:
        whole = both(mapped.base, groups)
        return is_pushed or all(fits(both(whole, addition), widest) for addition in additions)

    division = divided(where, criteria, fits_one)
    groups = both(mapped.base, division.groups)
    way = Way.LIST if groups == ALL and key is None and not is_resumed else Way.SEARCH
    return replace(course, way=way, division=division, is_whole=division.pushed == where, groups=groups)


def _sort_key(query: Query, mapped: Mapped) -> SortKey | None:
    if len(query.order) != 1:
        return None
    criterion = mapped.criterion(query.order[0].field)
    return SortKey(criterion, query.order[0]) if criterion is not None and criterion.is_sortable else None


def _by_id(where: Predicate) -> tuple[Division, tuple[str, ...]] | None:
    """A predicate that names ids, divided into those and the rest: a batch read does not lag as the search does."""
    conditions = where.items if isinstance(where, And) else (where,)
    for item in conditions:
        if isinstance(item, Compare) and item.field == "remote_id" and item.operator in {Operator.EQ, Operator.IN}:
            operands = item.operand if isinstance(item.operand, tuple) else (item.operand,)
            ids = tuple(str(number) for number in sorted({int(str(operand)) for operand in operands}))
            rest = normalised(And(tuple(other for other in conditions if other is not item)))
            return Division(pushed=item, residual=rest, groups=ALL, notes=()), ids
    return None


def _by_ties(
    entity: Entity, where: Predicate, mapped: Mapped, *, is_pushed: bool
) -> tuple[Division, tuple[str, ...], str] | None:
    """A predicate that names more far ends of an association than a search takes, where a search could do no more.

    The associations of the far ends tell which records may satisfy it, and they do not lag.
    """
    conditions = where.items if isinstance(where, And) else (where,)
    for item in conditions:
        ids = _many_ties(entity, item, mapped) if isinstance(item, Compare) else ()
        if not isinstance(item, Compare) or not ids:
            continue
        rest = And(tuple(other for other in conditions if other is not item))
        further = divided(rest, mapped.criteria_with(fields_in(rest)), lambda groups: fits(groups, ()))
        if further.groups == ALL:
            division = Division(pushed=item, residual=EVERYTHING if is_pushed else where, groups=ALL, notes=())
            return division, ids, mapped.links[item.field]
    return None


def _many_ties(entity: Entity, item: Compare, mapped: Mapped) -> tuple[str, ...]:
    """The far ends that *item* names, if they are many and tell what they are tied to: those of leads may not."""
    criterion, operand = mapped.criteria.get(item.field), item.operand
    is_tied = criterion is not None and criterion.kind is Kind.TIED and entity is not Entity.LEAD
    if not is_tied or item.operator is not Operator.IN or not isinstance(operand, tuple):
        return ()
    return tuple(map(str, operand)) if len(operand) > manifest().search.groups else ()


def split_of(query: Query, mapped: Mapped, endpoints: Endpoints) -> Split:
    """*query*'s course as the host sees it."""
    why = mapped.why_unfit((*fields_in(query.where), *(item.field for item in query.order)))
    if why is not None:
        return Split(unsupported=why, calls=0)
    course = course_of(query, mapped, is_resumed=False, is_pushed=False)
    is_sorted = not query.order or course.key is not None or course.way is Way.NOWHERE
    needed = course.fields | set(fields_in(course.division.residual))
    properties = mapped.table.remote_fields(needed)
    notes = list(course.division.notes)
    # What is finished here takes more pages than the first, and those are searches.
    is_lagging = course.way is Way.SEARCH or (course.way is Way.LIST and course.division.residual != EVERYTHING)
    if course.way is Way.SEARCH:
        notes.insert(0, INDEX_LAG)
        if course.has_absent:
            notes.append(f"{CLEARED}; such records are left out of an order by it")
    elif course.way is Way.LIST:
        notes.append(LATER_PAGES)
    if query.include_deleted:
        notes.append(DELETED)
    return Split(
        pushed=course.division.pushed,
        residual=course.division.residual,
        is_order_pushed=is_sorted,
        is_exact=not is_lagging and not query.include_deleted,
        notes=tuple(dict.fromkeys(notes)),
        calls=_calls(query, course, needed, mapped),
        operation=course.way.value if course.way is not Way.NOWHERE else "",
        vendor_query=_vendor_query(query, course, properties, mapped, endpoints),
        remote_fields=properties,
        brings_total=_brings_total(course),
    )


def _brings_total(course: Course) -> bool:
    """Whether the first page counts: lists do not, nor do orders whose records without a value are read apart."""
    if course.way is Way.SEARCH:
        return not course.has_absent
    return course.way is Way.NOWHERE


def _calls(query: Query, course: Course, needed: frozenset[str], mapped: Mapped) -> int:
    """Data calls of a page that is full: the page itself, the segment without values, and what stands elsewhere."""
    if course.way is Way.NOWHERE:
        return 0
    calls = 1
    if course.way is Way.IDS:
        calls = ceil(min(len(course.ids), query.limit) / manifest().batch_read_size)
    elif course.way is Way.TIES:
        calls = ceil(len(course.ids) / manifest().association_batch_size)
        calls += ceil(query.limit / manifest().batch_read_size)
    elif course.has_absent:
        calls = 2
    return calls + extra_calls(needed, mapped)


def extra_calls(fields: frozenset[str], mapped: Mapped) -> int:
    """Calls for fields that stand on associations, and on records at their far ends.

    Far ends are taken to be there and to fit one batch: how many they are is known when they are read.
    """
    tied = {target for name in fields if name in mapped.enriched for target in mapped.enriched[name]}
    lenders = {mapped.borrowed[name] for name in fields if name in mapped.borrowed}
    are_named = "attendees" in fields and bool(mapped.enriched.get("attendees"))
    return len(tied) + 2 * len(lenders) + are_named


def _vendor_query(
    query: Query, course: Course, properties: tuple[str, ...], mapped: Mapped, endpoints: Endpoints
) -> str | None:
    """The text of the first call."""
    read = mapped.table.reader((), source="")
    if course.way is Way.NOWHERE:
        return None
    if course.way is Way.LIST:
        size = min(query.limit, manifest().list_page_size)
        return endpoints.listed(mapped.object, properties, limit=size, read=read, entity=query.entity).query
    if course.way is Way.TIES:
        parents = [(remote_id, None) for remote_id in course.ids[: manifest().association_batch_size]]
        return endpoints.associations(course.far, mapped.object, parents, entity=query.entity).query
    if course.way is Way.IDS:
        ids = course.ids[: manifest().batch_read_size]
        return endpoints.batch_read(
            mapped.object, ids, properties, read=read, is_member=mapped.is_member, entity=query.entity
        ).query
    groups, size, sort = course.groups, query.limit, Sort(ID)
    if course.key is not None:
        groups, size, sort = both(groups, course.key.present()), query.limit + 1, course.key.sort()
    return search_body(groups, properties, limit=min(size, manifest().search.page_size), sort=sort).decode()
