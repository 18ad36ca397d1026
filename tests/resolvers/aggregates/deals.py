"""Small books of deals, and what is asked about them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from connectors.memory import MemoryConnector
from model.aggregate import GroupKey
from model.capabilities import Description
from model.entities import Deal, Entity, Pipeline, Record, Stage
from model.reading import AggregateRequest, AggregateResult
from model.values import Money
from tests.resolvers.books import record

__all__ = ["Staged", "asked", "deal", "deals", "keys_and_counts"]


def deal(source: str, number: int, amount: str | None = None, **values: Any) -> Deal:
    """A whole deal; *amount* is written "12.50 EUR"."""
    money = Money(*amount.split()) if amount else None
    found: Deal = record(Entity.DEAL, number, source=source, amount=money, **values)
    return found


def deals(source: str, *rows: Deal, **options: Any) -> MemoryConnector:
    """A source of deals."""
    return MemoryConnector(source, {Entity.DEAL: list(rows)}, **options)


def asked(*keys: GroupKey | str, **values: Any) -> AggregateRequest:
    """Deals by *keys*, with the totals of their amounts."""
    given = tuple(key if isinstance(key, GroupKey) else GroupKey(key) for key in keys)
    return AggregateRequest(**{"entity": Entity.DEAL, "keys": given, "amount": "amount", **values})


def keys_and_counts(result: AggregateResult) -> list[tuple[Any, ...]]:
    """Each group as the values of its keys and its count."""
    return [(*(key.value for key in group.keys), group.count) for group in result.groups]


class Staged(MemoryConnector):
    """A source with two pipelines, "late" before "early", of stages 1 to 3 each, and a page of users."""

    def __init__(self, source: str, rows: Sequence[Record], **options: Any) -> None:
        users = [record(Entity.USER, n, source=source, name=f"User {9 - n}") for n in range(1, 5)]
        super().__init__(source, {Entity.DEAL: rows, Entity.USER: users}, **options)

    async def describe(self) -> Description:
        """With pipelines."""
        described = await super().describe()
        pipelines = tuple(
            Pipeline(
                source=self.source,
                remote_id=name,
                name=name.title(),
                stages=tuple(
                    Stage(
                        source=self.source,
                        remote_id=f"{name}{position}",
                        pipeline_id=name,
                        name=f"Stage {position} of {name}",
                        position=position,
                        probability=None,
                        outcome="OPEN",
                    )
                    for position in (1, 2, 3)
                ),
            )
            for name in ("late", "early")
        )
        return replace(described, pipelines=pipelines)
