"""What reading an answer raises that is not what the vendor promised."""

from collections.abc import Iterator
from contextlib import contextmanager

from model.errors import SourceUnavailable

__all__ = ["GARBAGE", "understood"]

GARBAGE = (LookupError, TypeError, ValueError, ArithmeticError, AttributeError)
"""Keys that are not there, values of another type, dates and numbers that are none or too large."""


@contextmanager
def understood(source: str) -> Iterator[None]:
    """Around the reading of rows whose call has ended already.

    Raises:
        SourceUnavailable: they are not what was promised; none of what they hold is quoted.
    """
    try:
        yield
    except GARBAGE as error:
        text = f"{source} answered JSON of another shape than expected; try again later"
        raise SourceUnavailable(text, source=source) from error
