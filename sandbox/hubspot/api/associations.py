"""Reads of associations: batches, the list of one record, and labels."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.hubspot.account import Account
from sandbox.hubspot.api.associated import V3_PAGE, Associated, association_type
from sandbox.hubspot.api.batches import Batches, partial_error
from sandbox.hubspot.api.gate import Answer, Gate, Handler
from sandbox.hubspot.api.parameters import batch_inputs, json_body, page_limit, read_scopes, type_in_path
from sandbox.hubspot.api.versions import VERSIONS, Version
from sandbox.hubspot.definitions import ObjectType
from sandbox.hubspot.errors import not_found
from sandbox.hubspot.options import Options

__all__ = ["AssociationsApi"]

# 1,000 inputs since 2025-02-10 (changelog, read 2026-11).
_MAX_INPUTS = 1_000
_MAX_LIMIT = 500


class AssociationsApi:
    """The association endpoints of one account."""

    def __init__(self, account: Account, options: Options, batches: Batches) -> None:
        self._account = account
        self._options = options
        self._batches = batches

    def routes(self, gate: Gate) -> list[Route]:
        """Batch reads in every version; lists and labels where they exist."""
        batches = [
            Route(
                f"{version.associations}/{{source}}/{{target}}/batch/read",
                gate.endpoint(self._v4_batch(version), read_scopes, kind="associations"),
                methods=["POST"],
            )
            for version in VERSIONS
        ]
        v3 = gate.endpoint(self._v3_batch, read_scopes, kind="associations")
        one = gate.endpoint(self._one, read_scopes)
        labels = gate.endpoint(self._labels, read_scopes)
        return [
            *batches,
            Route("/crm/v3/associations/{source}/{target}/batch/read", v3, methods=["POST"]),
            Route("/crm/v4/objects/{source}/{id}/associations/{target}", one, methods=["GET"]),
            Route("/crm/v4/associations/{source}/{target}/labels", labels, methods=["GET"]),
            Route("/crm/associations/v4/{source}/{target}/labels", labels, methods=["GET"]),
        ]

    def _v4_batch(self, version: Version) -> Handler:
        async def v4_batch(request: Request) -> Answer:
            source, target = type_in_path(request, "source"), type_in_path(request, "target")
            results, errors = [], []
            for asked in _by_id(batch_inputs(await json_body(request), _MAX_INPUTS)):
                page = self._page(source, asked["id"], target, asked.get("after"), self._options.association_page)
                if page.found:
                    to = page.v4(self._options.to_object_id)
                    results.append({"from": {"id": asked["id"]}, "to": to, **page.paging()})
                else:
                    errors.append(_none_found(source, asked["id"], target))
            return self._batches.answer(results, errors, partial_status=version.partial_status)

        return v4_batch

    async def _v3_batch(self, request: Request) -> Answer:
        """Ignores `after`, as HubSpot does (hubspot-api-python#187)."""
        source, target = type_in_path(request, "source"), type_in_path(request, "target")
        results, errors = [], []
        for asked in _by_id(batch_inputs(await json_body(request), _MAX_INPUTS)):
            page = self._page(source, asked["id"], target, None, V3_PAGE)
            if page.found:
                results.append({"from": {"id": asked["id"]}, "to": page.v3(), **page.paging()})
            else:
                errors.append(_none_found(source, asked["id"], target))
        return self._batches.answer(results, errors, partial_status=207)

    async def _one(self, request: Request) -> Answer:
        source, target = type_in_path(request, "source"), type_in_path(request, "target")
        limit = page_limit(request, default=_MAX_LIMIT, maximum=_MAX_LIMIT)
        from_id = request.path_params["id"]
        if not from_id.isdecimal() or not self._account.store.by_ids(
            source.name, (), [int(from_id)], is_archived=False
        ):
            raise not_found()
        page = self._page(source, from_id, target, request.query_params.get("after"), limit)
        return 200, {"results": page.v4(self._options.to_object_id), **page.paging()}

    async def _labels(self, request: Request) -> Answer:
        types = self._account.association_types.of(
            type_in_path(request, "source").name, type_in_path(request, "target").name
        )
        return 200, {"results": [association_type(one) for one in types]}

    def _page(self, source: ObjectType, from_id: str, target: ObjectType, after: str | None, limit: int) -> Associated:
        if not from_id.isdecimal():
            return Associated()
        return Associated.read(self._account, source, int(from_id), target, after=after, limit=limit)


def _by_id(inputs: list[dict[str, str]]) -> list[dict[str, str]]:
    """One input per id, the last one."""
    return list({one["id"]: one for one in inputs}.values())


def _none_found(source: ObjectType, from_id: str, target: ObjectType) -> dict[str, object]:
    message = f"No {target.singular} is associated with {source.singular} {from_id}."
    context = {
        "fromObjectId": [from_id],
        "fromObjectType": [source.singular],
        "toObjectType": [target.singular],
    }
    return partial_error(message, context, sub_category="crm.associations.NO_ASSOCIATIONS_FOUND")
