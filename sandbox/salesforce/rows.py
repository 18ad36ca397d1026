"""Records read by id, by key or by when they changed, without SOQL."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.salesforce.answers import ApiError, not_found
from sandbox.salesforce.org import Field, SObject
from sandbox.salesforce.org.ids import normalised
from sandbox.salesforce.org.store import text_key, wire_instant
from sandbox.salesforce.soql import Json, shape_of_fields
from sandbox.salesforce.tenant import Tenant

__all__ = ["Rows"]

_UPDATED_REACH = timedelta(days=30)
_DELETED_REACH = timedelta(days=15)
"""How far back the two resources read (Get Updated, Get Deleted, read 2026-11)."""

_MAX_DELETED = 600_000
_MAX_RETRIEVED = 2_000
"""Ids of one retrieve (sObject Collections, read 2026-11)."""


@dataclass(frozen=True, slots=True)
class _State:
    is_deleted: bool
    changed_at: datetime


class Rows:
    """Reads records of a tenant; call it inside the tenant's `run`."""

    def __init__(self, tenant: Tenant, version: int) -> None:
        self._tenant = tenant
        self._context = tenant.context(version, with_trash=True)
        self._version = version

    def sobject(self, name: str) -> SObject:
        """The object called *name*.

        Raises:
            ApiError: NOT_FOUND.
        """
        found = self._context.catalog.named(name)
        if found is None or not found.is_queryable:
            raise not_found()
        return found

    def fields(self, sobject: SObject, names: Sequence[str] | None) -> list[Field]:
        """The fields called *names*, or all.

        Raises:
            ApiError: INVALID_FIELD.
        """
        if names is None:
            return list(sobject.fields.values())
        found = []
        for name in dict.fromkeys(one.strip().lower() for one in names):
            declared = sobject.named(name)
            if declared is None:
                given = next(one.strip() for one in names if one.strip().lower() == name)
                raise ApiError(400, "INVALID_FIELD", f"No such column '{given}' on sobject of type {sobject.name}")
            found.append(declared)
        return found

    def state(self, sobject: SObject, record_id: str) -> _State:
        """Whether a record is deleted, and when it last changed.

        Raises:
            ApiError: NOT_FOUND, or MALFORMED_ID.
        """
        full = normalised(record_id)
        if full is None:
            reason = f"{sobject.label} ID: id value of incorrect type: {record_id}"
            raise ApiError(400, "MALFORMED_ID", reason, fields=["Id"])
        trash = '"IsDeleted"' if sobject.has_trash else "0"
        sql = f'SELECT {trash}, "SystemModstamp" FROM "{sobject.name}" WHERE "Id" = ?'  # noqa: S608 - catalog names
        rows = self._tenant.store.select(sql, (full,))
        if not rows:
            raise not_found()
        return _State(bool(rows[0][0]), datetime.fromisoformat(str(rows[0][1])))

    def one(self, sobject: SObject, record_id: str, names: Sequence[str] | None) -> tuple[Json, datetime]:
        """A record and when it last changed.

        Raises:
            ApiError: NOT_FOUND, ENTITY_IS_DELETED, MALFORMED_ID or INVALID_FIELD.
        """
        fields = self.fields(sobject, names)
        state = self.state(sobject, record_id)
        if state.is_deleted:
            raise ApiError(404, "ENTITY_IS_DELETED", "entity is deleted")
        full = normalised(record_id) or record_id
        reader = self._tenant.engine.reader(self._context)
        return reader.by_id(shape_of_fields(sobject, fields), [full])[full], state.changed_at

    def many(self, sobject: SObject, ids: Sequence[str], names: Sequence[str]) -> list[Json | None]:
        """Records in the order of *ids*; None where there is none, or a deleted one.

        Raises:
            ApiError: INVALID_FIELD, or EXCEEDED_ID_LIMIT past 2,000 ids.
        """
        if len(ids) > _MAX_RETRIEVED:
            reason = f"record limit reached. cannot submit more than {_MAX_RETRIEVED} records in this call"
            raise ApiError(400, "EXCEEDED_ID_LIMIT", reason)
        fields = self.fields(sobject, names)
        full = [normalised(one) for one in ids]
        alive = self._alive(sobject, [one for one in full if one is not None])
        found = self._tenant.engine.reader(self._context).by_id(shape_of_fields(sobject, fields), alive)
        return [None if one is None else found.get(one) for one in full]

    def matching(self, sobject: SObject, key: str, value: str) -> list[str]:
        """Ids of the records whose external key is *value*.

        Raises:
            ApiError: NOT_FOUND when *key* is no such field.
        """
        declared = sobject.named(key)
        if declared is None or not (declared.external or declared.id_lookup):
            reason = f"Provided external ID field does not exist or is not accessible: {key}"
            raise ApiError(404, "NOT_FOUND", reason)
        column, wanted = (f"k_{declared.name}", text_key(value)) if declared.has_key else (declared.name, value)
        alive = ' AND "IsDeleted" = 0' if sobject.has_trash else ""
        sql = f'SELECT "Id" FROM "{sobject.name}" WHERE "{column}" = ?{alive} ORDER BY "Id"'  # noqa: S608 - catalog names
        return [str(row[0]) for row in self._tenant.store.select(sql, (wanted,))]

    def content(self, sobject: SObject, record_id: str, name: str) -> bytes:
        """The bytes of a base64 field.

        Raises:
            ApiError: NOT_FOUND when there is no such record or the field is none of these.
        """
        declared = sobject.named(name)
        if declared is None or declared.type != "base64" or self.state(sobject, record_id).is_deleted:
            raise not_found()
        sql = f'SELECT "{declared.name}" FROM "{sobject.name}" WHERE "Id" = ?'  # noqa: S608 - catalog names
        cell = self._tenant.store.select(sql, (normalised(record_id),))[0][0]
        return str(cell or "").encode()

    def updated(self, sobject: SObject, start: str | None, end: str | None) -> Json:
        """Ids of the records that were made or changed in a span, deleted ones left out.

        Raises:
            ApiError: INVALID_REPLICATION_DATE.
        """
        first, last = self._span(start, end, _UPDATED_REACH)
        alive = ' AND "IsDeleted" = 0' if sobject.has_trash else ""
        sql = (
            f'SELECT "Id" FROM "{sobject.name}" '  # noqa: S608 - names from the catalog
            f'WHERE "SystemModstamp" >= ? AND "SystemModstamp" < ?{alive}'
        )
        rows = self._tenant.store.select(sql, (wire_instant(first), wire_instant(last)))
        return {"ids": [row[0] for row in rows], "latestDateCovered": wire_instant(last)}

    def deleted(self, sobject: SObject, start: str | None, end: str | None) -> Json:
        """Ids of the records that were deleted in a span, and when.

        Raises:
            ApiError: INVALID_REPLICATION_DATE, EXCEEDED_ID_LIMIT, or an object without a recycle bin.
        """
        if not sobject.has_trash:
            raise ApiError(400, "INVALID_TYPE", f"sObject type {sobject.name} is not replicable")
        first, last = self._span(start, end, _DELETED_REACH)
        sql = (
            f'SELECT "Id", "SystemModstamp" FROM "{sobject.name}" '  # noqa: S608 - names from the catalog
            'WHERE "IsDeleted" = 1 AND "SystemModstamp" >= ? AND "SystemModstamp" < ?'
        )
        rows = self._tenant.store.select(sql, (wire_instant(first), wire_instant(last)))
        if len(rows) > _MAX_DELETED:
            raise ApiError(400, "EXCEEDED_ID_LIMIT", "too many deleted records, ask for a shorter span")
        return {
            "deletedRecords": [{"id": row[0], "deletedDate": row[1]} for row in rows],
            "earliestDateAvailable": wire_instant(self._tenant.clock.now() - _DELETED_REACH),
            "latestDateCovered": wire_instant(last),
        }

    def _alive(self, sobject: SObject, ids: Sequence[str]) -> list[str]:
        if not sobject.has_trash:
            return list(ids)
        shape = shape_of_fields(sobject, [sobject.fields["isdeleted"]])
        found = self._tenant.engine.reader(self._context).by_id(shape, ids)
        return [one for one, record in found.items() if not record["IsDeleted"]]

    def _span(self, start: str | None, end: str | None, reach: timedelta) -> tuple[datetime, datetime]:
        """The span asked for, cut to whole minutes."""
        try:
            first, last = (datetime.fromisoformat(one or "").replace(second=0, microsecond=0) for one in (start, end))
        except ValueError:
            raise ApiError(400, "INVALID_REPLICATION_DATE", "start and end must be instants") from None
        if first.tzinfo is None or last.tzinfo is None:
            raise ApiError(400, "INVALID_REPLICATION_DATE", "start and end must be instants")
        now = self._tenant.clock.now()
        if first < now - reach:
            raise ApiError(400, "INVALID_REPLICATION_DATE", f"startDate cannot be more than {reach.days} days ago")
        if last - first < timedelta(minutes=1):
            reason = "startDate must be at least one minute greater than endDate"
            raise ApiError(400, "INVALID_REPLICATION_DATE", reason)
        return first, min(last, now.replace(second=0, microsecond=0))
