"""Connector files for the shop: one for its usual manner, and what another manner changes of it."""

from copy import deepcopy
from typing import Any

from tests.connectors.declarative.shop import Manner

__all__ = ["file_for"]

_USUAL: dict[str, Any] = {
    "name": "Shop",
    "auth": {"header": "X-Api-Key", "prefix": ""},
    "errors": {"message": "error"},
    "list": {
        "path": "/$remote",
        "params": {"offset": "$offset", "limit": "$limit", "sort": "$sort"},
        "rows": "data",
        "total": "meta.total",
    },
    "paging": {"by": "offset", "max": 100},
    "sort": {"each": "$direction$column", "asc": "", "desc": "-", "missing": "last"},
    "filter": {
        "style": "keys",
        "leaf": "filter[$column][$operator]",
        "operators": {
            "eq": "eq",
            "ne": "ne",
            "in": "in",
            "lt": "lt",
            "lte": "lte",
            "gt": "gt",
            "gte": "gte",
            "is_null": "is_null",
        },
        "text": {"eq": "eq", "ne": "ne", "contains": "contains", "starts_with": "starts_with"},
    },
    "ids": "number",
    "types": {
        "contact": {
            "remote": "people",
            "fields": {
                "first_name": "first",
                "last_name": "last",
                "display_name": {"joined": ["first", "last"]},
                "email": "email",
                "do_not_call": {"flag": "vip", "always": True},
                "birth_date": {"day": "born", "sort": True},
                "lead_source": {"label": "status", "closed": True, "words": {w: w for w in ("new", "active", "lost")}},
                "company": {"link": "company", "to": "company"},
                "updated_at": {"instant": "changed", "always": True, "sort": True},
            },
            "own": {"score": {"whole": "score", "sort": True}},
        },
        "company": {
            "remote": "companies",
            "fields": {"name": "name", "updated_at": {"instant": "changed", "always": True, "sort": True}},
        },
    },
}
_SIGNS = {"eq": "=", "ne": "!=", "in": "in", "lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_FILTERS: dict[str, dict[str, Any]] = {
    "json": {
        "style": "json",
        "leaf": ["$column", "$operator", "$value"],
        "both": {"and": "$items"},
        "either": {"or": "$items"},
        "operators": {
            **_SIGNS,
            "is_null": {"values": {"true": "=", "false": "!="}, "leaf": ["$column", "$value", None]},
        },
        "text": {
            "eq": "=",
            "ne": "!=",
            "in": "in",
            "contains": {"word": "ilike", "value": "%$value%", "escape": "\\%_"},
            "starts_with": {"word": "ilike", "value": "$value%", "escape": "\\%_"},
        },
    },
    "prefix": {
        "style": "prefix",
        "leaf": ["$column", "$operator", "$value"],
        "both": "&",
        "either": "|",
        "operators": {
            **_SIGNS,
            "is_null": {"values": {"true": "=", "false": "!="}, "leaf": ["$column", "$value", False]},
        },
        "text": {
            "eq": "=",
            "ne": "!=",
            "in": "in",
            "contains": {"word": "ilike", "escape": "\\%_"},
            "starts_with": {"word": "=ilike", "value": "$value%", "escape": "\\%_"},
        },
    },
    "odata": {
        "style": "text",
        "leaf": "$column $operator $value",
        "both": " and ",
        "either": " or ",
        "operators": {
            "eq": "eq",
            "ne": "ne",
            "lt": "lt",
            "lte": "le",
            "gt": "gt",
            "gte": "ge",
            "in": {"leaf": "$column in ($value)"},
            "is_null": {"values": {"true": "eq", "false": "ne"}, "leaf": "$column $value null"},
        },
        "text": {
            "eq": "eq",
            "ne": "ne",
            "contains": {"leaf": "contains($column,$value)"},
            "starts_with": {"leaf": "startswith($column,$value)"},
        },
    },
    "search": {
        "style": "text",
        "leaf": "$column:$operator$value",
        "both": " ",
        "quote": '"',
        "escape": "\\",
        "operators": {
            **_SIGNS,
            "in": {"leaf": "$column:[$value]"},
            "is_null": {"values": {"true": "=", "false": "!="}, "leaf": "$column:${value}null"},
        },
        "text": {"eq": "=", "ne": "!=", "in": {"leaf": "$column:[$value]"}, "contains": "", "starts_with": "^"},
    },
}
_SORTS: dict[str, dict[str, Any]] = {
    "minus": {},
    "words": {"each": "$column $direction", "join": ", ", "asc": "asc", "desc": "desc"},
    "two_parameters": {"each": "$column", "asc": "asc", "desc": "desc", "keys": 1, "ties": "id"},
    "objects": {"each": {"$column": "$direction"}, "asc": "asc", "desc": "desc"},
}
_AUTHS: dict[str, dict[str, Any]] = {
    "header": {"header": "X-Api-Key", "prefix": ""},
    "query": {"query": "api_key"},
    "basic": {"kinds": ["basic"]},
    "bearer": {"kinds": ["bearer"]},
    "login": {
        "kinds": ["login"],
        "login": {
            "path": "/login",
            "body": {"user": "$username", "password": "$password"},
            "token": "token",
            "expires_in": "expires",
        },
    },
    "client_credentials": {"kinds": ["client_credentials"], "token_path": "/token"},
    "refresh": {"kinds": ["refresh_token"], "token_path": "/token"},
}


def file_for(manner: Manner) -> dict[str, Any]:
    """What a file says of a shop of this manner."""
    told = deepcopy(_USUAL)
    told["auth"] = _AUTHS[manner.auth]
    told["sort"] |= _SORTS[manner.sort] | {"missing": manner.missing}
    _filters(told, manner)
    _pages(told, manner)
    _places(told, manner)
    _values(told, manner)
    if manner.errors == "body200":
        told["errors"] = {"present": "error", "code": "error.code", "message": "error.message", "rules": _RULES}
    return told


_RULES = [
    {"code": "unauthorized", "means": "UNAUTHENTICATED"},
    {"code": "not_found", "means": "NOT_FOUND"},
]


def _filters(told: dict[str, Any], manner: Manner) -> None:
    params = told["list"]["params"]
    if manner.sort == "words":
        params["order"] = params.pop("sort")
    if manner.sort == "two_parameters":
        params["direction"] = "$direction"
    if manner.filters in _FILTERS:
        told["filter"] = _FILTERS[manner.filters]
    if manner.filters == "odata":
        params["$$filter"] = "$filter"
        days, instants = manner.filter_days or manner.days, manner.filter_instants or manner.instants
        bare = {"day": days == "iso", "instant": instants in {"iso", "epoch"}, "id": manner.ids == "uuid"}
        told["filter"] = told["filter"] | {"bare": [name for name, is_told in bare.items() if is_told]}
    if manner.filters == "search":
        params["q"] = "$filter"
    if manner.is_posted:
        told["list"] |= {"method": "POST", "body": params, "params": {}}
        if manner.filters in {"json", "prefix"}:
            params["domain" if manner.filters == "prefix" else "filter"] = "$filter"
    if manner.filters == "flat_keys":
        told["filter"] = {"style": "keys"}
        told["common"] = {"remote_id": {"text": "id", "operators": {"in": "ids"}}}
        fields = told["types"]["contact"]["fields"] | told["types"]["company"]["fields"]
        for name, field in fields.items():
            spec = {"text": field} if isinstance(field, str) else field
            column = spec.get("instant") or spec.get("link")
            words = {"gte": f"{column}_from", "lte": f"{column}_to"} if "instant" in spec else {"eq": column}
            usable = {"operators": words} if column else {"compare": False}
            for type_ in told["types"].values():
                if name in type_["fields"]:
                    type_["fields"][name] = spec | ({} if "joined" in spec else usable)
        told["types"]["contact"]["own"] = {}


def _pages(told: dict[str, Any], manner: Manner) -> None:
    listed = told["list"]
    params = listed.get("body") or listed["params"]
    match manner.paging:
        case "page":
            params |= {"page": params.pop("offset") and "$page", "size": params.pop("limit") and "$limit"}
            told["paging"]["by"] = "page"
        case "cursor":
            params |= {"cursor": params.pop("offset") and "$cursor"}
            told["paging"]["by"] = "cursor"
            listed["next"] = "next"
        case "link" | "next_url":
            del params["offset"]
            told["paging"]["by"] = "link"
            if manner.paging == "next_url":
                listed["next"] = "next"
        case "offset" if manner.filters in {"json", "prefix"}:
            del params["offset"]
            told["paging"]["by"] = "ranges"


def _places(told: dict[str, Any], manner: Manner) -> None:
    one = {"path": "/$remote/$id", "row": "data"}
    match manner.envelope:
        case "bare":
            told["list"] |= {"rows": "", "total": "header:x-total-count"}
            one = {"path": "/$remote/$id"}
        case "jsonapi":
            for type_ in told["types"].values():
                for fields in (type_["fields"], type_.get("own", {})):
                    fields |= {name: _attribute(field) for name, field in fields.items()}
        case "nested":
            told["list"] |= {"rows": "result.items", "row": "record", "total": "result.count"}
            one = {"path": "/$remote/$id", "row": "result.record"}
    if manner.gets == "one":
        told["get"] = one
        told["common"] = {"remote_id": {"text": "id", "operators": ["gt", "eq"]}}
    if manner.gets == "ids":
        told["get_many"] = {"path": "/$remote", "params": {"ids": "$ids", "limit": 50}, "rows": "data", "max": 50}


def _attribute(field: Any) -> dict[str, Any]:
    """*field* as a resource has it: among its attributes, or its relationships."""
    spec = {"text": field} if isinstance(field, str) else field
    if "joined" in spec:
        return {"joined": [f"attributes.{path}" for path in spec["joined"]]}
    form, column = next(iter(spec.items()))
    path = f"relationships.{column}.data.id" if form == "link" else f"attributes.{column}"
    return {**spec, form: path, "column": column}


def _values(told: dict[str, Any], manner: Manner) -> None:
    contact = told["types"]["contact"]["fields"]
    told["ids"] = manner.ids
    if manner.company == "pair":
        contact["company"] = {"link": "company.0", "to": "company", "column": "company"}
    if manner.status == "number":
        words = {"1": "new", "2": "active", "3": "lost"}
        contact["lead_source"] = {"label": "status", "closed": True, "numeric": True, "words": words}
    if manner.empties is False:
        told["empties"] = [False]
    formats = {"stored": "seconds", "day": manner.days, "instant": manner.instants}
    told["formats"] = formats | {
        name: value
        for name, value in (("asked_day", manner.filter_days), ("asked_instant", manner.filter_instants))
        if value is not None
    }
