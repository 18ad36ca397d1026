"""Hostile and broken files: each is refused in words, with its line, quickly, and builds nothing."""

import time
from pathlib import Path

import pytest

from gateway.config import load_settings
from model.errors import ConfigError
from tests.gateway.config.files import ENVIRON, GOOD, loaded, refused

NINE = ", *".join(["a"] * 9)
BOMB = "a: &a [x]\n" + "".join(f"{key}: &a [*{NINE}]\n" for key in "bcdefghi")

HOSTILE: dict[str, tuple[str | bytes, str]] = {
    "billion laughs": (BOMB, "gateway.yaml:1: anchors and aliases are not read"),
    "endless alias": ("a: &a [*a]\n", "gateway.yaml:1: anchors and aliases are not read"),
    "merge key": ("a: &a {b: 1}\nc:\n  <<: *a\n", "gateway.yaml:1: anchors and aliases are not read"),
    "python object": ("a: !!python/object/apply:os.system [id]\n", "gateway.yaml:1: tags are not read"),
    "own tag": ("a: 1\nb: !env HOME\n", "gateway.yaml:2: tags are not read"),
    "ten megabytes": (b"a: " + b"x" * 10_000_000, "gateway.yaml:1: is larger than 262144 bytes"),
    "NUL": (b"a: 1\nb: x\x00y\n", "gateway.yaml:2: holds the control character '\\x00'"),
    "escape": (b"a: \x1b[2J\n", "gateway.yaml:1: holds the control character '\\x1b'"),
    "not UTF-8": (b"a: 1\nb: caf\xe9\n", "gateway.yaml:2: is not UTF-8 text"),
    "UTF-16": ("a: 1\n".encode("utf-16"), "gateway.yaml:1: is not UTF-8 text"),
    "deep nesting": ("a: " + "[" * 60_000, "gateway.yaml:1: is nested deeper than 20 levels"),
    "deep mapping": ("".join(f"{' ' * depth}a:\n" for depth in range(400)), "gateway.yaml:21: is nested deeper"),
    "repeated key": (GOOD + "limits: {first: 1}\n", "gateway.yaml:18 limits: stands twice"),
    "two documents": ("a: 1\n---\nb: 2\n", "gateway.yaml:2: "),
    "no mapping": ("- a\n", "gateway.yaml:1: must be a mapping"),
    "nothing": ("", "gateway.yaml:1: must be a mapping"),
    "no YAML": ("a: [1\nb: 2\n", "gateway.yaml:2: "),
    "key of many parts": ("? [a, b]\n: 1\n", "gateway.yaml:1: has a key that is no text"),
    "endless number": (f"a: {'9' * 5_000}\n", "gateway.yaml:1 a: is no plain value"),
    "impossible date": ("a: 2026-13-45\n", "gateway.yaml:1 a: is no plain value"),
}


@pytest.mark.parametrize(("content", "message"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_file_is_refused_with_its_line(tmp_path: Path, content: str | bytes, message: str) -> None:
    """The refusal names the line, takes less than a second of CPU, and is short."""
    started = time.process_time()

    lines = refused(tmp_path, content)

    assert time.process_time() - started < 1
    assert lines[0].startswith(message)
    assert sum(map(len, lines)) < 10_000


def test_byte_order_mark_and_large_file_are_fine(tmp_path: Path) -> None:
    """The checks let through what a careful operator's editor writes."""
    large = GOOD + "".join(
        f"  - {{key: s{number}, platform: hubspot, auth: {{kind: bearer, token: env:HUBSPOT_TOKEN}}}}\n"
        for number in range(1_000)
    )

    settings = loaded(tmp_path, "\ufeff# Größe\n" + large)

    assert len(settings.sources) == 1_002


def test_missing_file_is_refused(tmp_path: Path) -> None:
    """Nothing to read, and a folder in its place, are said in words."""
    for path, why in ((tmp_path / "none.yaml", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(ConfigError, match=f"cannot be read: {why}"):
            load_settings(path, environ=ENVIRON)


def test_names_in_a_file_reach_no_terminal_as_escapes(tmp_path: Path) -> None:
    """A key written with escapes is shown with escapes, and cut."""
    (line,) = refused(tmp_path, GOOD + '"\\e[2J\\u009b1m\\u202e' + "x" * 1_000 + '": 1\n')

    assert line.isprintable()
    assert len(line) < 500
