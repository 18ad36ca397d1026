"""What is said to a person at a terminal."""

from rich.console import Console

from connectors.documents import printable

__all__ = ["say"]


def say(text: str, *, is_error: bool = False) -> None:
    """Print *text* as it is, with control characters escaped: parts of it can be a CRM's words."""
    Console(stderr=is_error, highlight=False, markup=False, soft_wrap=True).print(printable(text))
