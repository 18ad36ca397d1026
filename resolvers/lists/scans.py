"""When a source may be read whole, how far it may be read, and what to ask instead."""

from collections import defaultdict
from collections.abc import Sequence

from model.capabilities import Pushdown, TypeCapability
from model.entities import Entity
from model.errors import UnsupportedBySource
from model.fields import FIELDS, field_of, is_filterable, public_name
from model.query import And, Predicate, comparisons_in
from model.reading import ReadOptions
from resolvers.custom import is_lacking
from resolvers.lists.localise import BASE
from resolvers.lists.plan import MERGEABLE, SourcePlan
from resolvers.settings import ReadLimits
from resolvers.sources import Source

__all__ = ["counted", "full_read_refused", "is_narrowed", "plural_of", "require_scan", "scan_limit"]

_NAMED = 6


def scan_limit(options: ReadOptions, *, source: Source, limits: ReadLimits) -> int:
    """Rows that *source* may be read for one list to finish a filter or an order here."""
    own, usual = source.scan_rows, limits.scan_rows
    if options.allow_scan:
        own, usual = source.max_scan_rows, limits.max_scan_rows
    most = own or usual
    return min(options.scan_limit or most, most)


def is_narrowed(pushed: Predicate, *, entity: Entity) -> bool:
    """Whether a condition of the caller's own, and not the type's base condition alone, holds at the CRM."""
    items = pushed.items if isinstance(pushed, And) else (pushed,)
    return any(item != BASE.get(entity) for item in items)


def require_scan(plan: SourcePlan, *, source: str, options: ReadOptions) -> None:
    """Refuse to read a source whole where the caller did not allow it; what is read as metadata may be.

    Raises:
        UnsupportedBySource: a filter or an order is finished here, and nothing narrows what is read for it.
    """
    entity, is_free = plan.query.entity, options.allow_scan or plan.is_void or plan.capability.is_cached
    if is_free or is_narrowed(plan.query.where, entity=entity) or (plan.is_exact and not plan.is_sorted_here):
        return
    if not plan.is_exact:
        roads = f" ({'; '.join(plan.roads)})" if plan.roads else ""
        because = f"cannot evaluate {_conditions(plan.residual)}{roads}"
        instead = _instead_of_filter(plan.capability, plan.residual)
    else:
        keys = [public_name(key.field) for key in plan.order if not is_lacking(key.field)]
        because = f"cannot sort by {_listed(keys, 'and')}"
        instead = _instead_of_order(plan)
        if plan.is_collated_here:
            because = f"{because} as the other sources do"
    raise full_read_refused(source, entity, because=because, instead=instead)


def full_read_refused(source: str, entity: Entity, *, because: str, instead: str = "") -> UnsupportedBySource:
    """The refusal of a full read: *because* says what the source does not do, *instead* what it does."""
    advice = f"{instead}, or set options.allowScan" if instead else "set options.allowScan"
    return UnsupportedBySource(
        f"{source} {because}: it would be read whole, every one of its {plural_of(entity)}; {advice}", source=source
    )


def plural_of(entity: Entity) -> str:
    """The type's records, as people say it."""
    return f"{entity.value[:-1]}ies" if entity.value.endswith("y") else f"{entity.value}s"


def counted(count: int, entity: Entity) -> str:
    """So many records of a type, as people say it."""
    return f"{count} {entity.value if count == 1 else plural_of(entity)}"


def _conditions(residual: Predicate) -> str:
    """The comparisons of *residual*, such as "displayName contains"."""
    told = (f"{public_name(compare.field)} {compare.operator.value}" for compare in comparisons_in(residual))
    return _listed(list(dict.fromkeys(told)), "and")


def _instead_of_filter(capability: TypeCapability, residual: Predicate) -> str:
    """By which operators the CRM evaluates the same fields, or which other fields it filters."""
    used: dict[str, set[str]] = defaultdict(set)
    for compare in comparisons_in(residual):
        used[compare.field].add(compare.operator.value)
    pushed = {name: _pushed(capability, name) for name in used}
    # A field whose very operator is evaluated is not what stands in the way.
    same = [
        f"{public_name(name)} by {_listed(pushed[name], 'or')}"
        for name in used
        if pushed[name] and used[name].isdisjoint(pushed[name])
    ]
    if same:
        return f"it filters {'; '.join(same)}"
    offered = (name for name in _offered(capability) if name not in used)
    others = [public_name(name) for name in offered if _pushed(capability, name)]
    return f"add a condition on what it filters, such as {_listed(others, 'or')}" if others else "it filters nothing"


def _pushed(capability: TypeCapability, name: str) -> list[str]:
    found = capability.fields.get(name)
    operators = found.operators if found is not None else {}
    return [operator.value for operator, mode in operators.items() if mode in {Pushdown.PUSHED, Pushdown.SUPERSET}]


def _instead_of_order(plan: SourcePlan) -> str:
    """Which fields the CRM sorts by, with one meaning across sources where there are others, or that it goes alone."""
    fields, asked = plan.capability.fields, {key.field for key in plan.order}
    others = [
        public_name(name)
        for name in _offered(plan.capability)
        if fields[name].is_sortable and name not in asked
        if not plan.is_collated_here or field_of(plan.query.entity, name).kind in MERGEABLE
    ]
    alone = ["ask it alone"] if plan.is_collated_here and plan.split.is_order_pushed else []
    ordered = [f"order by {_listed(others, 'or')}"] if others else []
    return ", ".join(["narrow the filter", *alone, *ordered])


def _offered(capability: TypeCapability) -> list[str]:
    """Fields that clients may filter or order by."""
    known = FIELDS[capability.entity]
    return [name for name in capability.fields if name in known and is_filterable(known[name]) and name != "remote_id"]


def _listed(names: Sequence[str], word: str) -> str:
    """*names* as people list them, the first few of many."""
    kept = list(names[:_NAMED])
    if len(names) > _NAMED:
        return f"{', '.join(kept)} …"
    return kept[0] if len(kept) == 1 else f"{', '.join(kept[:-1])} {word} {kept[-1]}"
