"""Record ids in both their lengths."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.salesforce.objects import canonical

LONG = "001D000000IqhSLIAZ"


def test_short_id_gets_its_checksum() -> None:
    """The vendor's own example: 15 characters become 18."""
    assert canonical("001D000000IqhSL") == LONG


@pytest.mark.parametrize("text", [LONG, LONG.lower(), LONG.upper()])
def test_checksum_restores_case(text: str) -> None:
    """An id that lost its case is mended."""
    assert canonical(text) == LONG


@pytest.mark.parametrize("text", ["", "001D000000Iqh", "001D000000IqhSL!", "001D000000IqhSLIA9", f"{LONG}\n", "'"])
def test_what_cannot_be_an_id_is_none(text: str) -> None:
    """Wrong lengths, characters and checksums are refused without a call."""
    assert canonical(text) is None


@given(st.text("0123456789ABCXYZabcxyz", min_size=15, max_size=15))
def test_spelling_is_stable(short: str) -> None:
    """The long form begins with the short one, is its own spelling, and survives the loss of its case."""
    spelled = canonical(short)

    assert spelled is not None
    assert spelled[:15] == short
    assert canonical(spelled) == spelled
    assert canonical(spelled.lower()) == spelled
