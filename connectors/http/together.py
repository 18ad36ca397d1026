"""Several calls at once, failing as one would."""

import asyncio
from collections.abc import Coroutine
from typing import Any

__all__ = ["together"]


async def together(*jobs: Coroutine[Any, Any, Any]) -> list[Any]:
    """What *jobs* give, in their order; the first to fail ends the others and its error is raised alone."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from failures
    return [task.result() for task in tasks]
