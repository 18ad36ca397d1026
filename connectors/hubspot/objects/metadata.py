"""The account's metadata: read together, kept for a while, read once however many ask."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, TypeVar

from connectors.http import HttpClient, together
from connectors.hubspot.calls import Endpoints
from connectors.hubspot.manifest import HubSpotOptions, manifest
from connectors.hubspot.objects.portal import Portal, Property
from connectors.hubspot.objects.tables import OBJECTS
from connectors.kept import Kept
from connectors.mapping import convert
from model.entities import Pipeline, Stage, User
from model.errors import SchemaDrift, SourceForbidden
from model.values import Choice, instant_text

__all__ = ["Metadata"]

T = TypeVar("T")

_AT_ONCE = 4  # of the calls that read the metadata, so that they leave the burst to requests


class Metadata:
    """One account's metadata; lives as long as its connector."""

    def __init__(self, client: HttpClient, endpoints: Endpoints, *, source: str, options: HubSpotOptions) -> None:
        self._client = client
        self._endpoints = endpoints
        self._source = source
        self._options = options
        self._kept = Kept(self._read, source=source, ttl_s=options.metadata_ttl_s)
        self._slots = asyncio.Semaphore(_AT_ONCE)

    @property
    def known(self) -> Portal:
        """What was read last, however old.

        Raises:
            OurBug: nothing was read yet.
        """
        return self._kept.known

    async def portal(self) -> Portal:
        """The metadata, no older than the options allow."""
        return await self._kept.fresh()

    async def reread(self) -> Portal:
        """The metadata as it is now."""
        return await self._kept.reread()

    async def _read(self) -> Portal:
        objects = [name for name in OBJECTS.values() if name != "leads" or self._options.leads == "object"]
        refused: dict[str, str] = {}
        account, properties, deals, leads, owners = await together(
            self._optional("account", self._account, refused),
            together(*(self._optional(name, partial(self._properties, name), refused) for name in objects)),
            self._optional("deals", self._pipelines, refused),
            self._optional("leads", self._lead_stages, refused),
            self._optional("owners", self._owners, refused),
        )
        found = {name: known for name, known in zip(objects, properties, strict=True) if known is not None}
        if not found:
            raise SourceForbidden(f"{self._source} shows no object: {'; '.join(refused.values())}", source=self._source)
        return replace(
            account or Portal(properties={}),
            properties=found,
            refused=refused,
            pipelines=tuple(deals or ()),
            lead_stages={stage_id: label for stage_id, label, _ in leads or ()},
            open_lead_stages=tuple(stage_id for stage_id, _, is_open in leads or () if is_open),
            users=tuple(user for user, _ in owners or ()),
            owner_ids=_owner_ids(owners or ()),
        )

    async def _optional(
        self, name: str, read: Callable[[], Coroutine[Any, Any, T]], refused: dict[str, str]
    ) -> T | None:
        """What *read* gives, or None, the reason kept, where the account does not have it or does not show it."""
        try:
            async with self._slots:
                return await read()
        except (SourceForbidden, SchemaDrift) as error:
            refused[name] = error.message
            return None

    async def _account(self) -> Portal:
        return await self._client.send(self._endpoints.account(_account))

    async def _properties(self, object_: str) -> Mapping[str, Property]:
        def read(data: Any) -> dict[str, Property]:
            return {row["name"]: _property(row) for row in data["results"] if not row.get("archived")}

        return await self._client.send(self._endpoints.properties(object_, read))

    async def _pipelines(self) -> list[Pipeline]:
        def read(data: Any) -> list[Pipeline]:
            return [_pipeline(row, self._source) for row in sorted(data["results"], key=_display_order)]

        return await self._client.send(self._endpoints.pipelines("deals", read))

    async def _lead_stages(self) -> list[tuple[str, str, bool]]:
        """Id and label of each stage of the lead pipelines, and whether it is open."""

        def read(data: Any) -> list[tuple[str, str, bool]]:
            stages = [stage for row in data["results"] for stage in row["stages"]]
            return [(str(stage["id"]), str(stage["label"]), _is_open(stage)) for stage in stages]

        if self._options.leads != "object":
            return []
        return await self._client.send(self._endpoints.pipelines("leads", read))

    async def _owners(self) -> list[tuple[User, str | None]]:
        """Owners with their user ids, from both listings: the archived one shows deactivated owners alone."""

        def read(data: Any) -> list[tuple[User, str | None]]:
            return [(_user(row, self._source), _user_id(row)) for row in data["results"]]

        found: list[tuple[User, str | None]] = []
        for is_archived in (False, True):
            after: str | None = None
            while True:
                call = self._endpoints.owners(is_archived=is_archived, after=after, read=read)
                page, after = await self._client.send(call)
                found += page
                if after is None:
                    break
        return found


def _account(data: Mapping[str, Any]) -> Portal:
    return Portal(
        properties={},
        account_id=convert.text(data.get("portalId")),
        currency=convert.text(data.get("companyCurrency")),
        time_zone=convert.text(data.get("timeZone")),
        region=convert.text(data.get("dataHostingLocation")),
        ui_host=convert.text(data.get("uiDomain")),
    )


def _user(row: Mapping[str, Any], source: str) -> User:
    names = [name for name in (row.get("firstName"), row.get("lastName")) if name]
    email = convert.text(row.get("email"))
    return User(
        source=source,
        remote_id=str(int(row["id"])),
        url=None,
        created_at=convert.instant(row.get("createdAt")),
        updated_at=convert.instant(row.get("updatedAt")),
        created_by=None,
        updated_by=None,
        version=convert.text(row.get("updatedAt")),
        fetched_at=instant_text(datetime.now(UTC)),
        is_deleted=None,
        is_archived=bool(row.get("archived")),
        name=" ".join(names) or email,
        email=email,
        is_active=not row.get("archived"),
        time_zone=None,
        kind=manifest().owner_kinds.get(str(row.get("type") or "PERSON"), "USER"),
    )


def _user_id(row: Mapping[str, Any]) -> str | None:
    """Deactivated owners keep their user id in `userIdIncludingInactive` alone."""
    return convert.text(row.get("userId") or row.get("userIdIncludingInactive"))


def _owner_ids(owners: Sequence[tuple[User, str | None]]) -> dict[str, str]:
    """Owner id by user id; active owners come first and win."""
    found: dict[str, str] = {}
    for user, user_id in owners:
        if user_id is not None:
            found.setdefault(user_id, user.remote_id)
    return found


def _property(row: Mapping[str, Any]) -> Property:
    modification = row.get("modificationMetadata") or {}
    return Property(
        name=row["name"],
        label=row.get("label") or row["name"],
        kind=row["type"],
        form=row.get("fieldType") or "",
        options=tuple(Choice(str(option["value"]), option.get("label")) for option in row.get("options") or ()),
        is_custom=not row.get("hubspotDefined", False),
        is_writable=not modification.get("readOnlyValue", False) and not row.get("calculated", False),
    )


def _display_order(row: Mapping[str, Any]) -> int:
    return int(row.get("displayOrder") or 0)


def _pipeline(row: Mapping[str, Any], source: str) -> Pipeline:
    pipeline_id = str(row["id"])
    stages = sorted((stage for stage in row["stages"] if not stage.get("archived")), key=_display_order)
    return Pipeline(
        source=source,
        remote_id=pipeline_id,
        name=str(row["label"]),
        stages=tuple(_stage(stage, pipeline_id, position, source) for position, stage in enumerate(stages)),
    )


def _is_open(stage: Mapping[str, Any]) -> bool:
    return convert.flag((stage.get("metadata") or {}).get("isClosed")) is False


def _stage(row: Mapping[str, Any], pipeline_id: str, position: int, source: str) -> Stage:
    """A closed stage is won at probability 1, lost below; metadata values are texts."""
    told = row.get("metadata") or {}
    probability = convert.decimal(told.get("probability"))
    outcome = "OPEN"
    if convert.flag(told.get("isClosed")):
        outcome = "WON" if probability is not None and float(probability) >= 1 else "LOST"
    return Stage(
        source=source,
        remote_id=str(row["id"]),
        pipeline_id=pipeline_id,
        name=str(row["label"]),
        position=position,
        probability=probability,
        outcome=outcome,
    )
