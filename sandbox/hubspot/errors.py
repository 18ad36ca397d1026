"""HubSpot's error answers, as `VendorError`s that the gate turns into responses."""

from collections.abc import Mapping, Sequence
from uuid import uuid4

__all__ = [
    "VendorError",
    "expired",
    "invalid_credentials",
    "invalid_json",
    "locked",
    "migrating",
    "missing_scopes",
    "not_found",
    "oauth_refusal",
    "over_limit",
    "unsupported_media_type",
    "uri_too_long",
    "validation",
]

_NO_CREDENTIALS = (
    "Authentication credentials not found. This API supports OAuth 2.0 authentication and you can find more details "
    "at https://developers.hubspot.com/docs/methods/auth/oauth-overview"
)
_NO_SCOPES = (
    "This app hasn't been granted all required scopes to make this call. Read more about required scopes here: "
    "https://developers.hubspot.com/scopes."
)


class VendorError(Exception):
    """An answer of HubSpot's other than success.

    Attributes:
        status: HTTP status code.
        body: JSON object of the answer.
        headers: further response headers.
    """

    def __init__(self, status: int, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {body.get('message')}")
        self.status = status
        self.body = dict(body)
        self.headers = dict(headers or {})


def _body(message: str, **further: object) -> dict[str, object]:
    return {"status": "error", "message": message, "correlationId": str(uuid4()), **further}


def validation(message: str, *, context: Mapping[str, Sequence[str]] | None = None) -> VendorError:
    """400 for a well-formed request that asks for what it may not."""
    further: dict[str, object] = {"context": context} if context else {}
    return VendorError(400, _body(message, **further, category="VALIDATION_ERROR"))


def invalid_json(reason: str) -> VendorError:
    """400 for a body that does not have the expected JSON shape; it has no category (hubspot-api-nodejs#226)."""
    return VendorError(400, _body(f"Invalid input JSON on line 1, column 1: {reason}"))


def not_found() -> VendorError:
    """404 for a record, path or definition that is not there."""
    return VendorError(404, _body("resource not found", category="OBJECT_NOT_FOUND"))


def unsupported_media_type(got: str) -> VendorError:
    """415 for a body that is not declared as JSON."""
    return VendorError(415, _body(f"Unsupported media type {got!r}; use application/json"))


def uri_too_long() -> VendorError:
    """414 for a URL beyond what HubSpot's web tier takes."""
    return VendorError(414, _body("URI Too Long"))


def invalid_credentials() -> VendorError:
    """401 for a call without a token, or with one that never was valid or was revoked."""
    return VendorError(401, _body(_NO_CREDENTIALS, category="INVALID_AUTHENTICATION"))


def expired(seconds: int) -> VendorError:
    """401 for an OAuth access token that ran out *seconds* ago."""
    message = f"The OAuth token used to make this call expired {seconds} second(s) ago."
    return VendorError(401, _body(message, category="EXPIRED_AUTHENTICATION"))


def missing_scopes(scopes: Sequence[str]) -> VendorError:
    """403 for an app that was not granted *scopes*."""
    detail = {
        "message": "One or more of the following scopes are required.",
        "context": {"requiredGranularScopes": list(scopes)},
    }
    links = {"scopes": "https://developers.hubspot.com/scopes"}
    return VendorError(403, _body(_NO_SCOPES, errors=[detail], links=links, category="MISSING_SCOPES"))


def over_limit(message: str, policy: str, *, retry_after_s: int | None = None) -> VendorError:
    """429 under *policy*; such bodies have no category (hubspot-api-python#117, usage guidelines, read 2026-11)."""
    body = _body(message, errorType="RATE_LIMIT", policyName=policy, requestId=str(uuid4()))
    return VendorError(429, body, {} if retry_after_s is None else {"Retry-After": str(retry_after_s)})


def locked() -> VendorError:
    """423 for a table under heavy writes; callers wait 2 s or more (error handling page, read 2026-11)."""
    return VendorError(423, _body("Locked: too many writes are under way, try again in 2 seconds"))


def migrating(seconds: int) -> VendorError:
    """477 while the account moves between data centres (error handling page, read 2026-11)."""
    return VendorError(477, _body("Migration in progress"), {"Retry-After": str(seconds)})


def oauth_refusal(status: str, message: str) -> VendorError:
    """400 of the token endpoint; *status* is its code, such as BAD_AUTH_CODE."""
    return VendorError(400, {"status": status, "message": message, "correlationId": str(uuid4())})
