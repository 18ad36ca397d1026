"""Rows become records only where they have an id."""

from typing import Any

import pytest

from tests.connectors.tables.vendor import deals


@pytest.mark.parametrize("remote_id", [None, "", ["17"], {"id": "17"}])
def test_a_row_without_an_id_is_no_record(remote_id: Any) -> None:
    """What a vendor promised to be an id and is none is garbage, and becomes no record of another name."""
    found = deals()
    read = found.reader(frozenset(), source="toy")

    assert read({found.id: 17}).remote_id == "17"
    with pytest.raises((TypeError, ValueError)):
        read({found.id: remote_id})
