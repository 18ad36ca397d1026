"""Freshsales' error answers, as `VendorError`s that the gate turns into responses."""

__all__ = ["VendorError", "forbidden", "incorrect_key", "invalid", "no_such_path", "not_found", "too_many_requests"]


class VendorError(Exception):
    """An answer of Freshsales' other than success.

    Attributes:
        status: HTTP status code.
        body: JSON object of the answer; None for an empty body.
        retry_after_s: the `Retry-After` header, if there is one.
    """

    def __init__(self, status: int, body: dict[str, object] | None, *, retry_after_s: int | None = None) -> None:
        super().__init__(f"{status}: {body}")
        self.status = status
        self.body = body
        self.retry_after_s = retry_after_s


def _errors(code: int, message: str, *, retry_after_s: int | None = None) -> VendorError:
    return VendorError(code, {"errors": {"code": code, "message": [message]}}, retry_after_s=retry_after_s)


def invalid(message: str) -> VendorError:
    """400 for a request that asks for what it may not."""
    return _errors(400, message)


def incorrect_key() -> VendorError:
    """401 for a call without an API key, or with one that is unknown or was reset."""
    return VendorError(401, {"login": "failed", "message": "Incorrect API key / Invalid credentials"})


def forbidden() -> VendorError:
    """403 for what the key's user may not do; a view that is not there is answered so too."""
    return _errors(403, "You are not authorized to perform this action.")


def not_found(label: str) -> VendorError:
    """404 for a record, called *label*, that is not there or lies in the recycle bin."""
    return _errors(404, f"The {label} you are looking for is not in the CRM.")


def no_such_path() -> VendorError:
    """404 for a path that is not there, without a body."""
    return VendorError(404, None)


def too_many_requests(retry_after_s: int | None) -> VendorError:
    """429 for a call beyond the account's hour."""
    return _errors(429, "Too many requests", retry_after_s=retry_after_s)
