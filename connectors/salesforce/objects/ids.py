"""Salesforce record ids: 15 characters that mind case, or 18 that carry their case in a checksum."""

import re

__all__ = ["canonical"]

_ID = re.compile(r"[0-9A-Za-z]{15}(?:[0-9A-Za-z]{3})?\Z")
_CHECKSUM = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"


def canonical(remote_id: str) -> str | None:
    """The 18-character spelling, its case restored; None for what is no id.

    Each suffix character tells which of five characters are capitals (Salesforce, object reference, "ID field type",
    read 2026-11).
    """
    if not _ID.match(remote_id):
        return None
    if len(remote_id) == 15:
        return remote_id + _suffix(remote_id)
    return _with_case(remote_id[:15], remote_id[15:].upper())


def _suffix(short: str) -> str:
    return "".join(_CHECKSUM[_capitals(short[at : at + 5])] for at in (0, 5, 10))


def _capitals(five: str) -> int:
    return sum(1 << place for place, char in enumerate(five) if "A" <= char <= "Z")


def _with_case(short: str, suffix: str) -> str | None:
    restored = ""
    for at, mark in zip((0, 5, 10), suffix, strict=True):
        bits = _CHECKSUM.find(mark)
        if bits < 0:
            return None
        five = short[at : at + 5]
        restored += "".join(char.upper() if bits >> place & 1 else char.lower() for place, char in enumerate(five))
    return restored + suffix if _suffix(restored) == suffix else None
