"""One world for all cases: emulators, a gateway over them, and what every row of every source holds."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from connectors.base import Connector
from connectors.conformance.bench import Bench
from connectors.conformance.names import Names, Related
from model.entities import Entity, Record
from model.evaluate import evaluate
from model.query import EVERYTHING, NOTHING, Compare, Predicate, mapped
from tests.contract.sources import connecting
from tests.specs.stage import Stage, staged
from tests.specs.stories import Setup

__all__ = ["EVERYWHERE", "Account", "World", "opened"]

_KEYS = frozenset({"source", "remote_id"})
SETUP = Setup(
    scale=0.1,
    time_scale=1_000,
    options={
        "hubspot": {"burst_private": 10**6, "search_rate": 10**6, "daily": 10**9},
        "salesforce": {"daily_requests": 10**9},
    },
    custom_fields={"contact": {"npsScore": {"kind": "INTEGER", "description": "x", "keys": {"salesforce": "NPS__c"}}}},
    limits={"first": 500, "values": 10**9, "upstream_calls": 10**6, "max_upstream_calls": 10**6, "deadline_s": 60},
)
EVERYWHERE = replace(
    SETUP,
    sources=(
        "salesforce",
        "hubspot",
        "dynamics365",
        "pipedrive",
        "zoho",
        "freshsales",
        "generic_rest",
        "generic_graphql",
    ),
    scale=0.05,
    options={
        **SETUP.options,
        "dynamics365": {"burst": 10**9, "execution_s": 10.0**9},
        "pipedrive": {"daily": 10**9, "burst": 10**6, "search_rate": 10**6},
        "zoho": {"daily": 10**9, "concurrency": 10**6, "sub_concurrency": 10**6},
        "freshsales": {"hourly": 10**9},
        "generic_rest": {"burst": 10**9, "daily": 10**9, "concurrency": 1_000},
        "generic_graphql": {"minute": 10**9, "daily": 10**9},
    },
)
"""Every CRM there is, small: one that takes no conditions is read whole for most cases."""


@dataclass(frozen=True)
class Account:
    """Everything one source holds, read whole once."""

    connector: Connector
    rows: Mapping[Entity, Sequence[Record]]
    related: Related
    names: Mapping[Entity, Names]

    def matching(self, entity: Entity, where: Predicate, *, is_dotless: bool = False) -> list[Record]:
        """Rows that the oracle selects; for *is_dotless* one that takes İ and ı for the i of ASCII operands."""
        meant = self._dotless if is_dotless else self._meant
        return [row for row in self.rows.get(entity, ()) if meant(where, row, entity)]

    def _meant(self, where: Predicate, row: Record, entity: Entity) -> bool:
        return evaluate(where, row, entity=entity, related=self.related)

    def _dotless(self, where: Predicate, row: Record, entity: Entity) -> bool:
        def related(row: Record, relation: str) -> Record | None:
            found = self.related(row, relation)
            return found and _dotted(found)

        def decided(compare: Compare) -> Predicate:
            if _is_ascii(compare.operand):
                is_met = evaluate(compare, _dotted(row), entity=entity, related=related)
            else:
                is_met = self._meant(compare, row, entity)
            return EVERYTHING if is_met else NOTHING

        return evaluate(mapped(where, decided), row, entity=entity)


def _is_ascii(operand: Any) -> bool:
    return all(map(_is_ascii, operand)) if isinstance(operand, tuple) else str(operand).isascii()


def _with_dots(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("ı", "i").replace("İ", "i")
    return tuple(map(_with_dots, value)) if isinstance(value, tuple) else value


def _dotted(row: Record) -> Record:
    """*row* with every İ and ı of its texts as i."""
    texts = {item.name: getattr(row, item.name) for item in fields(row)}
    changed: Record = replace(row, **{name: _with_dots(value) for name, value in texts.items() if name not in _KEYS})
    return changed


@dataclass(frozen=True)
class World:
    """The gateway's stage, and the accounts behind it by source key."""

    stage: Stage
    accounts: Mapping[str, Account]
    _values: dict[tuple[Entity, str], list[Any]] = field(default_factory=dict)

    def values(self, entity: Entity, name: str) -> list[Any]:
        """What rows of all sources have under *name*, missing values left out."""
        key = (entity, name)
        if key not in self._values:
            found = [names.values(name) for _, names in self.names(entity)]
            self._values[key] = [value for values in found for value in values]
        return self._values[key]

    def names(self, entity: Entity) -> list[tuple[str, Names]]:
        """What rows of the type may be asked by, of each source that has the type."""
        accounts = self.accounts.items()
        return [(source, account.names[entity]) for source, account in accounts if entity in account.names]

    def ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """The answer's body, which must be a whole one."""
        sent = {"query": query, "variables": variables, "extensions": {"explain": True}}
        response = self.stage.client.post(self.stage.url, json=sent)
        assert response.status_code == 200, response.text
        body: dict[str, Any] = response.json()
        return body


@contextmanager
def opened(folder: Path, setup: Setup = SETUP) -> Iterator[World]:
    """The world that *setup* describes, until the block is left."""
    with staged(setup, folder) as stage:
        accounts = asyncio.run(_read_all(stage, setup.sources))
        yield World(stage, accounts)


async def _read_all(stage: Stage, platforms: Sequence[str]) -> dict[str, Account]:
    return {platform: await _read(connecting(stage.sandbox, platform)()) for platform in platforms}


async def _read(connector: Connector) -> Account:
    try:
        bench = Bench(connector)
        await bench.open()
        related = await bench.behind()
        rows = {entity: await bench.rows(entity) for entity in bench.entities()}
    finally:
        await connector.aclose()
    names = {entity: Names(bench.description, entity, found, related) for entity, found in rows.items()}
    return Account(connector, rows, related, names)
