"""Global ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.errors import BadRequest
from model.ids import GlobalId

PARTS = st.text(st.characters(min_codepoint=33, max_codepoint=0x2FF, exclude_categories=("C", "Z")), min_size=1)


@given(PARTS, PARTS, PARTS)
def test_an_id_reads_back(kind: str, source: str, remote_id: str) -> None:
    """Encoding and decoding are inverse."""
    found = GlobalId(kind, source, remote_id)

    assert found == GlobalId.decode(found.encode())


@pytest.mark.parametrize("text", ["", "x", "é", "Y29udGFjdA", "A" * 600, "YQpiCmM=", "YQpi\nCmM", "YQpiCmNkCmU"])
def test_what_is_no_id_is_the_callers_mistake(text: str) -> None:
    """Foreign, padded, truncated and oversized texts are refused alike."""
    with pytest.raises(BadRequest):
        GlobalId.decode(text)


@given(st.text(max_size=60))
def test_no_text_breaks_decoding(text: str) -> None:
    """Anything is an id or a BadRequest."""
    try:
        found = GlobalId.decode(text)
    except BadRequest:
        return
    assert found.encode() == text
