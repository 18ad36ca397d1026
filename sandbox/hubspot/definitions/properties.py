"""The properties of each object type, as HubSpot's metadata tells them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sandbox.seed import CHANNELS, INTERESTS, TIERS

__all__ = ["Option", "Property", "PropertyType", "portal_properties"]

PropertyType = Literal["string", "number", "bool", "date", "datetime", "enumeration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value of an enumeration: what is stored, and what is shown."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """One property.

    Attributes:
        name: internal name.
        label: shown name.
        type: how values compare.
        field_type: how HubSpot's forms show it.
        group: its property group.
        options: values of an enumeration; empty if HubSpot keeps them elsewhere.
        column: name of the table column that holds it; two properties may share one.
        is_unique: no two records share a value, and records can be read by it.
        is_custom: defined by the account.
        is_read_only: set by HubSpot alone.
        is_indexed: sorting and filtering by it is fast.
        is_external: the options are kept elsewhere (owners).
    """

    name: str
    label: str
    type: PropertyType = "string"
    field_type: str = "text"
    group: str = ""
    options: tuple[Option, ...] = ()
    column: str = ""
    is_unique: bool = False
    is_custom: bool = False
    is_read_only: bool = False
    is_indexed: bool = False
    is_external: bool = False

    @property
    def is_multiple(self) -> bool:
        """Whether a record may have several of the options, with semicolons between."""
        return self.field_type == "checkbox"


_FIELD_TYPES: dict[PropertyType, str] = {
    "string": "text",
    "number": "number",
    "bool": "booleancheckbox",
    "date": "date",
    "datetime": "date",
    "enumeration": "select",
}


def _text(
    names: str, *, field_type: str = "text", is_indexed: bool = False, is_read_only: bool = False
) -> list[Property]:
    """String properties from words such as "firstname:First_Name"."""
    pairs = (word.partition(":") for word in names.split())
    return [
        Property(
            name=name,
            label=label.replace("_", " "),
            field_type=field_type,
            is_indexed=is_indexed,
            is_read_only=is_read_only,
        )
        for name, _, label in pairs
    ]


def _typed(kind: PropertyType, names: str, *, is_indexed: bool = False, is_read_only: bool = False) -> list[Property]:
    """Properties of another type, named like those of `_text`."""
    made = _text(names, field_type=_FIELD_TYPES[kind], is_indexed=is_indexed, is_read_only=is_read_only)
    return [replace(one, type=kind) for one in made]


def _enumeration(name: str, label: str, values: str = "") -> Property:
    options = tuple(Option(value=word, label=word.replace("_", " ").capitalize()) for word in values.split())
    return Property(name=name, label=label, type="enumeration", field_type="select", options=options, is_indexed=True)


def _custom(*properties: Property) -> list[Property]:
    """The *properties* as ones that the account defined."""
    return [replace(one, is_custom=True) for one in properties]


def _record_keys(modified: str) -> list[Property]:
    """The id, the owner, the modification time, and who made and changed the record."""
    return [
        Property(
            name="hs_object_id", label="Record ID", type="number", field_type="number", column="id", is_read_only=True
        ),
        replace(_enumeration("hubspot_owner_id", "Owner"), is_external=True),
        *_typed("datetime", f"{modified}:Last_Modified_Date", is_indexed=True, is_read_only=True),
        *_typed(
            "number",
            "hs_created_by_user_id:Created_by_user_ID hs_updated_by_user_id:Updated_by_user_ID",
            is_read_only=True,
        ),
    ]


def _created(*names: str) -> list[Property]:
    """The creation time under each of *names*, kept in one column."""
    first, *others = _typed("datetime", " ".join(f"{name}:Create_Date" for name in names), is_read_only=True)
    return [replace(first, is_indexed=True), *(replace(one, column=first.name) for one in others)]


_ADDRESS = _text("address:Street_Address city:City state:State/Region zip:Postal_Code country:Country/Region")
_REGION = replace(_enumeration("region", "Region", "EMEA AMER APAC"), is_custom=True)

_CONTACT = [
    *_record_keys("lastmodifieddate"),
    *_created("createdate"),
    replace(_text("email:Email", is_indexed=True)[0], is_unique=True),
    *_text("lastname:Last_Name firstname:First_Name", is_indexed=True),
    *_text("salutation:Salutation jobtitle:Job_Title company:Company_Name website:Website_URL fax:Fax_Number"),
    *_text("phone:Phone_Number mobilephone:Mobile_Phone_Number", field_type="phonenumber"),
    *_text("date_of_birth:Date_of_Birth hs_additional_emails:Additional_email_addresses"),
    *_text("message:Message", field_type="textarea"),
    *_ADDRESS,
    _enumeration(
        "lifecyclestage",
        "Lifecycle Stage",
        "subscriber lead marketingqualifiedlead salesqualifiedlead opportunity customer evangelist other",
    ),
    _enumeration("hs_lead_status", "Lead Status", "NEW OPEN IN_PROGRESS OPEN_DEAL UNQUALIFIED CONNECTED BAD_TIMING"),
    _enumeration(
        "hs_analytics_source",
        "Original Source",
        "ORGANIC_SEARCH PAID_SEARCH EMAIL_MARKETING SOCIAL_MEDIA REFERRALS OTHER_CAMPAIGNS DIRECT_TRAFFIC OFFLINE",
    ),
    *_typed("bool", "hs_email_optout:Unsubscribed_from_all_email"),
    *_typed("number", "associatedcompanyid:Primary_Associated_Company_ID", is_indexed=True, is_read_only=True),
    _REGION,
    *_custom(
        *_typed("number", "nps_score:NPS_score", is_indexed=True),
        *_text("customer_number:Customer_number", is_indexed=True),
        *_typed("date", "renewal_date:Renewal_date", is_indexed=True),
        replace(
            _typed("bool", "is_vip:VIP")[0],
            options=(Option(value="true", label="Yes"), Option(value="false", label="No")),
        ),
        _enumeration("preferred_channel", "Preferred channel", " ".join(CHANNELS)),
        replace(_enumeration("interests", "Interests", " ".join(INTERESTS)), field_type="checkbox"),
    ),
]

_COMPANY = [
    *_record_keys("hs_lastmodifieddate"),
    *_created("createdate"),
    *_text("name:Company_name domain:Company_Domain_Name", is_indexed=True),
    *_text("website:Website_URL"),
    *_text("phone:Phone_Number", field_type="phonenumber"),
    *_text("description:Description", field_type="textarea"),
    *_ADDRESS,
    _enumeration("industry", "Industry"),
    *_typed("number", "annualrevenue:Annual_Revenue numberofemployees:Number_of_Employees"),
    *_typed("number", "hs_parent_company_id:Parent_Company", is_read_only=True),
    _enumeration("lifecyclestage", "Lifecycle Stage", "lead opportunity customer"),
    Property(name="erp_id", label="ERP id", is_unique=True, is_custom=True, is_indexed=True),
    _REGION,
    *_custom(*_text("customer_number:Customer_number", is_indexed=True), _enumeration("tier", "Tier", " ".join(TIERS))),
]

_DEAL = [
    *_record_keys("hs_lastmodifieddate"),
    *_created("createdate", "hs_createdate"),
    *_text("dealname:Deal_Name", is_indexed=True),
    *_text("hs_next_step:Next_step closed_lost_reason:Closed_Lost_Reason"),
    *_text("description:Deal_Description", field_type="textarea"),
    *_typed("number", "amount:Amount amount_in_home_currency:Amount_in_company_currency", is_indexed=True),
    *_typed("number", "hs_deal_stage_probability:Deal_probability", is_read_only=True),
    *_typed("datetime", "closedate:Close_Date", is_indexed=True),
    *_typed("bool", "hs_is_closed:Is_Deal_Closed? hs_is_closed_won:Is_Closed_Won", is_read_only=True),
    _enumeration("deal_currency_code", "Currency"),
    _enumeration("pipeline", "Pipeline"),
    _enumeration("dealstage", "Deal Stage"),
    _enumeration("dealtype", "Deal Type", "newbusiness existingbusiness"),
    *_custom(
        *_typed("number", "contract_months:Contract_months"),
        *_text("main_competitor:Main_competitor"),
    ),
]

_LEAD = [
    *_record_keys("hs_lastmodifieddate"),
    *_created("hs_createdate", "createdate"),
    *_text("hs_lead_name:Lead_name", is_indexed=True),
    *_text("hs_associated_contact_email:Associated_contact_email", is_read_only=True),
    *_text("hs_associated_contact_firstname:Associated_contact_first_name", is_read_only=True),
    *_text("hs_associated_contact_lastname:Associated_contact_last_name", is_read_only=True),
    *_text("hs_associated_company_name:Associated_company_name", is_read_only=True),
    *_text("hs_associated_company_domain:Associated_company_domain", is_read_only=True),
    _enumeration("hs_lead_type", "Lead type", "NEW_BUSINESS RE_ATTEMPTING UPSELL"),
    _enumeration("hs_lead_label", "Lead label", "HOT WARM COLD"),
    _enumeration("hs_pipeline", "Pipeline"),
    _enumeration("hs_pipeline_stage", "Lead stage"),
]

_ACTIVITY = [
    *_record_keys("hs_lastmodifieddate"),
    *_created("hs_createdate"),
    *_typed("datetime", "hs_timestamp:Activity_date", is_indexed=True),
]

_MEETING = [
    *_ACTIVITY,
    *_text("hs_meeting_title:Meeting_name hs_meeting_location:Meeting_location"),
    *_text("hs_meeting_external_url:Meeting_link"),
    *_text("hs_meeting_body:Meeting_description hs_internal_meeting_notes:Internal_notes", field_type="textarea"),
    *_typed("datetime", "hs_meeting_start_time:Meeting_start_time", is_indexed=True),
    *_typed("datetime", "hs_meeting_end_time:Meeting_end_time"),
    _enumeration("hs_meeting_outcome", "Meeting outcome", "SCHEDULED COMPLETED RESCHEDULED NO_SHOW CANCELED"),
    _enumeration("hs_activity_type", "Call and meeting type"),
    replace(_enumeration("hs_attendee_owner_ids", "Attendee owners"), field_type="checkbox", is_external=True),
]

_NOTE = [*_ACTIVITY, *_text("hs_note_body:Note_body", field_type="html"), *_text("hs_attachment_ids:Attachments")]

_TASK = [
    *_ACTIVITY,
    *_text("hs_task_subject:Task_Title", is_indexed=True),
    *_text("hs_task_body:Task_Notes", field_type="html"),
    *_typed("datetime", "hs_task_completion_date:Completed_at", is_read_only=True),
    _enumeration("hs_task_status", "Task Status", "NOT_STARTED IN_PROGRESS WAITING COMPLETED DEFERRED"),
    _enumeration("hs_task_priority", "Priority", "LOW MEDIUM HIGH"),
    _enumeration("hs_task_type", "Task Type", "TODO CALL EMAIL"),
]

_ALL: dict[str, tuple[str, list[Property]]] = {
    "contacts": ("contactinformation", _CONTACT),
    "companies": ("companyinformation", _COMPANY),
    "deals": ("dealinformation", _DEAL),
    "leads": ("lead_information", _LEAD),
    "meetings": ("engagement", _MEETING),
    "notes": ("engagement", _NOTE),
    "tasks": ("engagement", _TASK),
}


def portal_properties(options: Mapping[tuple[str, str], Sequence[Option]]) -> dict[str, dict[str, Property]]:
    """Every property of a portal, by object type and name.

    Args:
        options: values of the enumerations that each account defines itself, by object type and property name.
    """
    return {
        kind: {
            one.name: replace(
                one,
                group=group,
                column=one.column or one.name,
                options=tuple(options.get((kind, one.name), one.options)),
            )
            for one in properties
        }
        for kind, (group, properties) in _ALL.items()
    }
