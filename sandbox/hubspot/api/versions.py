"""The two families of paths that HubSpot serves side by side."""

from dataclasses import dataclass

__all__ = ["VERSIONS", "Version"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One family.

    Attributes:
        objects: before the object type.
        associations: before the pair of object types of a batch.
        owners, pipelines, properties: before what is asked of each.
        account: the account's details.
        token: the token endpoints.
        partial_status: status of a batch read that has errors beside results.
        has_legacy_reads: whether it has label lists, per-record association lists and v3 association batches.
    """

    objects: str
    associations: str
    owners: str
    pipelines: str
    properties: str
    account: str
    token: tuple[str, ...]
    partial_status: int
    has_legacy_reads: bool


# Public API specification, snapshot 2026-08-21: the 2026-09 documents declare no 207 and no association GETs.
VERSIONS = (
    Version(
        objects="/crm/v3/objects",
        associations="/crm/v4/associations",
        owners="/crm/v3/owners",
        pipelines="/crm/v3/pipelines",
        properties="/crm/v3/properties",
        account="/account-info/v3/details",
        token=("/oauth/v1/token", "/oauth/v3/token"),
        partial_status=207,
        has_legacy_reads=True,
    ),
    Version(
        objects="/crm/objects/2026-09",
        associations="/crm/associations/2026-09",
        owners="/crm/owners/2026-09",
        pipelines="/crm/pipelines/2026-09",
        properties="/crm/properties/2026-09",
        account="/account-info/2026-09/details",
        token=("/oauth/2026-09/token",),
        partial_status=200,
        has_legacy_reads=False,
    ),
)
