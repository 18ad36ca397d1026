"""The settings of one gateway process, validated."""

import ipaddress
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated
from urllib.parse import unquote, urlsplit

from iso4217 import Currency
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from connectors.registry import SourceConfig
from model.aliases import Alias

__all__ = ["ExchangeRates", "Features", "Limits", "Server", "Settings", "Store"]


_POSTGRES = ("postgresql://", "postgres://")
_LOOPBACK = ("127.0.0.1", "localhost", "[::1]")

# A host, or every host below a domain; in lower case, as addresses are compared.
_HostPattern = Annotated[str, Field(pattern=r"^(\*\.)?[a-z0-9._:\[\]-]+$", max_length=255)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Section):
    """Where the gateway listens.

    Attributes:
        names: that clients may call it by, in their Host header; if left out, this machine's own names where it
            listens on loopback, and any name elsewhere.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65_535)] = 8000
    names: tuple[_HostPattern, ...] = ()

    def accepted_names(self) -> list[str]:
        """The names clients may call the gateway by, for the check of their Host header.

        On loopback there is no other guard: without it, a web page whose name is made to point here could read on.
        """
        if self.names:
            return list(self.names)
        return [*_LOOPBACK, self.host] if _is_loopback(self.host) else ["*"]


class Limits(_Section):
    """What one request may cost.

    Attributes:
        first: rows of one list page at most.
        deadline_s: seconds a request has by default.
        max_deadline_s: seconds that a field may ask for with options.deadlineMs.
        upstream_calls: data calls a request may make by default, and be worth before it runs.
        max_upstream_calls: the same where a field asks for more with options.maxCalls.
        values: of an answer in the worst case, nested lists multiplied, objects counted as well.
        first_groups: groups of one aggregate's answer at most.
        groups: that a source's records may fall into, where they are counted here.
        scan_rows: rows a source may read to finish a filter or an order here, where the CRM narrows what is read.
        max_scan_rows: the same where the caller allows scanning, whatever is narrowed.
        behind_ids: records behind a relation whose ids are asked first, for a filter, at most.
        filter_conditions: comparisons in one filter.
        depth, aliases, directives, tokens, characters: of one document.
        body_bytes: of one request.
    """

    first: Annotated[int, Field(ge=1, le=1_000)] = 100
    deadline_s: Annotated[float, Field(gt=0, le=300)] = 10.0
    max_deadline_s: Annotated[float, Field(gt=0, le=3_600)] = 60.0
    upstream_calls: Annotated[int, Field(ge=1)] = 200
    max_upstream_calls: Annotated[int, Field(ge=1)] = 2_000
    values: Annotated[int, Field(ge=1)] = 100_000
    scan_rows: Annotated[int, Field(ge=1)] = 1_000
    max_scan_rows: Annotated[int, Field(ge=1)] = 20_000
    first_groups: Annotated[int, Field(ge=1, le=10_000)] = 1_000
    groups: Annotated[int, Field(ge=1)] = 10_000
    behind_ids: Annotated[int, Field(ge=1, le=2_000)] = 500
    filter_conditions: Annotated[int, Field(ge=1)] = 200
    depth: Annotated[int, Field(ge=1)] = 12
    aliases: Annotated[int, Field(ge=1)] = 30
    directives: Annotated[int, Field(ge=0)] = 50
    tokens: Annotated[int, Field(ge=10)] = 2_000
    characters: Annotated[int, Field(ge=10)] = 15_000
    body_bytes: Annotated[int, Field(ge=100)] = 262_144


class Features(_Section):
    """What is offered beside answers; the demo turns everything on."""

    graphiql: bool = False
    introspection: bool = False
    explain: bool = False


def _currency(code: str) -> str:
    """*code*, where it is one.

    Raises:
        ValueError: it is none; the message is what the operator reads.
    """
    try:
        return Currency(code).code
    except ValueError:
        raise ValueError("is no ISO 4217 currency code such as EUR") from None


_CurrencyCode = Annotated[str, AfterValidator(_currency)]
_Rate = Annotated[Decimal, Field(gt=0, allow_inf_nan=False, max_digits=30)]


class ExchangeRates(_Section):
    """What one *base* is worth in other currencies, from *date* until a newer table is."""

    date: date
    base: _CurrencyCode
    rates: Annotated[Mapping[_CurrencyCode, _Rate], Field(min_length=1)]


def _postgres(url: SecretStr | None) -> SecretStr | None:
    """*url*, where it can be the address of a PostgreSQL database.

    Raises:
        ValueError: it is none; the message is what the operator reads, and does not repeat it.
    """
    if url is not None and not url.get_secret_value().startswith(_POSTGRES):
        raise ValueError("must begin with postgresql://; an SQLite file is named by store.path")
    return url


class Store(_Section):
    """Where the gateway keeps what it knows itself, such as decisions about matches.

    Attributes:
        url: of a PostgreSQL database, which replicas share.
        path: of the SQLite file that serves where there is no *url*; without either, nothing outlives the process.
    """

    url: Annotated[SecretStr | None, AfterValidator(_postgres)] = None
    path: Path | None = None

    def secrets(self) -> list[SecretStr]:
        """The address, and the password in it as it is written and as it is meant."""
        if self.url is None:
            return []
        password = urlsplit(self.url.get_secret_value()).password
        return [self.url, *(SecretStr(text) for text in {password, unquote(password)})] if password else [self.url]


class Settings(_Section):
    """Everything one process is told.

    Attributes:
        cursor_key: signs cursors; keep it the same over restarts and replicas.
        allow_loopback: lets sources live on this machine; for the demo and tests.
        time_scale: how many times faster than real our limit windows run; for tests against emulators.
        exchange_rates: for amounts that are wanted in another currency; the newest table not after the day counts.
        log_level: of the JSON log on standard error.
        custom_fields: names for the CRMs' own fields, which become fields of the schema.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    server: Server = Server()
    limits: Limits = Limits()
    features: Features = Features()
    store: Store = Store()
    cursor_key: SecretStr
    allow_loopback: bool = False
    allow_hosts: tuple[_HostPattern, ...] = ()
    time_scale: Annotated[float, Field(gt=0, le=10_000)] = 1.0
    log_level: Annotated[str, Field(pattern="^(debug|info|warning|error)$")] = "info"
    exchange_rates: tuple[ExchangeRates, ...] = ()
    sources: tuple[SourceConfig, ...]
    custom_fields: tuple[Alias, ...] = ()

    def secrets(self) -> list[str]:
        """Every secret in here, for those who must keep them out of what they write."""
        held: list[object] = [self.cursor_key, *self.store.secrets()]
        for source in self.sources:
            held += [value for _, value in (*source.auth, *source.options)]
        return [value.get_secret_value() for value in held if isinstance(value, SecretStr)]


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
