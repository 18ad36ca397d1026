"""How a Salesforce API answers: JSON, and the ways it says no."""

from typing import Any

import orjson
from starlette.responses import HTMLResponse, Response

__all__ = ["Answer", "ApiError", "html_error", "not_found"]


class Answer(Response):
    """A JSON answer."""

    media_type = "application/json;charset=UTF-8"

    def render(self, content: Any) -> bytes:
        """The body."""
        return orjson.dumps(content)


class ApiError(Exception):
    """An answer of the REST API with an array of errors as its body.

    Attributes:
        status: HTTP status.
        code: the `errorCode`.
        message: the text for people.
        fields: the fields that the error is about; left out of the body when None.
    """

    def __init__(self, status: int, code: str, message: str, *, fields: list[str] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message
        self.fields = fields

    def body(self) -> list[dict[str, object]]:
        """The JSON array that the API answers with."""
        error: dict[str, object] = {"message": self.message, "errorCode": self.code}
        if self.fields is not None:
            error["fields"] = self.fields
        return [error]

    def response(self) -> Response:
        """The whole answer."""
        return Answer(self.body(), self.status)


def not_found() -> ApiError:
    """What any address without a resource answers."""
    return ApiError(404, "NOT_FOUND", "The requested resource does not exist")


def html_error(status: int, reason: str) -> Response:
    """An error of the web tier in front of the API: HTML, not JSON."""
    return HTMLResponse(f"<h1>Bad Message {status}</h1><pre>reason: {reason}</pre>", status_code=status)
