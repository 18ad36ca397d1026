"""Stages for stories: one for each setup, shared by all that leave no traces."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
import structlog
from structlog.typing import EventDict

from tests.specs.stage import Stage, staged
from tests.specs.stories import Story

StageFor = Callable[[Story], Stage]


@pytest.fixture(scope="session")
def shared_stages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageFor]:
    """The stage of a story's setup, started when the first story needs it."""
    with ExitStack() as stack:
        stages: dict[str, Stage] = {}

        def stage_for(story: Story) -> Stage:
            key = repr(story.setup)
            if key not in stages:
                stages[key] = stack.enter_context(staged(story.setup, tmp_path_factory.mktemp("stage")))
            return stages[key]

        yield stage_for


@pytest.fixture
def events() -> Iterator[list[EventDict]]:
    """What the gateway logs while a story runs."""
    with structlog.testing.capture_logs() as found:
        yield found


@pytest.fixture
def stage_for(shared_stages: StageFor, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StageFor]:
    """A story's stage: its own where it sets faults, else the shared one."""
    with ExitStack() as stack:

        def find(story: Story) -> Stage:
            if story.is_disturbing:
                return stack.enter_context(staged(story.setup, tmp_path_factory.mktemp("stage")))
            return shared_stages(story)

        yield find
