"""Contacts, leads, users and queues in Salesforce columns."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.mapping import Row, convert
from connectors.salesforce.objects.facts import Facts
from connectors.salesforce.objects.mapped import Mapped, addresses, day, flag, labelled, long_text, text, value
from connectors.salesforce.soql import (
    Condition,
    Words,
    all_of,
    any_of,
    is_in,
    is_missing,
    is_not_in,
    is_present,
    text_literal,
)

__all__ = ["case_blind", "contact_fields", "lead_fields", "literals_of", "queue_fields", "user_fields", "word_of"]

_PHONES: Mapping[str, str | None] = {
    "Phone": "work",
    "MobilePhone": "mobile",
    "HomePhone": "home",
    "OtherPhone": "other",
    "Fax": "fax",
}


def contact_fields() -> Iterable[Mapped]:
    """Fields of a Contact."""
    return (
        text("first_name", "FirstName"),
        text("last_name", "LastName"),
        text("display_name", "Name"),
        text("salutation", "Salutation"),
        text("job_title", "Title"),
        text("department", "Department"),
        text("email", "Email"),
        labelled("emails", {"Email": None}),
        text("phone", "Phone"),
        labelled("phones", _PHONES),
        addresses({"Mailing": "mailing", "Other": "other"}),
        text("lead_source", "LeadSource"),
        flag("email_opt_out", "HasOptedOutOfEmail"),
        flag("do_not_call", "DoNotCall"),
        day("birth_date", "Birthdate"),
        long_text("description", "Description"),
        day("last_activity_on", "LastActivityDate"),
    )


def lead_fields(facts: Facts) -> Iterable[Mapped]:
    """Fields of a Lead."""
    return (
        text("first_name", "FirstName"),
        text("last_name", "LastName"),
        text("display_name", "Name"),
        text("company_name", "Company"),
        text("job_title", "Title"),
        text("email", "Email"),
        labelled("emails", {"Email": None}),
        text("phone", "Phone"),
        labelled("phones", {name: _PHONES[name] for name in ("Phone", "MobilePhone", "Fax")}),
        addresses({"": None}),
        _lead_status(facts.lead_words),
        text("status_label", "Status"),
        text("rating", "Rating"),
        text("lead_source", "LeadSource"),
        long_text("description", "Description"),
        flag("is_converted", "IsConverted"),
        day("converted_on", "ConvertedDate"),
    )


def _lead_status(words: Mapping[str, str]) -> Mapped:
    """IsConverted first, then the map by API value; UNKNOWN for a value outside of it."""
    folded = case_blind(words)

    def read(row: Row) -> str | None:
        if row["IsConverted"]:
            return "CONVERTED"
        return word_of(row["Status"], folded, otherwise="UNKNOWN")

    is_open, known = "IsConverted = false", literals_of(words)
    rule: dict[str, Condition] = {
        word: all_of(is_open, is_in("Status", literals_of(words, word)))
        for word in ("NEW", "WORKING", "QUALIFIED", "DISQUALIFIED")
    }
    rule["CONVERTED"] = any_of("IsConverted = true", is_in("Status", literals_of(words, "CONVERTED")))
    unmapped = all_of(is_present("Status"), is_not_in("Status", known))
    rule["UNKNOWN"] = all_of(is_open, any_of(is_in("Status", literals_of(words, "UNKNOWN")), unmapped))
    missing = all_of(is_open, is_missing("Status"))
    return value("status", ("Status", "IsConverted"), read, rule=Words(rule, missing))


def case_blind(words: Mapping[str, str]) -> Mapping[str, str]:
    """*words* by case-folded API value: SOQL ignores case where it compares them."""
    return {api_value.casefold(): word for api_value, word in words.items()}


def word_of(api_value: Any, words: Mapping[str, str], *, otherwise: str | None) -> str | None:
    """Our word for a picklist's API value, from what `case_blind` gave; None for an empty one."""
    found = convert.text(api_value)
    return words.get(found.casefold(), otherwise) if found else None


def literals_of(words: Mapping[str, str], word: str | None = None) -> list[str]:
    """API values that mean *word*, or all that mean anything, as literals."""
    return [text_literal(api_value) for api_value, meaning in words.items() if word in {None, meaning}]


def user_fields() -> Iterable[Mapped]:
    """Fields of a User."""
    return (
        text("name", "Name"),
        text("email", "Email"),
        flag("is_active", "IsActive"),
        text("time_zone", "TimeZoneSidKey"),
        value("kind", (), lambda _: "USER", rule=Words({"USER": True})),
    )


def queue_fields() -> Iterable[Mapped]:
    """Fields of a Group that is a queue."""
    return (
        text("name", "Name"),
        text("email", "Email"),
        value("kind", (), lambda _: "QUEUE", rule=Words({"QUEUE": True})),
    )
