"""Who is one person: records joined by pairs that are sure, kept apart where somebody said so."""

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

__all__ = ["clusters"]

T = TypeVar("T", bound=Hashable)


def clusters(
    members: Sequence[T], joined: Iterable[tuple[T, T]], apart: Collection[frozenset[T]] = ()
) -> list[list[T]]:
    """The groups of *members* in their order, each in the order of *members*.

    Args:
        members: all of them, each once.
        joined: pairs that are one, the surest first.
        apart: pairs that are never in one group, even where a third would join them.
    """
    group_of: dict[T, list[T]] = {member: [member] for member in members}
    for a, b in joined:
        one, other = group_of[a], group_of[b]
        if one is other or any(frozenset((x, y)) in apart for x in one for y in other):
            continue
        one.extend(other)
        for member in other:
            group_of[member] = one
    return _ordered(members, group_of)


def _ordered(members: Sequence[T], group_of: Mapping[T, list[T]]) -> list[list[T]]:
    place = {member: index for index, member in enumerate(members)}
    groups = {id(group): group for group in (group_of[member] for member in members)}
    return [sorted(group, key=lambda member: place[member]) for group in groups.values()]
