"""What `first` and `after` may be."""

from collections.abc import Iterable

from model.errors import BadRequest
from schema.context import Limits

__all__ = ["page_size", "refuse_cursor", "stands_under_list", "unpaged_size"]

_UNPAGED_FIRST = 100


def page_size(first: int | None, *, default: int, most: int) -> int:
    """The page size asked for.

    Raises:
        BadRequest: it is below 1 or above *most*.
    """
    size = default if first is None else first
    if not 1 <= size <= most:
        raise BadRequest(f"`first` is {size}; it must be from 1 to {most}")
    return size


def unpaged_size(limits: Limits) -> int:
    """Rows of a to-many relation that is a plain list, not a connection."""
    return min(_UNPAGED_FIRST, limits.first)


def refuse_cursor() -> None:
    """Refuse `after` under a list: a batch serves many parents, and a cursor belongs to one.

    Raises:
        BadRequest: always.
    """
    raise BadRequest("`after` on a relation is allowed only under a single record; read that record by its `id`")


def stands_under_list(path: Iterable[str | int]) -> bool:
    """Whether a field with this response path is resolved once for each row of a list."""
    return any(isinstance(key, int) for key in path)
