"""What a book's users do beside owning records: who made and changed each, and who sits in meetings."""

from collections.abc import Iterable, Iterator, Sequence

from sandbox.hubspot.definitions import owner_id, user_id
from sandbox.hubspot.tables.cells import Row
from sandbox.seed import Appointment, Book

__all__ = ["attending_owners", "people_of", "signed"]


def people_of(book: Book) -> Sequence[int]:
    """Numbers of the users who are people: queues make nothing and attend nothing."""
    return [user.number for user in book.users if user.kind == "user"]


def signed(rows: Iterable[Row], book: Book) -> Iterator[Row]:
    """*rows* with the user ids of those who made and last changed each.

    Every ninth names nobody, and every tenth a user who owns nothing and so is no owner.
    """
    people, outsider = people_of(book), len(book.users) + 1
    for place, row in enumerate(rows, start=1):
        made, changed = (outsider, outsider) if place % 10 == 0 or not people else _two(people, place)
        is_known = place % 9 != 0
        yield {
            **row,
            "hs_created_by_user_id": user_id(made) if is_known else None,
            "hs_updated_by_user_id": user_id(changed) if is_known else None,
        }


def _two(people: Sequence[int], place: int) -> tuple[int, int]:
    return people[place % len(people)], people[(place * 3 + 1) % len(people)]


def attending_owners(meeting: Appointment, people: Sequence[int]) -> str | None:
    """Owner ids of the one who holds *meeting* and, every third time, of a colleague; None for nobody."""
    holder = [one for one in people if one == meeting.owner]
    colleague = [people[meeting.number % len(people)]] if people and meeting.number % 3 == 0 else []
    return ";".join(str(owner_id(one)) for one in dict.fromkeys((*holder, *colleague))) or None
