"""Reads a story: a Markdown file whose fenced blocks say what to run and what to expect.

A block's kind is its info string. `yaml setup` stands before the first step; the others belong to the step (a `##`
heading) they stand under.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Setup", "Step", "Story", "read_story", "stories"]

FOLDER = Path(__file__).parent
_BLOCK = re.compile(r"^```([a-z]+(?: [a-z]+)?)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_KINDS = {
    "yaml setup",
    "yaml request",
    "yaml faults",
    "graphql",
    "json variables",
    "yaml calls",
    "yaml explain",
    "json answer",
    "yaml checks",
}
_SETUP_KEYS = {
    "sources",
    "scale",
    "today",
    "time_scale",
    "options",
    "configure",
    "limits",
    "custom_fields",
    "exchange_rates",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The world a story is told in.

    Attributes:
        sources: platforms that are emulated and connected.
        scale: of the seeded books.
        today: "book" for the books' own day, "now" for today's.
        time_scale: virtual seconds per real second, at the emulators and in our limiters.
        options: by platform, switches of its emulator.
        configure: by platform, further keys of its source's config.
        limits: of the gateway.
        custom_fields: of the gateway; the demo's where the story says none.
        exchange_rates: its tables of rates.
    """

    sources: tuple[str, ...] = ("salesforce", "hubspot")
    scale: float = 1.0
    today: str = "book"
    time_scale: float = 20.0
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    configure: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    limits: Mapping[str, Any] = field(default_factory=dict)
    custom_fields: Mapping[str, Any] = field(default_factory=dict)
    exchange_rates: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One request, or the same one several times at once.

    Attributes:
        variables: texts such as "<after>" stand for what an earlier step kept.
        faults: by platform, the faults that are on while the request runs.
        copies: how often the request is sent at the same moment.
        calls: data calls by source, of all copies together; None where the story does not say.
        explain: what `explain` declares by source; equal to *calls* where the story does not say otherwise.
        answer: part of the response's body.
        checks: what holds at paths of the response's body.
    """

    title: str
    query: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    faults: Mapping[str, list[dict[str, Any]]] = field(default_factory=dict)
    copies: int = 1
    calls: Mapping[str, int] | None = None
    explain: Mapping[str, int] | None = None
    answer: Mapping[str, Any] | None = None
    checks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One file."""

    name: str
    setup: Setup
    steps: tuple[Step, ...]

    @property
    def is_disturbing(self) -> bool:
        """Whether it leaves traces, such as a source that is known to fail: then nobody shares its world."""
        return any(step.faults for step in self.steps)


def stories() -> list[Story]:
    """Every story, by file name."""
    return [read_story(path.stem, path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.md"))]


def read_story(name: str, text: str) -> Story:
    """The story that *text* tells.

    Raises:
        ValueError: it cannot be run; the message says why.
    """
    head, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    setup: dict[str, Any] = {}
    for kind, body in _blocks(name, head):
        if kind != "yaml setup":
            raise ValueError(f"{name}: the block `{kind}` stands before the first step")
        setup = yaml.safe_load(body)
    unknown = set(setup) - _SETUP_KEYS
    if unknown:
        raise ValueError(f"{name}: setup has unknown keys {', '.join(sorted(unknown))}")
    if "sources" in setup:
        setup["sources"] = tuple(setup["sources"])
    if "exchange_rates" in setup:
        setup["exchange_rates"] = tuple(setup["exchange_rates"])
    steps = tuple(_step(name, section) for section in sections)
    if not steps:
        raise ValueError(f"{name}: a story needs a step, which is a heading of the second level")
    return Story(name=name, setup=Setup(**setup), steps=steps)


def _blocks(name: str, text: str) -> Iterator[tuple[str, str]]:
    for kind, body in _BLOCK.findall(text):
        if kind not in _KINDS:
            raise ValueError(f"{name}: the block `{kind}` is unknown; there are {', '.join(sorted(_KINDS))}")
        yield kind, body
    if len(re.findall(r"^```", text, flags=re.MULTILINE)) != 2 * len(_BLOCK.findall(text)):
        raise ValueError(f"{name}: a block has no kind or no end")


def _step(name: str, section: str) -> Step:
    title, _, text = section.partition("\n")
    found: dict[str, Any] = {"title": title.strip()}
    for kind, body in _blocks(name, text):
        key = kind.rpartition(" ")[2]
        if key == "graphql":
            found["query"] = body
        elif key == "request":
            found |= yaml.safe_load(body)
        elif key in found:
            raise ValueError(f"{name}: {title} has two blocks `{kind}`")
        else:
            # YAML reads JSON as well.
            found[key] = yaml.safe_load(body)
    if "query" not in found:
        raise ValueError(f"{name}: {title} has no query")
    if not {"calls", "answer", "checks"} & set(found):
        raise ValueError(f"{name}: {title} expects nothing")
    return Step(**found)
