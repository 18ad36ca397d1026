"""The switches of the emulator."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switches import switched

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How many requests the account's key has.

    Attributes:
        minute: in any sixty seconds.
        daily: from midnight to midnight UTC.
    """

    minute: int = 100
    daily: int = 10_000

    @classmethod
    def from_mapping(cls, given: Mapping[str, str | int | float | bool]) -> "Options":
        """Options with the *given* switches in place of the defaults.

        Raises:
            ValueError: unknown name, or a value that the switch does not take.
        """
        return switched(cls, given, emulator="generic_graphql")
