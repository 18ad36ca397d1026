"""Records by id: in batches, matched by id, with ids that were merged away told apart from those that are gone."""

from collections.abc import Iterable, Mapping, Sequence

from connectors.http import HttpClient, together
from connectors.hubspot.calls import Batch, Endpoints
from connectors.hubspot.manifest import manifest
from connectors.hubspot.objects import Mapped
from model.entities import Entity, Record
from model.errors import SourceError

__all__ = ["BatchReader"]


class BatchReader:
    """Reads one source's records by id; lives as long as its connector and keeps nothing."""

    def __init__(self, client: HttpClient, endpoints: Endpoints, *, source: str) -> None:
        self._client = client
        self._endpoints = endpoints
        self._source = source

    async def read(
        self, entity: Entity, mapped: Mapped, ids: Iterable[str], fields: Iterable[str]
    ) -> Mapping[str, Record | SourceError]:
        """Records by the ids asked, which are canonical and distinct; absent where HubSpot has none.

        An id that was merged into another record gives that record, under its own id. Where a batch fails, each of
        its ids has the error.
        """
        asked, size = list(ids), manifest().batch_read_size
        chunks = [asked[start : start + size] for start in range(0, len(asked), size)]
        found = await together(*(self._chunk(entity, mapped, chunk, frozenset(fields)) for chunk in chunks))
        return {remote_id: record for chunk in found for remote_id, record in chunk.items()}

    async def _chunk(
        self, entity: Entity, mapped: Mapped, ids: Sequence[str], fields: frozenset[str]
    ) -> Mapping[str, Record | SourceError]:
        try:
            batch = await self._ask(entity, mapped, ids, fields)
            found: dict[str, Record | SourceError] = {
                remote_id: batch.records[remote_id] for remote_id in ids if remote_id in batch.records
            }
            for remote_id in _unaccounted(ids, batch):
                alone = batch if len(ids) == 1 else await self._ask(entity, mapped, [remote_id], fields)
                if alone.records:
                    found[remote_id] = next(iter(alone.records.values()))
        except SourceError as error:
            return dict.fromkeys(ids, error)
        return found

    async def _ask(self, entity: Entity, mapped: Mapped, ids: Sequence[str], fields: frozenset[str]) -> Batch:
        properties = mapped.table.remote_fields(fields)
        if mapped.member is not None:
            properties = tuple(dict.fromkeys((*properties, mapped.member[0])))
        call = self._endpoints.batch_read(
            mapped.object,
            ids,
            properties,
            read=mapped.table.reader(fields, source=self._source),
            is_member=mapped.is_member,
            entity=entity,
        )
        return await self._client.send(call)


def _unaccounted(ids: Sequence[str], batch: Batch) -> list[str]:
    """Ids that HubSpot neither answered nor named as not found, when something hints at a merge.

    A merged id is answered by its survivor, under the survivor's id: such ids are read again one by one, for only then
    it is plain which record answers which id.
    """
    open_ = [remote_id for remote_id in ids if remote_id not in batch.records and remote_id not in batch.not_found]
    is_strange = bool(batch.records.keys() - set(ids)) or not batch.has_errors
    return open_ if is_strange else []
