"""Laws of records: what they carry, how values are spelt, and reading them by id."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from math import ceil
from random import Random
from typing import Any

from connectors.base import ById
from connectors.conformance.bench import Bench
from connectors.conformance.laws.checks import require_asked, require_same
from connectors.conformance.report import Broken, Untested
from connectors.conformance.told import told_row
from model.entities import Entity, Record, record_type
from model.errors import SourceError
from model.fields import FIELDS, RELATIONS, FieldKind
from model.page import Missing
from model.query import Query
from model.values import Choice, Money, Ref, instant_text

__all__ = ["LAWS"]

_BAD_IDS = ("", " ", "no id", "../../", "x' OR '1'='1", "é", "0" * 400, "-1")


async def asked_fields_are_read_and_no_others(bench: Bench, query: Query, random: Random) -> None:
    """A record carries the selected fields and keyed relations, and every other field is UNSET."""
    asked = bench.ask(query)
    page = await bench.page(asked.pages)
    for record in page.records:
        require_asked(bench, record, query.entity, asked.pages.selection)
    for result in await _some_by_id(bench, query, random):
        if isinstance(result, Record):
            require_asked(bench, result, query.entity, query.selection)


async def a_field_says_the_same_in_every_read(bench: Bench, query: Query, random: Random) -> None:
    """A field of a row has one value, on any page and by id, whatever else is read with it."""
    asked = bench.ask(query)
    page = await bench.page(asked.pages)
    await require_same(bench, query.entity, [*page.records, *page.primed])
    await require_same(bench, query.entity, await _some_by_id(bench, query, random))


async def records_belong_to_their_source(bench: Bench, query: Query, random: Random) -> None:
    """A record names its source, is of the type asked, has a canonical id, and comes from no bin unasked."""
    del random
    for row in await bench.rows(query.entity):
        if row.source != bench.connector.source or not isinstance(row, record_type(query.entity)):
            raise Broken(f"{told_row(row, ['source'])} is no {query.entity.value} of {bench.connector.source}")
        canonical = bench.connector.canonical_id(query.entity, row.remote_id)
        if canonical != row.remote_id:
            raise Broken(f"{told_row(row, ())}: the canonical spelling of its id is {canonical!r}")
        if row.is_deleted is True:
            raise Broken(f"{told_row(row, ())} is deleted, and deleted rows were not asked for")


def _is_instant(value: Any) -> bool:
    return isinstance(value, str) and instant_text(datetime.fromisoformat(value)) == value


def _is_date(value: Any) -> bool:
    return isinstance(value, str) and date.fromisoformat(value).isoformat() == value


def _is_decimal(value: Any) -> bool:
    is_plain = isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value) is not None
    return is_plain and Decimal(value).is_finite()


def _is_money(value: Any) -> bool:
    has_currency = isinstance(value, Money) and re.fullmatch("[A-Z]{3}", value.currency or "") is not None
    return has_currency and _is_decimal(value.amount)


_SPELT: Mapping[FieldKind, Callable[[Any], bool]] = {
    FieldKind.DATETIME: _is_instant,
    FieldKind.DATE: _is_date,
    FieldKind.DECIMAL: _is_decimal,
    FieldKind.MONEY: _is_money,
    FieldKind.INTEGER: lambda value: isinstance(value, int) and not isinstance(value, bool),
    FieldKind.BOOLEAN: lambda value: isinstance(value, bool),
    FieldKind.REFERENCE: lambda value: isinstance(value, Ref) and bool(value.remote_id),
    FieldKind.CHOICE: lambda value: isinstance(value, Choice | str) and value != "",
    FieldKind.MULTI_CHOICE: lambda value: isinstance(value, tuple) and all(isinstance(item, str) for item in value),
    FieldKind.OTHER: lambda value: isinstance(value, tuple),
}


async def values_are_in_wire_form(bench: Bench, query: Query, random: Random) -> None:
    """Values have the types and spellings of `model.values`, and a field that the CRM lacks is None."""
    del random
    for row in await bench.rows(query.entity):
        for name, field in FIELDS[query.entity].items():
            value = getattr(row, name)
            if value is not None and not _is_spelt(value, field.kind):
                raise Broken(f"{told_row(row, ())}: {name} is {value!r}, which is no {field.kind.value} in wire form")
        _require_refs(row, query.entity)


def _is_spelt(value: Any, kind: FieldKind) -> bool:
    try:
        return _SPELT.get(kind, lambda plain: isinstance(plain, str))(value)
    except (ValueError, InvalidOperation):
        return False


def _require_refs(row: Record, entity: Entity) -> None:
    for name, relation in RELATIONS[entity].items():
        ref = getattr(row, name, None) or None
        if relation.is_many or ref is None:
            continue
        if not (isinstance(ref, Ref) and ref.entity == relation.target and ref.remote_id):
            raise Broken(f"{told_row(row, ())}: {name} is {ref!r}, which points to no {relation.target.value}")


async def _some_by_id(bench: Bench, query: Query, random: Random) -> Sequence[ById]:
    rows = await bench.rows(query.entity)
    if not rows or not bench.description.types[query.entity].can_get:
        return ()
    ids = [random.choice(rows).remote_id for _ in range(random.choice((1, 3, 10)))]
    results, _ = await bench.calling(bench.connector.by_ids(query.entity, ids, query.selection))
    return results


async def by_ids_answers_in_the_order_asked(bench: Bench, query: Query, random: Random) -> None:
    """Reading by id gives one result for each id in the order asked, repeated ids too, and Missing for the rest."""
    rows = await bench.rows(query.entity)
    known = [row.remote_id for row in rows]
    ids = [random.choice(known) for _ in range(8)] if known else []
    ids += [unknown for item in ids[:3] if (unknown := _unknown(bench, query.entity, item, set(known), random))]
    ids += random.sample(_BAD_IDS, 2)
    random.shuffle(ids)
    await _require_aligned(bench, query, ids, set(known))


async def one_bad_id_harms_no_other(bench: Bench, query: Query, random: Random) -> None:
    """An id that no row has, or that cannot be one, is Missing, and the ids around it are read."""
    known = [row.remote_id for row in await bench.rows(query.entity)]
    if not known:
        raise Untested("no rows")
    good = random.sample(known, min(4, len(known)))
    for bad in (random.choice(_BAD_IDS), _unknown(bench, query.entity, good[0], set(known), random) or "?"):
        await _require_aligned(bench, query, [*good[:2], bad, *good[2:]], set(known))


async def _require_aligned(bench: Bench, query: Query, ids: Sequence[str], known: set[str]) -> None:
    results, _ = await bench.calling(bench.connector.by_ids(query.entity, ids, query.selection))
    if len(results) != len(ids):
        raise Broken(f"{len(results)} results for {len(ids)} ids {list(ids)}")
    for asked, result in zip(ids, results, strict=True):
        if isinstance(result, SourceError):
            raise Broken(f"{asked!r} among {list(ids)} failed: {result.code}: {result.message}")
        # What no list shows, such as a lead among contacts, may still be read by its id.
        is_right = (
            isinstance(result, Record) if asked in known else asked not in _BAD_IDS or isinstance(result, Missing)
        )
        if not is_right or result.remote_id != asked:
            found = told_row(result, ()) if isinstance(result, Record) else repr(result)
            raise Broken(f"{asked!r} among {list(ids)} gave {found}")


def _unknown(bench: Bench, entity: Entity, like: str, known: set[str], random: Random) -> str | None:
    """A well-formed id that no row has, close to *like*."""
    for _ in range(50):
        place = random.randrange(len(like))
        changed = like[:place] + random.choice("123456789") + like[place + 1 :]
        canonical = bench.connector.canonical_id(entity, changed)
        if canonical is not None and canonical not in known:
            return canonical
    return None


async def reading_by_id_costs_what_is_declared(bench: Bench, query: Query, random: Random) -> None:
    """Reading n ids takes n over the batch size calls, rounded up, and none for cached types or ids that cannot be."""
    capability = bench.description.types[query.entity]
    known = [row.remote_id for row in await bench.rows(query.entity)]
    ids = random.sample(known, random.randint(0, len(known)))
    selection = bench.without_apart(query.entity, query.selection)
    _, calls = await bench.calling(bench.connector.by_ids(query.entity, ids, selection))
    declared = 0 if capability.is_cached or not ids else ceil(len(ids) / (capability.batch_read_size or 1))
    if len(calls) != declared:
        told = ", ".join(call.operation for call in calls)
        raise Broken(f"{len(ids)} ids took {len(calls)} calls ({told}); {declared} are declared")
    malformed = [item for item in _BAD_IDS if bench.connector.canonical_id(query.entity, item) is None]
    _, calls = await bench.calling(bench.connector.by_ids(query.entity, malformed, selection))
    if calls:
        raise Broken(f"ids that cannot be any took {len(calls)} calls: {malformed}")


LAWS = (
    asked_fields_are_read_and_no_others,
    a_field_says_the_same_in_every_read,
    records_belong_to_their_source,
    values_are_in_wire_form,
    by_ids_answers_in_the_order_asked,
    one_bad_id_harms_no_other,
    reading_by_id_costs_what_is_declared,
)
