"""Reads of records: lists, single ones, batches and searches."""

import asyncio
from collections import Counter

from starlette.requests import Request
from starlette.routing import Route

from sandbox.hubspot.account import Account
from sandbox.hubspot.api.associated import V3_PAGE, Associated
from sandbox.hubspot.api.batches import Batches, partial_error
from sandbox.hubspot.api.gate import Answer, Gate, Handler
from sandbox.hubspot.api.parameters import (
    batch_inputs,
    cursor,
    flag,
    json_body,
    listed,
    named_type,
    page_limit,
    position,
    read_scopes,
    type_in_path,
)
from sandbox.hubspot.api.versions import VERSIONS, Version
from sandbox.hubspot.definitions import ObjectType
from sandbox.hubspot.errors import invalid_json, not_found, validation
from sandbox.hubspot.options import Options
from sandbox.hubspot.tables import Record

__all__ = ["RecordsApi"]

_MAX_LIMIT, _DEFAULT_LIMIT, _MAX_BATCH = 100, 10, 100
# Search guide, read 2026-11.
_MAX_SEARCH_CHARS = 3_000


class RecordsApi:
    """The record endpoints of one account."""

    def __init__(self, account: Account, options: Options, batches: Batches) -> None:
        self._account = account
        self._options = options
        self._batches = batches

    def routes(self, gate: Gate) -> list[Route]:
        """Four reads in every version."""
        listing = gate.endpoint(self._list, read_scopes)
        search = gate.endpoint(self._search, read_scopes, kind="search")
        one = gate.endpoint(self._one, read_scopes)
        made: list[Route] = []
        for version in VERSIONS:
            typed = f"{version.objects}/{{type}}"
            batch = gate.endpoint(self._batch(version), read_scopes)
            made += [
                Route(typed, listing, methods=["GET"]),
                Route(f"{typed}/search", search, methods=["POST"]),
                Route(f"{typed}/batch/read", batch, methods=["POST"]),
                Route(f"{typed}/{{id}}", one, methods=["GET"]),
            ]
        return made

    async def _list(self, request: Request) -> Answer:
        kind = type_in_path(request)
        limit = page_limit(request, default=_DEFAULT_LIMIT, maximum=_MAX_LIMIT)
        after = position(request.query_params.get("after"), kind.type_id)
        found = self._account.store.page(
            kind.name, _names(request, kind), after=after, limit=limit + 1, is_archived=flag(request, "archived")
        )
        results = [self._with_associations(request, kind, record) for record in found[:limit]]
        if len(found) <= limit:
            return 200, {"results": results}
        following = cursor(kind.type_id, int(str(results[-1]["id"])))
        link = str(request.url.include_query_params(after=following))
        return 200, {"results": results, "paging": {"next": {"after": following, "link": link}}}

    async def _one(self, request: Request) -> Answer:
        kind = type_in_path(request)
        wanted = self._id(kind, request.path_params["id"], request.query_params.get("idProperty"))
        found = self._account.store.by_ids(
            kind.name, _names(request, kind), [] if wanted is None else [wanted], is_archived=flag(request, "archived")
        )
        if not found:
            raise not_found()
        return 200, self._with_associations(request, kind, found[0])

    def _batch(self, version: Version) -> Handler:
        async def batch(request: Request) -> Answer:
            kind, body = type_in_path(request), await json_body(request)
            told = [one["id"] for one in batch_inputs(body, _MAX_BATCH)]
            if self._options.duplicate_ids == "reject":
                _refuse_duplicates(told)
            by_property = body.get("idProperty")
            ids = {one: self._id(kind, one, by_property if isinstance(by_property, str) else None) for one in told}
            wanted = [one for one in ids.values() if one is not None]
            found = self._account.store.by_ids(
                kind.name, _body_names(body, kind), wanted, is_archived=flag(request, "archived")
            )
            there = {int(str(record["id"])) for record in found}
            missing = [one for one, row_id in ids.items() if row_id not in there]
            errors = [_missing(kind, missing)] if missing else []
            return self._batches.answer(found, errors, partial_status=version.partial_status)

        return batch

    async def _search(self, request: Request) -> Answer:
        kind = type_in_path(request)
        body = await json_body(request, max_chars=_MAX_SEARCH_CHARS)
        searcher = self._account.searcher
        # A thread: a search of many records would keep every emulator's callers waiting.
        answer = await asyncio.to_thread(searcher.run, kind.name, searcher.read(kind.name, body))
        page: dict[str, object] = {"total": answer.total, "results": answer.records}
        if answer.next_offset is not None:
            page["paging"] = {"next": {"after": str(answer.next_offset)}}
        return 200, page

    def _id(self, kind: ObjectType, told: str, id_property: str | None) -> int | None:
        """The record id that *told* means: one itself, or a value of the unique *id_property*."""
        if id_property is None or id_property == "hs_object_id":
            return int(told) if told.isdecimal() else None
        one = self._account.properties[kind.name].get(id_property)
        if one is None or not one.is_unique:
            raise validation(f"{id_property} is not a unique property of {kind.name}")
        return self._account.store.id_of(kind.name, id_property, told)

    def _with_associations(self, request: Request, kind: ObjectType, record: Record) -> Record:
        names = listed(request, "associations")
        if not names:
            return record
        associations: dict[str, object] = {}
        for name in names:
            target = named_type(name)
            page = Associated.read(self._account, kind, int(str(record["id"])), target, after=None, limit=V3_PAGE)
            if page.found:
                associations[target.name] = {"results": page.v3(), **page.paging()}
        return {**record, "associations": associations} if associations else record


def _names(request: Request, kind: ObjectType) -> list[str] | tuple[str, ...]:
    return listed(request, "properties") or kind.defaults


def _body_names(body: dict[str, object], kind: ObjectType) -> list[str] | tuple[str, ...]:
    names = body.get("properties")
    if names is None or names == []:
        return kind.defaults
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise invalid_json("Cannot deserialize instance of `java.util.ArrayList` for properties")
    return names


def _refuse_duplicates(ids: list[str]) -> None:
    repeated = [one for one, times in Counter(ids).items() if times > 1]
    if repeated:
        message = f"Duplicate IDs found in batch input: [{', '.join(repeated)}]. IDs must be unique"
        raise validation(message, context={"ids": repeated})


def _missing(kind: ObjectType, ids: list[str]) -> dict[str, object]:
    message = (
        f"Could not get some {kind.singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return partial_error(message, {"ids": ids})
