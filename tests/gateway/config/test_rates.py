"""Exchange rates, and the most that a field may ask for: read whole, or refused with every mistake's place."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.gateway.config.files import GOOD, loaded, refused

RATES = """\
exchange_rates:
  - date: 2026-11-01
    base: EUR
    rates: {USD: 1.09, GBP: "0.84", JPY: 163}
  - date: "2026-10-01"
    base: USD
    rates: {EUR: 0.9123456789}
"""


def test_tables_are_read_exactly(tmp_path: Path) -> None:
    """Numbers are what is written, as a number or in quotes."""
    newest, older = loaded(tmp_path, GOOD + RATES).exchange_rates

    assert (newest.date, newest.base) == (date(2026, 11, 1), "EUR")
    assert newest.rates == {"USD": Decimal("1.09"), "GBP": Decimal("0.84"), "JPY": Decimal(163)}
    assert older.rates == {"EUR": Decimal("0.9123456789")}


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("{date: 2026-11-01, base: EURO, rates: {USD: 1}}", "base: is no ISO 4217 currency code such as EUR"),
        ("{date: soon, base: EUR, rates: {USD: 1}}", "date: input should be a valid date"),
        ("{base: EUR, rates: {USD: 1}}", "date: field required"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: 0}}", "rates.USD: input should be greater than 0"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: -1}}", "rates.USD: input should be greater than 0"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: .nan}}", "rates.USD: input should be a finite number"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: .inf}}", "rates.USD: input should be a finite number"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: a lot}}", "rates.USD: input should be a valid decimal"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: true}}", "rates.USD: "),
        ("{date: 2026-11-01, base: EUR, rates: {usd: 1}}", "rates.usd: is no ISO 4217 currency code"),
        ("{date: 2026-11-01, base: EUR, rates: {EUR: 1}}", "rates.EUR: is the base"),
        ("{date: 2026-11-01, base: EUR, rates: {USD: 1, USD: 2}}", "rates.USD: stands twice"),
        ("{date: 2026-11-01, base: EUR, rates: {}}", "rates: "),
        ("{date: 2026-11-01, base: EUR, rate: {}, rates: {USD: 1}}", "rate: is unknown; did you mean 'rates'?"),
        ("{date: 2026-10-01, base: EUR, rates: {USD: 1}}", "date: 2026-10-01 is another table's as well"),
    ],
)
def test_mistake_is_told_with_its_place(tmp_path: Path, table: str, says: str) -> None:
    """A rate that is wrong is never left out silently."""
    first = "{date: 2026-10-01, base: GBP, rates: {USD: 1.3}}"

    (told,) = refused(tmp_path, f"exchange_rates:\n  - {first}\n  - {table}\n{GOOD}")

    assert told.startswith(f"gateway.yaml:3 exchange_rates[1].{says}")


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ("{deadline_s: 90}", "max_deadline_s: is 60, less than limits.deadline_s; raise it to 90 at least"),
        ("{max_deadline_s: 5}", "max_deadline_s: is 5, less than limits.deadline_s; raise it to 10 at least"),
        ("{max_upstream_calls: 7}", "max_upstream_calls: is 7, less than limits.upstream_calls; raise it to 200"),
    ],
)
def test_the_most_is_no_less_than_the_default(tmp_path: Path, limits: str, says: str) -> None:
    """A field that asks for nothing never has more than one that asks."""
    (told,) = refused(tmp_path, GOOD.replace("limits:\n  first: 50", f"limits: {limits}"))

    assert says in told


def test_rates_stand_in_the_file_alone(tmp_path: Path) -> None:
    """A variable of that name is nobody's."""
    assert loaded(tmp_path, GOOD, CRM_GATEWAY_EXCHANGE_RATES="EUR=1").exchange_rates == ()
