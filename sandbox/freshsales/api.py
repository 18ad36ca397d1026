"""The paths of the API, below `/crm/sales/api`."""

from collections.abc import Sequence
from datetime import timedelta

import orjson
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.routing import Route

from sandbox.freshsales.account import Account
from sandbox.freshsales.errors import forbidden, invalid, no_such_path, not_found
from sandbox.freshsales.gate import Gate, Handler
from sandbox.freshsales.queries import (
    Included,
    Paging,
    View,
    compile_rules,
    filter_row,
    in_order,
    look_up,
    search,
    views_of,
    whole,
)
from sandbox.freshsales.tables import OBJECTS, OWN_CHOICES, SELECTORS, Field, Object, Row, choice_id

__all__ = ["Api"]

_PREFIX = "/crm/sales/api"
_LISTED = ("contacts", "sales_accounts", "deals")
_SEARCHABLE = {OBJECTS[plural].singular: plural for plural in _LISTED}
_MOST_FOUND = 10_000
_USUAL_HITS = 10


class Api:
    """What the API answers; unknown query parameters are ignored, as the vendor does."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def routes(self, gate: Gate) -> list[Route]:
        """Every path there is."""
        gets: dict[str, Handler] = {
            "/search": self._search,
            "/lookup": self._look_up,
            "/selector/{name}": self._selector,
            "/selector/deal_pipelines/{id}/deal_stages": self._stages,
            "/settings/{plural}/fields": self._fields,
            "/tasks": self._tasks,
            "/appointments": self._appointments,
            "/sales_activities": self._sales_activities,
            "/{plural}/filters": self._filters,
            "/{plural}/filters/{id}": self._filter,
            "/{plural}/view/{id}": self._view,
            "/{plural}/{id}": self._one,
            "/{plural}": self._bare_list,
        }
        routes = [Route(_PREFIX + path, gate.endpoint(handler), methods=["GET"]) for path, handler in gets.items()]
        filtered = gate.endpoint(self._filtered_search)
        return [Route(_PREFIX + "/filtered_search/{singular}", filtered, methods=["POST"]), *routes]

    async def _filters(self, request: Request) -> object:
        plural = _listed(request)
        rows = [filter_row(view, self._account, plural) for view in views_of(self._account, plural)]
        return {"filters": rows, "meta": {"total": len(rows)}}

    async def _filter(self, request: Request) -> object:
        plural = _listed(request)
        return {"filter": filter_row(self._view_of(request, plural), self._account, plural)}

    async def _view(self, request: Request) -> object:
        """Newest first where no sort is told."""
        plural = _listed(request)
        kind, view = OBJECTS[plural], self._view_of(request, plural)
        return self._list(request.query_params, kind, view.rows(), usual=("created_at", "desc"))

    def _view_of(self, request: Request, plural: str) -> View:
        wanted = request.path_params["id"]
        for view in views_of(self._account, plural):
            if str(view.id) == wanted:
                return view
        raise forbidden()

    async def _bare_list(self, request: Request) -> object:
        """Records are listed through a view, and so this is refused."""
        _listed(request)
        raise forbidden()

    async def _one(self, request: Request) -> object:
        kind = OBJECTS.get(request.path_params["plural"])
        if kind is None:
            raise no_such_path()
        included = Included(self._account, kind, request.query_params.get("include"))
        rows = self._account.rows(kind.plural)
        row = next((one for one in rows if str(one["id"]) == request.path_params["id"]), None)
        if row is None:
            raise not_found(kind.singular.replace("_", " "))
        return {**included.beside([row]), kind.singular: included.show(row)}

    async def _tasks(self, request: Request) -> object:
        """By the day they are due where no sort is told."""
        rows = self._account.rows("tasks")
        today = self._account.clock.now().date()
        due = {"due_today": today.isoformat(), "due_tomorrow": (today + timedelta(days=1)).isoformat()}
        wanted = request.query_params.get("filter", "").replace(" ", "_")
        if wanted == "completed":
            kept = [row for row in rows if row["status"] == 1]
        elif wanted == "open":
            kept = [row for row in rows if row["status"] == 0]
        elif wanted == "overdue":
            kept = [row for row in rows if row["status"] == 0 and (row["due_date"] or "9")[:10] < today.isoformat()]
        elif wanted in due:
            kept = [row for row in rows if row["status"] == 0 and (row["due_date"] or "")[:10] == due[wanted]]
        else:
            raise invalid("Invalid or missing attributes: filter")
        return self._list(request.query_params, OBJECTS["tasks"], kept, usual=("due_date", "asc"))

    async def _appointments(self, request: Request) -> object:
        """Past ones have ended, all others are upcoming; by their begin where no sort is told."""
        wanted = request.query_params.get("filter", "")
        if wanted not in {"past", "upcoming"}:
            raise invalid("Invalid or missing attributes: filter")
        now = self._account.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
        kept = [row for row in self._account.rows("appointments") if (row["end_date"] <= now) == (wanted == "past")]
        return self._list(request.query_params, OBJECTS["appointments"], kept, usual=("from_date", "asc"))

    async def _sales_activities(self, request: Request) -> object:
        """None: this account logs no calls or visits but as appointments and tasks."""
        return {"sales_activities": [], "meta": Paging.of(request.query_params).meta(0)}

    async def _filtered_search(self, request: Request) -> object:
        """Page, order and includes may stand in the body as well; the query goes before it."""
        plural = _SEARCHABLE.get(request.path_params["singular"])
        if plural is None:
            raise no_such_path()
        body = await _json(request)
        query = QueryParams({**_parameters(body), **request.query_params})
        kind, paging = OBJECTS[plural], Paging.of(query)
        holds = compile_rules(body, kind, self._account)
        if paging.page * paging.size > _MOST_FOUND:
            raise invalid(f"Only the first {_MOST_FOUND} records of a search can be read")
        rows = [row for row in self._account.rows(plural) if holds(row)]
        answer = self._list(query, kind, rows, usual=("created_at", "desc"))
        return {**answer, "meta": {"total": len(rows)}}

    async def _search(self, request: Request) -> object:
        query = request.query_params
        most = min(whole(query, "per_page", _USUAL_HITS), 100)
        return search(self._account, query.get("q", ""), query.get("include", "contact,sales_account,deal"), most)

    async def _look_up(self, request: Request) -> object:
        query = request.query_params
        if not query.get("q"):
            raise invalid("Invalid or missing attributes: q")
        return look_up(self._account, query["q"], query.get("f", ""), query.get("entities", ""))

    async def _selector(self, request: Request) -> object:
        name = request.path_params["name"]
        kind = SELECTORS.get(name, name)
        if kind not in self._account.selectors.lists or name in SELECTORS.values():
            raise no_such_path()
        return {"users" if name == "owners" else name: self._account.selectors.lists[kind]}

    async def _stages(self, request: Request) -> object:
        wanted = request.path_params["id"]
        for pipeline in self._account.selectors.lists["deal_pipelines"]:
            if str(pipeline["id"]) == wanted:
                return {"deal_stages": pipeline["deal_stages"]}
        raise not_found("deal pipeline")

    async def _fields(self, request: Request) -> object:
        plural = request.path_params["plural"]
        if plural != "sales_activities":
            _listed(request)
        fields = OBJECTS[plural].fields if plural in OBJECTS else ()
        told = [one for one in fields if "." not in one.name]
        base = 100 * (list(OBJECTS).index(plural) if plural in OBJECTS else 0)
        return {"fields": [self._field(one, base + place) for place, one in enumerate(told, start=1)]}

    def _field(self, field: Field, place: int) -> Row:
        if field.choices in OWN_CHOICES:
            choices = [{"id": choice_id("fields", place * 10 + at), "value": one} for at, one in _numbered(field)]
        else:
            rows = self._account.selectors.lists[field.choices] if field.choices else []
            choices = [{"id": row["id"], "value": _label(row)} for row in rows]
        return {
            "id": choice_id("fields", place),
            "name": field.name,
            "label": field.label,
            "type": field.type,
            "default": not field.name.startswith("cf_"),
            "required": field.name in {"last_name", "name"},
            "position": place % 100,
            "choices": choices,
        }

    def _list(self, query: QueryParams, kind: Object, rows: list[Row], *, usual: tuple[str, str]) -> dict[str, object]:
        """A page, the included rows before it; `meta` comes before contacts and after all else."""
        paging, included = Paging.of(query), Included(self._account, kind, query.get("include"))
        page = paging.cut(in_order(rows, kind, query, usual=usual))
        data: dict[str, object] = {kind.plural: [included.show(row) for row in page]}
        meta: dict[str, object] = {"meta": paging.meta(len(rows))}
        beside = included.beside(page)
        return {**beside, **meta, **data} if kind.plural == "contacts" else {**beside, **data, **meta}


def _listed(request: Request) -> str:
    """The object that the path names, one that is listed through views."""
    plural = str(request.path_params["plural"])
    if plural not in _LISTED:
        raise no_such_path()
    return plural


async def _json(request: Request) -> object:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise invalid("Invalid or missing attributes")
    try:
        return orjson.loads(await request.body())
    except orjson.JSONDecodeError as error:
        raise invalid("Invalid JSON") from error


def _parameters(body: object) -> dict[str, str]:
    """What of *body* could stand in a query."""
    found = body if isinstance(body, dict) else {}
    return {key: str(value) for key, value in found.items() if isinstance(value, str | int)}


def _numbered(field: Field) -> Sequence[tuple[int, str]]:
    return list(enumerate(OWN_CHOICES[field.choices or ""], start=1))


def _label(row: Row) -> str:
    return str(row.get("name") or row.get("display_name") or row.get("currency_code"))
