"""What comparisons of texts and ids become in SOQL."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from connectors.mapping import Spelling, spelling_of
from connectors.salesforce.soql.conditions import (
    Condition,
    all_of,
    any_of,
    is_in,
    is_missing,
    is_not_in,
    is_present,
    like,
    unlike,
)
from connectors.salesforce.soql.literals import fits_literal, text_literal
from connectors.salesforce.soql.rules import Found, operands
from model.capabilities import Pushdown
from model.query import Compare, Operator

__all__ = ["CasedText", "Id", "Key", "Reference", "Text", "TextId", "Within"]

_POSITIVE = frozenset({Operator.EQ, Operator.IN})
_EQUALITY = frozenset({Operator.EQ, Operator.NE, Operator.IN, Operator.NOT_IN})
_PATTERNS = frozenset({Operator.CONTAINS, Operator.STARTS_WITH})
_PUSHED = MappingProxyType(dict.fromkeys((*_EQUALITY, *_PATTERNS, Operator.IS_NULL), Pushdown.PUSHED))

_NAMED = MappingProxyType(dict.fromkeys((*_EQUALITY, Operator.IS_NULL), Pushdown.PUSHED))
_PRESENCE = MappingProxyType({Operator.IS_NULL: Pushdown.PUSHED})
_NARROWED = MappingProxyType(dict.fromkeys((*_POSITIVE, *_PATTERNS), Pushdown.SUPERSET))


@dataclass(frozen=True, slots=True)
class Text:
    """A column of short text; an empty one and a missing one are the same to both sides."""

    column: str

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality, parts and beginnings."""
        return _PUSHED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Equality and LIKE in every spelling that case folding unites."""
        if compare.operator is Operator.IS_NULL:
            return Found(is_missing(self.column) if compare.operand else is_present(self.column))
        texts = [str(operand) for operand in operands(compare)]
        if not all(map(fits_literal, texts)):
            return None
        if compare.operator in _EQUALITY and not negate:
            return self._equality(compare.operator, [text for text in texts if text])
        if compare.operator in _PATTERNS:
            return self._pattern(compare.operator, texts[0], negate=negate)
        return None

    def _equality(self, operator: Operator, texts: Sequence[str]) -> Found | None:
        spellings = [spelling_of(text) for text in texts]
        is_exact = all(spelling.exact for spelling in spellings) and not any(map(_is_padded, texts))
        if is_exact:
            literals = [text_literal(text) for spelling in spellings for text in spelling.exact]
            make = is_in if operator in _POSITIVE else is_not_in
            return Found(make(self.column, list(dict.fromkeys(literals))))
        if operator not in _POSITIVE:
            return None
        return self._wider([(spelling, spelling.begins, spelling.ends) for spelling in spellings])

    def _pattern(self, operator: Operator, text: str, *, negate: bool) -> Found | None:
        if not text:
            return Found(is_missing(self.column) if negate else is_present(self.column))
        spelling, starts = spelling_of(text), operator is Operator.STARTS_WITH
        if not spelling.exact:
            return None if negate else self._wider([(spelling, starts and spelling.begins, False)])
        patterns = [like(self.column, exact, starts=starts, ends=False) for exact in spelling.exact]
        return Found(unlike(self.column, patterns) if negate else any_of(*patterns))

    def _wider(self, wanted: Sequence[tuple[Spelling, bool, bool]]) -> Found | None:
        if not all(spelling.parts for spelling, _, _ in wanted):
            return None
        patterns = [like(self.column, *item.parts, starts=starts, ends=ends) for item, starts, ends in wanted]
        return Found(any_of(*patterns), is_exact=False)


@dataclass(frozen=True, slots=True)
class CasedText:
    """A column of short text whose case SOQL minds: one defined as unique and case-sensitive."""

    column: str

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """None for all texts."""
        return _PRESENCE

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """As of a Text where no operand has letters of two cases."""
        if compare.operator is not Operator.IS_NULL:
            texts = [str(operand) for operand in operands(compare)]
            if not all(text.upper() == text.lower() == text.casefold() for text in texts):
                return None
        return Text(self.column).compile(compare, negate=negate)


def _is_padded(text: str) -> bool:
    """Whether Salesforce would trim *text* on saving, and may do so before it compares."""
    return text != text.strip()


@dataclass(frozen=True, slots=True)
class Within:
    """A field that is a part of *column*'s text, such as the domain in a web address; re-checked here."""

    column: str

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """What the column's text narrows down."""
        return _NARROWED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """The column holds an operand somewhere."""
        texts = [str(operand) for operand in operands(compare)]
        if negate or compare.operator not in self.operators or not all(map(fits_literal, texts)):
            return None
        spellings = [spelling_of(text) for text in texts if text]
        if not spellings or not all(spelling.parts for spelling in spellings):
            return None
        patterns = (like(self.column, *spelling.parts, starts=False, ends=False) for spelling in spellings)
        return Found(any_of(*patterns), is_exact=False)


@dataclass(frozen=True, slots=True)
class Key:
    """A reference by an API name; SOQL ignores its case and the oracle does not.

    Attributes:
        known: every name there is at this account.
    """

    column: str
    known: frozenset[str]

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _NAMED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Equality where the names are known and differ in more than case."""
        if compare.operator is Operator.IS_NULL:
            return Found(is_missing(self.column) if compare.operand else is_present(self.column))
        names = [str(operand) for operand in operands(compare)]
        if negate or compare.operator not in _EQUALITY or not all(map(fits_literal, names)):
            return None
        folded = [name.casefold() for name in self.known]
        is_exact = all(name in self.known and folded.count(name.casefold()) == 1 for name in names)
        literals = [text_literal(name) for name in names if name]
        if compare.operator in _POSITIVE:
            return Found(is_in(self.column, literals), is_exact)
        return Found(is_not_in(self.column, literals)) if is_exact else None


@dataclass(frozen=True, slots=True)
class Id:
    """A column of record ids; *canonical* gives an id's one spelling, None for what is no id of this type."""

    column: str
    canonical: Callable[[str], str | None]

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _NAMED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Equality; what cannot be an id matches nothing and is left out."""
        if compare.operator is Operator.IS_NULL:
            return Found(_never_null(is_null=bool(compare.operand)))
        if negate or compare.operator not in _EQUALITY:
            return None
        found = [self.canonical(str(operand)) for operand in operands(compare)]
        literals = list(dict.fromkeys(text_literal(one) for one in found if one is not None))
        make = is_in if compare.operator in _POSITIVE else is_not_in
        return Found(make(self.column, literals))


def _never_null(*, is_null: bool) -> Condition:
    return not is_null


@dataclass(frozen=True, slots=True)
class Reference:
    """A column with the id of another record.

    Attributes:
        canonical: as of an Id; ids of records that the column may hold and the field does not mean are none.
        present, absent: conditions under which a filled column is of such a record, and is of another one; None where
            SOQL cannot tell them apart.
    """

    column: str
    canonical: Callable[[str], str | None]
    present: Condition | None = True
    absent: Condition | None = False

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _NAMED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Equality; what cannot be an id matches nothing, and an empty column equals nothing."""
        if compare.operator is Operator.IS_NULL:
            return self._is_null(is_null=bool(compare.operand))
        if negate or compare.operator not in _EQUALITY:
            return None
        found = [self.canonical(str(operand)) for operand in operands(compare)]
        literals = list(dict.fromkeys(text_literal(one) for one in found if one is not None))
        make = is_in if compare.operator in _POSITIVE else is_not_in
        return Found(make(self.column, literals))

    def _is_null(self, *, is_null: bool) -> Found | None:
        if self.present is None or self.absent is None:
            return None
        if is_null:
            return Found(any_of(self.absent, is_missing(self.column)))
        return Found(all_of(self.present, is_present(self.column)))


@dataclass(frozen=True, slots=True)
class TextId:
    """A column with ids of any records, compared as text: another spelling of an id is another text.

    Attributes:
        canonical: as of an Id.
    """

    column: str
    canonical: Callable[[str], str | None]

    @property
    def operators(self) -> Mapping[Operator, Pushdown]:
        """Equality."""
        return _NAMED

    def compile(self, compare: Compare, *, negate: bool) -> Found | None:
        """Equality; text that is no id of 18 characters matches nothing, and the case of one is checked here."""
        if compare.operator is Operator.IS_NULL:
            return Found(is_missing(self.column) if compare.operand else is_present(self.column))
        if negate or compare.operator not in _EQUALITY:
            return None
        pairs = [(text, self.canonical(text)) for text in map(str, operands(compare))]
        alike = [(text, one) for text, one in pairs if one is not None and one.casefold() == text.casefold()]
        is_exact = all(text == one for text, one in alike)
        literals = list(dict.fromkeys(text_literal(one) for _, one in alike))
        if compare.operator in _POSITIVE:
            return Found(is_in(self.column, literals), is_exact)
        return Found(is_not_in(self.column, literals)) if is_exact else None
