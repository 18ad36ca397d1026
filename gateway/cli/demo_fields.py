"""The demo's names for what the emulated CRMs' accounts added, as a config has them."""

from collections.abc import Collection, Mapping
from typing import Any

__all__ = ["demo_fields"]

_FIELDS: Mapping[str, Mapping[str, tuple[str, str, Mapping[str, str]]]] = {
    "contact": {
        "npsScore": (
            "DECIMAL",
            "How likely they are to recommend us, from 0 to 10.",
            {"salesforce": "NPS__c", "hubspot": "nps_score"},
        ),
        "customerNumber": (
            "TEXT",
            "Their number in our books, such as K-004711.",
            {"salesforce": "Customer_Number__c", "hubspot": "customer_number"},
        ),
        "renewalOn": (
            "DATE",
            "The day their contract is renewed.",
            {"salesforce": "Renewal_Date__c", "hubspot": "renewal_date"},
        ),
        "isVip": ("BOOLEAN", "Whether they are looked after first.", {"salesforce": "VIP__c", "hubspot": "is_vip"}),
        "preferredChannel": (
            "CHOICE",
            "How they like to be reached.",
            {"salesforce": "Preferred_Channel__c", "hubspot": "preferred_channel"},
        ),
        "interests": (
            "MULTI_CHOICE",
            "What they like to hear about.",
            {"salesforce": "Interests__c", "hubspot": "interests"},
        ),
    },
    "company": {
        "customerNumber": (
            "TEXT",
            "Its number in our books, such as F-004711.",
            {"salesforce": "Customer_Number__c", "hubspot": "customer_number"},
        ),
        "tier": ("CHOICE", "How much it matters to us.", {"salesforce": "Tier__c", "hubspot": "tier"}),
    },
    "deal": {
        "contractMonths": (
            "INTEGER",
            "How long the contract runs.",
            {"salesforce": "Contract_Months__c", "hubspot": "contract_months"},
        ),
    },
}


def demo_fields(sources: Collection[str]) -> dict[str, Any]:
    """The `custom_fields` of a config over the emulators called *sources*."""
    found: dict[str, Any] = {}
    for entity, names in _FIELDS.items():
        for name, (kind, description, keys) in names.items():
            own = {source: key for source, key in keys.items() if source in sources}
            if own:
                found.setdefault(entity, {})[name] = {"kind": kind, "description": description, "keys": own}
    return found
