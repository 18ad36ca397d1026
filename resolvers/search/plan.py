"""What one source does for one search: decided before anybody is called, and shown by `explain`."""

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.base import Searches
from model.capabilities import SearchSplit
from model.entities import Entity
from model.errors import BadRequest, UnsupportedBySource
from model.query import SearchQuery
from model.reading import SearchRequest
from resolvers.accounts import Account

__all__ = ["MAX_CHARACTERS", "SearchPlan", "check_request", "plan_source"]

MAX_CHARACTERS = 1_000
"""Of one search's text: far more than somebody types, and less than any CRM at hand refuses."""

_BINS = "deleted and archived records are not searched"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPlan:
    """How one source answers: *split* is its own word, *notes* say where the answer falls short of the search."""

    connector: Searches
    query: SearchQuery
    split: SearchSplit
    notes: tuple[str, ...]


def check_request(request: SearchRequest, *, max_first: int) -> None:
    """Refuse what no source could answer.

    Raises:
        BadRequest: `first` is out of bounds, nothing is searched for, the text is too long, or no type is named.
    """
    if not 1 <= request.first <= max_first:
        raise BadRequest(f"first is {request.first}; it must be from 1 to {max_first}")
    if not request.text.strip():
        raise BadRequest("text is blank; give a word to search for")
    if len(request.text) > MAX_CHARACTERS:
        raise BadRequest(f"text has {len(request.text)} characters; at most {MAX_CHARACTERS} are searched for")
    if not request.selections:
        raise BadRequest("types is empty: leave it out to search all of them")


def plan_source(request: SearchRequest, account: Account) -> SearchPlan:
    """The plan of one source.

    Raises:
        UnsupportedBySource: it has no search, or none of these types.
    """
    source, connector = account.source.key, account.source.connector
    offered = {
        entity: account.own.selection(entity, selection)
        for entity, selection in request.selections.items()
        if entity in account.description.types and account.description.types[entity].can_search
    }
    if not offered or not isinstance(connector, Searches):
        raise UnsupportedBySource(f"{source} has no search of {_told(request.selections)}", source=source)
    query = SearchQuery(text=request.text, selections=offered, limit=request.first)
    split = connector.plan_search(query)
    if split.unsupported is not None:
        raise UnsupportedBySource(f"{source}: {split.unsupported}", source=source)
    return SearchPlan(connector=connector, query=query, split=split, notes=_notes(request, split))


def _notes(request: SearchRequest, split: SearchSplit) -> tuple[str, ...]:
    left_out = [] if request.is_any_type else [item for item in request.selections if item not in split.entities]
    notes = [f"no search of {_told(left_out)} here"] if left_out else []
    if request.options.include_deleted or request.options.include_archived:
        notes.append(_BINS)
    return (*split.notes, *notes)


def _told(entities: Iterable[Entity]) -> str:
    return ", ".join(f"{entity.value} records" for entity in entities)
