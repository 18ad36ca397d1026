"""Hits of a search, and where its words stand in them."""

from collections.abc import Mapping, Sequence

from connectors.http import HttpClient
from connectors.mapping import Row, understood
from connectors.salesforce.account import Account
from connectors.salesforce.apart import Apart
from connectors.salesforce.calls import Api
from connectors.salesforce.reading import together
from connectors.salesforce.searches.plan import MAX_ROWS, Sought, calls_of, matched_fields, plan_of, sought
from connectors.salesforce.searches.text import words_of
from connectors.salesforce.shapes import RecordShape
from model.entities import Entity
from model.errors import SchemaDrift, SourceError, UnsupportedBySource
from model.fields import FieldKind, field_of
from model.page import Hit, Searched
from model.query import SearchQuery

__all__ = ["Finder"]

_MIN_DIGITS = 3


class Finder:
    """Searches one org; holds no state of a request."""

    def __init__(self, client: HttpClient, api: Api, apart: Apart) -> None:
        self._client = client
        self._api = api
        self._apart = apart

    async def found(
        self, account: Account, query: SearchQuery, after: Mapping[Entity, int]
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of each type; of users and queues, the users first.

        Raises:
            UnsupportedBySource: the org does not search for such a text.
        """
        complaint = plan_of(account, query).unsupported
        if complaint is not None:
            raise UnsupportedBySource(complaint, source=account.tables.source)
        wanted = sought(account, query, after)
        none: dict[Entity, Searched | SourceError] = {
            one.entity: Searched(()) for one in wanted if one.after >= MAX_ROWS
        }
        reached = [one for one in wanted if one.entity not in none]
        work = [
            self._called(account, query, part, text) for part, text in (calls_of(query, reached) if reached else [])
        ]
        return {**none, **{entity: hits for part in await together(work) for entity, hits in part.items()}}

    async def _called(
        self, account: Account, query: SearchQuery, wanted: Sequence[Sought], text: str
    ) -> Mapping[Entity, Searched | SourceError]:
        """Hits of the types of one call; when it fails, the error stands for each of them."""
        entity = wanted[0].entity if len(wanted) == 1 else None
        try:
            rows = await self._client.send(self._api.search(text, entity=entity))
        except SchemaDrift:
            raise
        except SourceError as error:
            return {one.entity: error for one in wanted}
        is_alone = len(wanted) == 1
        work = [self._hits(account, query, one, rows, skipped=is_alone and one.skips) for one in wanted]
        return dict(zip([one.entity for one in wanted], await together(work), strict=True))

    async def _hits(
        self, account: Account, query: SearchQuery, wanted: Sought, rows: Mapping[str, Sequence[Row]], *, skipped: bool
    ) -> Searched | SourceError:
        pairs = [(shape, row) for shape in wanted.shapes for row in rows.get(shape.table.name, ())]
        rest = pairs if skipped else pairs[wanted.after :]
        chosen = rest[: wanted.limit]
        words = [word.casefold() for word in words_of(query.text)]
        hits = []
        for shape in wanted.shapes:
            own = [row for other, row in chosen if other is shape]
            records = shape.read(own, [])
            try:
                await self._apart.complete(account, records, shape.apart, query.selections[wanted.entity])
            except SchemaDrift:
                raise
            except SourceError as error:
                return error
            with understood(shape.tables.source):
                hits += [Hit(record, _matched(shape, row, words)) for record, row in zip(records, own, strict=True)]
        return Searched(hits, has_more=len(rest) > wanted.limit)


def _matched(shape: RecordShape, row: Row, words: Sequence[str]) -> tuple[str, ...]:
    """The fields in which one of *words* stands."""
    table = shape.table
    names = matched_fields(table)
    record = table.reader(names, source=shape.tables.source)(row, row["Id"])
    return tuple(name for name in names if _stands_in(getattr(record, name), words, field_of(table.entity, name).kind))


def _stands_in(value: str | None, words: Sequence[str], kind: FieldKind) -> bool:
    if value is None:
        return False
    folded = value.casefold()
    if any(word in folded for word in words):
        return True
    return kind is FieldKind.PHONE and any(_digits(word) in _digits(value) for word in words if _is_number(word))


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdecimal())


def _is_number(word: str) -> bool:
    return len(_digits(word)) >= _MIN_DIGITS
