"""The switches of the Dynamics 365 emulator."""

from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.switches import switched

__all__ = ["Options"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How this organisation behaves; the limits are those of one web server (Service protection, read 2026-11).

    Attributes:
        burst: requests of a user in any 300 s.
        execution_s: seconds of execution of a user's requests in any 300 s.
        concurrent: requests of a user at one time.
        work_s: virtual seconds that each request takes to be carried out, beside what it really takes.
        token_ttl_s: virtual seconds that an access token lives (Entra ID draws 60 to 90 minutes).
    """

    burst: int = 6_000
    execution_s: float = 1_200.0
    concurrent: int = 52
    work_s: float = 0.0
    token_ttl_s: float = 3_599.0

    @classmethod
    def from_mapping(cls, given: Mapping[str, str | int | float | bool]) -> "Options":
        """Options with the *given* switches in place of the defaults.

        Raises:
            ValueError: unknown name, or a value that the switch does not take.
        """
        return switched(cls, given, emulator="dynamics365")
