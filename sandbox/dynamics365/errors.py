"""The Web API's error answers, as `VendorError`s that the gate turns into responses."""

from collections.abc import Mapping

__all__ = [
    "VendorError",
    "bad_request",
    "incompatible",
    "no_property",
    "no_record",
    "no_segment",
    "syntax_error",
    "unsupported",
]

_URI_ERROR = "0x80060888"
"""What the service says of addresses that its OData library does not understand."""


class VendorError(Exception):
    """An answer other than success.

    Attributes:
        status: HTTP status code.
        code: such as 0x80060888.
        headers: further response headers.
    """

    def __init__(self, status: int, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.headers = dict(headers or {})

    @property
    def body(self) -> dict[str, object]:
        """The JSON object of the answer."""
        return {"error": {"code": self.code, "message": str(self)}}


def bad_request(message: str, code: str = _URI_ERROR) -> VendorError:
    """400 for a request that the service does not understand."""
    return VendorError(400, code, message)


def syntax_error(text: str, position: int | None = None) -> VendorError:
    """400 for an expression that breaks the grammar."""
    return bad_request(f"Syntax error at position {len(text) if position is None else position} in '{text}'.")


def no_property(name: str, type_name: str) -> VendorError:
    """400 for a property that a type does not have; names are case-sensitive."""
    return bad_request(f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{type_name}'.")


def incompatible(left: str, right: str, operator: str) -> VendorError:
    """400 for a comparison of values whose types do not compare."""
    return bad_request(
        "A binary operator with incompatible types was detected. "
        f"Found operand types '{left}' and '{right}' for operator kind '{operator}'."
    )


def unsupported(what: str) -> VendorError:
    """400 for what OData has and this service does not."""
    return bad_request(f"{what} is not supported")


def no_segment(segment: str) -> VendorError:
    """404 for an address that leads nowhere."""
    return VendorError(404, _URI_ERROR, f"Resource not found for the segment '{segment}'.")


def no_record(table: str, key: str) -> VendorError:
    """404 for a record that is not there (0x80040217, ObjectDoesNotExist; error codes page, read 2026-11)."""
    return VendorError(404, "0x80040217", f"{table} With Id = {key} Does Not Exist")
