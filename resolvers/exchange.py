"""From one currency to another, by the operator's dated rates."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from iso4217 import Currency

from model.errors import BadRequest, Unsupported
from model.values import EXACT, DecimalText, Money, decimal_text

__all__ = ["NO_RATES", "RateTable", "Rates", "currency_named", "rates_on"]

# Of currencies that have no minor unit to speak of, such as gold.
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates from *valid_on* until a newer table is: one *base* is worth so many of each currency."""

    valid_on: date
    base: str
    rates: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Rates:
    """The rates of one day: those of the newest *table* not after it; None where there is none."""

    day: date
    table: RateTable | None

    def converted(self, amounts: Iterable[tuple[Decimal, str | None]], to: str) -> Decimal:
        """The sum of *amounts* in the currency *to*, exact until it is rounded once, half to even, to its minor unit.

        Raises:
            Unsupported: a rate is missing.
        """
        exact = sum((Fraction(amount) * self._factor(currency, to) for amount, currency in amounts), Fraction(0))
        exponent = Currency(to).exponent
        digits = _DIGITS if exponent is None else exponent
        return EXACT.scaleb(Decimal(round(exact * 10**digits)), -digits)

    def money(self, amount: Money, to: str) -> DecimalText:
        """*amount* in the currency *to*.

        Raises:
            BadRequest: *to* is no currency.
            Unsupported: a rate is missing.
        """
        return decimal_text(self.converted([(Decimal(amount.amount), amount.currency)], currency_named(to)))

    def _factor(self, currency: str | None, to: str) -> Fraction:
        if currency == to:
            return Fraction(1)
        if currency is None:
            raise Unsupported(f"an amount without a currency cannot be converted to {to}")
        return self._worth_of(to, currency, to) / self._worth_of(currency, currency, to)

    def _worth_of(self, currency: str, source: str, to: str) -> Fraction:
        """How many of *currency* one base is worth."""
        if self.table is None:
            raise Unsupported(
                f"no exchange rate from {source} to {to} on {self.day}: no table of exchange_rates in the"
                " gateway's configuration is of that day or before"
            )
        if currency == self.table.base:
            return Fraction(1)
        rate = self.table.rates.get(currency)
        if rate is None:
            raise Unsupported(
                f"no exchange rate from {source} to {to} on {self.day}: add {currency} to the table of"
                f" {self.table.valid_on} in exchange_rates of the gateway's configuration"
            )
        return Fraction(rate)


NO_RATES = Rates(date.min, None)
"""What there is without a table: no amount changes its currency."""


def rates_on(day: date, tables: Iterable[RateTable]) -> Rates:
    """The rates of *day*."""
    newest = max((table for table in tables if table.valid_on <= day), key=lambda table: table.valid_on, default=None)
    return Rates(day, newest)


def currency_named(code: str) -> str:
    """The ISO 4217 code that *code* spells in any case.

    Raises:
        BadRequest: it is none.
    """
    try:
        return Currency(code.upper()).code
    except ValueError:
        raise BadRequest(f"{code[:16]!r} is no ISO 4217 currency code such as EUR") from None
