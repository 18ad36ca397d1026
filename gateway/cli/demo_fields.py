"""The demo's names for what the accounts of the emulated CRMs added, as a config has them."""

from collections.abc import Mapping
from typing import Any

__all__ = ["demo_fields"]

_FIELDS: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "contact": {
        "npsScore": ("DECIMAL", "How likely they are to recommend us, from 0 to 10."),
        "customerNumber": ("TEXT", "Their number in our books, such as K-004711."),
        "renewalOn": ("DATE", "The day their contract is renewed."),
        "isVip": ("BOOLEAN", "Whether they are looked after first."),
        "preferredChannel": ("CHOICE", "How they like to be reached."),
        "interests": ("MULTI_CHOICE", "What they like to hear about."),
    },
    "company": {
        "customerNumber": ("TEXT", "Its number in our books, such as F-004711."),
        "tier": ("CHOICE", "How much it matters to us."),
    },
    "deal": {
        "contractMonths": ("INTEGER", "How many months the contract runs."),
        "competitor": ("TEXT", "Who else they talk to."),
    },
}

# A customer has one number, in whatever account.
_IDENTIFYING = frozenset({"customerNumber"})


def demo_fields(own_fields: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, Any]:
    """The `custom_fields` of a config over emulators; *own_fields* are their keys, by source, type and name."""
    found: dict[str, Any] = {}
    for entity, names in _FIELDS.items():
        for name, (kind, description) in names.items():
            keys = {
                source: key for source, own in own_fields.items() if (key := own.get(entity, {}).get(name)) is not None
            }
            if keys:
                alias = {"kind": kind, "description": description, "keys": keys}
                found.setdefault(entity, {})[name] = alias | ({"identifies": True} if name in _IDENTIFYING else {})
    return found
