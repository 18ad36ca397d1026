"""The errors of the API: every one is an entry of `errors` with a code, and comes with HTTP 200."""

from collections.abc import Iterable
from typing import Any

from graphql import GraphQLError

__all__ = ["bad_input", "internal", "refusal", "told"]


def bad_input(message: str) -> GraphQLError:
    """What the client wrote cannot be done."""
    return refusal("BAD_USER_INPUT", message)


def internal() -> GraphQLError:
    """The server's own fault."""
    return refusal("INTERNAL_SERVER_ERROR", "An error occurred.")


def refusal(code: str, message: str, **extensions: object) -> GraphQLError:
    """An error with a *code*, and further *extensions*."""
    return GraphQLError(message, extensions={"code": code, **extensions})


def told(errors: Iterable[GraphQLError]) -> list[dict[str, Any]]:
    """The entries of `errors`; one without a code of its own is the client's where no field was reached."""
    return [_entry(error) for error in errors]


def _entry(error: GraphQLError) -> dict[str, Any]:
    code = "INTERNAL_SERVER_ERROR" if error.path else "BAD_USER_INPUT"
    entry: dict[str, Any] = {**error.formatted, "extensions": {"code": code, **(error.extensions or {})}}
    return entry
