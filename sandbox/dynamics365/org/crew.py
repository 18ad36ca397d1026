"""Rows that stand behind the others: users, teams, currencies, processes and the organisation itself."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from sandbox.dynamics365.org.cells import Cell, Ref, Row, guid, instant
from sandbox.dynamics365.org.tables import tables
from sandbox.seed import ROLES, Book, Pipeline

__all__ = ["ORGANIZATION", "Crew", "base_url_of", "crew_rows", "option"]

ORGANIZATION, _UNIT = guid("organization", 1), guid("businessunit", 1)
_CATEGORY = 1000
_CURRENCIES = {
    "EUR": ("Euro", "€", 2, Decimal(1)),
    "USD": ("US Dollar", "$", 2, Decimal("1.1")),
    "GBP": ("Pound Sterling", "£", 2, Decimal("0.85")),
    "JPY": ("Yen", "¥", 0, Decimal(165)),
}
_RATE = Decimal("0.0000000001")


def base_url_of(url: str) -> str:
    """The address of the Web API below an organisation's *url*."""
    return f"{url}/api/data/v9.2"


def option(table: str, column: str, label: str | None) -> int | None:
    """The value of the choice that *label* names; None for None."""
    options = tables()[table].columns[column].options
    return next((value for value, told in options.items() if label is not None and told == label), None)


class Crew:
    """Whom and what the rows of a book refer to.

    Attributes:
        application: the user behind the app that calls; what nobody owns in the book is its own.
        rates: how much of a currency one unit of the base currency is.
        symbols: by the id of a currency; the base currency's by "".
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self.application = Ref("systemuser", guid("systemuser", "application"), "# CRM Gateway")
        home = _CURRENCIES[book.home_currency][3]
        self.rates = {code: (_CURRENCIES[code][3] / home).quantize(_RATE) for code in book.currencies}
        self.symbols = {guid("transactioncurrency", code): _CURRENCIES[code][1] for code in book.currencies}
        self.symbols[""] = _CURRENCIES[book.home_currency][1]

    def owner(self, number: int | None) -> Ref:
        """The user or team that user *number* of the book is."""
        if number is None:
            return self.application
        user = self._book.users[number - 1]
        table = "systemuser" if user.kind == "user" else "team"
        return Ref(table, guid(table, number), user.name)

    def owned(self, number: int | None) -> Row:
        """Columns of a row's owner."""
        owner = self.owner(number)
        return {
            "ownerid": owner,
            "owninguser": owner if owner.table == "systemuser" else None,
            "owningteam": owner if owner.table == "team" else None,
            "owningbusinessunit": Ref("businessunit", _UNIT, "Sandbox"),
        }

    def stamped(self, created_at: datetime, updated_at: datetime, owner: int | None = None) -> Row:
        """Columns of when and by whom a row was made and changed."""
        user = self.owner(owner)
        user = user if user.table == "systemuser" else self.application
        return {
            "createdon": instant(created_at),
            "modifiedon": instant(updated_at),
            "createdby": user,
            "modifiedby": user,
        }

    def currency(self, code: str) -> Row:
        """Columns of a row in the currency *code*."""
        return {
            "transactioncurrencyid": Ref(
                "transactioncurrency", guid("transactioncurrency", code), _CURRENCIES[code][0]
            ),
            "exchangerate": self.rates[code],
        }

    def role(self, label: str | None) -> Ref | None:
        """The connection role called *label*."""
        return None if label is None else Ref("connectionrole", guid("connectionrole", label), label)

    def process(self, pipeline: Pipeline) -> Ref:
        """The business process flow that tells *pipeline*."""
        return Ref("workflow", guid("workflow", pipeline.key), pipeline.label)

    def open_stages(self, pipeline: Pipeline) -> list[Ref]:
        """The stages of *pipeline* in order; a process has none for won and lost."""
        return [
            Ref("processstage", guid("processstage", f"{pipeline.key}/{stage.key}"), stage.label)
            for stage in pipeline.stages
            if stage.outcome == "open"
        ]


def crew_rows(book: Book, crew: Crew) -> Iterator[tuple[str, Row]]:
    """(table, row) of everything behind a book's records."""
    first = min(user.created_at for user in book.users)
    made = crew.stamped(first, first)
    active: Row = {"statecode": 0, "statuscode": 1}
    base = crew.currency(book.home_currency)["transactioncurrencyid"]
    unit = Ref("businessunit", _UNIT, "Sandbox")
    yield (
        "organization",
        {**made, "organizationid": ORGANIZATION, "name": "sandbox", "basecurrencyid": base, "languagecode": 1033},
    )
    yield "businessunit", {**made, "businessunitid": _UNIT, "name": "Sandbox", "isdisabled": False}
    for code in book.currencies:
        name, symbol, digits, _ = _CURRENCIES[code]
        money: Row = {"currencyname": name, "isocurrencycode": code, "currencysymbol": symbol}
        money |= {"currencyprecision": digits, "exchangerate": crew.rates[code]}
        yield (
            "transactioncurrency",
            {**made, **active, "transactioncurrencyid": guid("transactioncurrency", code), **money},
        )
    for label in ROLES:
        role: Row = {"connectionroleid": guid("connectionrole", label), "name": label, "category": _CATEGORY}
        yield "connectionrole", {**made, **active, **role}
    yield (
        "systemuser",
        {**made, **_user(crew.application, None, unit), "applicationid": guid("application", 1), "accessmode": 4},
    )
    for user in book.users:
        ref = crew.owner(user.number)
        stamps = crew.stamped(user.created_at, user.updated_at)
        if user.kind == "user":
            yield (
                ref.table,
                {**stamps, **_user(ref, user.email, unit), "isdisabled": not user.is_active, "accessmode": 0},
            )
        else:
            team: Row = {
                "teamid": ref.id,
                "ownerid": ref.id,
                "name": ref.name,
                "isdefault": False,
                "teamtype": 0,
                "businessunitid": unit,
            }
            yield ref.table, {**stamps, **team}
    yield from _process_rows(book, crew, made)


def _user(ref: Ref, email: str | None, unit: Ref) -> Row:
    first, _, last = (ref.name or "").partition(" ")
    return {
        "systemuserid": ref.id,
        "ownerid": ref.id,
        "fullname": ref.name,
        "firstname": first,
        "lastname": last,
        "internalemailaddress": email,
        "domainname": email,
        "azureactivedirectoryobjectid": guid("entra", ref.id),
        "isdisabled": False,
        "businessunitid": unit,
    }


def _process_rows(book: Book, crew: Crew, made: Row) -> Iterator[tuple[str, Row]]:
    """The flows of deals: an activated definition each, and its stages."""
    for pipeline in (one for one in book.pipelines if one.kind == "deal"):
        process, stages = crew.process(pipeline), crew.open_stages(pipeline)
        flow: dict[str, Cell] = {
            "workflowid": process.id,
            "name": process.name,
            "uniquename": "opportunitysalesprocess",
            "primaryentity": "opportunity",
            "category": 4,
            "type": 1,
            "statecode": 1,
            "statuscode": 2,
        }
        yield "workflow", {**made, **crew.owned(None), **flow}
        for position, stage in enumerate(stages):
            yield (
                "processstage",
                {
                    "processstageid": stage.id,
                    "stagename": stage.name,
                    "primaryentitytypecode": "opportunity",
                    "stagecategory": min(position, 3),
                    "processid": process,
                },
            )
