"""The connected accounts, and the products they are accounts of."""

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["PlatformInfo", "SourceInfo", "SourceStatus"]


class SourceStatus(StrEnum):
    """Whether a source can be read now."""

    READY = "READY"
    DEGRADED = "DEGRADED"
    REAUTH_REQUIRED = "REAUTH_REQUIRED"
    DISABLED = "DISABLED"
    UNREACHABLE = "UNREACHABLE"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformInfo:
    """A CRM product this installation can speak to."""

    key: str
    name: str
    auth_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """One connected account; what needs a call is not here but in its Description."""

    key: str
    name: str
    platform: PlatformInfo
    status: SourceStatus
    status_reason: str | None = None
