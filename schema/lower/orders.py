"""From order inputs to sort keys."""

from collections.abc import Sequence
from typing import Protocol

from model.errors import BadRequest
from model.query import Direction, Order

__all__ = ["OrderInput", "lower_orders"]

_MAX_KEYS = 3


class _Member(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def value(self) -> object: ...


class OrderInput(Protocol):
    """What the order inputs have in common."""

    field: _Member
    direction: _Member


def lower_orders(order_by: Sequence[OrderInput]) -> tuple[Order, ...]:
    """The sort keys, in the order given.

    Raises:
        BadRequest: there are more than three, or one comes twice.
    """
    if len(order_by) > _MAX_KEYS:
        raise BadRequest(f"orderBy has {len(order_by)} keys; at most {_MAX_KEYS} are taken")
    names = [item.field.name for item in order_by]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise BadRequest(f"orderBy names {twice} twice; keep one of them")
    return tuple(Order(str(item.field.value), Direction(item.direction.name)) for item in order_by)
