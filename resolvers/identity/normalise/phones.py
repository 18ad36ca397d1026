"""Telephone numbers: one spelling to compare by, and the usual ones to look for."""

import re
from dataclasses import dataclass

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberFormat

__all__ = ["Phone", "phone_key", "phone_spellings"]

_MAX_CHARS = 60
# Shorter ones are extensions and short codes, which many have alike.
_LEAST_DIGITS = 6
_ABROAD = re.compile(r"^\s*00\s*(?=[1-9])")
_TRUNK = re.compile(r"^(\+[0-9]{1,3}[\s.-]*)\(\s*0\s*([0-9]*)\s*\)")


@dataclass(frozen=True, slots=True)
class Phone:
    """A number in E.164; *extension* is apart, for behind one number sit many people."""

    e164: str
    extension: str | None = None


def phone_key(text: str, region: str | None) -> Phone | None:
    """The number that *text* writes; None where it is none, or lacks a country and *region* does not say it."""
    number = _parsed(text, region)
    if number is None:
        return None
    extension = number.extension or None
    return Phone(phonenumbers.format_number(_bare(number), PhoneNumberFormat.E164), extension)


def phone_spellings(text: str, region: str | None) -> tuple[str, ...]:
    """The usual ways to write the number that *text* writes, as it stands first.

    The digits are grouped as in *text*, and as is usual in their country. Case and the like do not matter.
    """
    number = _parsed(text, region)
    if number is None:
        return ()
    bare = _bare(number)
    code = str(bare.country_code)
    usual = phonenumbers.format_number(bare, PhoneNumberFormat.INTERNATIONAL)
    at_home = phonenumbers.format_number(bare, PhoneNumberFormat.NATIONAL)
    digits = phonenumbers.national_significant_number(bare)
    home = phonenumbers.region_code_for_country_code(bare.country_code or 0)
    trunk = phonenumbers.ndd_prefix_for_region(home, strip_non_digits=True)
    found = [text.strip(), f"+{code}{digits}", usual, at_home]
    if code == "1":
        area, exchange, line = digits[:3], digits[3:6], digits[6:]
        found += [f"+1-{area}-{exchange}-{line}", f"+1 ({area}) {exchange}-{line}", f"({area}) {exchange}-{line}"]
        found += [f"{area}-{exchange}-{line}", f"{area}.{exchange}.{line}", digits]
        return tuple(dict.fromkeys(found))
    zero = trunk or ""
    for groups in dict.fromkeys((_groups(text, digits), tuple(usual.partition(" ")[2].replace("-", " ").split()))):
        spaced = " ".join(groups)
        found += [f"+{code} {spaced}", f"+{code}-{'-'.join(groups)}", f"{zero}{spaced}"]
    found += [f"00{code} {digits}", f"00{code}{digits}", f"+{code} {digits}", f"{zero}{digits}"]
    if zero:
        found.append(f"+{code} ({zero}){digits}")
    return tuple(dict.fromkeys(found))


def _parsed(text: str, region: str | None) -> PhoneNumber | None:
    """*text* as a number; a trunk zero in brackets and 00 for + are read in every region."""
    if len(text) > _MAX_CHARS:
        return None
    plain = _TRUNK.sub(r"\1\2", text.strip())
    for attempt in dict.fromkeys((_ABROAD.sub("+", plain), plain)):
        try:
            number = phonenumbers.parse(attempt, region)
        except phonenumbers.NumberParseException:
            continue
        is_whole = len(phonenumbers.national_significant_number(number)) >= _LEAST_DIGITS
        if is_whole and phonenumbers.is_possible_number(number):
            return number
    return None


def _bare(number: PhoneNumber) -> PhoneNumber:
    bare = PhoneNumber()
    bare.merge_from(number)
    bare.extension = None
    return bare


def _groups(text: str, digits: str) -> tuple[str, ...]:
    """The national *digits* grouped as *text* groups them; in one where it does not."""
    found: list[str] = []
    rest = digits
    for group in reversed(re.findall(r"[0-9]+", re.split(r"(?i)e?xt|x", text)[0])):
        if not rest or not rest.endswith(group):
            break
        found.insert(0, group)
        rest = rest.removesuffix(group)
    if rest:
        found.insert(0, rest)
    return tuple(found)
