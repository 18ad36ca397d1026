"""Every story comes true: the calls upstream, what explain declares of them, and the answer."""

from typing import Any

import pytest
from structlog.typing import EventDict

from tests.specs.checks import check, differences, filled
from tests.specs.conftest import StageFor
from tests.specs.stage import Answers, Stage
from tests.specs.stories import Step, Story, stories


@pytest.mark.parametrize("story", stories(), ids=lambda story: story.name)
def test_story(story: Story, events: list[EventDict], stage_for: StageFor) -> None:
    """What a story tells is what happens."""
    stage: Stage = stage_for(story)
    kept: dict[str, Any] = {}

    for step in story.steps:
        told = run(step, stage, kept)
        told += [f"logged: {event}" for event in events if event["log_level"] in {"error", "critical"}]
        assert told == [], "\n".join([f"{story.name}: {step.title}", *told])


def run(step: Step, stage: Stage, kept: dict[str, Any]) -> list[str]:
    """What does not happen as *step* tells it."""
    variables = filled(step.variables, kept)
    with stage.disturbed(step.faults):
        answers = stage.ask(step.query, variables, copies=step.copies)
    told = _calls(step, answers)
    is_refused = any("errors" in body for body in answers.bodies)
    if step.calls is not None and not is_refused:
        expected = dict(step.calls if step.explain is None else step.explain)
        declared = stage.declared(step.query, variables)
        if declared != expected:
            told.append(f"explain declares {declared}; the story says {expected}")
    for body in answers.bodies:
        told += _answer(step, body, kept)
    return told


def _calls(step: Step, answers: Answers) -> list[str]:
    told = []
    made = answers.data_calls()
    if step.calls is not None and made != dict(step.calls):
        told.append(f"made {made} data calls; the story says {dict(step.calls)}")
    if answers.journal != answers.requests():
        told.append(f"the emulators counted {answers.journal} requests; the answer tells {answers.requests()}")
    return told


def _answer(step: Step, body: dict[str, Any], kept: dict[str, Any]) -> list[str]:
    told = differences(filled(step.answer, kept), body) if step.answer is not None else []
    for path, said in step.checks.items():
        for one in said if isinstance(said, list) else [said]:
            wrong = check(body, path, str(one), kept)
            if wrong is not None:
                told.append(wrong)
    return told
