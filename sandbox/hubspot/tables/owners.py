"""The owners of a portal."""

from collections.abc import Sequence

from sandbox.hubspot.definitions import owner_id, user_id
from sandbox.hubspot.tables.cells import instant_ms, iso_instant
from sandbox.seed import Book, User

__all__ = ["Owner", "Owners"]

Owner = dict[str, object]


class Owners:
    """The owners of one portal, by id; deactivated ones are listed apart."""

    def __init__(self, book: Book) -> None:
        self._all = [_owner(user) for user in book.users]

    def page(self, *, after: int, limit: int, email: str | None, is_archived: bool) -> tuple[Sequence[Owner], bool]:
        """Up to *limit* owners with ids above *after*, and whether there are more."""
        found = [
            one
            for one in self._all
            if one["archived"] is is_archived
            and int(str(one["id"])) > after
            and (email is None or str(one["email"] or "").lower() == email.lower())
        ]
        return found[:limit], len(found) > limit

    def one(self, wanted: str, *, by_user_id: bool, is_archived: bool) -> Owner | None:
        """The owner with that id, or with that user id."""
        key = "userIdIncludingInactive" if by_user_id else "id"
        found = (one for one in self._all if str(one[key]) == wanted and one["archived"] is is_archived)
        return next(found, None)


def _owner(user: User) -> Owner:
    """As HubSpot's JSON shows *user*.

    A deactivated one has no userId (airbyte#55818), and here every second one no name (probo#1594).
    Queues are no users.
    """
    first, _, last = user.name.partition(" ")
    is_nameless = not user.is_active and user.number % 2 == 0
    is_person = user.kind == "user"
    return {
        "id": str(owner_id(user.number)),
        "email": user.email,
        "type": "PERSON" if is_person else "QUEUE",
        "firstName": "" if is_nameless else first,
        "lastName": "" if is_nameless else last,
        "userId": user_id(user.number) if is_person and user.is_active else None,
        "userIdIncludingInactive": user_id(user.number) if is_person else None,
        "createdAt": iso_instant(instant_ms(user.created_at)),
        "updatedAt": iso_instant(instant_ms(user.updated_at)),
        "archived": not user.is_active,
    }
