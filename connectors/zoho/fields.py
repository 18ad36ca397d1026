"""Fields that take code to read: what stages, conversions and pointers decide, people who attend, domains."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from connectors.mapping import Row, convert
from connectors.tables import Criterion, Entry, Kind
from connectors.zoho.coql import CONVERTED, Condition, Coql, Guarded, Within
from connectors.zoho.manifest import ZohoOptions, manifest
from model.entities import Entity, Pipeline, Stage
from model.query import Compare, Operator
from model.values import Attendee, RecordRef, Ref

__all__ = ["SE_MODULE", "Stages", "coded_entries", "related_refs"]

SE_MODULE = "$se_module"
"""Tells the module of what an activity or a note points to; it is no field."""


def coded_entries(entity: Entity, stages: "Stages", options: ZohoOptions) -> Iterator[Entry]:
    """What takes code to read; whoever asks leaves out what the account has no columns for."""
    yield Entry.of("tags", ("Tag",), lambda row: tuple(str(tag["name"]) for tag in row["Tag"] or ()))
    match entity:
        case Entity.COMPANY:
            within = Within(column="Website", kind=Kind.TEXT)
            yield Entry.of("domain", ("Website",), lambda row: convert.host(row["Website"]), within)
        case Entity.LEAD:
            yield _lead_status({**manifest().lead_statuses, **options.lead_statuses})
        case Entity.DEAL:
            yield from stages.entries()
        case Entity.APPOINTMENT:
            yield from _appointment()
            yield Entry.of("about", ("What_Id", "Who_Id", SE_MODULE), _about)
        case Entity.TASK:
            yield Entry.of("about", ("What_Id", "Who_Id", SE_MODULE), _about)
        case Entity.NOTE:
            yield Entry.of("about", ("Parent_Id", SE_MODULE), _about)


def _lead_status(words: Mapping[str, str]) -> Entry:
    """The map by Lead_Status; a converted lead is CONVERTED whatever that says."""

    def read(row: Row) -> str | None:
        if row["Converted__s"]:
            return "CONVERTED"
        return None if row["Lead_Status"] is None else words.get(row["Lead_Status"], "UNKNOWN")

    values = {word: tuple(value for value, one in words.items() if one == word) for word in set(words.values())}
    values["CONVERTED"] = (*values.get("CONVERTED", ()), CONVERTED)
    criterion = Guarded(
        column="Lead_Status",
        kind=Kind.WORD,
        words={word.casefold(): held for word, held in values.items()},
        unmapped="UNKNOWN",
        where=Condition("Converted__s = 'false'"),
        unless=Condition("Converted__s = 'true'"),
    )
    return Entry.of("status", ("Lead_Status", "Converted__s"), read, criterion)


def related_refs(row: Row) -> Iterator[tuple[str, str]]:
    """Module and id of each record that an activity or a note points to.

    '$se_module' tells the module of What_Id or Parent_Id; Who_Id is a contact, or the lead where there is no other.
    """
    module = convert.text(row[SE_MODULE])
    for column in ("Parent_Id", "What_Id"):
        if row.get(column) is not None:
            yield module or "", str(row[column]["id"])
    if row.get("Who_Id") is not None:
        is_lead = module == "Leads" and row.get("What_Id") is None
        yield "Leads" if is_lead else "Contacts", str(row["Who_Id"]["id"])


def _about(row: Row) -> tuple[RecordRef, ...]:
    known = manifest().modules
    return tuple(
        RecordRef(remote_type=module, remote_id=found, ref=Ref(known[module], found) if module in known else None)
        for module, found in related_refs(row)
    )


def _pointed(entity: Entity) -> Callable[[Row], Ref | None]:
    def read(row: Row) -> Ref | None:
        found = (one for module, one in related_refs(row) if manifest().modules.get(module) is entity)
        return next((Ref(entity, one) for one in found), None)

    return read


def _appointment() -> Iterator[Entry]:
    """All-day ones have days and no instants, the others the reverse; the last day is in the end that Zoho gives."""
    timed, all_day = Condition("All_day = 'false'"), Condition("All_day = 'true'")
    for field, column in (("starts_at", "Start_DateTime"), ("ends_at", "End_DateTime")):
        criterion = Guarded(column=column, kind=Kind.INSTANT, is_sortable=True, where=timed, unless=all_day)
        yield Entry.of(field, (column, "All_day"), _instant(column), criterion)
    yield Entry.of("starts_on", ("Start_DateTime", "All_day"), lambda row: _day(row, "Start_DateTime"))
    yield Entry.of("ends_on", ("End_DateTime", "All_day"), lambda row: _day(row, "End_DateTime", further=1))
    yield Entry.of("attendees", ("Participants",), _attendees)
    for name in (Entity.COMPANY, Entity.DEAL, Entity.LEAD):
        criterion_ = Criterion(column="What_Id", kind=Kind.LINK) if name is not Entity.LEAD else None
        yield Entry.of(name.value, ("What_Id", "Who_Id", SE_MODULE), _pointed(name), criterion_)


def _instant(column: str) -> Callable[[Row], str | None]:
    return lambda row: None if row["All_day"] else convert.instant(row[column])


def _day(row: Row, column: str, further: int = 0) -> str | None:
    """The day in the offset that Zoho writes; a moment behind midnight is within it, so that *further* days end it."""
    if not row["All_day"] or row[column] is None:
        return None
    moment = datetime.fromisoformat(row[column])
    is_start_of_day = (moment.hour, moment.minute) == (0, 0)
    return (moment.date() + timedelta(days=0 if is_start_of_day else further)).isoformat()


def _attendees(row: Row) -> tuple[Attendee, ...]:
    return tuple(_attendee(one) for one in row["Participants"] or ())


def _attendee(one: Row) -> Attendee:
    def ref(entity: Entity) -> Ref | None:
        return Ref(entity, str(one["participant"])) if one["type"] == entity.value else None

    return Attendee(
        name=convert.text(one.get("name")),
        email=convert.text(one.get("Email")),
        contact=ref(Entity.CONTACT),
        lead=ref(Entity.LEAD),
        user=ref(Entity.USER),
        response=convert.text(one.get("status")),
    )


@dataclass(frozen=True, slots=True)
class Stages:
    """Stages of deals by the value that deals have: their ids, and what becomes of a deal there."""

    pipelines: tuple[Pipeline, ...]
    pipeline_ids: Mapping[str, str]
    ids: Mapping[str, str]
    outcomes: Mapping[str, str]

    @classmethod
    def of(cls, fields: Mapping[str, Sequence[Row]], pipelines: Sequence[Row], source: str) -> "Stages":
        """From the choices of Stage, which tell the probability, and the pipelines, which tell ids and order."""
        choices = next(
            (field["pick_list_values"] for field in fields.get("Deals", ()) if field["api_name"] == "Stage"), ()
        )
        listed = {str(one["actual_value"]): one for one in choices}
        rows = {**listed, **{str(one["actual_value"]): one for held in pipelines for one in held["maps"]}}
        outcomes = {
            value: manifest().outcomes.get(str(one.get("forecast_type")), "UNKNOWN") for value, one in rows.items()
        }
        return cls(
            pipelines=tuple(_pipeline(row, listed, outcomes, source) for row in pipelines),
            pipeline_ids={
                str(row[name]): str(row["id"]) for row in pipelines for name in ("display_value", "actual_value")
            },
            ids={value: str(one["id"]) for value, one in rows.items()},
            outcomes=outcomes,
        )

    def entries(self) -> Iterator[Entry]:
        """The fields of a deal that its stage decides."""
        yield _word("stage", "Stage", self.ids.get, self.ids, Ref)
        yield _word("status", "Stage", lambda value: self.outcomes.get(value, "UNKNOWN"), self.outcomes, None)
        yield _word("pipeline", "Pipeline", self.pipeline_ids.get, self.pipeline_ids, Ref)
        closed = tuple(value for value, outcome in self.outcomes.items() if outcome in {"WON", "LOST"})
        word = Criterion(column="Stage", kind=Kind.WORD)
        told = [
            Coql().tell(word, Compare("stage", one, closed), negate=False) for one in (Operator.IN, Operator.NOT_IN)
        ]
        where, unless = (None if one is None else one.condition for one in told)
        criterion = None
        if closed and where is not None and unless is not None:
            criterion = Guarded(column="Closing_Date", kind=Kind.DAY, is_sortable=True, where=where, unless=unless)

        def closed_on(row: Row) -> str | None:
            return convert.date(row["Closing_Date"]) if row["Stage"] in closed else None

        yield Entry.of("closed_on", ("Closing_Date", "Stage"), closed_on, criterion)


def _word(
    field: str,
    column: str,
    find: Callable[[str], str | None],
    words: Mapping[str, str],
    ref: type[Ref] | None,
) -> Entry:
    """A field that a closed list's value decides; as a pointer, or as a word with UNKNOWN for values not listed."""

    def read(row: Row) -> Ref | str | None:
        word = None if row[column] is None else find(str(row[column]))
        return word if ref is None or word is None else ref(field, word)

    inverse: dict[str, tuple[str, ...]] = {}
    for value, word in words.items():
        inverse[word.casefold()] = (*inverse.get(word.casefold(), ()), value)
    unmapped = "UNKNOWN" if ref is None else None
    return Entry.of(field, (column,), read, Criterion(column=column, kind=Kind.WORD, words=inverse, unmapped=unmapped))


def _pipeline(row: Row, listed: Mapping[str, Row], outcomes: Mapping[str, str], source: str) -> Pipeline:
    pipeline_id = str(row["id"])
    stages = tuple(
        Stage(
            source=source,
            remote_id=str(one["id"]),
            pipeline_id=pipeline_id,
            name=str(one["display_value"]),
            position=int(one["sequence_number"]),
            probability=convert.percent((listed.get(str(one["actual_value"])) or {}).get("probability")),
            outcome=outcomes[str(one["actual_value"])],
        )
        for one in row["maps"]
    )
    return Pipeline(source=source, remote_id=pipeline_id, name=str(row["display_value"]), stages=stages)
