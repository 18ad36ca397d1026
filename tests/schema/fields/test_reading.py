"""The one default resolver."""

from typing import Any

import pytest

from model.entities import Contact, Entity, record_type
from model.errors import OurBug
from model.ids import GlobalId
from model.values import UNSET, Choice
from schema.fields.reading import global_id, read_attribute, type_name
from tests.schema.conftest import Ask
from tests.schema.shelf import Shelf


def test_field_that_was_not_read_is_our_bug() -> None:
    """UNSET is neither null nor a value: handing it out would be a silent lie."""
    record = Contact(source="north", remote_id="c1", email=None)

    assert read_attribute(record, "email") is None
    with pytest.raises(OurBug, match=r"Contact\.phone was selected and never read"):
        read_attribute(record, "phone")


async def test_connector_that_forgets_field_gives_masked_error(ask: Ask, shelf: Shelf) -> None:
    """A connector that leaves out an asked field shows as INTERNAL on that field alone."""
    shelf.records = [Contact(source="north", remote_id="c1", email="a@b.example")]

    answer = await ask("{ contacts { nodes { email phone } } }")

    assert answer["data"] == {"contacts": {"nodes": [{"email": "a@b.example", "phone": None}]}}
    assert [(error["path"], error["extensions"]["code"]) for error in answer["errors"]] == [
        (["contacts", "nodes", 0, "phone"], "INTERNAL")
    ]
    assert "Contact" not in answer["errors"][0]["message"]


@pytest.mark.parametrize("entity", list(Entity))
def test_records_are_told_by_class(entity: Entity) -> None:
    """Every record class is one type of the schema, and its id names that type."""
    record: Any = record_type(entity)(source="north", remote_id="7")

    assert type_name(record) == type(record).__name__
    assert GlobalId.decode(global_id(record)) == GlobalId(entity.value, "north", "7")


def test_value_has_no_id() -> None:
    """Asking a value for an id is a bug, not an id."""
    assert type_name(Choice("a")) is None
    with pytest.raises(OurBug):
        global_id(Choice("a"))
    assert not UNSET


async def test_values_show_as_they_are(ask: Ask) -> None:
    """Choices, labelled values, tags, flags and instants pass through untouched."""
    query = """{ contacts(first: 1) { nodes { createdAt isDeleted isArchived emailOptOut tags birthDate fetchedAt
        lifecycle { value label normalized } emails { value label isPrimary normalized } addresses { city } } } }"""

    (contact,) = (await ask(query))["data"]["contacts"]["nodes"]

    assert contact == {
        "createdAt": "2026-05-01T08:00:00.000Z",
        "isDeleted": False,
        "isArchived": None,
        "emailOptOut": False,
        "tags": ["vip", "North"],
        "birthDate": None,
        "fetchedAt": "2026-05-13T10:30:00.000Z",
        "lifecycle": {"value": "lead", "label": "Lead", "normalized": None},
        "emails": [{"value": "1@north.example", "label": "work", "isPrimary": True, "normalized": None}],
        "addresses": None,
    }
