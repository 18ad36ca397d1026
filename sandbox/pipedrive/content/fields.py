"""The fields of each object, as tables: Pipedrive's own and the account's."""

import re
from dataclasses import dataclass
from hashlib import sha1
from itertools import count

from sandbox.seed import CHANNELS, DEAL_TYPES, INDUSTRIES, INTERESTS, LEAD_SOURCES, LIFECYCLES, TIERS

__all__ = ["CONTACT_SYNC", "FIELDS", "OPTIONAL", "OWN_KEYS", "SUBFIELDS", "Field", "option_id", "own_key"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field.

    Attributes:
        code: its key; 40 hexadecimal digits where the account added it.
        name: its label.
        type: Pipedrive's word.
        options: option id → label.
        is_custom: whether the account added it.
        is_optional: whether it comes only when `include_fields` names it.
    """

    code: str
    name: str
    type: str
    options: dict[int, str] | None = None
    is_custom: bool = False
    is_optional: bool = False


_COUNTS = (
    "activities_count done_activities_count undone_activities_count files_count notes_count followers_count "
    "email_messages_count next_activity_id last_activity_id smart_bcc_email"
)
_DEAL_COUNTS = (
    "open_deals_count related_open_deals_count closed_deals_count related_closed_deals_count won_deals_count "
    "related_won_deals_count lost_deals_count related_lost_deals_count"
)
_MAILS = "last_incoming_mail_time last_outgoing_mail_time"
OPTIONAL: dict[str, tuple[str, ...]] = {
    # marketing_status and doi_status need the Campaigns add-on, which this account does not have.
    "person": (
        *f"{_COUNTS} {_DEAL_COUNTS} {_MAILS}".split(),
        "participant_open_deals_count",
        "participant_closed_deals_count",
    ),
    "organization": (*f"{_COUNTS} {_DEAL_COUNTS}".split(), "people_count"),
    "deal": (
        *f"{_COUNTS} {_MAILS}".split(),
        "first_won_time",
        "products_count",
        "participants_count",
        "source_lead_id",
    ),
    "activity": ("attendees",),
    "pipeline": (),
    "stage": (),
}
"""What `include_fields` may name, by object."""

CONTACT_SYNC = ("job_title", "birthday", "postal_address", "im", "notes")
"""Fields of persons that are there only with Contact Sync."""

_OPTIONAL_TYPES = {"attendees": "json", "smart_bcc_email": "varchar", "source_lead_id": "lead"}
_TIMED = "id:int owner_id:user add_time:date update_time:date is_deleted:boolean"
_BUILT_IN = {
    "person": f"{_TIMED} visible_to:visible_to name:varchar first_name:varchar last_name:varchar org_id:org "
    "emails:varchar phones:phone picture_id:picture label_ids:set job_title:varchar birthday:date "
    "postal_address:address im:varchar notes:text",
    "organization": f"{_TIMED} visible_to:visible_to name:varchar address:address label_ids:set website:varchar "
    "linkedin:varchar industry:enum annual_revenue:double employee_count:int",
    "deal": f"{_TIMED} visible_to:visible_to title:varchar creator_user_id:user person_id:people org_id:org "
    "pipeline_id:int stage_id:stage value:double currency:varchar stage_change_time:date status:status "
    "is_archived:boolean archive_time:date probability:int lost_reason:varchar_options close_time:date won_time:date "
    "lost_time:date local_won_date:date local_lost_date:date local_close_date:date expected_close_date:date "
    "label_ids:set origin:varchar origin_id:varchar channel:enum channel_id:varchar acv:double arr:double mrr:double",
    "activity": f"{_TIMED} subject:varchar type:varchar creator_user_id:user deal_id:deal lead_id:lead "
    "person_id:people org_id:org project_id:project due_date:date due_time:time duration:time busy:boolean "
    "done:boolean marked_as_done_time:date location:address participants:json conference_meeting_client:varchar "
    "conference_meeting_url:varchar conference_meeting_id:varchar public_description:text priority:enum outcome:enum "
    "note:text",
}
"""Code and type of each field."""

_CHOICES: dict[tuple[str, str], tuple[str, ...]] = {
    ("person", "label_ids"): LIFECYCLES,
    ("organization", "label_ids"): ("Customer", "Partner"),
    ("organization", "industry"): INDUSTRIES,
    ("deal", "label_ids"): DEAL_TYPES,
    ("deal", "channel"): LEAD_SOURCES,
    ("activity", "priority"): ("low", "normal", "high"),
    ("activity", "outcome"): ("completed", "canceled", "no_show"),
    ("person", "isVip"): ("Yes", "No"),
    ("person", "preferredChannel"): CHANNELS,
    ("person", "interests"): INTERESTS,
    ("organization", "tier"): TIERS,
}
_OWN = {
    "person": "npsScore:double customerNumber:varchar renewalOn:date isVip:enum preferredChannel:enum interests:set",
    "organization": "customerNumber:varchar tier:enum",
    "deal": "contractMonths:double competitor:varchar",
    "activity": "",
}
_STRUCTURED = {"organization": " billingAddress:address", "deal": " setupFee:monetary delivery:daterange"}
"""Further fields of the account, whose values are objects."""

SUBFIELDS: dict[str, tuple[str, ...]] = {
    "monetary": ("value", "currency"),
    "daterange": ("value", "until"),
    "address": ("value", "country", "locality", "route", "street_number", "postal_code"),
}
"""What values are made of, by type."""


def own_key(kind: str, name: str) -> str:
    """The key of the account's field *name* of an object: 40 hexadecimal digits."""
    return sha1(f"pipedrive.sandbox/{kind}/{name}".encode(), usedforsecurity=False).hexdigest()


def _numbered() -> dict[tuple[str, str], dict[int, str]]:
    """The options of every field; ids count up over all fields of the account, from 11."""
    ids = count(11)
    return {field: {next(ids): label for label in labels} for field, labels in _CHOICES.items()}


_OPTIONS = _numbered()
_IDS = {(*field, label): key for field, told in _OPTIONS.items() for key, label in told.items()}


def _label(code: str) -> str:
    """Such as "Contract months" for contractMonths."""
    return re.sub("_|(?=[A-Z])", " ", code).capitalize()


def _fields(kind: str) -> list[Field]:
    found = []
    for told, is_custom in ((_BUILT_IN[kind], False), (_OWN[kind] + _STRUCTURED.get(kind, ""), True)):
        for code, of_type in (one.split(":") for one in told.split()):
            found.append(
                Field(
                    code=own_key(kind, code) if is_custom else code,
                    name=_label(code),
                    type=of_type,
                    options=_OPTIONS.get((kind, code)),
                    is_custom=is_custom,
                )
            )
    for code in OPTIONAL[kind]:
        of_type = _OPTIONAL_TYPES.get(code, "date" if code.endswith("_time") else "int")
        found.append(Field(code=code, name=_label(code), type=of_type, is_optional=True))
    return found


FIELDS: dict[str, dict[str, Field]] = {kind: {one.code: one for one in _fields(kind)} for kind in _BUILT_IN}
"""By object and code."""

OWN_KEYS: dict[str, dict[str, str]] = {
    entity: {name: own_key(kind, name) for name in (one.partition(":")[0] for one in _OWN[kind].split())}
    for entity, kind in (("contact", "person"), ("company", "organization"), ("deal", "deal"))
}
"""The keys of the account's own fields, by unified type and by the name that all emulators have for each."""


def option_id(kind: str, name: str, label: str | None) -> int | None:
    """The id of the option *label* of a field; None for None."""
    return None if label is None else _IDS[kind, name, label]
