"""Pipedrive's error answers, as `VendorError`s that the gate turns into responses."""

from collections.abc import Mapping

__all__ = [
    "CLOUDFLARE_PAGE",
    "VendorError",
    "forbidden",
    "invalid",
    "not_found",
    "oauth_refusal",
    "over_limit",
    "unauthorized",
]

_SEE = "Please check developers.pipedrive.com"

CLOUDFLARE_PAGE = """<!DOCTYPE html>
<html lang="en-US"><head><title>Attention Required! | Cloudflare</title></head>
<body><h1>Sorry, you have been blocked</h1><h2>You are unable to access pipedrive.com</h2></body></html>
"""
"""The body of the 403 for who goes on calling after many a 429 (rate limiting page, read 2026-11)."""


class VendorError(Exception):
    """An answer of Pipedrive's other than success.

    Attributes:
        status: HTTP status code.
        body: JSON object of the answer, or an HTML page.
        headers: further response headers.
    """

    def __init__(self, status: int, body: Mapping[str, object] | str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def _body(error: str, **further: object) -> dict[str, object]:
    return {"success": False, "error": error, "error_info": _SEE, "data": None, "additional_data": None, **further}


def invalid(reason: str) -> VendorError:
    """400 for a parameter that is unknown, malformed or out of bounds."""
    return VendorError(400, _body(f"validation failed: {reason}", code="ERR_SCHEMA_VALIDATION_FAILED"))


def not_found(what: str) -> VendorError:
    """404 for a record or path that is not there."""
    return VendorError(404, _body(f"{what} not found"))


def unauthorized() -> VendorError:
    """401 of the API gateway: no credentials, or none that are good (as seen on the live host)."""
    body = {"success": False, "error": "unauthorized access", "errorCode": 401, "error_info": _SEE}
    return VendorError(401, body, {"x-401-by-gw": "true"})


def forbidden() -> VendorError:
    """403 for an app without the scope of the call."""
    return VendorError(403, {"success": False, "error": "Scope and URL mismatch", "errorCode": 403, "error_info": _SEE})


def over_limit(error: str, headers: Mapping[str, str] | None = None) -> VendorError:
    """429; the text alone tells a spent day from a burst."""
    return VendorError(429, {"success": False, "error": error, "errorCode": 429, "error_info": _SEE}, headers)


def oauth_refusal(error: str, message: str) -> VendorError:
    """400 of the token endpoint; *error* is its code, such as invalid_grant."""
    return VendorError(400, {"success": False, "message": message, "error": error})
