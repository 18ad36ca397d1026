"""What handlers read from a request."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from urllib.parse import quote, unquote

from starlette.requests import Request

from sandbox.hubspot.definitions import ObjectType, object_type
from sandbox.hubspot.errors import invalid_json, unsupported_media_type, validation

__all__ = [
    "batch_inputs",
    "cursor",
    "flag",
    "json_body",
    "listed",
    "named_type",
    "page_limit",
    "position",
    "read_scopes",
    "type_in_path",
]


def type_in_path(request: Request, key: str = "type") -> ObjectType:
    """The object type that the path names at *key*.

    Raises:
        VendorError: 400 when there is no such type.
    """
    return named_type(request.path_params[key])


def named_type(name: str) -> ObjectType:
    """The object type called *name*: plural, singular or type id.

    Raises:
        VendorError: 400 when there is no such type.
    """
    found = object_type(name)
    if found is None:
        raise validation(f"Unable to infer object type from: {name}")
    return found


def read_scopes(request: Request) -> tuple[str, ...]:
    """The scopes that reading the object types in the path needs."""
    keys = [key for key in ("type", "source", "target") if key in request.path_params]
    return tuple(dict.fromkeys(f"crm.objects.{type_in_path(request, key).scope}.read" for key in keys))


def listed(request: Request, key: str) -> list[str]:
    """The values of query parameter *key*, repeated or separated by commas."""
    return [one for value in request.query_params.getlist(key) for one in value.split(",") if one]


def flag(request: Request, key: str) -> bool:
    """Whether query parameter *key* is true."""
    return request.query_params.get(key, "false").lower() == "true"


def page_limit(request: Request, *, default: int, maximum: int) -> int:
    """The query's `limit`.

    Raises:
        VendorError: 400 outside 1..*maximum*.
    """
    told = request.query_params.get("limit", str(default))
    if not told.isdecimal() or not 1 <= int(told) <= maximum:
        raise validation(f"limit must be between 1 and {maximum}, got {told}")
    return int(told)


def cursor(place: str, last_id: int) -> str:
    """An opaque `after` that ends in the last id of a page, URL-encoded base64 as HubSpot's are."""
    return quote(urlsafe_b64encode(f"{place}-{last_id}".encode()).decode())


def position(after: str | None, place: str) -> int:
    """The id in a cursor that `cursor` made for *place*; 0 for None.

    Raises:
        VendorError: 400 for any other text.
    """
    if not after:
        return 0
    try:
        told, _, last_id = urlsafe_b64decode(unquote(after)).decode().rpartition("-")
    except (Base64Error, ValueError):
        told, last_id = "", ""
    if told != place or not last_id.isdecimal():
        raise validation(f"after is not a cursor of this list: {after}")
    return int(last_id)


async def json_body(request: Request, *, max_chars: int | None = None) -> dict[str, object]:
    """The JSON object in the body.

    Raises:
        VendorError: 415 for another content type, 400 for another shape or more than *max_chars* characters.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != "application/json":
        raise unsupported_media_type(media_type)
    text = (await request.body()).decode("utf-8", "replace")
    if max_chars is not None and len(text) > max_chars:
        raise validation(f"The request body is {len(text)} characters long, at most {max_chars} are allowed")
    try:
        body = json.loads(text)
    except ValueError:
        raise invalid_json("Unexpected character") from None
    if not isinstance(body, dict):
        raise invalid_json("Cannot deserialize instance out of this token")
    return body


def batch_inputs(body: dict[str, object], maximum: int) -> list[dict[str, str]]:
    """The `inputs` of a batch: objects with an `id`, every value as a string.

    Raises:
        VendorError: 400 for none, for more than *maximum*, or for another shape.
    """
    inputs = body.get("inputs")
    if not isinstance(inputs, list) or not all(isinstance(one, dict) and "id" in one for one in inputs):
        raise invalid_json("Cannot build BatchInput, some of required attributes are not set [inputs]")
    if not 1 <= len(inputs) <= maximum:
        raise validation(f"inputs must hold between 1 and {maximum} entries, got {len(inputs)}")
    return [{key: str(value) for key, value in one.items() if value is not None} for one in inputs]
