"""HubSpot's properties under their own names."""

from typing import Any

import pytest

from connectors.hubspot.objects import Property
from connectors.hubspot.objects.own import criterion_as, kind_of, own_column
from model.fields import FieldKind
from model.values import Choice

RED = (Choice("red", "Red"), Choice("blue", "Blue"))
YES = (Choice("true", "Yes"), Choice("false", "No"))


@pytest.mark.parametrize(
    ("kind", "form", "options", "expected"),
    [
        ("string", "text", (), FieldKind.TEXT),
        ("string", "textarea", (), FieldKind.LONG_TEXT),
        ("string", "html", (), FieldKind.LONG_TEXT),
        ("phone_number", "phonenumber", (), FieldKind.PHONE),
        ("number", "number", (), FieldKind.DECIMAL),
        ("date", "date", (), FieldKind.DATE),
        ("datetime", "date", (), FieldKind.DATETIME),
        ("bool", "booleancheckbox", YES, FieldKind.BOOLEAN),
        ("enumeration", "booleancheckbox", YES, FieldKind.BOOLEAN),
        ("enumeration", "booleancheckbox", RED, FieldKind.CHOICE),
        ("enumeration", "select", RED, FieldKind.CHOICE),
        ("enumeration", "radio", RED, FieldKind.CHOICE),
        ("enumeration", "checkbox", RED, FieldKind.MULTI_CHOICE),
        ("json", "text", (), FieldKind.OTHER),
    ],
)
def test_the_kind_follows_type_and_form(kind: str, form: str, options: tuple[Choice, ...], expected: FieldKind) -> None:
    """An enumeration is one choice, several, or a yes or no by the way people fill it in."""
    assert expected is kind_of(Property(name="x", label="X", kind=kind, form=form, options=options))


@pytest.mark.parametrize(
    ("kind", "form", "value", "expected"),
    [
        ("string", "text", "a;b", "a;b"),
        ("string", "text", "", None),
        ("string", "text", None, None),
        ("number", "number", "1e3", "1000"),
        ("number", "number", "", None),
        ("bool", "booleancheckbox", "true", True),
        ("bool", "booleancheckbox", "", None),
        ("enumeration", "checkbox", "red;blue", ("red", "blue")),
        ("enumeration", "checkbox", "", None),
        ("enumeration", "select", "red", "red"),
        ("date", "date", "2026-05-08", "2026-05-08"),
        ("date", "date", "1778198400000", "2026-05-08"),
        ("datetime", "date", "2026-05-08T10:00:00Z", "2026-05-08T10:00:00.000Z"),
        ("object_coordinates", "text", "1,2", "1,2"),
    ],
)
def test_values_are_read_in_wire_form(kind: str, form: str, value: str | None, expected: Any) -> None:
    """Every value comes as text: the property's own type says what it is."""
    column = own_column(Property(name="x", label="X", kind=kind, form=form))

    assert expected == column.read({"x": value})


def test_what_has_no_kind_cannot_be_compared() -> None:
    """HubSpot does not say what its other types hold."""
    other = Property(name="x", label="X", kind="json")

    assert not any(criterion_as(other, kind) for kind in FieldKind)
    assert not any(criterion_as(None, kind) for kind in FieldKind)
