"""HubSpot's endpoints as calls, and what their answers hold."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeAlias, TypeVar

import orjson

from connectors.http import Call
from connectors.hubspot.manifest import PathFamily, manifest
from connectors.mapping import Row, convert
from model.entities import Entity, Record
from model.values import instant_text

__all__ = ["Answer", "Batch", "Endpoints", "FarEnds", "Reader"]

T = TypeVar("T")

Reader: TypeAlias = Callable[[Row, str], Record]
"""Makes a record of a row and its id."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Records in HubSpot's order.

    Attributes:
        changed_at: when each record changed last, as it says itself; "" where it does not.
        total: of all that match, told by searches alone.
    """

    records: tuple[Record, ...]
    changed_at: tuple[str, ...]
    has_more: bool
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """Records by their own id, the ids that are not there or not of the type, and whether HubSpot named any error."""

    records: Mapping[str, Record]
    not_found: frozenset[str]
    has_errors: bool


@dataclass(frozen=True, slots=True)
class FarEnds:
    """One page of associations by the parent's id.

    Attributes:
        links: (id at the far end, type id and label of each tie to it).
        next_after: where to go on, for parents with more.
    """

    links: Mapping[str, Sequence[tuple[str, tuple[tuple[int, str | None], ...]]]]
    next_after: Mapping[str, str]


class Endpoints:
    """Makes the calls of one path family; lives as long as its connector and keeps nothing."""

    def __init__(self, api_version: str) -> None:
        is_numbered = api_version.startswith("v")
        self._paths: PathFamily = manifest().paths["numbered" if is_numbered else "dated"]
        self._version = api_version

    def _path(self, template: str, **parts: str) -> str:
        return template.format(version=self._version, **parts)

    def listed(
        self, object_: str, properties: Iterable[str], *, limit: int, read: Reader, entity: Entity
    ) -> Call[Answer]:
        """The first records by id."""
        names = ",".join(properties)
        params = (("limit", str(limit)), *((("properties", names),) if names else ()))
        path = self._path(self._paths.objects, object=object_)
        return Call(
            operation="list",
            method="GET",
            path=path,
            params=params,
            parse=lambda data: _answer(data, read, total=None),
            rows=lambda answer: len(answer.records),
            entity=entity.value,
            query=f"GET {path}?" + "&".join(f"{name}={value}" for name, value in params),
        )

    def search(self, object_: str, body: bytes, *, read: Reader, entity: Entity) -> Call[Answer]:
        """The records that match, in the order the body asks."""
        return Call(
            operation="search",
            method="POST",
            path=self._path(self._paths.objects, object=object_) + "/search",
            content=body,
            parse=lambda data: _answer(data, read, total=int(data["total"])),
            rows=lambda answer: len(answer.records),
            entity=entity.value,
            query=body.decode(),
            limit_class="search",
        )

    def batch_read(
        self,
        object_: str,
        ids: Sequence[str],
        properties: Iterable[str],
        *,
        read: Reader,
        is_member: Callable[[Row], bool],
        entity: Entity,
    ) -> Call[Batch]:
        """The records of *ids*, distinct, 100 at most; rows that are no member of the type count as not there."""
        body: dict[str, Any] = {"inputs": [{"id": remote_id} for remote_id in ids]}
        if names := list(properties):
            body["properties"] = names
        content = orjson.dumps(body)
        return Call(
            operation="batch_read",
            method="POST",
            path=self._path(self._paths.objects, object=object_) + "/batch/read",
            content=content,
            parse=lambda data: _batch(data, read, is_member),
            rows=lambda batch: len(batch.records),
            entity=entity.value,
            query=content.decode(),
        )

    def associations(
        self, object_: str, target: str, parents: Sequence[tuple[str, str | None]], *, entity: Entity
    ) -> Call[FarEnds]:
        """What *parents*, given as (id, place to go on), are tied to among *target* objects."""
        inputs = [{"id": parent} if after is None else {"id": parent, "after": after} for parent, after in parents]
        content = orjson.dumps({"inputs": inputs})
        return Call(
            operation="associations",
            method="POST",
            path=self._path(self._paths.associations, object=object_, target=target),
            content=content,
            parse=_far_ends,
            rows=lambda ends: sum(map(len, ends.links.values())),
            entity=entity.value,
            query=f"{object_} -> {target}: {content.decode()}",
            limit_class="associations",
        )

    def properties(self, object_: str, read: Callable[[Any], T]) -> Call[T]:
        """Every property of an object."""
        return self._metadata("properties", self._path(self._paths.properties, object=object_), read)

    def pipelines(self, object_: str, read: Callable[[Any], T]) -> Call[T]:
        """The pipelines of an object with their stages."""
        return self._metadata("pipelines", self._path(self._paths.pipelines, object=object_), read)

    def owners(self, *, is_archived: bool, after: str | None, read: Callable[[Any], T]) -> Call[tuple[T, str | None]]:
        """A page of owners, and where the next one begins."""
        params = [("limit", str(manifest().owner_page_size)), ("archived", "true" if is_archived else "false")]
        if after is not None:
            params.append(("after", after))
        path = self._path(self._paths.owners)
        return self._metadata("owners", path, lambda data: (read(data), _next_after(data)), tuple(params))

    def account(self, read: Callable[[Any], T]) -> Call[T]:
        """The account's settings."""
        return self._metadata("account", self._path(self._paths.account), read)

    def _metadata(
        self, operation: str, path: str, parse: Callable[[Any], T], params: tuple[tuple[str, str], ...] = ()
    ) -> Call[T]:
        return Call(operation=operation, method="GET", path=path, params=params, parse=parse, kind="metadata")


def _next_after(data: Mapping[str, Any]) -> str | None:
    following = (data.get("paging") or {}).get("next")
    return None if following is None else str(following["after"])


def _rows(results: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, Row]]:
    """Rows by id: the properties, with the answer's own facts beside them."""
    now = instant_text(datetime.now(UTC))
    for result in results:
        remote_id = str(int(result["id"]))
        yield (
            remote_id,
            {
                **result["properties"],
                "@id": remote_id,
                "@archived": bool(result.get("archived")),
                "@updatedAt": result.get("updatedAt"),
                "@url": result.get("url"),
                "@now": now,
            },
        )


def _answer(data: Mapping[str, Any], read: Reader, *, total: int | None) -> Answer:
    rows = list(_rows(data["results"]))
    return Answer(
        records=tuple(read(row, remote_id) for remote_id, row in rows),
        changed_at=tuple(convert.instant(row["@updatedAt"]) or "" for _, row in rows),
        has_more=_next_after(data) is not None,
        total=total,
    )


def _batch(data: Mapping[str, Any], read: Reader, is_member: Callable[[Row], bool]) -> Batch:
    errors = data.get("errors") or ()
    lost = {str(remote_id) for error in errors for remote_id in (error.get("context") or {}).get("ids", ())}
    records: dict[str, Record] = {}
    for remote_id, row in _rows(data["results"]):
        if is_member(row):
            records[remote_id] = read(row, remote_id)
        else:
            lost.add(remote_id)
    return Batch(records, frozenset(lost), has_errors=bool(errors))


def _far_ends(data: Mapping[str, Any]) -> FarEnds:
    """Errors are not looked at: a parent that is not in the results has no ties, or does not exist."""
    links: dict[str, list[tuple[str, tuple[tuple[int, str | None], ...]]]] = {}
    following: dict[str, str] = {}
    for result in data["results"]:
        parent = str(result["from"]["id"])
        # toObjectId is a number in older answers and a text in the specification.
        links.setdefault(parent, []).extend(
            (
                str(int(end["toObjectId"])),
                tuple((int(tie["typeId"]), tie.get("label")) for tie in end.get("associationTypes") or ()),
            )
            for end in result["to"]
        )
        after = _next_after(result)
        if after is not None:
            following[parent] = after
    return FarEnds(links, following)
