"""What is read of a source ends by the deadline, and fails as that source's own failure."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog

from connectors.scope import current_scope
from model.errors import ConfigError, GatewayError, OurBug, SourceTimeout

__all__ = ["Broken", "reading"]

# A connector ends its own calls at the deadline, with a better message; this is for one that does not.
_GRACE_S = 0.25
_GRACE_SHARE = 0.1

_LOG = structlog.get_logger(__name__)


class Broken(OurBug):
    """A connector did what nobody foresaw; the log has it, and the message names the log's entry to the caller."""


@asynccontextmanager
async def reading(source: str) -> AsyncIterator[None]:
    """Bound the block, which reads of *source*, by the scope's deadline.

    Raises:
        SourceTimeout: the source did not answer in time.
        Broken: the block raised what a connector may not raise.
        GatewayError: what the source itself said.
    """
    deadline = current_scope().deadline
    grace_s = min(_GRACE_S, _GRACE_SHARE * max(deadline.remaining_s(), 0.0))
    try:
        async with asyncio.timeout_at(deadline.at_s + grace_s):
            yield
    except TimeoutError:
        raise SourceTimeout(
            f"{source} did not answer before the deadline; ask for less, or raise options.deadlineMs", source=source
        ) from None
    except Broken:
        raise
    except GatewayError as error:
        if isinstance(error, OurBug | ConfigError):
            raise _told(error, source) from error
        raise
    except Exception as error:  # the fan-out's edge: one source's bug is not the others' failure
        raise _told(error, source) from error


def _told(error: Exception, source: str) -> Broken:
    correlation_id = secrets.token_hex(8)
    _LOG.error("source.broken", source=source, correlation_id=correlation_id, exc_info=error)
    return Broken(f"{source}: internal error; the gateway's log has it as {correlation_id}.")
