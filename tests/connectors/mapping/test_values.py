"""Values that are none raise what the HTTP client reports as garbage, and nothing else gets through."""

import pytest

from connectors.mapping import GARBAGE, convert, understood
from model.errors import SourceUnavailable


@pytest.mark.parametrize("value", ["2026-02-30", "2026-13-01", "0000-01-01", 10**30])
def test_a_day_that_there_is_not_is_garbage(value: object) -> None:
    """It is found while its answer is read, and not where days are counted later."""
    with pytest.raises(GARBAGE):
        convert.date(value)


@pytest.mark.parametrize("value", ["2026-02-30T10:00:00.000Z", "2026-01-01T25:00:00.000Z", 10**30])
def test_an_instant_that_there_is_not_is_garbage(value: object) -> None:
    """As with days."""
    with pytest.raises(GARBAGE):
        convert.instant(value)


@pytest.mark.parametrize("value", [["a"], {"a": "b"}])
def test_a_list_is_no_text(value: object) -> None:
    """Its Python spelling would pass for what somebody wrote."""
    with pytest.raises(GARBAGE):
        convert.text(value)


def test_garbage_is_an_unavailable_source_and_is_not_quoted() -> None:
    """What the rows hold may be anybody's data."""
    with pytest.raises(SourceUnavailable) as caught, understood("crm"):
        int("jane@example.com")

    assert caught.value.source == "crm"
    assert "jane" not in caught.value.message
