"""Records found by HubSpot's own index of texts, the oldest first: it ranks nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.http import HttpClient
from connectors.hubspot.calls import Answer, Endpoints
from connectors.hubspot.course import INDEX_LAG, extra_calls, fields_of
from connectors.hubspot.enrich import Enricher
from connectors.hubspot.manifest import manifest
from connectors.hubspot.objects import Mapped
from connectors.hubspot.search import ID, Sort, search_body
from connectors.mapping import matched_on, why_unsearchable, words_of
from model.capabilities import SearchSplit
from model.entities import Entity, Record
from model.errors import UnsupportedBySource
from model.fields import FIELDS, FieldKind
from model.page import Hit, Page, Searched
from model.query import SearchQuery
from model.values import UNSET

__all__ = ["HitReader"]

_TEXTS = frozenset({FieldKind.TEXT, FieldKind.LONG_TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL})


@dataclass(frozen=True, slots=True)
class _Search:
    """One type's search: *looked_at* are the fields that its words are looked for in, *fields* those of the hits."""

    body: bytes
    fields: frozenset[str]
    looked_at: tuple[str, ...]


class HitReader:
    """Searches one source's texts; lives as long as its connector and keeps nothing."""

    def __init__(self, client: HttpClient, endpoints: Endpoints, enricher: Enricher, *, source: str) -> None:
        self._client = client
        self._endpoints = endpoints
        self._enricher = enricher
        self._source = source

    def plan(self, query: SearchQuery, types: Mapping[Entity, Mapped], *, has_users: bool) -> SearchSplit:
        """Which types would be searched, one search each, and users among the known owners."""
        if (why := why_unsearchable(query.text)) is not None:
            return SearchSplit(unsupported=why, calls=0)
        offered = [entity for entity in query.selections if entity in types]
        searches = {entity: _search_of(query, entity, types[entity], 0) for entity in offered}
        fitting = {entity: search for entity, search in searches.items() if _fits(search)}
        entities = tuple(
            entity for entity in query.selections if entity in fitting or (entity is Entity.USER and has_users)
        )
        if not entities:
            why = _TOO_LONG if offered else "the account offers none of these types"
            return SearchSplit(unsupported=why, calls=0)
        return SearchSplit(
            entities=entities,
            calls=sum(1 + extra_calls(search.fields, types[entity]) for entity, search in fitting.items()),
            notes=(INDEX_LAG,) if fitting else (),
            operation="search" if fitting else "owners",
            vendor_query=next((search.body.decode() for search in fitting.values()), None),
        )

    async def read(self, query: SearchQuery, entity: Entity, after: int, types: Mapping[Entity, Mapped]) -> Searched:
        """The hits of one type behind the first *after*.

        Raises:
            UnsupportedBySource: HubSpot cannot be asked for the text, or shows no hits so far behind.
        """
        mapped, most = types[entity], manifest().search.hits
        why = why_unsearchable(query.text)
        if why is None and after >= most:
            why = f"HubSpot shows the first {most} hits; search for more words"
        if why is not None:
            raise UnsupportedBySource(f"{self._source}: {why}", source=self._source)
        search = _search_of(query, entity, mapped, after)
        if not _fits(search):
            raise UnsupportedBySource(f"{self._source}: {_TOO_LONG}", source=self._source)
        answer = await self._ask(search, mapped, entity)
        words = words_of(query.text)
        hits = [Hit(record, matched_on(record, search.looked_at, words)) for record in answer.records]
        self._leave_out(answer.records, set(search.looked_at) - search.fields)
        page = Page(records=answer.records, has_more=False)
        await self._enricher.completed(entity, page, search.fields, query.selections[entity], types)
        return Searched(hits, has_more=bool(hits) and after + len(hits) < (answer.total or 0))

    async def _ask(self, search: _Search, mapped: Mapped, entity: Entity) -> Answer:
        read = mapped.table.reader(search.fields | set(search.looked_at), source=self._source)
        return await self._client.send(self._endpoints.search(mapped.object, search.body, read=read, entity=entity))

    def _leave_out(self, records: Iterable[Record], names: Iterable[str]) -> None:
        """Unset what was read to tell where words stand and was not asked for; the records are this request's own."""
        for record in records:
            for name in names:
                setattr(record, name, UNSET)


_TOO_LONG = "the text and what is selected take more characters than a search may have; give fewer words"


def _search_of(query: SearchQuery, entity: Entity, mapped: Mapped, after: int) -> _Search:
    limits = manifest().search
    fields = fields_of(entity, query.selections[entity], mapped)
    looked_at = _looked_at(entity, mapped)
    body = search_body(
        mapped.base,
        mapped.table.remote_fields(fields | set(looked_at)),
        limit=max(1, min(query.limit, limits.page_size, limits.hits - after)),
        # HubSpot's own order is that of creation, whose ties may fall differently on each page.
        sort=Sort(ID),
        text=query.text.replace("*", " ").strip(),
        after=after,
    )
    return _Search(body, fields, looked_at)


def _looked_at(entity: Entity, mapped: Mapped) -> tuple[str, ...]:
    """The text fields of *entity* that are read from properties which HubSpot's search looks at."""
    properties = manifest().search.looks_at.get(mapped.object, ())
    names: dict[str, str] = {}
    for name, column in mapped.table.columns.items():
        if len(column.remote) == 1 and name in FIELDS[entity] and FIELDS[entity][name].kind in _TEXTS:
            names.setdefault(column.remote[0], name)
    return tuple(names[one] for one in properties if one in names)


def _fits(search: _Search) -> bool:
    return len(search.body.decode()) <= manifest().search.body_chars
