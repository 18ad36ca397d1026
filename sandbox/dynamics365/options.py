"""The switches of the Dynamics 365 emulator."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Self

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
    def from_mapping(cls, given: Mapping[str, object]) -> Self:
        """Options with the *given* switches in place of the defaults.

        Raises:
            ValueError: unknown name, or a value that the switch does not take.
        """
        known = {one.name: type(one.default) for one in fields(cls)}
        for name, value in given.items():
            if name not in known:
                close = difflib.get_close_matches(name, known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                raise ValueError(f"dynamics365 emulator: unknown option {name!r}; {hint}")
            kind = known[name]
            is_fit = isinstance(value, int if kind is int else int | float) and not isinstance(value, bool)
            if not is_fit or value < 0:  # type: ignore[operator] # is_fit says that it is a number
                raise ValueError(f"dynamics365 emulator: option {name} takes {kind.__name__}, 0 or more; got {value!r}")
        return cls(**given)  # type: ignore[arg-type] # every value was checked against its field
