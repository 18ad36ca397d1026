"""The lists that records refer to by id, as `/selector/…` tells them."""

from collections.abc import Iterable
from decimal import Decimal

from sandbox.freshsales.tables.cells import Row, amount_cell, instant_cell
from sandbox.freshsales.tables.ids import choice_id, user_id
from sandbox.seed import CHANNELS, DEAL_TYPES, INDUSTRIES, INTERESTS, LEAD_SOURCES, LOST_REASONS, TIERS, Book

__all__ = ["OWN_CHOICES", "SELECTORS", "Selectors", "people_of"]

SELECTORS = {"owners": "users", "contact_statuses": "contact_status"}
"""Path → list, where these differ; answers to paths name the path's own word, owners excepted."""

OWN_CHOICES: dict[str, tuple[str, ...]] = {"channels": CHANNELS, "interests": INTERESTS, "tiers": TIERS}
"""Choices of the account's own fields, whose values are their labels."""

_BUSINESS_TYPES = ("Analyst", "Competitor", "Customer", "Integrator", "Investor", "Partner", "Press", "Reseller")
_OUTCOMES = ("Completed", "Canceled", "No show")

# Label, type, and the statuses of each lifecycle stage, with what each means for the forecast.
_LIFECYCLE = (
    (
        "Lead",
        "Lead",
        (("New", "Open"), ("Contacted", "Open"), ("Interested", "Open"), ("Unqualified", "Lost"), ("Lost", "Lost")),
    ),
    ("Sales Qualified Lead", "Sales Qualified Lead", (("Qualified", "Open"), ("Negotiation", "Open"))),
    ("Customer", "Customer", (("Won", "Won"), ("Churned", "Lost"))),
    ("Evangelist", "Custom", (("Advocate", "Won"),)),
)

_FORECASTS = {"open": "Open", "won": "Closed Won", "lost": "Closed Lost"}

# Euros for one unit; only the ratios matter, and the account keeps them fixed.
_EUROS = {"EUR": Decimal(1), "USD": Decimal("0.9259"), "GBP": Decimal("1.1765"), "JPY": Decimal("0.0062")}


class Selectors:
    """The lists of one account.

    Attributes:
        lists: by name, such as deal_stages, the rows in order.
    """

    def __init__(self, book: Book) -> None:
        self._home = book.home_currency
        self.lists: dict[str, list[Row]] = {
            "users": [_user(book, number) for number in people_of(book)],
            "lead_sources": _named("lead_sources", LEAD_SOURCES),
            "industry_types": _named("industry_types", INDUSTRIES),
            "business_types": _named("business_types", _BUSINESS_TYPES),
            "deal_types": _named("deal_types", DEAL_TYPES),
            "deal_reasons": _named("deal_reasons", LOST_REASONS),
            "sales_activity_types": _named("sales_activity_types", ("Task", "Meeting")),
            "sales_activity_entity_types": _named("sales_activity_types", ("Task", "Meeting")),
            "sales_activity_outcomes": _named("sales_activity_outcomes", _OUTCOMES),
            "currencies": [self._currency(code, place) for place, code in enumerate(book.currencies)],
            **dict[str, list[Row]].fromkeys(("territories", "campaigns", "deal_products", "deal_payment_statuses"), []),
        }
        self._stages: dict[tuple[str, str], Row] = {}
        self._add_pipelines(book)
        self._add_lifecycle()

    def id_of(self, kind: str, name: str | None) -> int | None:
        """The id of what the list of *kind* calls *name*; None for None."""
        key = "currency_code" if kind == "currencies" else "name"
        return None if name is None else next(int(row["id"]) for row in self.lists[kind] if row[key] == name)

    def stage(self, pipeline: str, stage: str) -> Row:
        """The deal stage that the book calls *stage*, in its *pipeline*."""
        return self._stages[pipeline, stage]

    def in_base_currency(self, amount: Decimal | None, currency: str) -> Decimal | None:
        """*amount* in the account's currency, in cents."""
        if amount is None:
            return None
        return (amount * _EUROS[currency] / _EUROS[self._home]).quantize(Decimal("0.01"))

    def _currency(self, code: str, place: int) -> Row:
        rate = (_EUROS[self._home] / _EUROS[code]).quantize(Decimal("0.0001"))
        return {
            "id": choice_id("currencies", place),
            "currency_code": code,
            "is_active": True,
            "exchange_rate": amount_cell(rate),
            "currency_type": 1 if code == self._home else 2,
        }

    def _add_pipelines(self, book: Book) -> None:
        pipelines: list[Row] = []
        for told in (one for one in book.pipelines if one.kind == "deal"):
            place = len(pipelines)
            stages = [
                {
                    "id": choice_id("deal_stages", place * 100 + position),
                    "name": stage.label,
                    "position": position,
                    "forecast_type": _FORECASTS[stage.outcome],
                    "updated_at": instant_cell(book.users[0].created_at),
                    "deal_pipeline_id": choice_id("deal_pipelines", place),
                    "probability": int(stage.probability * 100),
                }
                for position, stage in enumerate(told.stages, start=1)
            ]
            self._stages |= {(told.key, one.key): row for one, row in zip(told.stages, stages, strict=True)}
            pipelines.append(
                {
                    "id": choice_id("deal_pipelines", place),
                    "name": told.label,
                    "position": place + 1,
                    "is_default": place == 0,
                    "rotting_days": 30,
                    "deal_stages": stages,
                }
            )
        self.lists["deal_pipelines"] = pipelines
        self.lists["deal_stages"] = [stage for pipeline in pipelines for stage in pipeline["deal_stages"]]

    def _add_lifecycle(self) -> None:
        stages: list[Row] = []
        statuses: list[Row] = []
        for place, (name, kind, steps) in enumerate(_LIFECYCLE):
            stage_id = choice_id("lifecycle_stages", place)
            told = [
                {
                    "id": choice_id("contact_status", place * 100 + position),
                    "name": label,
                    "position": position,
                    "partial": True,
                    "forecast_type": forecast,
                    "lifecycle_stage_id": stage_id,
                }
                for position, (label, forecast) in enumerate(steps, start=1)
            ]
            statuses += told
            stage: Row = {"id": stage_id, "name": name, "position": place + 1, "disabled": False, "default": True}
            stages.append({**stage, "type": kind, "contact_status_ids": [one["id"] for one in told]})
        self.lists |= {"lifecycle_stages": stages, "contact_status": statuses}


def people_of(book: Book) -> list[int]:
    """Numbers of the users who are people: Freshsales knows no queues, and what one owns is nobody's."""
    return [user.number for user in book.users if user.kind == "user"]


def _user(book: Book, number: int) -> Row:
    user = book.users[number - 1]
    contact = {"work_number": None, "mobile_number": None, "avatar": None}
    return {
        "id": user_id(number),
        "display_name": user.name,
        "email": user.email,
        "is_active": user.is_active,
        **contact,
    }


def _named(kind: str, names: Iterable[str]) -> list[Row]:
    return [
        {"id": choice_id(kind, place), "name": name, "position": place, "partial": True}
        for place, name in enumerate(names, start=1)
    ]
