"""Owners, pipelines, properties and the account itself."""

from starlette.requests import Request
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.hubspot.account import Account
from sandbox.hubspot.api.gate import Answer, Gate
from sandbox.hubspot.api.parameters import cursor, flag, page_limit, position, read_scopes, type_in_path
from sandbox.hubspot.api.versions import VERSIONS
from sandbox.hubspot.definitions import Pipeline, Property
from sandbox.hubspot.errors import not_found

__all__ = ["MetadataApi"]

_SINCE = "2021-03-01T09:00:00.000Z"
_OWNER_PLACE = "owner"


class MetadataApi:
    """The metadata endpoints of one account."""

    def __init__(self, account: Account, clock: Clock) -> None:
        self._account = account
        self._clock = clock

    def routes(self, gate: Gate) -> list[Route]:
        """Lists and single definitions, in every version."""
        owners = gate.endpoint(self._owners, _owner_scopes)
        owner = gate.endpoint(self._owner, _owner_scopes)
        pipelines = gate.endpoint(self._pipelines, read_scopes)
        pipeline = gate.endpoint(self._pipeline, read_scopes)
        properties = gate.endpoint(self._properties, read_scopes)
        one_property = gate.endpoint(self._property, read_scopes)
        details = gate.endpoint(self._details, _no_scopes)
        made: list[Route] = []
        for version in VERSIONS:
            made += [
                Route(version.owners, owners, methods=["GET"]),
                # The official Python client adds the slash.
                Route(f"{version.owners}/", owners, methods=["GET"]),
                Route(f"{version.owners}/{{id}}", owner, methods=["GET"]),
                Route(f"{version.pipelines}/{{type}}", pipelines, methods=["GET"]),
                Route(f"{version.pipelines}/{{type}}/{{id}}", pipeline, methods=["GET"]),
                Route(f"{version.properties}/{{type}}", properties, methods=["GET"]),
                Route(f"{version.properties}/{{type}}/{{name}}", one_property, methods=["GET"]),
                Route(version.account, details, methods=["GET"]),
            ]
        return made

    async def _owners(self, request: Request) -> Answer:
        found, has_more = self._account.owners.page(
            after=position(request.query_params.get("after"), _OWNER_PLACE),
            limit=page_limit(request, default=100, maximum=500),
            email=request.query_params.get("email"),
            is_archived=flag(request, "archived"),
        )
        if not has_more:
            return 200, {"results": found}
        following = cursor(_OWNER_PLACE, int(str(found[-1]["id"])))
        return 200, {"results": found, "paging": {"next": {"after": following}}}

    async def _owner(self, request: Request) -> Answer:
        by_user_id = request.query_params.get("idProperty", "id") == "userId"
        found = self._account.owners.one(
            request.path_params["id"], by_user_id=by_user_id, is_archived=flag(request, "archived")
        )
        if found is None:
            raise not_found()
        return 200, found

    async def _pipelines(self, request: Request) -> Answer:
        told = self._account.pipelines.by_type.get(type_in_path(request).name, [])
        return 200, {"results": [_pipeline_json(one, order) for order, one in enumerate(told)]}

    async def _pipeline(self, request: Request) -> Answer:
        told = self._account.pipelines.by_type.get(type_in_path(request).name, [])
        for order, one in enumerate(told):
            if one.id == request.path_params["id"]:
                return 200, _pipeline_json(one, order)
        raise not_found()

    async def _properties(self, request: Request) -> Answer:
        if flag(request, "archived"):
            return 200, {"results": []}
        told = self._account.properties[type_in_path(request).name]
        return 200, {"results": [_property_json(one) for one in told.values()]}

    async def _property(self, request: Request) -> Answer:
        found = self._account.properties[type_in_path(request).name].get(request.path_params["name"])
        if found is None:
            raise not_found()
        return 200, _property_json(found)

    async def _details(self, _: Request) -> Answer:
        offset_ms = self._account.utc_offset_ms(self._clock.now())
        hours, minutes = divmod(abs(offset_ms) // 60_000, 60)
        return 200, {
            "portalId": self._account.portal_id,
            "accountType": "STANDARD",
            "timeZone": self._account.time_zone.key,
            "companyCurrency": self._account.home_currency,
            "additionalCurrencies": self._account.currencies,
            "utcOffset": f"{'-' if offset_ms < 0 else '+'}{hours:02d}:{minutes:02d}",
            "utcOffsetMilliseconds": offset_ms,
            "uiDomain": "app.hubspot.com",
            "dataHostingLocation": "na1",
        }


def _owner_scopes(_: Request) -> tuple[str, ...]:
    return ("crm.objects.owners.read",)


def _no_scopes(_: Request) -> tuple[str, ...]:
    return ()


def _pipeline_json(one: Pipeline, order: int) -> dict[str, object]:
    times = {"archived": False, "createdAt": _SINCE, "updatedAt": _SINCE}
    stages = [
        {"id": step.id, "label": step.label, "displayOrder": place, "metadata": step.metadata, **times}
        for place, step in enumerate(one.stages)
    ]
    return {"id": one.id, "label": one.label, "displayOrder": order, "stages": stages, **times}


def _property_json(one: Property) -> dict[str, object]:
    options = [
        {"label": option.label, "value": option.value, "hidden": False, "displayOrder": place}
        for place, option in enumerate(one.options)
    ]
    return {
        "name": one.name,
        "label": one.label,
        "description": "",
        "type": one.type,
        "fieldType": one.field_type,
        "groupName": one.group,
        "options": options,
        "hasUniqueValue": one.is_unique,
        "calculated": False,
        "externalOptions": one.is_external,
        "hidden": False,
        "formField": not one.is_read_only,
        "hubspotDefined": not one.is_custom,
        "archived": False,
        "createdAt": _SINCE,
        "updatedAt": _SINCE,
        "modificationMetadata": {
            "archivable": one.is_custom,
            "readOnlyDefinition": not one.is_custom,
            "readOnlyValue": one.is_read_only,
        },
    }
