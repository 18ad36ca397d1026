"""Logs: one printable JSON object a line, bounded in length, without secrets, whatever is logged."""

import base64
import io
import json
import logging
import string
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st

from tests.gateway.records import memory_source
from tests.gateway.serving import Log, gateway_over, logging_to, serving

SECRET = "pat-eu1-c0ffee00/dead+beef=feed 123456789abc"
ESCAPES = "\r\n\x1b[2J\x00\x07\x7f\x9b31m\x85\u2028\u2029\u202e\ud800"


@pytest.fixture
def log() -> Iterator[Log]:
    """Where this process's logs go during a test."""
    found = Log()
    with logging_to(found, "debug", [SECRET]):
        yield found


def line_of(log: Log) -> dict[str, Any]:
    """The only line, which must be printable ASCII."""
    assert set(log.text) <= {*string.printable[:-5], "\n"}
    (line,) = log.text.splitlines()
    found: dict[str, Any] = json.loads(line)
    return found


def test_events_are_lines_of_json(log: Log) -> None:
    """An event has its name, level, time and values."""
    structlog.get_logger().info("call.ended", source="sales", rows=3, ok=True, took_ms=1.5, codes=["A"], none=None)

    event = line_of(log)
    assert event.pop("timestamp").endswith("Z")
    assert event == {
        "event": "call.ended",
        "level": "info",
        "source": "sales",
        "rows": 3,
        "ok": True,
        "took_ms": 1.5,
        "codes": ["A"],
        "none": None,
    }


def test_the_standard_librarys_events_look_the_same(log: Log) -> None:
    """What libraries log becomes such a line; their chatter below a warning does not."""
    logging.getLogger("asyncio").debug("chatter")
    # pytest keeps what is logged here and sends it to another process, which a lone surrogate would not survive.
    told = ESCAPES.removesuffix("\ud800")
    logging.getLogger("asyncio").error("task %s was lost", told)

    assert line_of(log)["event"] == f"task {told} was lost"


@pytest.mark.parametrize("key", ["event", "value", "items", "exception"])
def test_control_characters_stay_inside_their_value(key: str, log: Log) -> None:
    """Line ends, terminal sequences of both kinds, direction marks and lone surrogates are escaped."""
    logger = structlog.get_logger()
    if key == "event":
        logger.info(ESCAPES)
    elif key == "exception":
        try:
            raise ValueError(ESCAPES)
        except ValueError:
            logger.exception("broken")
    else:
        logger.info("event", **{key: [ESCAPES] if key == "items" else ESCAPES})

    assert "31m" in str(line_of(log)[key])


@given(text=st.text())
def test_any_text_is_one_line(text: str) -> None:
    """No text breaks the form, and short text is kept as it is."""
    log = Log()
    with logging_to(log, "info", []):
        structlog.get_logger().info("event", text=text[:500])

    assert line_of(log)["text"] == text[:500]


def test_long_values_are_cut_in_the_middle(log: Log) -> None:
    """A line stays short, and says how much is missing; a traceback keeps its begin and its end."""
    try:
        raise ValueError("x" * 50_000 + "end")
    except ValueError:
        structlog.get_logger().exception("broken", cursor="\x00" * 10_000, many=["y" * 1_000] * 100)

    event = line_of(log)
    assert len(event["cursor"]) < 600
    assert "9488 characters left out" in event["cursor"]
    assert event["exception"].startswith("Traceback")
    assert event["exception"].endswith("end")
    assert len(log.text) < 45_000


ENCODED = {
    "plain": SECRET,
    "in a URL": quote(SECRET, safe=""),
    "in hexadecimal": SECRET.encode().hex(),
    "in base64": base64.b64encode(SECRET.encode()).decode(),
    "in base64, shifted": base64.b64encode(b"u:" + SECRET.encode()).decode(),
    "in JSON": json.dumps({"token": SECRET}),
    "reversed": SECRET[::-1],
}


@pytest.mark.parametrize("form", ENCODED.values(), ids=ENCODED.keys())
def test_secrets_are_blanked(form: str, log: Log) -> None:
    """A secret shows in no usual form, in no value, list or traceback."""
    try:
        raise ValueError(f"refused: {form}")
    except ValueError:
        structlog.get_logger().exception(f"event {form}", value=form, items=[form], padded="-" * 300 + form + "-" * 300)

    event = line_of(log)
    assert "***" in event["value"]
    assert "***" in event["exception"]
    for clip in (SECRET, form, form[:16], form[-16:]):
        assert clip not in json.dumps(event, ensure_ascii=False)


def test_client_text_reaches_the_log_safely() -> None:
    """An operation's name is the only text of a client's document in the log, and it is cut."""
    name = "N" * 9_000
    with serving(gateway_over([memory_source("alpha")])) as served:
        served.post(f"query {name} {{ __typename }}")
        served.client.get("/graphql%0d%0aSet-Cookie:%20a=b?query=%0d%0aForged:%20line")
        served.client.get("/graphql?query=%7B__typename%7D", headers={"x-forged": "a\tb", "user-agent": "\x1b[2J" * 10})

        (event, *_) = served.log.events("request.ended")
        assert event["operation"].startswith("NNN")
        assert len(event["operation"]) < 600
        assert "Forged" not in served.log.text
        assert "\x1b" not in served.log.text


@pytest.mark.parametrize(("level", "kept"), [("debug", 4), ("info", 3), ("warning", 2), ("error", 1)])
def test_level_decides_what_is_kept(level: str, kept: int) -> None:
    """Events below the level are dropped."""
    log = Log(io.StringIO())
    with logging_to(log, level, []):
        for name in ("debug", "info", "warning", "error"):
            getattr(structlog.get_logger(), name)("event")

    assert len(log.events()) == kept
