"""The API's error answers, as `VendorError`s that the gate turns into responses."""

__all__ = ["VendorError", "bad_parameter", "forbidden", "not_found", "too_many_requests", "unauthorized"]


class VendorError(Exception):
    """An answer other than success.

    Attributes:
        status: HTTP status code.
        body: JSON object of the answer.
        headers: further response headers.
    """

    def __init__(self, status: int, error: str, detail: str, *, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{status} {error}: {detail}")
        self.status = status
        self.body = {"status": status, "error": error, "detail": detail}
        self.headers = headers or {}


def bad_parameter(detail: str) -> VendorError:
    """400 for a parameter, or a key of a body, that is unknown or has a value it does not take."""
    return VendorError(400, "bad_parameter", detail)


def unauthorized(error: str) -> VendorError:
    """401; *error* is invalid_credentials, token_expired or token_invalid."""
    return VendorError(401, error, f"Not logged in: {error.replace('_', ' ')}")


def forbidden() -> VendorError:
    """403 for what the user may not read."""
    return VendorError(403, "forbidden", "You may not read this")


def not_found(what: str) -> VendorError:
    """404 for a record or path that is not there."""
    return VendorError(404, "not_found", f"There is no {what}")


def too_many_requests(retry_after_s: int) -> VendorError:
    """429 for a call beyond a minute's."""
    headers = {"Retry-After": str(retry_after_s)}
    return VendorError(429, "too_many_requests", f"Try again in {retry_after_s} s", headers=headers)
