"""The switches of the Pipedrive emulator."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Literal, get_args, get_origin, get_type_hints

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
        kinds = get_type_hints(cls)
        for name, value in given.items():
            if name not in kinds:
                close = difflib.get_close_matches(name, kinds, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(one.name for one in fields(cls))}"
                raise ValueError(f"pipedrive emulator: unknown option {name!r}; {hint}")
            _check(name, value, kinds[name])
        return cls(**given)  # type: ignore[arg-type]  # every value was checked against its field


def _check(name: str, value: object, kind: object) -> None:
    if get_origin(kind) is Literal:
        if value not in get_args(kind):
            raise ValueError(f"pipedrive emulator: option {name} takes {' or '.join(get_args(kind))}, got {value!r}")
    elif type(value) is not kind:
        wanted = "true or false" if kind is bool else "a whole number"
        raise ValueError(f"pipedrive emulator: option {name} takes {wanted}, got {value!r}")
    elif isinstance(value, int) and value < 0:
        raise ValueError(f"pipedrive emulator: option {name} takes 0 or more, got {value!r}")
