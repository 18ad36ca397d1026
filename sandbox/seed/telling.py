"""How a book tells a fact: what it leaves out, misspells or writes in its own way."""

from random import Random
from typing import TypeVar

from sandbox.seed.places import Country

__all__ = [
    "NULL_SHARE",
    "TYPO_SHARE",
    "company_as_told",
    "dice_for",
    "email_as_told",
    "happens",
    "misspelt",
    "optional",
    "phone_as_told",
    "with_digits",
]

T = TypeVar("T")

NULL_SHARE = 0.08
"""Share of the optional values that a book lacks."""

TYPO_SHARE = 0.04
"""Share of the people whose name is misspelt in a book."""

_OTHER_CASE_SHARE = 0.08
_OTHER_SUFFIX_SHARE = 0.3
_OTHER_PHONE_STYLE_SHARE = 0.4
_EXTENSION_SHARE = 0.02


def dice_for(key: str) -> Random:
    """The chances that belong to *key*, always the same."""
    return Random(key)  # noqa: S311 (chances of a story, no secrets)


def happens(dice: Random, share: float) -> bool:
    """True in *share* of the calls."""
    return dice.random() < share


def optional(dice: Random, value: T | None) -> T | None:
    """*value*, or None in `NULL_SHARE` of the calls."""
    return None if dice.random() < NULL_SHARE else value


def with_digits(dice: Random, pattern: str) -> str:
    """*pattern* with a digit for each "#"."""
    return "".join(str(dice.randrange(10)) if sign == "#" else sign for sign in pattern)


def misspelt(dice: Random, name: str) -> str:
    """*name* with two neighbours swapped, or one letter left out or doubled; short names get a doubled letter."""
    position = dice.randrange(1, len(name)) if len(name) > 1 else 0
    kind = dice.choice(("swap", "drop", "double")) if len(name) > 3 else "double"
    if kind == "drop":
        return name[:position] + name[position + 1 :]
    if kind == "swap" and name[position] != name[position - 1]:
        return name[: position - 1] + name[position] + name[position - 1] + name[position + 1 :]
    return name[:position] + name[position] + name[position:]


def email_as_told(dice: Random, email: str) -> str:
    """*email*, here and there with capitals."""
    if not happens(dice, _OTHER_CASE_SHARE):
        return email
    local, _, domain = email.partition("@")
    return dice.choice((email.upper(), f"{local.title()}@{domain}", f"{local}@{domain.capitalize()}"))


def company_as_told(dice: Random, name: str, suffixes: tuple[str, ...]) -> str:
    """*name* with its suffix, here and there in another way of writing it, or without one."""
    if not happens(dice, _OTHER_SUFFIX_SHARE):
        return f"{name} {suffixes[0]}"
    return dice.choice((f"{name} {suffixes[1]}", f"{name} {suffixes[2]}", f"{name}, {suffixes[0]}", name, name.upper()))


def phone_as_told(dice: Random, number: str, country: Country, *, style: int) -> str:
    """*number* (groups of digits, no trunk prefix) mostly in the book's *style*, else in another one."""
    if happens(dice, _OTHER_PHONE_STYLE_SHARE):
        style = dice.randrange(6)
    groups = number.split(" ")
    told = _north_american(groups, style) if country.calling_code == "1" else _elsewhere(groups, country, style)
    return f"{told} ext. {dice.randrange(10, 100)}" if happens(dice, _EXTENSION_SHARE) else told


def _north_american(groups: list[str], style: int) -> str:
    area, exchange, line = groups
    return (
        f"({area}) {exchange}-{line}",
        f"+1-{area}-{exchange}-{line}",
        f"{area}.{exchange}.{line}",
        f"+1{area}{exchange}{line}",
        f"+1 ({area}) {exchange}-{line}",
        f"{area}-{exchange}-{line}",
    )[style % 6]


def _elsewhere(groups: list[str], country: Country, style: int) -> str:
    code, trunk = country.calling_code, country.trunk
    spaced, joined = " ".join(groups), "".join(groups)
    return (
        f"+{code} {spaced}",
        f"+{code}-{'-'.join(groups)}",
        f"{trunk}{spaced}",
        f"+{code}{joined}",
        f"+{code} ({trunk}){joined}" if trunk else f"+{code} {joined}",
        f"00{code} {joined}",
    )[style % 6]
