"""Logs: one JSON object a line on standard error, events and not sentences."""

import json
import logging
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog

from connectors.http import Redactor

__all__ = ["configure_logs"]

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_MAX_TEXT = 512
_MAX_ITEMS = 50
_MAX_TRACEBACK = 8_192


def configure_logs(level: str, *, secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send structlog's and the standard library's events to *stream*, standard error if left out.

    Whatever is logged, a line stays printable ASCII, is bounded in length, and holds none of *secrets*.
    """
    out = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[structlog.typing.Processor] = [
        structlog.processors.format_exc_info,
        _Safe(secrets),
        structlog.processors.JSONRenderer(_dumped),
    ]
    structlog.configure(
        processors=[*shared, *last],
        wrapper_class=structlog.make_filtering_bound_logger(_LEVELS[level]),
        logger_factory=structlog.WriteLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last], foreign_pre_chain=shared
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(_LEVELS[level], logging.WARNING))
    # uvicorn warns of every malformed request: what clients do wrong is no event of ours. A server that another part
    # of the process configured may have set the inner logger's own level.
    for name in ("uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.ERROR)


class _Safe:
    """Takes out of an event what must not be written: secrets, and more than a line should hold."""

    def __init__(self, secrets: Iterable[str]) -> None:
        self._redactor = Redactor(secrets)

    def __call__(self, _: Any, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return {
            key: self._safe(value, _MAX_TRACEBACK if key == "exception" else _MAX_TEXT) for key, value in event.items()
        }

    def _safe(self, value: object, most: int) -> object:
        if value is None or isinstance(value, (bool, int, float)):
            return value
        if isinstance(value, (list, tuple)):
            return [self._safe(item, most) for item in value[:_MAX_ITEMS]]
        text = self._redactor.text(str(value))
        # The begin of a traceback says where it comes from, its end what happened.
        half = most // 2
        return text if len(text) <= most else f"{text[:half]} … {len(text) - most} characters left out … {text[-half:]}"


def _dumped(event: object, **_: object) -> str:
    # JSON's own escapes leave nothing but printable ASCII: no value can start a line or a terminal sequence.
    return json.dumps(event, separators=(",", ":"))
