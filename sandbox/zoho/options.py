"""The switches of the Zoho emulator."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sandbox.switches import switched

__all__ = ["Options"]

_CREDITS = {
    "free": (5_000, 0, 5_000),
    "standard": (50_000, 250, 100_000),
    "professional": (50_000, 500, 3_000_000),
    "enterprise": (50_000, 1_000, 5_000_000),
    "ultimate": (50_000, 2_000, None),
}
"""Edition → base, for each user, at most (API limits page, read 2026-11)."""

_CONCURRENCY = {"free": 5, "standard": 10, "professional": 15, "enterprise": 20, "ultimate": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this organisation behaves where editions differ, or where Zoho's behaviour is not documented.

    Attributes:
        edition: chooses credits and concurrency.
        licenses: user licences, which add to the credits.
        daily: credits in any 24 h; 0 for what the edition has.
        concurrency: calls at once; 0 for what the edition has.
        sub_concurrency: searches, COQL, composites and lists with sort_by or cvid at once (limits page, read 2026-11).
        token_ttl_s: virtual seconds that an access token lives.
        token_requests: to the token endpoint in any 10 min for one refresh token (pages differ).
        scopes: granted scopes, separated by spaces; empty grants everything.
        nulls: whether COQL takes a missing value for the lowest, so first ascending and last descending, or for the
            highest (undocumented).
        coql_notes: whether COQL reads notes (undocumented).
        list_participants: whether lists have the participants of events that `fields` asks for (undocumented).
        unknown_fields: what a list does with an unknown name in `fields`: leave it out, or refuse (orgs differ).
        index_lag_s: virtual seconds after its last change for which a search does not see a record.
        deleted_every: every n-th record of each module is in the recycle bin; 0 for none.
    """

    edition: Literal["free", "standard", "professional", "enterprise", "ultimate"] = "enterprise"
    licenses: int = 20
    daily: int = 0
    concurrency: int = 0
    sub_concurrency: int = 10
    token_ttl_s: float = 3600.0
    token_requests: int = 10
    scopes: str = ""
    nulls: Literal["low", "high"] = "low"
    coql_notes: bool = True
    list_participants: bool = True
    unknown_fields: Literal["drop", "refuse"] = "drop"
    index_lag_s: float = 0.0
    deleted_every: int = 0

    @property
    def credits(self) -> int:
        """Credits in any 24 h."""
        base, each, most = _CREDITS[self.edition]
        granted = base + each * self.licenses
        return self.daily or (granted if most is None else min(granted, most))

    @property
    def calls_at_once(self) -> int:
        """Calls that may be under way at the same time."""
        return self.concurrency or _CONCURRENCY[self.edition]

    @classmethod
    def from_mapping(cls, given: Mapping[str, str | int | float | bool]) -> "Options":
        """Options with the *given* switches in place of the defaults.

        Raises:
            ValueError: unknown name, or a value that the switch does not take.
        """
        return switched(cls, given, emulator="zoho")
