"""What conditions become in the OData that Dataverse speaks."""

import pytest

from connectors.dynamics365.odata import OData, Term, canonical, sort_key
from connectors.tables import Kind, Told
from model.query import Compare, MoneyBound, Operand, Operator

TEXT = Term(column="fullname", kind=Kind.TEXT)
WHOLE = Term(column="numberofemployees", kind=Kind.NUMBER, places=0, most=2**31 - 1)
PERCENT = Term(column="closeprobability", kind=Kind.NUMBER, places=0, most=2**31 - 1, factor=100)
INSTANT = Term(column="createdon", kind=Kind.INSTANT, is_always=True)
DUE = Term(column="scheduledend", kind=Kind.DAY, holds_instants=True)
OPEN = Term(column="estimatedvalue", kind=Kind.MONEY, places=4, currency_column="currency", currencies={"EUR": "e1"})
CLOSED = Term(column="actualvalue", kind=Kind.MONEY, places=4, currency_column="currency", currencies={"EUR": "e1"})
AMOUNT = Term(column="estimatedvalue", kind=Kind.MONEY, cases=(("statecode eq 0", OPEN), ("statecode ne 0", CLOSED)))
CLOSED_ON = Term(column="actualclosedate", kind=Kind.DAY)
ONLY_CLOSED = Term(
    column="actualclosedate", kind=Kind.DAY, cases=(("statecode ne 0", CLOSED_ON), ("statecode eq 0", None))
)

_SHARP = 'PropertyName=\'fullname\',PropertyValues=["weiss", "weiß"]'
_IN = "Microsoft.Dynamics.CRM.In"


@pytest.mark.parametrize(
    ("term", "operator", "operand", "told"),
    [
        (TEXT, Operator.EQ, "O'Brien", Told("fullname eq 'O''Brien'", is_exact=False)),
        (TEXT, Operator.CONTAINS, "50%_[a]", Told("contains(fullname,'50[%][_][[]a]')", is_exact=False)),
        (TEXT, Operator.STARTS_WITH, "İx", Told("contains(fullname,'x')", is_exact=False)),
        (TEXT, Operator.EQ, "Weiss", Told(f"{_IN}({_SHARP})", is_exact=False)),
        (
            TEXT,
            Operator.IN,
            ("Ann", "Bo", 'a"b'),
            Told(f'({_IN}(PropertyName=\'fullname\',PropertyValues=["Ann", "Bo"]) or fullname eq \'a"b\')', False),
        ),
        (TEXT, Operator.EQ, "a\x00b", None),
        (TEXT, Operator.NE, "Ann", None),
        (WHOLE, Operator.GTE, "10.5", Told("numberofemployees gt 10")),
        (WHOLE, Operator.LT, "10.5", Told("numberofemployees le 10")),
        (WHOLE, Operator.GT, "9999999999", Told("numberofemployees gt 2147483647")),
        (WHOLE, Operator.NE, "10", Told("(numberofemployees ne 10 or numberofemployees eq null)")),
        (WHOLE, Operator.EQ, "10.5", None),
        (PERCENT, Operator.EQ, "0.25", Told("closeprobability eq 25")),
        (INSTANT, Operator.LT, "2026-05-01T10:00:00.999Z", Told("createdon le 2026-05-01T10:00:00Z")),
        (INSTANT, Operator.LT, "0001-01-01T00:00:00.000Z", None),
        (
            DUE,
            Operator.EQ,
            "2026-12-31",
            Told("scheduledend ge 2026-12-31T00:00:00Z and scheduledend lt 2027-01-01T00:00:00Z"),
        ),
        (
            AMOUNT,
            Operator.GTE,
            MoneyBound("EUR", "10"),
            Told(
                "(statecode eq 0 and currency eq e1 and estimatedvalue ge 10"
                " or statecode ne 0 and currency eq e1 and actualvalue ge 10)"
            ),
        ),
        (AMOUNT, Operator.GTE, MoneyBound("XTS", "10"), None),
        (ONLY_CLOSED, Operator.IS_NULL, True, Told("(statecode ne 0 and actualclosedate eq null or statecode eq 0)")),
        (ONLY_CLOSED, Operator.GT, "2026-01-01", Told("(statecode ne 0 and actualclosedate gt 2026-01-01)")),
    ],
)
def test_a_comparison_is_told_so_that_it_loses_no_row(
    term: Term, operator: Operator, operand: Operand, told: Told[str] | None
) -> None:
    """Signs are escaped, bounds keep their meaning in the column's own steps, and what cannot be said is not."""
    assert OData().tell(term, Compare("field", operator, operand), negate=False) == told


def test_ids_compare_as_sql_server_compares_them() -> None:
    """The last group counts most; within the first three groups the last byte does."""
    ordered = [
        "01000000-0000-0000-0000-000000000000",
        "00000001-0000-0000-0000-000000000000",
        "00000000-0100-0000-0000-000000000000",
        "00000000-0001-0000-0000-000000000000",
        "00000000-0000-0100-0000-000000000000",
        "00000000-0000-0001-0000-000000000000",
        "00000000-0000-0000-0001-000000000000",
        "00000000-0000-0000-0100-000000000000",
        "00000000-0000-0000-0000-000000000001",
        "00000000-0000-0000-0000-010000000000",
    ]

    assert sorted(sorted(ordered), key=sort_key) == ordered
    assert canonical(ordered[0].upper()) == ordered[0]
    assert canonical("0" * 36) is None


def test_long_lists_are_cut() -> None:
    """No list holds more values than one is known to take, and what is excluded is in none of them."""
    ids = tuple(f"{number:08x}-0000-0000-0000-000000000000" for number in range(501))
    owner = Term(column="_ownerid_value", kind=Kind.LINK)

    found = OData().tell(owner, Compare("owner", Operator.IN, ids), negate=False)
    left = OData().tell(owner, Compare("owner", Operator.NOT_IN, ids), negate=False)

    assert found is not None
    assert left is not None
    assert found.condition.count(" or Microsoft.Dynamics.CRM.In(") == 1
    assert left.condition.count(" and Microsoft.Dynamics.CRM.NotIn(") == 1
    assert left.condition.endswith(" or _ownerid_value eq null)")
