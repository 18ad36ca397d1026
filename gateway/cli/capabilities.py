"""`capabilities`: what one source reads, filters and sorts, as Markdown tables."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from connectors.scope import Deadline, Scope, entered
from gateway.cli.terminal import say
from gateway.config import load_settings
from gateway.telemetry import configure_logs
from model.capabilities import (
    Description,
    FieldCapability,
    LeadModel,
    Pushdown,
    RelationCapability,
    RelationMode,
    TypeCapability,
)
from model.errors import ConfigError
from model.fields import public_name
from model.query import Operator

__all__ = ["capabilities", "tables_of"]

_DEADLINE_S = 30.0
_LEADS: Mapping[LeadModel, str] = {
    LeadModel.OBJECT: "A lead is a record of its own type.",
    LeadModel.INBOX_ITEM: "A lead is an item of an inbox that points to a person or an organisation.",
    LeadModel.CONTACT_STAGE: "A lead is a contact at a stage.",
    LeadModel.NONE: "There are no leads.",
}
_MODES: Mapping[RelationMode, str] = {
    RelationMode.INLINE: "with the page",
    RelationMode.BATCH: "in batches",
    RelationMode.PER_PARENT: "a call a record",
    RelationMode.UNSUPPORTED: "not at all",
}


def capabilities(config: Path, key: str) -> int:
    """0, with the tables of the source *key* on standard output.

    Raises:
        ConfigError: the config is wrong, or names no such source.
    """
    settings = load_settings(config)
    configure_logs("warning")
    keys = [source.key for source in settings.sources]
    if key not in keys:
        raise ConfigError(f"{config} has no source {key}; it has: {', '.join(keys)}")

    async def describe() -> Description:
        from gateway.wiring import Gateway

        gateway = Gateway(settings)
        try:
            source = next(source for source in gateway.sources if source.key == key)
            with entered(Scope(deadline=Deadline.after(_DEADLINE_S), max_calls=0)):
                return await source.connector.describe()
        finally:
            await gateway.aclose()

    for line in tables_of(asyncio.run(describe())).splitlines():
        say(line)
    return 0


def tables_of(description: Description) -> str:
    """Markdown: a section for each type with a table of its fields and one of its relations."""
    sections = [_LEADS[description.lead_model]]
    sections += ["\n\n".join(_sections(found)) for found in description.types.values()]
    return "\n\n".join(sections)


def _sections(found: TypeCapability) -> Iterator[str]:
    yield f"## {found.entity.value.capitalize()}"
    yield _ways(found)
    fields = [_field(one) for one in found.fields.values() if one.remote_fields or one.operators]
    header = ("Field", "Read from", "Filtered by the CRM", "Narrowed by it, checked here", "Sorted by it")
    yield _table(header, fields)
    if found.relations:
        yield _table(("Relation", "To", "Read", "Records in a call"), map(_relation, found.relations.values()))


def _ways(found: TypeCapability) -> str:
    """One sentence of what can be done with the type as a whole."""
    ids = "read with the metadata" if found.is_cached else f"{found.batch_read_size or 1} by id in a call"
    done = [
        word
        for word, is_done in (
            ("listed", found.can_list),
            ("counted", found.can_count),
            ("grouped", found.can_aggregate),
            ("searched", found.can_search),
        )
        if is_done
    ]
    return f"`{found.remote_type}`: {', '.join([ids, *done])}."


def _field(one: FieldCapability) -> tuple[str, ...]:
    by_push: dict[Pushdown, list[str]] = {}
    for operator in Operator:
        if operator in one.operators:
            by_push.setdefault(one.operators[operator], []).append(operator.value)
    return (
        f"`{public_name(one.field)}`",
        ", ".join(f"`{name}`" for name in one.remote_fields),
        ", ".join(by_push.get(Pushdown.PUSHED, ())),
        ", ".join(by_push.get(Pushdown.SUPERSET, ())),
        "yes" if one.is_sortable else "",
    )


def _relation(one: RelationCapability) -> tuple[str, ...]:
    how = "by the id on the record, " if one.is_keyed else ""
    return f"`{public_name(one.field)}`", one.target.value, how + _MODES[one.mode], str(one.batch_size or 1)


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, tuple("---" for _ in header), *rows]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |").replace("|  |", "| |") for line in lines)
