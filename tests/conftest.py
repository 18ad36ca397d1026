"""What every test runs under: one Hypothesis profile, and the rule that continuous integration skips nothing unseen."""

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
)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skipped test into a failed one where skipping is refused."""
    report = yield
    refuse_skip(report)
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
