"""Reads of records: lists, single ones, related lists, deleted ones."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import Route

from sandbox.zoho.api.pages import Pages
from sandbox.zoho.api.parameters import allow, fields_of, listed, modified_since, module_of, required
from sandbox.zoho.errors import VendorError, refusal
from sandbox.zoho.gate import Answer, Gate
from sandbox.zoho.options import Options
from sandbox.zoho.org import Module, Org, Record, Ref, key_of, record_id

__all__ = ["RecordsApi", "scope_of", "told_record", "visible"]

_SORTABLE = ("id", "Created_Time", "Modified_Time")
_PLACE = "page per_page page_token"
_MOST_IDS = 100


def scope_of(request: Request) -> str:
    """The scope that reading the module in the path needs."""
    return f"ZohoCRM.modules.{request.path_params['module'].lower()}.READ"


def visible(request: Request, records: Sequence[Record]) -> list[Record]:
    """Those of *records* that `converted` lets through: unconverted leads unless it is "true" or "both".

    Raises:
        VendorError: 400 INVALID_DATA for another word.
    """
    converted = request.query_params.get("converted", "false")
    if converted not in {"false", "true", "both"}:
        raise refusal("INVALID_DATA", param_name="converted")
    shown = {"false": {False, None}, "true": {True, None}, "both": {True, False, None}}[converted]
    return [one for one in records if one.get("Converted__s") in shown]


def told_record(org: Org, record: Record, names: Sequence[str]) -> dict[str, object]:
    """The fields *names* of *record* as JSON."""
    return {name: org.told(record.get(name)) for name in names}


class RecordsApi:
    """The record endpoints of one organisation, but for searches."""

    def __init__(self, org: Org, options: Options, pages: Pages) -> None:
        self._org, self._options, self._pages = org, options, pages

    def routes(self, gate: Gate) -> list[Route]:
        """Lists, deleted records, single ones and related lists; the last two take any name."""
        module = "/crm/v8/{module}"
        return [
            Route(module, gate.endpoint(self._list, scope_of), methods=["GET"]),
            Route(f"{module}/deleted", gate.endpoint(self._deleted, scope_of, cost_of=_deleted_cost), methods=["GET"]),
            Route(f"{module}/{{id}}", gate.endpoint(self._one, scope_of), methods=["GET"]),
            Route(f"{module}/{{id}}/{{list}}", gate.endpoint(self._related, scope_of), methods=["GET"]),
        ]

    async def _list(self, request: Request) -> Answer:
        allow(request, f"fields ids sort_by sort_order converted approved cvid {_PLACE}")
        module = module_of(request, self._org)
        required(request, "fields")
        names = self._names(request, module) or []
        if not self._options.list_participants:
            names = [one for one in names if one != "Participants"]
        return self._page(request, names, self._listed(request, module))

    def _listed(self, request: Request, module: Module) -> Sequence[Record]:
        asked = request.query_params
        if "cvid" in asked:
            if "sort_by" in asked:
                raise refusal("AMBIGUITY_DURING_PROCESSING", ambiguity_due_to=["cvid", "sort_by"])
            raise refusal("INVALID_DATA", param_name="cvid")
        records: Sequence[Record] = module.records
        if "ids" in asked:
            ids = listed(request, "ids", most=_MOST_IDS)
            if not all(one.isdecimal() for one in ids):
                raise refusal("INVALID_DATA", param_name="ids")
            records = [module.by_id[one] for one in dict.fromkeys(ids) if one in module.by_id]
        records = visible(request, records)
        if (since := modified_since(request)) is not None:
            records = [one for one in records if _is_after(one, since)]
            if not records:
                raise VendorError(304, None)
        return [] if asked.get("approved") == "false" else records

    def _page(self, request: Request, names: Sequence[str], records: Sequence[Record]) -> Answer:
        by, order = request.query_params.get("sort_by", "id"), request.query_params.get("sort_order", "desc")
        if by not in _SORTABLE:
            raise refusal("INVALID_DATA", param_name="sort_by")
        if order not in {"asc", "desc"}:
            raise refusal("INVALID_DATA", param_name="sort_order")
        kind = "bigint" if by == "id" else "datetime"
        found = sorted(records, key=lambda one: (key_of(one[by], kind), one["id"]), reverse=order == "desc")
        page, info = self._pages.cut(request, found, sort_by=by, sort_order=order)
        return {"data": [told_record(self._org, one, names) for one in page], "info": info} if page else None

    async def _one(self, request: Request) -> Answer:
        allow(request, "fields converted approved")
        module = module_of(request, self._org)
        record = self._record(request, module)
        if record is None or not visible(request, [record]):
            return None
        since = modified_since(request)
        if since is not None and not _is_after(record, since):
            raise VendorError(304, None)
        names = self._names(request, module)
        if names is not None:
            return {"data": [told_record(self._org, record, names)]}
        told = told_record(self._org, record, [*dict.fromkeys((*module.spec.fields, *record))])
        system = {"$approved": True, "$editable": True, "$in_merge": False, "$state": "save", "$locked_for_me": False}
        return {"data": [{**told, **system}]}

    async def _related(self, request: Request) -> Answer:
        allow(request, f"fields sort_by sort_order {_PLACE}")
        parent, name = module_of(request, self._org), request.path_params["list"]
        if name not in parent.spec.related:
            raise refusal("INVALID_DATA", message="the relation name given seems to be invalid", resource_path_index=2)
        required(request, "fields")
        record = self._record(request, parent)
        if record is None:
            raise refusal("INVALID_DATA", message="the id given seems to be invalid", resource_path_index=1)
        if name == "Contact_Roles":
            return self._contact_roles(request, str(record["id"]))
        module, field = self._org.modules[name], parent.spec.related[name]
        found = [one for one in module.records if isinstance(ref := one[field], Ref) and ref.id == record["id"]]
        return self._page(request, self._names(request, module) or [], found)

    def _contact_roles(self, request: Request, deal: str) -> Answer:
        contacts = self._org.modules["Contacts"]
        names = self._names(request, contacts) or []
        found = [(contacts.by_id[one], role) for one, role in self._org.roles[deal] if one in contacts.by_id]
        page, info = self._pages.cut(request, found)
        ids = {role: record_id("Settings", 300 + place) for place, role in enumerate(self._org.role_names)}
        data = [
            told_record(self._org, contact, names)
            | {"Contact_Role": None if role is None else {"name": role, "id": ids[role]}}
            for contact, role in page
        ]
        return {"data": data, "info": info} if data else None

    async def _deleted(self, request: Request) -> Answer:
        allow(request, "type page per_page")
        module = module_of(request, self._org)
        kind = request.query_params.get("type", "all")
        if kind not in {"all", "recycle", "permanent"}:
            raise refusal("INVALID_DATA", param_name="type")
        # Nothing has left the recycle bin yet: records stay there for 60 days.
        gone = [] if kind == "permanent" else module.deleted
        if (since := modified_since(request)) is not None:
            gone = [one for one in gone if _is_after(one, since)]
            if not gone:
                raise VendorError(304, None)
        page, info = self._pages.numbered(request, gone)
        data = [
            {
                "id": one["id"],
                "display_name": one[module.spec.shown],
                "type": "recycle",
                "deleted_by": self._org.told(one["Modified_By"]),
                "created_by": self._org.told(one["Created_By"]),
                "deleted_time": self._org.told(one["Modified_Time"]),
            }
            for one in page
        ]
        return {"data": data, "info": info} if data else None

    def _names(self, request: Request, module: Module) -> Sequence[str] | None:
        return fields_of(request, module, refuses_unknown=self._options.unknown_fields == "refuse")

    def _record(self, request: Request, module: Module) -> Record | None:
        """The record in the path, whether or not it is a converted lead."""
        told = request.path_params["id"]
        if not told.isdecimal():
            raise refusal("INVALID_DATA", message="the id given seems to be invalid", resource_path_index=1)
        return module.by_id.get(told)


async def _deleted_cost(_: Request) -> int:
    return 2


def _is_after(record: Record, moment: object) -> bool:
    return bool(record["Modified_Time"] > moment)  # type: ignore[operator]  # both are aware instants
