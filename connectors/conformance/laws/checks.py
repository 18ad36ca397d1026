"""Checks that several laws share: a record carries what was asked, and says what the full read of its type says."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import fields as fields_of_class
from random import Random

from connectors.base import ById
from connectors.conformance.bench import Bench
from connectors.conformance.report import Broken, Untested
from connectors.conformance.told import told_row
from model.entities import Entity, Record, record_type
from model.errors import SourceError
from model.fields import custom_of
from model.query import Selection
from model.values import UNSET

__all__ = ["entity_of", "require_asked", "require_named_trouble", "require_same", "wanted_of"]

_FREE = frozenset({"source", "remote_id", "url", "version", "fetched_at"})
"""What a read may set unasked, since it costs nothing."""


def wanted_of(bench: Bench, entity: Entity, selection: Selection) -> frozenset[str]:
    """Attributes that a record read with *selection* must carry."""
    relations = bench.description.types[entity].relations
    keyed = {name for name in selection.relations if name in relations and relations[name].is_keyed}
    own = {"custom" for name in selection.fields if custom_of(name) is not None}
    return frozenset({*(name for name in selection.fields if custom_of(name) is None), *keyed, *own})


def require_asked(bench: Bench, record: Record, entity: Entity, selection: Selection) -> None:
    """Raise Broken unless *record* carries what *selection* asks, and no more."""
    wanted = wanted_of(bench, entity, selection)
    for item in fields_of_class(record_type(entity)):
        is_set = getattr(record, item.name) is not UNSET
        if item.name in wanted and not is_set:
            raise Broken(f"{told_row(record, ())}: {item.name} was asked and is UNSET")
        if is_set and item.name not in wanted | _FREE:
            raise Broken(f"{told_row(record, [item.name])}: {item.name} was not asked and is set")
    keys = {custom.key for name in selection.fields if (custom := custom_of(name)) is not None}
    held = set() if record.custom is UNSET else set(record.custom)
    if keys != held:
        raise Broken(f"{told_row(record, ())}: own fields {sorted(keys)} were asked, and {sorted(held)} came")


async def require_same(bench: Bench, entity: Entity, results: Iterable[ById]) -> None:
    """Raise Broken where a record of *results* says other than the full read of its type."""
    for result in results:
        if not isinstance(result, Record):
            continue
        own = entity if isinstance(result, record_type(entity)) else entity_of(result)
        if own not in bench.entities():
            continue
        whole = (await bench.by_id(own)).get(result.remote_id)
        if whole is None:
            continue
        for item in fields_of_class(result):
            value, known = getattr(result, item.name), getattr(whole, item.name)
            if item.name == "custom" and value is not UNSET and known is not UNSET:
                known = {key: known.get(key, value[key]) for key in value}
            if UNSET not in (value, known) and value != known and item.name != "fetched_at":
                raise Broken(f"{told_row(whole, ())}: {item.name} was {known!r} in the full read and {value!r} here")


async def require_named_trouble(bench: Bench, random: Random, read: Callable[[], Awaitable[object]]) -> None:
    """Raise Broken unless *read* gives in trouble what it gave before, or a SourceError that names its source.

    Raises:
        Untested: there is no way to make the source misbehave.
    """
    if not bench.troubles:
        raise Untested("no way to make the source misbehave was given")
    name = random.choice(sorted(bench.troubles))
    before = await read()
    with bench.troubles[name]():
        try:
            during = await read()
        except SourceError as error:
            if error.source != bench.connector.source:
                raise Broken(f"{name}: the error names the source {error.source!r}") from error
        except Exception as error:
            raise Broken(f"{name}: raised {type(error).__name__}: {error}") from error
        else:
            if during != before:
                raise Broken(f"during {name}: {during!r:.300}, and before it {before!r:.300}")
    if await read() != before:
        raise Broken(f"after {name} the answer is another one than before")


def entity_of(record: Record) -> Entity:
    """The type of *record*."""
    return next(entity for entity in Entity if record_type(entity) is type(record))
