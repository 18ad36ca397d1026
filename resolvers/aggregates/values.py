"""What a group has under one key, as the caller sees it, and its place among the others.

Dates come by time, stages by pipeline and position, words of ours in their own order, records by source and remote id,
so that no name has to be read to put them in order; everything else by its label, without regard to case.
A missing value comes last.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from model.aggregate import CURRENCY, Bucket, GroupKey
from model.entities import Entity
from model.fields import RELATIONS
from model.ids import GlobalId
from model.reading import PLATFORM, SOURCE, GroupValue
from resolvers.accounts import Account

__all__ = ["WORDS", "Shown", "shower"]

WORDS: Mapping[tuple[Entity, str], tuple[str, ...]] = {
    (Entity.LEAD, "status"): ("NEW", "WORKING", "QUALIFIED", "DISQUALIFIED", "CONVERTED", "UNKNOWN"),
    (Entity.DEAL, "status"): ("OPEN", "WON", "LOST", "UNKNOWN"),
    (Entity.APPOINTMENT, "status"): ("SCHEDULED", "COMPLETED", "CANCELED", "NO_SHOW", "UNKNOWN"),
}
"""The words of statuses, in their order."""

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Shown:
    """A value under one key: *value* tells groups apart, *place* compares with the places of others under that key.

    Attributes:
        refers_to: type and remote id of the record whose name is the label; it is read where it is wanted.
    """

    value: GroupValue
    place: Any
    refers_to: tuple[Entity, str] | None = None


Shower: TypeAlias = Callable[[str | None], Shown]
"""From a value in wire form to how it is shown."""


def shower(key: GroupKey, account: Account, entity: Entity) -> Shower:
    """How values under *key* at one source are shown."""
    if key.field == SOURCE:
        return lambda _: _by_label(key.field, account.source.key, account.source.name)
    if key.field == PLATFORM:
        return lambda _: _by_label(key.field, account.source.platform.key, account.source.platform.name)
    show = _shower(key, account, entity)
    missing = Shown(GroupValue(key.field, None), (1,))
    return lambda value: missing if value is None else show(value)


def _shower(key: GroupKey, account: Account, entity: Entity) -> Callable[[str], Shown]:
    bucket, words = key.bucket, WORDS.get((entity, key.field))
    if bucket is not None:
        return lambda value: _dated(key.field, value, bucket)
    if words is not None:
        return lambda value: _worded(key.field, value, words)
    if key.field == "stage":
        return lambda value: _stage(value, account)
    if key.field == "pipeline":
        return lambda value: _pipeline(value, account)
    if key.field in RELATIONS[entity]:
        target = RELATIONS[entity][key.field].target
        return lambda value: _record(key.field, value, account, target)
    labels = {} if key.field == CURRENCY else _labels(key.field, account, entity)
    return lambda value: _by_label(key.field, value, labels.get(value, value))


def _by_label(field: str, value: str, label: str) -> Shown:
    return Shown(GroupValue(field, value, label), (0, label.casefold(), value))


def _worded(field: str, value: str, words: tuple[str, ...]) -> Shown:
    place = words.index(value) if value in words else len(words)
    return Shown(GroupValue(field, value, value), (0, place, value))


def _dated(field: str, start: str, bucket: Bucket) -> Shown:
    value, label = _named(date.fromisoformat(start), bucket)
    return Shown(GroupValue(field, value, label), (0, start))


def _named(start: date, bucket: Bucket) -> tuple[str, str]:
    """Value and label of the *bucket* that begins on *start*; weeks as ISO 8601 counts them."""
    month = _MONTHS[start.month - 1]
    match bucket:
        case Bucket.DAY:
            return start.isoformat(), f"{start.day} {month} {start.year:04}"
        case Bucket.WEEK:
            year, week, _ = start.isocalendar()
            return f"{year:04}-W{week:02}", f"Week {week}, {year:04}"
        case Bucket.MONTH:
            return f"{start.year:04}-{start.month:02}", f"{month} {start.year:04}"
        case Bucket.QUARTER:
            quarter = (start.month + 2) // 3
            return f"{start.year:04}-Q{quarter}", f"Q{quarter} {start.year:04}"
        case Bucket.YEAR:
            return f"{start.year:04}", f"{start.year:04}"


def _stage(remote_id: str, account: Account) -> Shown:
    stage, source = account.stages.get(remote_id), account.source.key
    value = GroupValue("stage", GlobalId("stage", source, remote_id).encode(), stage.name if stage else None)
    if stage is None:
        return Shown(value, (0, source, len(account.pipelines), 0, remote_id))
    pipeline = list(account.pipelines).index(stage.pipeline_id)
    return Shown(value, (0, source, pipeline, stage.position, remote_id))


def _pipeline(remote_id: str, account: Account) -> Shown:
    pipeline, source = account.pipelines.get(remote_id), account.source.key
    label = pipeline.name if pipeline else None
    place = list(account.pipelines).index(remote_id) if pipeline else len(account.pipelines)
    return Shown(
        GroupValue("pipeline", GlobalId("pipeline", source, remote_id).encode(), label), (0, source, place, remote_id)
    )


def _record(field: str, remote_id: str, account: Account, target: Entity) -> Shown:
    source = account.source
    value = GroupValue(field, GlobalId(target.value, source.key, remote_id).encode())
    return Shown(value, (0, source.key, source.connector.id_key(remote_id)), (target, remote_id))


def _labels(field: str, account: Account, entity: Entity) -> Mapping[str, str]:
    """What people see for the values of a pick list, as the account describes it."""
    described = account.description.remote_fields.get(entity, ())
    return {
        choice.value: choice.label
        for item in described
        if item.field == field
        for choice in item.choices or ()
        if choice.label
    }
