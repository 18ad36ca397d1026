"""What `deals/summary` adds up."""

from decimal import Decimal
from typing import Any

from sandbox.pipedrive.content import Account, Row

__all__ = ["summary"]

_RATES = {"EUR": Decimal(1), "USD": Decimal("0.93"), "GBP": Decimal("1.17"), "JPY": Decimal("0.0062")}
"""Euros for one unit; only the ratios matter, and the account keeps them fixed."""


def summary(account: Account, asked: dict[str, Any], *, is_archive: bool) -> Row:
    """Sums and counts by currency of the deals that are asked for; weighted by probability as well."""
    wanted = {"owner_id" if name == "user_id" else name: value for name, value in asked.items()}
    deals = [
        deal
        for deal in account.grouped("deals", "is_archived")[is_archive]
        if all(deal[name] == value for name, value in wanted.items())
    ]
    totals: Row = {}
    weighted: Row = {}
    for currency in sorted({deal["currency"] for deal in deals}):
        priced = [deal for deal in deals if deal["currency"] == currency]
        values = [(Decimal(str(deal["value"])), _chance(account, deal)) for deal in priced]
        total, likely = sum(value for value, _ in values), sum(value * chance for value, chance in values)
        converted = _home(account, Decimal(total), currency)
        totals[currency] = {
            "value": float(total),
            "count": len(values),
            "value_converted": converted,
            "value_formatted": f"{currency} {total:,.2f}",
            "value_converted_formatted": f"{account.home_currency} {converted:,.2f}",
        }
        weighted[currency] = {
            "value": round(float(likely), 2),
            "count": len(values),
            "value_formatted": f"{currency} {likely:,.2f}",
        }
    home = round(sum(one["value_converted"] for one in totals.values()), 2)
    likely_home = round(sum(_home(account, Decimal(str(one["value"])), key) for key, one in weighted.items()), 2)
    return {
        "values_total": totals,
        "weighted_values_total": weighted,
        "total_count": len(deals),
        "total_currency_converted_value": home,
        "total_weighted_currency_converted_value": likely_home,
        "total_currency_converted_value_formatted": f"{account.home_currency} {home:,.2f}",
        "total_weighted_currency_converted_value_formatted": f"{account.home_currency} {likely_home:,.2f}",
    }


def _chance(account: Account, deal: Row) -> Decimal:
    if deal["status"] != "open":
        return Decimal(1 if deal["status"] == "won" else 0)
    percent = deal["probability"]
    return Decimal(account.tables["stages"][deal["stage_id"]]["deal_probability"] if percent is None else percent) / 100


def _home(account: Account, amount: Decimal, currency: str) -> float:
    return round(float(amount * _RATES[currency] / _RATES[account.home_currency]), 2)
