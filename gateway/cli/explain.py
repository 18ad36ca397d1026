"""`explain`: what a query would ask of each CRM."""

import asyncio
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console

from connectors.scope import Deadline, Scope, entered
from gateway.cli.terminal import say
from gateway.config import Settings, load_settings
from gateway.telemetry import configure_logs
from model.errors import BadRequest
from model.reading import PlanResult

__all__ = ["explain"]


def explain(config: Path, query: str, variables: str) -> int:
    """Print the plan; 0 when the query would run, else 1.

    Raises:
        ConfigError: the config is wrong.
        BadRequest: the query file cannot be read, or the variables are no JSON object.
    """
    document = _document(query)
    values = _values(variables)
    settings = load_settings(config)
    configure_logs("warning")
    with Console(stderr=True).status("Reading what the sources can do …"):
        plan = asyncio.run(_plan(settings, document, values))
    _tell(plan)
    return 0 if plan.is_allowed else 1


def _document(query: str) -> str:
    if not query.startswith("@"):
        return query
    try:
        return Path(query[1:]).read_text()
    except (OSError, UnicodeDecodeError) as error:
        raise BadRequest(f"{query[1:]} cannot be read: {error}") from None


def _values(variables: str) -> dict[str, Any]:
    try:
        values = orjson.loads(variables)
    except orjson.JSONDecodeError:
        values = None
    if not isinstance(values, dict):
        raise BadRequest("--variables must be a JSON object")
    return values


async def _plan(settings: Settings, document: str, variables: dict[str, Any]) -> PlanResult:
    # What is wrong with the arguments is told before this, which takes seconds to import.
    from gateway.wiring import Gateway

    gateway = Gateway(settings)
    try:
        with entered(Scope(deadline=Deadline.after(settings.limits.deadline_s), max_calls=0)):
            return await gateway.explain(document, variables)
    finally:
        await gateway.aclose()


def _tell(plan: PlanResult) -> None:
    for step in plan.steps:
        kind = f" {step.entity.value}" if step.entity is not None else ""
        say(f"{step.source}: {step.operation}{kind}, {step.estimated_calls} calls")
        for title, items in (("fields", step.fields), ("pushed", step.pushed), ("finished here", step.residual)):
            if items:
                say(f"    {title}: {', '.join(items)}")
        if step.vendor_query:
            say(f"    query: {step.vendor_query}")
    for note in plan.notes:
        say(f"note: {note}")
    say(f"{plan.estimated_calls} calls in all")
