"""What an organisation is: its users, modules, fields, layouts, pipelines, related lists and currencies."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.routing import Route

from sandbox.seed import Pipeline, Stage
from sandbox.zoho.api.pages import Pages
from sandbox.zoho.api.parameters import allow, listed, modified_since, module_of, required
from sandbox.zoho.errors import VendorError, refusal
from sandbox.zoho.gate import Answer, Gate, Handler
from sandbox.zoho.options import Options
from sandbox.zoho.org import Field, Module, Org, module_id, record_id

__all__ = ["SettingsApi"]

_ADMINS = frozenset({"AdminUsers", "ActiveConfirmedAdmins"})
_USER_TYPES = {
    **dict.fromkeys(("AllUsers", "CurrentUser"), ("active", "disabled")),
    **dict.fromkeys(("ActiveUsers", "ActiveConfirmedUsers", "ConfirmedUsers", *_ADMINS), ("active",)),
    **dict.fromkeys(("DeactiveUsers", "NotConfirmedUsers"), ("disabled",)),
    "DeletedUsers": (),
}
_JSON_TYPES = {
    "boolean": "boolean",
    "integer": "integer",
    "double": "double",
    "currency": "double",
    **dict.fromkeys(("lookup", "ownerlookup"), "jsonobject"),
    **dict.fromkeys(("multiselectpicklist", "participants", "tags"), "jsonarray"),
}
_LENGTHS = {"text": 255, "email": 100, "phone": 30, "website": 450, "picklist": 120, "textarea": 32_000}
_FORECASTS = {
    "open": ("Open", "Pipeline", 1),
    "won": ("Closed Won", "Closed", 2),
    "lost": ("Closed Lost", "Omitted", 3),
}
"""Outcome of a stage → forecast type, name and number of the forecast category."""


class SettingsApi:
    """The metadata endpoints of one organisation."""

    def __init__(self, org: Org, options: Options, pages: Pages) -> None:
        self._org, self._options, self._pages = org, options, pages
        self._layouts = {name: record_id("Settings", 200 + place) for place, name in enumerate(org.modules)}

    def routes(self, gate: Gate) -> list[Route]:
        """They come before those of records, whose paths take any name."""

        def route(path: str, handler: Handler, scope: str) -> Route:
            return Route(f"/crm/v8/{path}", gate.endpoint(handler, lambda _: scope), methods=["GET"])

        return [
            route("users", self._users, "ZohoCRM.users.READ"),
            route("users/{id}", self._user, "ZohoCRM.users.READ"),
            route("org", self._about, "ZohoCRM.org.READ"),
            route("org/currencies", self._currencies, "ZohoCRM.settings.currencies.READ"),
            route("Contacts/roles", self._roles, "ZohoCRM.settings.contact_roles.READ"),
            route("settings/modules", self._modules, "ZohoCRM.settings.modules.READ"),
            route("settings/modules/{module}", self._modules, "ZohoCRM.settings.modules.READ"),
            route("settings/fields", self._fields, "ZohoCRM.settings.fields.READ"),
            route("settings/layouts", self._all_layouts, "ZohoCRM.settings.layouts.READ"),
            route("settings/layouts/{id}", self._all_layouts, "ZohoCRM.settings.layouts.READ"),
            route("settings/pipeline", self._pipelines, "ZohoCRM.settings.pipeline.READ"),
            route("settings/pipeline/{id}", self._pipelines, "ZohoCRM.settings.pipeline.READ"),
            route("settings/related_lists", self._related_lists, "ZohoCRM.settings.related_lists.READ"),
        ]

    async def _users(self, request: Request) -> Answer:
        allow(request, "type ids page per_page")
        kind = request.query_params.get("type", "AllUsers")
        if kind not in _USER_TYPES:
            raise refusal("INVALID_DATA", param_name="type")
        users = [one for one in self._org.users if one["status"] in _USER_TYPES[kind]]
        if kind == "CurrentUser" or kind in _ADMINS:
            users = users[-1:]
        if "ids" in request.query_params:
            ids = listed(request, "ids", most=100)
            users = [one for one in users if one["id"] in ids]
        if (since := modified_since(request)) is not None:
            users = [one for one in users if self._org.changed[str(one["id"])] > since]
            if not users:
                raise VendorError(304, None)
        page, info = self._pages.numbered(request, users)
        return {"users": list(page), "info": info} if page else None

    async def _user(self, request: Request) -> Answer:
        allow(request, "")
        found = [one for one in self._org.users if one["id"] == request.path_params["id"]]
        return {"users": found} if found else None

    async def _about(self, request: Request) -> Answer:
        allow(request, "")
        told = {
            "id": record_id("Settings", 9),
            "zgid": "60012345678",
            "company_name": "Sandbox",
            "primary_email": self._org.users[-1]["email"],
            "time_zone": str(self._org.zone),
            "currency": self._org.book.home_currency,
            "iso_code": self._org.book.home_currency,
            "currency_locale": "de_DE",
            "country_code": "DE",
            "max_per_page": 200,
            "license_details": {
                "paid": self._options.edition != "free",
                "paid_type": self._options.edition,
                "users_license_purchased": self._options.licenses,
            },
        }
        return {"org": [told]}

    async def _currencies(self, request: Request) -> Answer:
        allow(request, "")
        home = self._org.book.home_currency
        return {
            "currencies": [
                {
                    "id": record_id("Settings", 20 + place),
                    "iso_code": code,
                    "name": code,
                    "symbol": code,
                    "is_base": code == home,
                    "is_active": True,
                    "exchange_rate": f"{rate:.9f}",
                }
                for place, (code, rate) in enumerate(self._org.currencies.items())
            ]
        }

    async def _roles(self, request: Request) -> Answer:
        allow(request, "")
        return {"contact_roles": _valued(self._org.role_names, "name", "sequence_number", 300)}

    async def _modules(self, request: Request) -> Answer:
        allow(request, "status")
        name = request.path_params.get("module")
        modules = self._org.modules.values() if name is None else [module_of(request, self._org)]
        return {"modules": [_told_module(one, place) for place, one in enumerate(modules)]}

    async def _fields(self, request: Request) -> Answer:
        allow(request, "module type include")
        return {"fields": self._told_fields(module_of(request, self._org, required(request, "module")))}

    async def _all_layouts(self, request: Request) -> Answer:
        allow(request, "module")
        module = module_of(request, self._org, required(request, "module"))
        layout_id = self._layouts[module.spec.name]
        if request.path_params.get("id", layout_id) != layout_id:
            return None
        section = {
            "display_label": f"{module.spec.singular} Information",
            "name": f"{module.spec.singular} Information",
            "api_name": f"{module.spec.singular}_Information",
            "sequence_number": 1,
            "fields": self._told_fields(module),
        }
        layout = {"id": layout_id, "name": "Standard", "api_name": "Standard", "display_label": "Standard"}
        return {"layouts": [{**layout, "status": "active", "visible": True, "sections": [section]}]}

    async def _pipelines(self, request: Request) -> Answer:
        allow(request, "layout_id")
        if required(request, "layout_id") != self._layouts["Deals"]:
            raise refusal("INVALID_DATA", param_name="layout_id")
        told = [_told_pipeline(way, place) for place, way in enumerate(self._org.pipelines)]
        wanted = request.path_params.get("id")
        found = [one for one in told if wanted in {None, one["id"]}]
        return {"pipeline": found} if found else None

    async def _related_lists(self, request: Request) -> Answer:
        allow(request, "module layout_id")
        module = module_of(request, self._org, required(request, "module"))
        told = []
        for place, name in enumerate(module.spec.related, start=1):
            target = "Contacts" if name == "Contact_Roles" else name
            told.append(
                {
                    "id": record_id("Settings", 400 + 20 * list(self._org.modules).index(module.spec.name) + place),
                    "api_name": name,
                    "name": name,
                    "display_label": name.replace("_", " "),
                    "sequence_number": str(place),
                    "href": f"{module.spec.name}/{{ENTITYID}}/{name}",
                    "type": "default",
                    "module": {"api_name": target, "id": module_id(target)},
                }
            )
        return {"related_lists": told} if told else None

    def _told_fields(self, module: Module) -> list[dict[str, object]]:
        first = 1_000 + 100 * list(self._org.modules).index(module.spec.name)
        return [
            _told_field(one, record_id("Settings", first + place), self._values(module, one, first + place))
            for place, one in enumerate(module.spec.fields.values())
        ]

    def _values(self, module: Module, field: Field, number: int) -> list[dict[str, object]]:
        values = _valued(field.values, "actual_value", "sequence_number", number * 100)
        for value in values:
            text = value["actual_value"]
            value |= {"display_value": text, "reference_value": text, "type": "used", "colour_code": None}
        if (module.spec.name, field.name) == ("Deals", "Stage"):
            stages = [stage for way in self._org.pipelines for stage in way.stages]
            for value, stage in zip(values, stages, strict=True):
                kind = _FORECASTS[stage.outcome][0]
                value |= {"probability": int(stage.probability * 100), "deal_category": kind, **_forecast(stage)}
        return values


def _valued(names: Sequence[str], key: str, order: str, first: int) -> list[dict[str, object]]:
    return [
        {"id": record_id("Settings", first + place), key: name, order: place + 1} for place, name in enumerate(names)
    ]


def _forecast(stage: Stage) -> dict[str, object]:
    kind, category, number = _FORECASTS[stage.outcome]
    return {"forecast_type": kind, "forecast_category": {"name": category, "id": record_id("Settings", 30 + number)}}


def _told_pipeline(way: Pipeline, place: int) -> dict[str, object]:
    """A pipeline with its stages; their probabilities stand in the picklist of the field Stage alone."""
    first = 600 + 50 * place
    maps = _valued([stage.label for stage in way.stages], "display_value", "sequence_number", first + 1)
    for value, stage in zip(maps, way.stages, strict=True):
        value |= {"actual_value": stage.label, "colour_code": None, **_forecast(stage)}
    shown = {"id": record_id("Settings", first), "display_value": way.label, "actual_value": way.label}
    return {**shown, "default": place == 0, "child_available": False, "maps": maps}


def _told_module(module: Module, place: int) -> dict[str, object]:
    name = module.spec.name
    return {
        "id": module_id(name),
        "api_name": name,
        "module_name": name,
        "singular_label": module.spec.singular,
        "plural_label": name,
        "generated_type": "default",
        "api_supported": True,
        "viewable": True,
        "visible": True,
        "sequence_number": place + 1,
    }


def _told_field(field: Field, field_id: str, values: list[dict[str, object]]) -> dict[str, object]:
    kind = {"participants": "text", "tags": "text"}.get(field.kind, field.kind)
    return {
        "id": field_id,
        "api_name": field.name,
        "field_label": field.name.replace("_", " "),
        "display_label": field.name.replace("_", " "),
        "data_type": kind,
        "json_type": _JSON_TYPES.get(field.kind, "string"),
        "length": _LENGTHS.get(kind, 20),
        "system_mandatory": field.is_required,
        "read_only": field.is_read_only,
        "field_read_only": field.is_read_only,
        "custom_field": field.is_own,
        "visible": True,
        "filterable": field.kind not in {"textarea", "participants"},
        "sortable": field.kind not in {"textarea", "participants", "multiselectpicklist"},
        "searchable": True,
        "pick_list_values": values,
        "lookup": _told_lookup(field) if field.kind == "lookup" else {},
    }


def _told_lookup(field: Field) -> dict[str, object]:
    """Where a look-up leads; one that may lead to several modules has the pseudo module "se_module"."""
    module = {"api_name": field.target or "se_module", "id": module_id(field.target) if field.target else None}
    return {"display_label": field.name.replace("_", " "), "api_name": None, "module": module, "id": None}
