"""Errors as clients see them: a code on each, nothing inside shown, no suggestions of names."""

import re
import secrets
from typing import Any

import structlog
from graphql import GraphQLError

from model.errors import CallerError, GatewayError, SourceError, StoreUnavailable

__all__ = ["public_error"]

_SUGGESTION = re.compile(r" Did you mean [^?]*\?")
_LOG = structlog.get_logger(__name__)


def public_error(error: GraphQLError) -> GraphQLError:
    """*error* as the client gets it, with `extensions.code`.

    What the gateway raised on purpose keeps its message and code.
    What graphql-core found wrong with the request is BAD_REQUEST.
    Everything else is INTERNAL: its message is replaced, and the log has it under the correlation id.
    """
    cause = error.original_error
    if isinstance(cause, SourceError):
        return _with(error, cause.message, _source_extensions(cause))
    if isinstance(cause, CallerError | StoreUnavailable):
        return _with(error, cause.message, {"code": cause.code})
    if _is_about_request(error):
        return _with(error, _SUGGESTION.sub("", error.message), {"code": "BAD_REQUEST"})
    correlation_id = secrets.token_hex(8)
    _LOG.error("error.internal", correlation_id=correlation_id, path=error.path, exc_info=cause or error)
    message = f"Internal error; the gateway's log has it as {correlation_id}."
    return _with(error, message, {"code": GatewayError.code, "correlationId": correlation_id})


def _source_extensions(error: SourceError) -> dict[str, Any]:
    return {
        "code": error.code,
        "source": error.source,
        "isRetryable": error.is_retryable,
        "retryAfterS": error.retry_after_s,
    }


def _is_about_request(error: GraphQLError) -> bool:
    """Whether graphql-core refused the document or its values; a value it cannot serialise is no fault of theirs."""
    if error.path is None:
        return error.original_error is None or isinstance(error.original_error, GraphQLError)
    return isinstance(error.original_error, GraphQLError) and error.original_error.nodes is not None


def _with(error: GraphQLError, message: str, extensions: dict[str, Any]) -> GraphQLError:
    # Locations come from the nodes again: an error of ours has a `source`, which graphql-core takes for its own.
    if error.nodes:
        return GraphQLError(message, error.nodes, path=error.path, extensions=extensions)
    return GraphQLError(message, None, error.source, error.positions, error.path, extensions=extensions)
