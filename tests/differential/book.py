"""What the seed books say of contacts and deals, in unified values: told without any connector.

An emulator holds its book's rows in its vendor's words; this reads the book itself.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from model.values import Money, Ref
from sandbox.hubspot.definitions import record_id
from sandbox.salesforce.org.ids import id_of
from sandbox.seed import Book, build_book

__all__ = ["book_of", "contacts_told", "deals_told"]

_PREFIXES = {"contact": "003", "company": "001", "deal": "006", "user": "005"}
_HOME = {"salesforce": "EUR", "hubspot": "USD"}
_EURO_RATES = {"USD": "1.08", "GBP": "0.85", "JPY": "170", "CHF": "0.95", "SEK": "11.3"}
_OBJECTS = {"contact": "contacts", "company": "companies", "deal": "deals"}


def book_of(platform: str, scale: float) -> Book:
    """The book that an emulator of *platform* holds."""
    return build_book(platform, scale=scale, home_currency=_HOME[platform])


def _id(platform: str, kind: str, number: int) -> str:
    if platform == "salesforce":
        return id_of(_PREFIXES[kind], number)
    return str(record_id(_OBJECTS[kind], number))


def contacts_told(platform: str, book: Book) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each contact's id and what it is called, written to and works for."""
    for person in book.people:
        email = person.email
        company = None if person.company is None else Ref("company", _id(platform, "company", person.company))
        yield (
            _id(platform, "contact", person.number),
            {
                "first_name": person.first_name,
                "last_name": person.last_name,
                # HubSpot keeps addresses in lower case (object API guide, "Unique identifiers").
                "email": email.lower() if email and platform == "hubspot" else email,
                "company": company,
            },
        )


def deals_told(platform: str, book: Book) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each deal's id with its name, amount, outcome and days."""
    stages = {(line.key, stage.key): stage for line in book.pipelines for stage in line.stages}
    for deal in book.deals:
        stage = stages[deal.pipeline, deal.stage]
        is_closed = stage.outcome != "open"
        close_on = deal.close_on.isoformat()
        if platform == "hubspot" and deal.closed_at is not None:
            close_on = deal.closed_at.astimezone(UTC).date().isoformat()
        yield (
            _id(platform, "deal", deal.number),
            {
                "name": deal.name,
                "amount": _amount(platform, book, deal.amount, deal.currency),
                "status": stage.outcome.upper(),
                "expected_close_on": close_on,
                "closed_on": close_on if is_closed else None,
                "company": None if deal.company is None else Ref("company", _id(platform, "company", deal.company)),
            },
        )


def _amount(platform: str, book: Book, amount: Decimal | None, currency: str) -> Money | None:
    """An org of one currency holds every amount in it."""
    if amount is None:
        return None
    if platform == "salesforce" and currency != book.home_currency:
        amount = (amount / Decimal(_EURO_RATES[currency])).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
        currency = book.home_currency
    return Money(format(amount.normalize(), "f"), currency)
