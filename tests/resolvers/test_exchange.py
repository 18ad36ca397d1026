"""From one currency to another."""

from datetime import date
from decimal import Decimal

import pytest

from connectors.scope import Scope
from model.errors import BadRequest, Unsupported
from model.reading import Converted
from model.values import Money
from resolvers.exchange import Rates, RateTable, rates_on
from tests.resolvers.aggregates.deals import asked, deal, deals
from tests.resolvers.conftest import Asks

NOVEMBER = RateTable(date(2026, 11, 1), "EUR", {"USD": Decimal("1.25"), "JPY": Decimal(160), "KWD": Decimal("0.36")})
OCTOBER = RateTable(date(2026, 10, 1), "EUR", {"USD": Decimal(2)})
RATES = rates_on(date(2026, 11, 28), [OCTOBER, NOVEMBER])


@pytest.mark.parametrize(
    ("day", "table"),
    [
        (date(2026, 9, 30), None),
        (date(2026, 10, 31), OCTOBER),
        (date(2026, 11, 1), NOVEMBER),
        (date(2027, 1, 1), NOVEMBER),
    ],
)
def test_the_newest_table_not_after_the_day_counts(day: date, table: RateTable | None) -> None:
    """In whatever order they are written."""
    assert rates_on(day, [OCTOBER, NOVEMBER]).table is table
    assert rates_on(day, [NOVEMBER, OCTOBER]).table is table


@pytest.mark.parametrize(
    ("amount", "to", "converted"),
    [
        (Money("100", "EUR"), "USD", "125"),
        (Money("100", "USD"), "EUR", "80"),
        (Money("1", "USD"), "JPY", "128"),
        (Money("0.01", "USD"), "JPY", "1"),
        (Money("1", "EUR"), "KWD", "0.36"),
        (Money("1", "USD"), "KWD", "0.288"),
        (Money("0.1", "EUR"), "USD", "0.12"),
        (Money("0.3", "EUR"), "USD", "0.38"),
        (Money("-0.1", "EUR"), "USD", "-0.12"),
        (Money("12.3456", "EUR"), "eur", "12.35"),
        (Money("5", "CHF"), "CHF", "5"),
    ],
)
def test_amounts_are_rounded_half_to_even_to_the_minor_unit(amount: Money, to: str, converted: str) -> None:
    """Yen have none, dinars three digits; what crosses two currencies goes by the base and is rounded once."""
    assert RATES.money(amount, to) == converted


@pytest.mark.parametrize(
    ("rates", "amount", "to", "says"),
    [
        (RATES, Money("1", "SEK"), "USD", r"no exchange rate from SEK to USD on 2026-11-28: add SEK to .* 2026-11-01"),
        (RATES, Money("1", "USD"), "SEK", r"no exchange rate from USD to SEK on 2026-11-28: add SEK"),
        (rates_on(date(2026, 1, 2), [OCTOBER]), Money("1", "USD"), "EUR", r"from USD to EUR on 2026-01-02: no table"),
        (RATES, Money("1", None), "EUR", r"without a currency cannot be converted to EUR"),
    ],
)
def test_a_missing_rate_says_where_to_add_it(rates: Rates, amount: Money, to: str, says: str) -> None:
    """With both currencies and the day."""
    with pytest.raises(Unsupported, match=says):
        rates.money(amount, to)


def test_what_is_no_currency_is_refused() -> None:
    """Whatever there are rates for."""
    with pytest.raises(BadRequest, match="'EURO' is no ISO 4217 currency code"):
        RATES.money(Money("1", "EUR"), "EURO")


async def test_groups_are_converted_as_a_whole(reading: Asks, scope: Scope) -> None:
    """Sums are rounded once, after they are added up; what has no amount is nothing in any currency."""
    rows = [deal("a", n, "0.005 EUR", status="OPEN", probability="0.5") for n in range(3)]
    source = deals("a", *rows, deal("a", 8, "1 USD", status="OPEN"), deal("a", 9, status="WON"))

    result = await reading(source, rates=RATES).aggregate(asked("status", convert_to="eur", is_weighted=True))

    assert [group.converted for group in result.groups] == [
        Converted(
            currency="EUR",
            count=4,
            sum=Decimal("0.82"),
            weighted=Decimal("0.01"),
            min=Decimal("0.00"),
            max=Decimal("0.80"),
        ),
        Converted(currency="EUR", count=0, sum=Decimal(0), weighted=Decimal(0), min=None, max=None),
    ]
    assert len(scope.calls) == 1


async def test_a_group_that_cannot_be_converted_says_why(reading: Asks, scope: Scope) -> None:
    """The other groups are, and its own amounts are there."""
    source = deals("a", deal("a", 1, "1 SEK", status="OPEN"), deal("a", 2, "1 EUR", status="WON"))

    open_, won = (await reading(source, rates=RATES).aggregate(asked("status", convert_to="EUR"))).groups

    assert isinstance(open_.converted, Unsupported)
    assert [item.sum for item in open_.amounts] == [1]
    assert isinstance(won.converted, Converted)


async def test_a_currency_that_is_none_is_refused_before_anybody_is_asked(reading: Asks, scope: Scope) -> None:
    """No call is spent on what cannot be answered."""
    with pytest.raises(BadRequest):
        await reading(deals("a")).aggregate(asked(convert_to="XYZ"))

    assert scope.calls == []
