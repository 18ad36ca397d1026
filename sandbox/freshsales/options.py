"""The switches of the Freshsales emulator."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switches import switched

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
        return switched(cls, given, emulator="freshsales")
