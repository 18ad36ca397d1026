"""The descriptions of the sources, each the same for a whole request."""

from collections.abc import Callable
from dataclasses import dataclass, field

from model.capabilities import Description, RelationCapability, RelationMode, TypeCapability
from model.entities import Entity, Pipeline, Stage
from model.errors import GatewayError, UnsupportedBySource
from resolvers.custom import OwnFields
from resolvers.guard import reading
from resolvers.sources import Source

__all__ = ["Account", "Accounts", "NoSuchType"]


class NoSuchType(UnsupportedBySource):
    """This source has no records of this type at all, so nothing of it is missing from an answer without it."""


@dataclass(frozen=True, slots=True)
class Account:
    """A described source, with its pipelines and stages by remote id, and its own fields."""

    source: Source
    description: Description
    pipelines: dict[str, Pipeline]
    stages: dict[str, Stage]
    own: OwnFields
    _keyed: dict[Entity, frozenset[str]] = field(default_factory=dict)

    @classmethod
    def of(cls, source: Source, description: Description) -> "Account":
        """The account that *description* describes."""
        pipelines = {item.remote_id: item for item in description.pipelines}
        stages = {stage.remote_id: stage for item in description.pipelines for stage in item.stages}
        own = OwnFields(source.key, description, source.aliases)
        return cls(source, description, pipelines, stages, own)

    def listed(self, entity: Entity) -> TypeCapability:
        """What the source can do with a type that it lists.

        Raises:
            NoSuchType: it has no such records.
            UnsupportedBySource: it offers no list of them.
        """
        capability, source = self.description.types.get(entity), self.source.key
        text = f"{source} offers no list of {entity.value} records"
        if capability is None and entity in self.description.lacking:
            raise NoSuchType(text, source=source)
        if capability is None or not capability.can_list:
            raise UnsupportedBySource(text, source=source)
        return capability

    def relation(self, entity: Entity, name: str) -> RelationCapability | None:
        """How a relation is read; None where the source has none such, or not what it leads to."""
        capability = self.description.types.get(entity)
        relation = capability.relations.get(name) if capability is not None else None
        if relation is None or relation.mode is RelationMode.UNSUPPORTED:
            return None
        return relation if relation.target in self.description.types else None

    def keyed(self, entity: Entity) -> frozenset[str]:
        """Names of the relations whose Ref stands on the record."""
        found = self._keyed.get(entity)
        if found is None:
            relations = self.description.types[entity].relations.values()
            found = self._keyed[entity] = frozenset(item.field for item in relations if item.is_keyed)
        return found


class Accounts:
    """Accounts by source key, described once; lives as long as one request.

    Args:
        on_failure: told what a source that could not be described met.
    """

    def __init__(self, on_failure: Callable[[str, GatewayError], None]) -> None:
        self._held: dict[str, Account] = {}
        self._on_failure = on_failure

    def held(self, key: str) -> Account | None:
        """The account, where it is described already."""
        return self._held.get(key)

    async def of(self, source: Source) -> Account:
        """The source as described.

        Raises:
            SourceError: its metadata cannot be read.
        """
        held = self._held.get(source.key)
        if held is not None:
            return held
        try:
            async with reading(source.key):
                description = await source.connector.describe()
        except GatewayError as error:
            source.met(error)
            self._on_failure(source.key, error)
            raise
        return self._held.setdefault(source.key, Account.of(source, description))
