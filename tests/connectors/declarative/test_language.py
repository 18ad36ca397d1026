"""What is asked of an API is what was meant, whatever signs it holds."""

import pytest
from pydantic import ValidationError

from connectors.declarative.filters import Declared, Term, condition_in
from connectors.declarative.spec import FilterSpec, FormatsSpec
from connectors.tables import Kind, divided
from model.query import EVERYTHING, Compare, Operator

KEYS = Declared(FilterSpec.model_validate({"style": "keys", "leaf": "$column", "operators": {"in": "in"}}))
TREE = FilterSpec.model_validate({"style": "json", "leaf": {"$column": "$value"}, "text": {"eq": "eq"}})
ODATA = FilterSpec.model_validate({"style": "text", "leaf": "$column $operator $value", "text": {"eq": "eq"}})


def test_a_value_with_the_separator_is_not_joined() -> None:
    """It would be two values there, so the condition is checked here."""
    word = Term(column="status", kind=Kind.WORD, is_open=True)

    divisions = [
        divided(Compare("status", Operator.IN, values), {"status": word}, KEYS, fits=KEYS.fits)
        for values in (("a", "b"), ("a", "b,c"))
    ]

    assert [(one.pushed == EVERYTHING, one.residual == EVERYTHING) for one in divisions] == [
        (False, True),
        (True, False),
    ]


def test_a_value_is_no_template_and_no_syntax() -> None:
    """Names of templates, quotes and braces stay the value's own."""
    text = Term(column="name", kind=Kind.TEXT)
    for value in ("$column", "${operator}", "$$", "o'hara' or 1 eq 1", "{}%s"):
        told = Declared(TREE).tell(text, Compare("name", Operator.EQ, value), negate=False)
        said = Declared(ODATA).tell(text, Compare("name", Operator.EQ, value), negate=False)
        assert told is not None
        assert said is not None

        assert condition_in(told.condition, TREE) == {"name": value}
        assert condition_in(said.condition, ODATA) == f"name eq '{value.replace(chr(39), 2 * chr(39))}'"


def test_seconds_since_1970_stand_for_instants_of_whole_seconds_alone() -> None:
    """With finer ones a bound would be cut off, and other rows be found than were asked for."""
    told = {"instant": "iso", "asked_instant": "epoch"}

    with pytest.raises(ValidationError, match="stored: seconds"):
        FormatsSpec.model_validate(told)

    assert FormatsSpec.model_validate(told | {"stored": "seconds"}).asked_instant == "epoch"
