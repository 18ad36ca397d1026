"""The switches of the Pipedrive emulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.switches import switched

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this company account behaves where plans and settings differ.

    Attributes:
        plan: decides the daily tokens and the bursts (rate limiting page, read 2026-11).
        seats: multiplies the daily tokens.
        daily: tokens between two midnights UTC, in place of the plan's; 0 takes the plan's.
        burst: calls of one token in any 2 s, in place of the plan's; 0 takes the plan's.
        search_rate: searches in any 2 s, on every plan.
        blocked_after: 429s in any 60 s after which API-token calls get Cloudflare's 403 page (number undocumented).
        token_ttl_s: virtual seconds that an OAuth access token lives.
        contact_sync: whether persons have `job_title`, `birthday`, `postal_address`, `im` and `notes`.
        archived_every: every n-th deal is archived; 0 archives none.
        deleted_every: every n-th person, organization, deal, activity and note is deleted; 0 deletes none.
    """

    plan: Literal["lite", "growth", "premium", "ultimate"] = "premium"
    seats: int = 10
    daily: int = 0
    burst: int = 0
    search_rate: int = 10
    blocked_after: int = 100
    token_ttl_s: int = 3600
    contact_sync: bool = True
    archived_every: int = 60
    deleted_every: int = 0

    @classmethod
    def from_mapping(cls, given: Mapping[str, str | int | float | bool]) -> "Options":
        """Options with the *given* switches in place of the defaults.

        Raises:
            ValueError: unknown name, or a value that the switch does not take.
        """
        return switched(cls, given, emulator="pipedrive")
