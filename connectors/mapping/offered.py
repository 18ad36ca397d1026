"""What a filter can ask of each kind of field."""

from collections.abc import Mapping

from model.fields import Field, FieldKind, is_filterable
from model.query import Operator

__all__ = ["offered"]

_LISTED = (Operator.EQ, Operator.IN, Operator.IS_NULL)
_WORDS = (Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN)
_TEXTS = (*_WORDS, Operator.CONTAINS, Operator.STARTS_WITH, Operator.IS_NULL)
_BOUNDS = (Operator.LT, Operator.LTE, Operator.GT, Operator.GTE)
_BY_KIND: Mapping[FieldKind, tuple[Operator, ...]] = {
    **dict.fromkeys((FieldKind.TEXT, FieldKind.EMAIL, FieldKind.PHONE, FieldKind.URL, FieldKind.MULTI_CHOICE), _TEXTS),
    FieldKind.CHOICE: (Operator.EQ, Operator.IN, Operator.NOT_IN),
    FieldKind.REFERENCE: _LISTED,
    FieldKind.BOOLEAN: (Operator.EQ, Operator.IS_NULL),
    FieldKind.INTEGER: (Operator.EQ, Operator.NE, Operator.IN, *_BOUNDS, Operator.IS_NULL),
    FieldKind.DECIMAL: (Operator.EQ, Operator.NE, *_BOUNDS, Operator.IS_NULL),
    FieldKind.MONEY: (Operator.EQ, *_BOUNDS),
    FieldKind.DATE: (Operator.EQ, *_BOUNDS, Operator.IS_NULL),
    FieldKind.DATETIME: (*_BOUNDS, Operator.IS_NULL),
}
_BY_NAME: Mapping[str, tuple[Operator, ...]] = {"remote_id": _LISTED, "lifecycle": _TEXTS}
"""Fields that are filtered as another kind."""


def offered(field: Field) -> tuple[Operator, ...]:
    """The operators that a filter offers for *field*; none where no filter names it."""
    if not is_filterable(field):
        return ()
    return _BY_NAME.get(field.name, _BY_KIND.get(field.kind, ()))
