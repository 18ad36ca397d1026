"""Records that are made when they are read, for a large org has more of them than fit beside its tables."""

from collections.abc import Callable, Iterator
from typing import Generic, Protocol, TypeVar

from sandbox.salesforce.org.keys import Record

__all__ = ["Indexed", "Records", "Told"]


_Row = TypeVar("_Row")
_Item_co = TypeVar("_Item_co", covariant=True)


class Indexed(Protocol[_Item_co]):
    """What can be counted, read in order and by place."""

    def __len__(self) -> int:
        """How many."""

    def __iter__(self) -> Iterator[_Item_co]:
        """Each in order."""

    def __getitem__(self, place: int, /) -> _Item_co:
        """The one at *place*."""


Records = Indexed[Record]
"""Records in the order of their ids."""


class Told(Generic[_Row]):
    """Each of some rows as a record; a record is made anew whenever it is asked for."""

    def __init__(self, rows: Indexed[_Row], make: Callable[[_Row], Record]) -> None:
        self._rows = rows
        self._make = make

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Record]:
        return map(self._make, self._rows)

    def __getitem__(self, place: int) -> Record:
        return self._make(self._rows[place])
