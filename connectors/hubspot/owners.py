"""Users as HubSpot's owners: read with the metadata, compared and sorted here."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from connectors.base import ById
from connectors.hubspot.hits import matched_on, words_of
from connectors.hubspot.objects import Portal
from model.aggregate import AggregateQuery, Fold, GroupRow
from model.capabilities import Split
from model.entities import Entity, User
from model.evaluate import comparator, evaluate, sort_keys, sorted_records
from model.page import Hit, Missing, Page, Position, Searched
from model.query import Predicate, Query, SearchQuery, Selection
from model.values import UNSET

__all__ = ["OwnerReader"]

_SEARCHED = ("name", "email")


class OwnerReader:
    """Answers for users of one source out of its metadata; keeps nothing."""

    def __init__(self, *, source: str) -> None:
        self._source = source

    def plan(self, query: Query) -> Split:
        """Everything is done here, from what the metadata holds."""
        return Split(pushed=query.where, calls=0, operation="owners", brings_total=True)

    def page(self, portal: Portal, query: Query, after: Position | None) -> Page:
        """Owners in the query's order."""
        found = [user for user in portal.users if evaluate(query.where, user, entity=Entity.USER)]
        ordered = sorted_records(found, entity=Entity.USER, order=query.order, id_key=int)
        compare = comparator(Entity.USER, query.order)

        def is_behind(user: Any, start: Position) -> bool:
            sign = compare(sort_keys(user, query.order), start.keys)
            return sign > 0 or (sign == 0 and int(user.remote_id) > int(start.remote_id))

        rest = [user for user in ordered if after is None or is_behind(user, after)]
        chosen = [
            _narrowed(user, query.selection, *(item.field for item in query.order)) for user in rest[: query.limit]
        ]
        return Page(records=chosen, has_more=len(rest) > query.limit, total=len(ordered) if after is None else None)

    def by_ids(self, portal: Portal, ids: Sequence[str], selection: Selection) -> list[ById]:
        """Owners, active or not, by owner id; user ids are others and name nobody here."""
        known = {user.remote_id: user for user in portal.users}
        return [
            _narrowed(known[remote_id], selection) if remote_id in known else Missing(remote_id) for remote_id in ids
        ]

    def count(self, portal: Portal, where: Predicate) -> int:
        """How many owners satisfy *where*."""
        return sum(evaluate(where, user, entity=Entity.USER) for user in portal.users)

    def hits(self, portal: Portal, query: SearchQuery, after: int) -> Searched:
        """Owners who have every word in their name and address, by id."""
        words = words_of(query.text)
        found = [user for user in portal.users if all(matched_on(user, _SEARCHED, [word]) for word in words)]
        rest = sorted(found, key=lambda user: int(user.remote_id))[after:] if words else []
        selection = query.selections[Entity.USER]
        hits = [Hit(_narrowed(user, selection), matched_on(user, _SEARCHED, words)) for user in rest[: query.limit]]
        return Searched(hits, has_more=len(rest) > query.limit)

    def groups(self, portal: Portal, query: AggregateQuery) -> Sequence[GroupRow]:
        """Groups of owners."""
        fold = Fold(query)
        fold.add(user for user in portal.users if evaluate(query.where, user, entity=Entity.USER))
        return fold.rows()


def _narrowed(user: Any, selection: Selection, *further: str) -> Any:
    """A copy of *user* with the asked fields alone."""
    wanted = {"source", "remote_id", *selection.fields, *selection.relations, *further}
    return replace(user, **{item.name: UNSET for item in fields(User) if item.name not in wanted})
