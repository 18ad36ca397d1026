"""The switches of the Freshsales emulator."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import get_type_hints

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this account behaves where accounts differ, or where the vendor's behaviour is not documented.

    Attributes:
        hourly: calls of the account in an hour (1,000; API documentation, "Rate limits", read 2026-11).
        retry_after: whether a 429 says in `Retry-After` when the hour ends; clients disagree on whether it does.
        all_deals: whether deals have a view of all of them; some accounts lack it.
        id_attribute: whether filtered searches know the attribute `id`; no page says so.
        deleted_every: every n-th contact, account and deal lies in the recycle bin; 0 for none.
    """

    hourly: int = 1_000
    retry_after: bool = True
    all_deals: bool = True
    id_attribute: bool = True
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
                raise ValueError(f"freshsales emulator: unknown option {name!r}; {hint}")
            if type(value) is not kinds[name] or (kinds[name] is int and int(value) < 0):
                wanted = "0 or more" if kinds[name] is int else "true or false"
                raise ValueError(f"freshsales emulator: option {name} takes {wanted}, got {value!r}")
        return cls(**given)  # type: ignore[arg-type]  # every value was checked against its field
