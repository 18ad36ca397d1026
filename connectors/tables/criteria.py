"""How the fields of a type are compared at a vendor, and closed lists told by the vendor's own values."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from model.query import And, Compare, Not, Operator, Or, Predicate, normalised

__all__ = ["Criterion", "Kind", "by_values"]


class Kind(StrEnum):
    """What the values of a vendor's column are, for comparisons."""

    TEXT = "TEXT"
    SEVERAL = "SEVERAL"
    WORD = "WORD"
    FLAG = "FLAG"
    NUMBER = "NUMBER"
    MONEY = "MONEY"
    INSTANT = "INSTANT"
    DAY = "DAY"
    ID = "ID"
    LINK = "LINK"


_SORTABLE = frozenset({Kind.NUMBER, Kind.INSTANT, Kind.DAY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """How one unified field compares at the vendor.

    Attributes:
        column: the vendor's name in conditions and orders.
        kind: a WORD is one of a closed list, which the record shows in other words than the vendor's.
        words: of WORD, the vendor's values by the word that shows them, in lower case.
        unmapped: of WORD, what the record shows for a value that is not in *words*; None for a missing value.
        is_open: of WORD, whether such a value is shown as it is.
        is_always: whether every record has a value.
        is_sortable: whether the vendor's order by the column is an order by the field.
        sorts_missing_last: the directions in which the vendor itself puts missing values last: "asc", "desc".
        factor: of NUMBER, how many of the vendor's units are one of ours, such as 100 for percentages.
        currency: of MONEY, that of amounts which name none.
        currency_column: of MONEY, where a record names its currency.
        accepts: whether an operand can be a value at all, such as an id by its form; None where any can.
    """

    column: str
    kind: Kind
    words: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    unmapped: str | None = None
    is_open: bool = False
    is_always: bool = False
    is_sortable: bool = False
    sorts_missing_last: frozenset[str] = frozenset()
    factor: int = 1
    currency: str | None = None
    currency_column: str | None = None
    accepts: Callable[[str], bool] | None = None

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that *words* knows, without repeats."""
        return tuple(dict.fromkeys(value for values in self.words.values() for value in values))

    @property
    def may_sort(self) -> bool:
        """Whether sorting by it has one meaning everywhere, and the vendor does it."""
        return self.is_sortable and self.kind in _SORTABLE


def by_values(compare: Compare, criterion: Criterion) -> tuple[Predicate, bool]:
    """*compare* of a WORD as comparisons with the vendor's values alone, and whether it means just that.

    What comes back has IN, NOT_IN and IS_NULL; NOT_IN is true of a missing value.
    """
    match compare.operator:
        case Operator.IS_NULL:
            return normalised(_missing(compare, criterion)), True
        case Operator.CONTAINS | Operator.STARTS_WITH:
            return normalised(_part(compare, criterion)), not criterion.is_open
        case _:
            return normalised(_listed(compare, criterion)), True


def _missing(compare: Compare, criterion: Criterion) -> Predicate:
    if criterion.is_open or criterion.unmapped is not None:
        return compare
    return Compare(compare.field, Operator.NOT_IN if compare.operand else Operator.IN, criterion.values)


def _part(compare: Compare, criterion: Criterion) -> Predicate:
    part = str(compare.operand).casefold()
    fits = str.startswith if compare.operator is Operator.STARTS_WITH else str.__contains__
    found = _values(criterion, (word for word in criterion.words if fits(word, part)))
    chosen = Compare(compare.field, Operator.IN, found)
    takes_others = criterion.is_open or (criterion.unmapped is not None and fits(criterion.unmapped.casefold(), part))
    return Or((chosen, _outside(compare.field, criterion))) if takes_others else chosen


def _listed(compare: Compare, criterion: Criterion) -> Predicate:
    asked = [str(one) for one in (compare.operand if isinstance(compare.operand, tuple) else (compare.operand,))]
    words = [one.casefold() for one in asked]
    values = (*_values(criterion, words), *(_as_they_are(criterion, asked) if criterion.is_open else ()))
    takes_others = criterion.unmapped is not None and criterion.unmapped.casefold() in words
    is_among = Or(
        (Compare(compare.field, Operator.IN, values), *((_outside(compare.field, criterion),) * takes_others))
    )
    return is_among if compare.operator in {Operator.EQ, Operator.IN} else Not(is_among)


def _outside(name: str, criterion: Criterion) -> Predicate:
    """A value is there, and the list does not know it."""
    present = Compare(name, Operator.IS_NULL, operand=False)
    return And((Compare(name, Operator.NOT_IN, criterion.values), present))


def _values(criterion: Criterion, words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for word in words for value in criterion.words.get(word, ())))


def _as_they_are(criterion: Criterion, operands: Iterable[str]) -> tuple[str, ...]:
    """Operands that may be values which the list does not know."""
    known = {value.casefold() for value in criterion.values}
    return tuple(one for one in operands if one.casefold() not in criterion.words and one.casefold() not in known)
