"""How far a vendor's case-blind comparison agrees with Unicode case folding, operand by operand.

Vendors ignore case by tables of their own, such as the running user's locale, and do not say which.
Letters with one upper and one lower form are safe under every table; ß is said in both its spellings; what else folds
in several ways (İ, ı, final sigma, ligatures, combining marks) is left open in the pattern and checked here.
So is an i beside a letter that is not ASCII: tables that compare by capitals take ı for i, and IŞIK would find Işık.
An ASCII operand counts as safe; what this leaves out is written in the pages of the connectors.
"""

import unicodedata
from dataclasses import dataclass
from itertools import product

__all__ = ["Spelling", "spelling_of"]

_MAX_SPELLINGS = 8
# Where letters fold in irregular ways. Left out: forms of medieval Cyrillic (1C80), and below whatever is a mere
# compatibility form of another letter (long s, Kelvin sign, Greek symbols): no name in a CRM is written with them.
_IRREGULAR_RANGES = (
    range(0x80, 0x1C80),
    range(0x1C90, 0x2200),
    range(0x2C00, 0x2E00),
    range(0xA640, 0xA7FF),
    range(0xFB00, 0xFB18),
)


@dataclass(frozen=True, slots=True)
class Spelling:
    """What to ask a vendor for so that it finds a text whatever its case.

    Attributes:
        exact: texts of which a case-blind comparison must find one; empty where no list of texts is safe.
        parts: texts that every match holds, in order; for a pattern that finds all matches and perhaps more.
        begins, ends: whether *parts* begin and end where the operand does.
    """

    exact: tuple[str, ...]
    parts: tuple[str, ...]
    begins: bool
    ends: bool


def spelling_of(operand: str) -> Spelling:
    """How to look for *operand*, which is not empty."""
    folded = operand.casefold()
    unsafe = _unsafe_places(folded)
    if not unsafe and "ss" not in folded:
        text = operand if _is_plainly_cased(operand, folded) else folded
        return Spelling((text,), (text,), begins=True, ends=True)
    places = unsafe | _sharp_s_places(folded)
    return Spelling(
        () if unsafe else _with_sharp_s(folded),
        tuple(part for part in _cut(folded, places) if part),
        begins=0 not in places,
        ends=len(folded) - 1 not in places,
    )


def _is_plainly_cased(operand: str, folded: str) -> bool:
    return len(operand) == len(folded) and all(
        char in {low, low.upper()} for char, low in zip(operand, folded, strict=True)
    )


def _with_sharp_s(folded: str) -> tuple[str, ...]:
    """*folded* with each ss also as ß; nothing when these are too many."""
    pieces = folded.split("ss")
    if "sss" in folded or 2 ** (len(pieces) - 1) > _MAX_SPELLINGS:
        return ()
    return tuple(
        "".join(piece + joint for piece, joint in zip(pieces, (*joints, ""), strict=True))
        for joints in product(("ss", "ß"), repeat=len(pieces) - 1)
    )


def _sharp_s_places(folded: str) -> set[int]:
    return {at + step for at in range(len(folded)) if folded.startswith("ss", at) for step in (0, 1)}


def _cut(folded: str, places: set[int]) -> list[str]:
    marked = "".join("\0" if at in places else char for at, char in enumerate(folded))
    return marked.split("\0")


def _unsafe_places(folded: str) -> set[int]:
    if folded.isascii():
        return set()
    unsafe = {at for at, char in enumerate(folded) if not _is_safe(char)}
    for expansion in _EXPANSIONS:
        at = folded.find(expansion)
        while at >= 0:
            unsafe.update(range(at, at + len(expansion)))
            at = folded.find(expansion, at + 1)
    return unsafe


def _is_safe(char: str) -> bool:
    """Whether the folded *char* has at most one other form, and every case table agrees on it."""
    if char.isascii():
        return char != "i"
    upper = char.upper()
    return (
        len(upper) == 1
        and upper.lower() == char == char.lower()
        and not unicodedata.combining(char)
        and _FORMS.get(char, frozenset()) <= {char, upper}
    )


def _irregular() -> tuple[dict[str, set[str]], frozenset[str]]:
    """Forms of each folded letter, and the folded forms of several letters that are not ASCII."""
    forms: dict[str, set[str]] = {}
    expansions: set[str] = set()
    for char in (chr(code) for places in _IRREGULAR_RANGES for code in places):
        folded = char.casefold()
        if len(folded) > 1:
            expansions.add(folded)
        elif unicodedata.is_normalized("NFKC", char):
            forms.setdefault(folded, set()).add(char)
    return forms, frozenset(text for text in expansions if not text.isascii())


_FORMS, _EXPANSIONS = _irregular()
