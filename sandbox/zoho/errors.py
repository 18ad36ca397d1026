"""Zoho's error answers, as `VendorError`s that the gate turns into responses."""

from collections.abc import Mapping

__all__ = ["VendorError", "invalid_token", "no_permission", "oauth_refusal", "refusal", "too_many"]

_PHRASES = {
    "AMBIGUITY_DURING_PROCESSING": "there is ambiguity while processing the request",
    "DUPLICATE_DATA": "duplicate data",
    "EXPIRED_VALUE": "the given page token is expired",
    "INVALID_ALIAS": "the given alias is invalid",
    "INVALID_DATA": "invalid data",
    "INVALID_MODULE": "the module name given seems to be invalid",
    "INVALID_QUERY": "invalid query formed",
    "INVALID_REQUEST_METHOD": "The http request method type is not a valid one",
    "INVALID_URL_PATTERN": "Please check if the URL trying to access is a correct one",
    "LIMIT_EXCEEDED": "the limit has been exceeded",
    "PAGINATION_LIMIT_EXCEEDED": "You can only get the first 100000 records",
    "REQUIRED_PARAM_MISSING": "One of the expected parameter is missing",
    "SYNTAX_ERROR": "error occurred while parsing the query",
    "DISCRETE_PAGINATION_LIMIT_EXCEEDED": ("You can only get the first 2000 records without using page_token param"),
}


class VendorError(Exception):
    """An answer of Zoho's other than success.

    Attributes:
        status: HTTP status code.
        body: JSON object of the answer; None for an answer without a body.
    """

    def __init__(self, status: int, body: Mapping[str, object] | None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = None if body is None else dict(body)


def refusal(code: str, *, status: int = 400, message: str | None = None, **details: object) -> VendorError:
    """The envelope of every error of the API: *code*, *details*, a message and the status "error"."""
    text = message or _PHRASES[code]
    return VendorError(status, {"code": code, "details": details, "message": text, "status": "error"})


def invalid_token() -> VendorError:
    """401 for a call without a token, or with one that is unknown, revoked or expired."""
    return refusal("INVALID_TOKEN", status=401, message="invalid oauth token")


def no_permission(*permissions: str) -> VendorError:
    """403 for a user who lacks *permissions*."""
    return refusal("NO_PERMISSION", status=403, message="permission denied", permissions=list(permissions))


def too_many(message: str) -> VendorError:
    """429; only *message* tells credits from concurrency, and nothing tells when to come back."""
    return refusal("TOO_MANY_REQUESTS", status=429, message=message)


def oauth_refusal(error: str) -> VendorError:
    """A refusal of the token endpoint, whose status is 200."""
    return VendorError(200, {"error": error})
