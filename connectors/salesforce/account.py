"""One connected org: what it has, read from its metadata and kept for a while."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from connectors.http import HttpClient
from connectors.mapping import Row, convert
from connectors.salesforce.calls import Answer, Api
from connectors.salesforce.capabilities import remote_fields, type_capabilities
from connectors.salesforce.manifest import Options, manifest
from connectors.salesforce.objects import PIPELINE_ID, PREFIXES, Facts, ObjectInfo, Tables, object_info, tables_of
from connectors.salesforce.soql import Select
from connectors.scope import current_scope
from model.capabilities import Description, LeadModel
from model.entities import Entity, Pipeline, Stage
from model.errors import OurBug, SourceForbidden, SourceTimeout

__all__ = ["Account", "AccountCache"]

_ORGANIZATION = ("Id", "InstanceName", "TimeZoneSidKey", "DefaultCurrencyIsoCode", "CurrencyIsoCode")
_STAGE = ("ApiName", "MasterLabel", "IsClosed", "IsWon", "DefaultProbability", "SortOrder")
_STATUS = ("ApiName", "MasterLabel", "IsConverted")
_MAX_ROWS = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The org as last described."""

    tables: Tables
    description: Description
    read_at_s: float


class AccountCache:
    """The account, read when first needed and again when it is older than the TTL; one read at a time.

    Lives as long as its connector.
    """

    def __init__(
        self, client: HttpClient, api: Api, *, source: str, options: Options, url_of: Callable[[str], str]
    ) -> None:
        self._client = client
        self._api = api
        self._source = source
        self._options = options
        self._url_of = url_of
        self._lock = asyncio.Lock()
        self._held: Account | None = None

    @property
    def held(self) -> Account:
        """The account as last read, however old.

        Raises:
            OurBug: it was never described.
        """
        if self._held is None:
            raise OurBug(f"{self._source} was asked before it was described")
        return self._held

    async def fresh(self) -> Account:
        """The account, not older than the TTL."""
        return await self._read(lambda held: time.monotonic() - held.read_at_s < self._options.metadata_ttl_s)

    async def newer_than(self, stale: Account) -> Account:
        """The account read after *stale* was."""
        return await self._read(lambda held: held.read_at_s > stale.read_at_s)

    async def _read(self, is_good: Callable[[Account], bool]) -> Account:
        if self._held is not None and is_good(self._held):
            return self._held
        try:
            async with asyncio.timeout_at(current_scope().deadline.at_s), self._lock:
                if self._held is None or not is_good(self._held):
                    self._held = await self._load()
                return self._held
        except TimeoutError:
            text = f"{self._source} did not describe itself before the deadline; allow more time"
            raise SourceTimeout(text, source=self._source) from None

    async def _load(self) -> Account:
        names = manifest().objects
        resources = [f"sobjects/{name}/describe" for name in names]
        answers = await self._client.send(self._api.batch([*resources, "sobjects", "connect/organization"]))
        *described, every, connect = answers
        objects = {name: object_info(found) for name, found in zip(names, described, strict=True) if found}
        if not objects.keys() & PREFIXES.keys():
            text = f"{self._source} shows none of its objects; grant the integration user access to them"
            raise SourceForbidden(text, source=self._source)
        rows = await self._rows(objects)
        organization = dict(rows["Organization"][0]) if rows["Organization"] else {}
        currency = self._options.currency or _currency(organization, rows["CurrencyType"], connect or {})
        facts = self._facts(objects, currency, rows, every or {})
        tables = tables_of(objects, facts, source=self._source)
        return Account(
            tables=tables,
            description=_description(self._source, tables, organization, rows["OpportunityStage"]),
            read_at_s=time.monotonic(),
        )

    async def _rows(self, objects: Mapping[str, ObjectInfo]) -> Mapping[str, Sequence[Row]]:
        """Rows of the small objects that describe the account, in one call."""
        selects = {
            name: _select(objects[name], wanted, limit=limit)
            for name, wanted, limit in (
                ("Organization", _ORGANIZATION, 1),
                ("OpportunityStage", _STAGE, _MAX_ROWS),
                ("LeadStatus", _STATUS, _MAX_ROWS),
                ("CurrencyType", ("IsoCode",), 1),
            )
            if name in objects
        }
        resources = [f"query?q={quote(select.text(), safe='')}" for select in selects.values()]
        answers = await self._client.send(self._api.batch(resources)) if resources else ()
        found = dict(zip(selects, answers, strict=True))
        return {
            name: Answer.of(found[name]).rows if found.get(name) else ()
            for name in ("Organization", "OpportunityStage", "LeadStatus", "CurrencyType")
        }

    def _facts(
        self,
        objects: Mapping[str, ObjectInfo],
        currency: str | None,
        rows: Mapping[str, Sequence[Row]],
        every: Mapping[str, Any],
    ) -> Facts:
        deals = objects.get("Opportunity") or objects.get("Account")
        prefixes = {item["keyPrefix"]: item["name"] for item in every.get("sobjects") or () if item.get("keyPrefix")}
        converted = {_api_name(row): "CONVERTED" for row in rows["LeadStatus"] if row.get("IsConverted")}
        shipped = manifest()
        return Facts(
            url_of=self._url_of,
            currency=currency,
            currency_column="CurrencyIsoCode" if deals and "CurrencyIsoCode" in deals.columns else None,
            stages=frozenset(_api_name(row) for row in rows["OpportunityStage"]),
            lead_words=_merged(shipped.lead_statuses, converted, self._options.lead_statuses),
            task_words=shipped.task_statuses,
            priority_words=shipped.task_priorities,
            objects_by_prefix={**prefixes, **{prefix: name for name, prefix in PREFIXES.items()}},
        )


def _merged(*maps: Mapping[str, str]) -> Mapping[str, str]:
    """All of *maps*; of keys that differ in case alone the last counts."""
    found: dict[str, tuple[str, str]] = {}
    for words in maps:
        found |= {api_value.casefold(): (api_value, word) for api_value, word in words.items()}
    return dict(found.values())


def _currency(organization: Mapping[str, Any], currency_types: Sequence[Row], connect: Mapping[str, Any]) -> str | None:
    """The org's own currency: the corporate one of several, else what the org or its settings name.

    The settings are "Features" of the Connect REST API (Connect REST API Developer Guide, read 2026-11).
    """
    corporate = currency_types[0].get("IsoCode") if currency_types else None
    settings = (connect.get("features") or {}).get("defaultCurrencyIsoCode")
    own = organization.get("DefaultCurrencyIsoCode") or organization.get("CurrencyIsoCode")
    return corporate or own or settings


def _select(info: ObjectInfo, wanted: Sequence[str], *, limit: int) -> Select:
    return Select(
        items=[name for name in wanted if name in info.columns] or ["Id"],
        source=info.name,
        where="IsCorporate = true" if "IsCorporate" in info.columns else True,
        order=("Id ASC",),
        limit=limit,
    )


def _api_name(row: Row) -> str:
    return str(row.get("ApiName") or row["MasterLabel"])


def _description(source: str, tables: Tables, organization: Mapping[str, Any], stages: Sequence[Row]) -> Description:
    types = type_capabilities(tables)
    return Description(
        types=types,
        pipelines=(_pipeline(source, stages),) if stages else (),
        remote_fields=remote_fields(tables),
        remote_account_id=organization.get("Id"),
        region=organization.get("InstanceName"),
        default_currency=tables.facts.currency,
        time_zone=organization.get("TimeZoneSidKey"),
        lead_model=LeadModel.OBJECT if "Lead" in tables.objects else LeadModel.NONE,
        notes=tuple(_notes(tables)),
        lacking=frozenset({Entity.PROJECT, Entity.COMMENT}),
    )


def _notes(tables: Tables) -> Iterable[str]:
    for table in tables.by_entity.values():
        if table.hidden:
            names = ", ".join(sorted(table.hidden))
            yield f"{table.name}: {names} hidden from this credential, or absent from the org; read as missing"
    if tables.facts.currency_column:
        yield "several currencies: amounts are filtered here and not ordered, which SOQL does by corporate currency"
    elif tables.facts.currency is None:
        yield "the org does not say its currency: set `currency` at the source, or amounts have none"


def _pipeline(source: str, rows: Sequence[Row]) -> Pipeline:
    """Salesforce has no pipelines: the stages of all opportunities are one, in the order of their SortOrder."""
    ordered = sorted(rows, key=lambda row: (row.get("SortOrder") is None, row.get("SortOrder") or 0))
    return Pipeline(
        source=source,
        remote_id=PIPELINE_ID,
        name="Opportunities",
        stages=tuple(
            Stage(
                source=source,
                remote_id=_api_name(row),
                pipeline_id=PIPELINE_ID,
                name=str(row.get("MasterLabel") or _api_name(row)),
                position=place,
                probability=convert.percent(row.get("DefaultProbability")),
                outcome="WON" if row.get("IsWon") else "LOST" if row.get("IsClosed") else "OPEN",
            )
            for place, row in enumerate(ordered)
        ),
    )
