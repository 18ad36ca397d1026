"""What handlers read from a request."""

import json
from collections.abc import Sequence
from datetime import datetime

from starlette.requests import Request

from sandbox.zoho.errors import refusal
from sandbox.zoho.org import Module, Org

__all__ = ["allow", "fields_of", "json_body", "listed", "modified_since", "module_of", "number", "required"]

_MOST_FIELDS = 50


def allow(request: Request, names: str) -> None:
    """Refuse parameters that are not among *names*, separated by spaces."""
    for name in request.query_params:
        if name not in names.split():
            raise refusal("INVALID_DATA", message="the parameter is not supported", param_name=name)


def required(request: Request, name: str) -> str:
    """The parameter *name*.

    Raises:
        VendorError: 400 REQUIRED_PARAM_MISSING.
    """
    value = request.query_params.get(name)
    if not value:
        raise refusal("REQUIRED_PARAM_MISSING", param_name=name)
    return value


def listed(request: Request, name: str, *, most: int) -> list[str]:
    """The values of parameter *name*, separated by commas.

    Raises:
        VendorError: 400 LIMIT_EXCEEDED for more than *most*.
    """
    values = [one for one in request.query_params.get(name, "").split(",") if one]
    if len(values) > most:
        raise refusal("LIMIT_EXCEEDED", param_name=name, limit=most)
    return values


def number(request: Request, name: str, *, default: int, most: int) -> int:
    """The parameter *name*, from 1 to *most*.

    Raises:
        VendorError: 400 INVALID_DATA.
    """
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most):
        raise refusal("INVALID_DATA", param_name=name, maximum=most)
    return int(text)


def module_of(request: Request, org: Org, name: str | None = None) -> Module:
    """The module called *name*, or in the path.

    Raises:
        VendorError: 400 INVALID_MODULE.
    """
    called = name if name is not None else request.path_params["module"]
    if called not in org.modules:
        raise refusal("INVALID_MODULE", resource_path_index=0)
    return org.modules[called]


def fields_of(request: Request, module: Module, *, refuses_unknown: bool) -> Sequence[str] | None:
    """The known names in `fields`, with those that come along; None where the parameter is not there.

    Raises:
        VendorError: 400 LIMIT_EXCEEDED, or INVALID_DATA for an unknown name where they are refused.
    """
    if "fields" not in request.query_params:
        return None
    names = listed(request, "fields", most=_MOST_FIELDS)
    known = [one for one in names if one in module.spec.fields or one == "$se_module"]
    if refuses_unknown and len(known) < len(names):
        raise refusal("INVALID_DATA", param_name="fields")
    if "What_Id" in known or "Parent_Id" in known:
        known.append("$se_module")
    return [*dict.fromkeys((*known, "id"))]


def modified_since(request: Request) -> datetime | None:
    """The header If-Modified-Since, which is ISO 8601 here.

    Raises:
        VendorError: 400 INVALID_DATA.
    """
    told = request.headers.get("if-modified-since")
    if told is None:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise refusal("INVALID_DATA", header="If-Modified-Since")
    return moment


async def json_body(request: Request) -> dict[str, object]:
    """The JSON object in the body.

    Raises:
        VendorError: 400 INVALID_DATA.
    """
    try:
        body = json.loads(await request.body())
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise refusal("INVALID_DATA", message="the request body is not a valid JSON object")
    return body
