"""What every test runs under: one Hypothesis profile, reports that can be sent, and the rule that CI skips nothing."""

import os
import re
from collections.abc import Generator

import pytest
from hypothesis import HealthCheck, settings

# A shared machine's pace is no law of ours; a failing example prints what reproduces it.
settings.register_profile("gateway", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("gateway")

CI_VARIABLE = "CRM_GATEWAY_CI"
ALLOWED_SKIPS = (
    # Their own step of .ci/run brings the group, and fails when it collects nothing.
    r"the browser dependency group is not installed",
    r"the clients dependency group is not installed",
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one where skipping is refused, and make the report fit to be sent."""
    report = yield
    refuse_skip(report)
    make_sendable(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself while it is collected."""
    report = yield
    refuse_skip(report)
    return report


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Fail a skip whose reason is not allowed, in continuous integration; an expected failure is no skip."""
    if os.environ.get(CI_VARIABLE) != "1" or report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    skipped = report.longrepr
    reason = skipped[2].removeprefix("Skipped: ") if isinstance(skipped, tuple) else str(skipped)
    if not any(re.fullmatch(allowed, reason) for allowed in ALLOWED_SKIPS):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be: {reason}\n(allowed reasons stand in tests/conftest.py)"


def make_sendable(report: pytest.TestReport) -> None:
    """Escape lone surrogates: a worker cannot send them, and would end the whole run in place of one test."""
    report.sections = [(escaped(title), escaped(text)) for title, text in report.sections]
    text = str(report.longrepr or "")
    if escaped(text) != text:
        report.longrepr = escaped(text)


def escaped(text: str) -> str:
    """*text* with what UTF-8 cannot hold as backslash escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
