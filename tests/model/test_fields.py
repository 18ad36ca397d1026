"""What a condition may name: fields, relations, fields behind relations, and the CRM's own fields."""

import pytest

from model.entities import Company, Contact, Entity, Record
from model.errors import OurBug
from model.evaluate import evaluate
from model.fields import CustomName, FieldKind, custom_of, field_of, path_of, public_name
from model.query import Compare, Operator, RelationSelection, Selection
from model.values import Ref


def contact(**fields: object) -> Contact:
    """A contact with *fields* alone."""
    return Contact(source="a", remote_id="1", **fields)  # type: ignore[arg-type]  # drawn by name


def test_a_relation_compares_by_remote_id() -> None:
    """A to-one relation is a reference; a to-many one is no field."""
    assert field_of(Entity.CONTACT, "company").kind is FieldKind.REFERENCE
    with pytest.raises(KeyError):
        field_of(Entity.CONTACT, "deals")


def test_a_path_names_the_field_behind() -> None:
    """The kind is the far field's."""
    assert path_of("company.employee_count") == ("company", "employee_count")
    assert field_of(Entity.CONTACT, "company.employee_count").kind is FieldKind.INTEGER
    assert path_of("custom.TEXT.a.b") is None


def test_a_custom_name_reads_back() -> None:
    """Keys may hold dots."""
    name = CustomName(FieldKind.DECIMAL, "group.nps")

    assert custom_of(str(name)) == name
    assert field_of(Entity.DEAL, str(name)).kind is FieldKind.DECIMAL
    assert custom_of("email") is None


@pytest.mark.parametrize(
    ("name", "public"),
    [
        ("expected_close_on", "expectedCloseOn"),
        ("remote_id", "id"),
        ("custom.TEXT.nps_score", "custom field nps_score"),
        ("company.remote_id", "company.id"),
        ("company.custom.DECIMAL.annual_spend", "company.custom field annual_spend"),
    ],
)
def test_messages_name_fields_as_clients_do(name: str, public: str) -> None:
    """In camel case, without what only this product says; a key of the CRM's own stays as it is."""
    assert public_name(name) == public


def test_custom_values_compare_by_the_kind_of_the_name() -> None:
    """As numbers they are equal, as texts they are not."""
    record = contact(custom={"score": "9.0", "gone": None})

    assert evaluate(Compare("custom.DECIMAL.score", Operator.EQ, "9"), record, entity=Entity.CONTACT)
    assert not evaluate(Compare("custom.TEXT.score", Operator.EQ, "9"), record, entity=Entity.CONTACT)
    assert evaluate(Compare("custom.TEXT.gone", Operator.IS_NULL, operand=True), record, entity=Entity.CONTACT)
    with pytest.raises(OurBug):
        evaluate(Compare("custom.TEXT.other", Operator.EQ, "9"), record, entity=Entity.CONTACT)


def test_what_is_behind_no_relation_is_missing() -> None:
    """Only negative comparisons are true of it."""
    company = Company(source="a", remote_id="7", domain="acme.example")
    held: dict[str, Record] = {"7": company}

    def related(record: Record, relation: str) -> Record | None:
        ref: Ref | None = getattr(record, relation)
        return None if ref is None else held[ref.remote_id]

    def holds(operator: Operator, operand: str, ref: Ref | None) -> bool:
        compare = Compare("company.domain", operator, operand)
        return evaluate(compare, contact(company=ref), entity=Entity.CONTACT, related=related)

    assert holds(Operator.EQ, "ACME.example", Ref("company", "7"))
    assert not holds(Operator.EQ, "acme.example", None)
    assert holds(Operator.NE, "acme.example", None)


def test_a_selection_takes_the_names_of_predicates() -> None:
    """Paths and relations become relations, the rest fields."""
    selection = Selection(frozenset({"email"})).with_fields("company.domain", "owner", "custom.TEXT.x", "phone")

    assert selection.fields == {"email", "custom.TEXT.x", "phone"}
    assert selection.relations == {
        "company": RelationSelection(Selection(frozenset({"domain"}))),
        "owner": RelationSelection(Selection()),
    }
