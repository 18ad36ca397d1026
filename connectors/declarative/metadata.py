"""What an account tells of itself: its currency, its pipelines, and the types that are read whole."""

from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from typing import Any

from connectors.declarative.account import type_of
from connectors.declarative.lists import Lists, Wanted
from connectors.declarative.relations import links_of
from connectors.declarative.spec import PipelineSpec, PipelinesSpec, Spec
from connectors.http import Call, HttpClient, together
from connectors.mapping import Row, convert, understood
from connectors.tables import Account, Held, Labels, TableType, at
from model.capabilities import LeadModel
from model.entities import Entity, Pipeline, Record, Stage, record_type
from model.errors import SourceUnavailable
from model.page import Position

__all__ = ["Metadata"]

_MOST_HELD = 20_000


class Metadata:
    """Reads one account's metadata; holds nothing of it."""

    def __init__(self, client: HttpClient, spec: Spec, lists: Lists) -> None:
        self._client = client
        self._spec = spec
        self._lists = lists

    async def account(self, currency: str | None) -> Account:
        """The account; *currency* is that of amounts which name none, where the operator said so."""
        spec, language = self._spec, self._lists.language
        about, pipelines, lookups = await together(self._about(), self._pipelines(), self._lookups())
        home = currency or self._constant_or(about, spec.account.currency)
        tables = {entity: type_of(entity, spec, language, currency=home, lookups=lookups) for entity in spec.types}
        whole = [entity for entity, declared in spec.types.items() if declared.held]
        held = dict(zip(whole, await together(*(self._held(tables[entity]) for entity in whole)), strict=True))
        types = {
            entity: replace(found, links=links_of(entity, tables, spec, language))
            for entity, found in tables.items()
            if entity not in held
        }
        return Account(
            types=types,
            held=held,
            pipelines=pipelines,
            account_id=None if spec.account.id is None else convert.text(at(spec.account.id)(about)),
            currency=home,
            time_zone=self._constant_or(about, spec.account.time_zone),
            lead_model=LeadModel.OBJECT if Entity.LEAD in types else LeadModel.NONE,
        )

    def _constant_or(self, about: Row, told: str | None) -> str | None:
        """What the account says at a path; where it is not asked, the file's own word."""
        if told is None or self._spec.account.path is None:
            return told
        return convert.text(at(told)(about))

    async def _about(self) -> Row:
        path = self._spec.account.path
        return {} if path is None else dict(await self._read(path, "account"))

    async def _pipelines(self) -> tuple[Pipeline, ...]:
        told = self._spec.pipelines
        if not isinstance(told, PipelinesSpec):
            return tuple(_constant(one, self._client.source) for one in told)
        answer = await self._read(told.path, "pipelines")
        with understood(self._client.source):
            rows = at(told.rows)(answer) if told.rows else answer
            return tuple(_pipeline(row, told, self._client.source) for row in rows)

    async def _lookups(self) -> Labels:
        """By the name of a list, what people call each of its values."""
        told = self._spec.lookups
        answers = await together(*(self._read(one.path, name) for name, one in told.items()))
        with understood(self._client.source):
            return {
                name: {
                    str(at(one.id)(row)): str(at(one.name)(row)) for row in (at(one.rows)(body) if one.rows else body)
                }
                for (name, one), body in zip(told.items(), answers, strict=True)
            }

    async def _read(self, path: str, operation: str) -> Any:
        return await self._client.send(
            Call(
                operation=operation,
                method="GET",
                path=self._spec.base_path + path,
                headers=self._spec.headers,
                parse=lambda payload: payload,
                kind="metadata",
            )
        )

    async def _held(self, found: TableType) -> Held:
        """Every record of a type, with all its fields.

        Raises:
            SourceUnavailable: the pages go round, or there are more than can be held.
        """
        named = {item.name for item in fields(record_type(found.entity))}
        wanted_fields = frozenset(named - {"source", "remote_id", "custom"})
        wanted = Wanted(found=found, fields=wanted_fields, kind="metadata", operation=found.remote)
        records: dict[str, Record] = {}
        after: Position | None = None
        while True:
            page = await self._lists.page(wanted, limit=self._spec.paging.max, after=after)
            fresh = {record.remote_id: record for record in page.records if record.remote_id not in records}
            records |= fresh
            if not page.has_more:
                break
            if not fresh or len(records) > _MOST_HELD:
                text = f"{self._client.source} gave {found.remote} without an end; try again later"
                raise SourceUnavailable(text, source=self._client.source)
            after = page.resume or Position((), page.records[-1].remote_id)
        return Held(
            entity=found.entity,
            remote_type=found.remote,
            records=records,
            id_key=self._lists.id_key,
        )


def _constant(told: PipelineSpec, source: str) -> Pipeline:
    stages = tuple(
        Stage(
            source=source,
            remote_id=stage.id,
            pipeline_id=told.id,
            name=stage.name,
            position=place,
            probability=convert.percent(stage.probability),
            outcome=stage.outcome,
        )
        for place, stage in enumerate(told.stages)
    )
    return Pipeline(source=source, remote_id=told.id, name=told.name, stages=stages)


def _pipeline(row: Row, told: PipelinesSpec, source: str) -> Pipeline:
    pipeline_id = str(at(told.id)(row))
    stages = tuple(_stages(at(told.stages)(row) or (), told, source, pipeline_id))
    return Pipeline(source=source, remote_id=pipeline_id, name=str(at(told.name)(row)), stages=stages)


def _stages(rows: Sequence[Row], told: PipelinesSpec, source: str, pipeline_id: str) -> Iterator[Stage]:
    paths = told.stage
    for place, row in enumerate(rows):
        position = at(paths["position"])(row) if "position" in paths else place
        outcome = convert.text(at(paths["outcome"])(row)) if "outcome" in paths else None
        yield Stage(
            source=source,
            remote_id=str(at(paths.get("id", "id"))(row)),
            pipeline_id=pipeline_id,
            name=str(at(paths.get("name", "name"))(row)),
            position=int(position),
            probability=convert.percent(at(paths["probability"])(row)) if "probability" in paths else None,
            outcome=told.outcomes.get(outcome or "", "UNKNOWN"),
        )
