"""What a client gave to an argument."""

from typing import TypeVar

from strawberry import UNSET

__all__ = ["given"]

T = TypeVar("T")


def given(value: T | None) -> T | None:
    """*value*, with null taken as left out."""
    return None if value is UNSET else value
