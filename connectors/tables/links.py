"""Links of many parents, put together from the rows of one read."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from model.page import Link, RelatedPage

__all__ = ["paged", "suffice"]


def paged(
    links: Iterable[tuple[str, Link]],
    parents: Sequence[str],
    *,
    first: int,
    after: str | None,
    id_key: Callable[[str], Any],
) -> list[RelatedPage]:
    """The first links of each parent in the order of ids, behind *after*.

    Args:
        links: (a parent's id, link), all that the parents have; a record linked twice counts once, its first link.
        parents: remote ids, in the order answered.
        first: links of each at most.
        after: remote id to start behind.
        id_key: compares ids as the vendor does.
    """
    held: dict[str, dict[str, Link]] = {parent: {} for parent in parents}
    for parent, link in links:
        if parent in held:
            held[parent].setdefault(link.ref.remote_id, link)
    start = None if after is None else id_key(after)
    pages: list[RelatedPage] = []
    for parent in parents:
        ids = sorted(held[parent], key=id_key)
        rest = [remote_id for remote_id in ids if start is None or id_key(remote_id) > start]
        chosen = tuple(held[parent][remote_id] for remote_id in rest[:first])
        pages.append(RelatedPage(chosen, has_more=len(rest) > first))
    return pages


def suffice(links: Iterable[tuple[str, Link]], parents: Sequence[str], *, first: int) -> bool:
    """Whether each of *parents* has more than *first* links among *links*, so that no more need be read."""
    held: dict[str, set[str]] = {parent: set() for parent in parents}
    for parent, link in links:
        held.get(parent, set()).add(link.ref.remote_id)
    return all(len(found) > first for found in held.values())
