"""What each object has: fields, sort keys, and what can be included with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = ["OBJECTS", "Field", "FieldType", "Object", "Reference"]

FieldType = Literal[
    "text", "number", "date", "datetime", "dropdown", "auto_complete", "checkbox", "multi_select_dropdown"
]

_TYPES: dict[str, FieldType] = {one: one for one in get_args(FieldType)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A field; *choices* names the list of its values, the account's own fields have a *name* that starts with cf_."""

    name: str
    label: str
    type: FieldType
    choices: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What an include brings: rows under *root*, by the id or ids that the record holds under *key*.

    The key stands on the record only where it is included, or where it *is_shown* always.
    """

    key: str
    root: str
    is_shown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Object:
    """One object.

    Attributes:
        plural: name in paths and in answers to lists.
        singular: name in answers to one record, and in searches.
        model: the vendor's class, as targets and views tell it.
        fields: what it has.
        sorts: names that lists can be sorted by.
        includes: by the name in `include=`.
        silent: names that `include=` takes without bringing anything.
    """

    plural: str
    singular: str
    model: str
    sorts: tuple[str, ...]
    includes: Mapping[str, Reference]
    fields: tuple[Field, ...] = ()
    silent: tuple[str, ...] = ()
    keys: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Gather the keys that records do not show by themselves."""
        object.__setattr__(self, "keys", frozenset(one.key for one in self.includes.values() if not one.is_shown))


def _fields(table: str) -> tuple[Field, ...]:
    """Fields of lines such as `name | label | type | list of choices`."""
    rows = [[cell.strip() for cell in line.split("|")] for line in table.strip().splitlines()]
    return tuple(Field(name=row[0], label=row[1], type=_TYPES[row[2]], choices=(*row[3:], None)[0]) for row in rows)


def _to(key: str, root: str, *, is_shown: bool = False) -> Reference:
    return Reference(key=key, root=root, is_shown=is_shown)


_ADDRESS = """
address | Address | text
city | City | text
state | State | text
zipcode | Zipcode | text
country | Country | text
"""
_PEOPLE = """
owner_id | Sales owner | dropdown | users
creater_id | Created by | dropdown | users
updater_id | Updated by | dropdown | users
created_at | Created at | datetime
updated_at | Updated at | datetime
"""
_CREW = {one: _to(f"{one}_id", "users") for one in ("owner", "creater", "updater")}
_SHOWN_CREW = {one: _to(f"{one}_id", "users", is_shown=True) for one in ("owner", "creater", "updater")}
_ACTIVITIES = {
    "tasks": _to("task_ids", "tasks"),
    "appointments": _to("appointment_ids", "appointments"),
    "notes": _to("note_ids", "notes"),
    "sales_activities": _to("sales_activity_ids", "sales_activities"),
}
_TARGETABLE = {"targetable": _to("targetables", "targetables", is_shown=True)}

_CONTACT = Object(
    plural="contacts",
    singular="contact",
    model="Contact",
    sorts=("id", "first_name", "last_name", "display_name", "email", "lead_score", "created_at", "updated_at"),
    includes={
        **_CREW,
        **_ACTIVITIES,
        "source": _to("lead_source_id", "lead_sources"),
        "campaign": _to("campaign_id", "campaigns"),
        "territory": _to("territory_id", "territories"),
        "lifecycle_stage": _to("lifecycle_stage_id", "lifecycle_stages"),
        "contact_status": _to("contact_status_id", "contact_status"),
        "deals": _to("deal_ids", "deals"),
        "sales_accounts": _to("sales_accounts", "sales_accounts"),
        "sales_account": _to("sales_account_id", "sales_accounts"),
    },
    fields=_fields(f"""
first_name | First name | text
last_name | Last name | text
display_name | Name | text
email | Email | text
job_title | Job title | text
department | Department | text
work_number | Work | text
mobile_number | Mobile | text
lead_score | Score | number
lead_source_id | Source | dropdown | lead_sources
lifecycle_stage_id | Lifecycle stage | dropdown | lifecycle_stages
contact_status_id | Status | dropdown | contact_status
sales_account_id | Account | auto_complete
external_id | External ID | text
{_ADDRESS.strip()}
{_PEOPLE.strip()}
cf_nps_score | NPS score | number
cf_customer_number | Customer number | text
cf_renewal_date | Renewal date | date
cf_is_vip | VIP | checkbox
cf_preferred_channel | Preferred channel | dropdown | channels
cf_interests | Interests | multi_select_dropdown | interests
"""),
)

_SALES_ACCOUNT = Object(
    plural="sales_accounts",
    singular="sales_account",
    model="SalesAccount",
    sorts=("id", "name", "number_of_employees", "annual_revenue", "created_at", "updated_at"),
    includes={
        **_CREW,
        **_ACTIVITIES,
        "owner": _SHOWN_CREW["owner"],
        "territory": _to("territory_id", "territories"),
        "business_type": _to("business_type_id", "business_types"),
        "industry_type": _to("industry_type_id", "industry_types"),
        "contacts": _to("contact_ids", "contacts"),
        "deals": _to("deal_ids", "deals"),
        "child_sales_accounts": _to("child_sales_account_ids", "sales_accounts"),
    },
    fields=_fields(f"""
name | Name | text
website | Website | text
phone | Phone | text
number_of_employees | Employees | number
annual_revenue | Annual revenue | number
industry_type_id | Industry type | dropdown | industry_types
business_type_id | Business type | dropdown | business_types
parent_sales_account_id | Parent account | auto_complete
{_ADDRESS.strip()}
{_PEOPLE.strip()}
cf_customer_number | Customer number | text
cf_tier | Tier | dropdown | tiers
"""),
)

_DEAL = Object(
    plural="deals",
    singular="deal",
    model="Deal",
    sorts=(
        *("id", "name", "amount", "base_currency_amount", "expected_close", "closed_date", "probability"),
        *("stage_updated_time", "created_at", "updated_at"),
    ),
    includes={
        **_CREW,
        "notes": _ACTIVITIES["notes"],
        "sales_activities": _ACTIVITIES["sales_activities"],
        "source": _to("lead_source_id", "lead_sources"),
        "campaign": _to("campaign_id", "campaigns"),
        "territory": _to("territory_id", "territories"),
        "contacts": _to("contacts", "contacts"),
        "sales_account": _to("sales_account_id", "sales_accounts"),
        "deal_stage": _to("deal_stage_id", "deal_stages", is_shown=True),
        "deal_pipeline": _to("deal_pipeline_id", "deal_pipelines", is_shown=True),
        "deal_type": _to("deal_type_id", "deal_types"),
        "deal_reason": _to("deal_reason_id", "deal_reasons"),
        "deal_payment_status": _to("deal_payment_status_id", "deal_payment_statuses"),
        "deal_product": _to("deal_product_id", "deal_products"),
        "currency": _to("currency_id", "currencies"),
    },
    silent=("probability", "created_at", "updated_at"),
    fields=_fields(f"""
name | Name | text
amount | Deal value | number
base_currency_amount | Deal value in base currency | number
currency_id | Currency | dropdown | currencies
expected_close | Expected close date | date
closed_date | Closed date | date
probability | Probability (%) | number
deal_pipeline_id | Deal pipeline | dropdown | deal_pipelines
deal_stage_id | Deal stage | dropdown | deal_stages
deal_type_id | Type | dropdown | deal_types
deal_reason_id | Lost reason | dropdown | deal_reasons
lead_source_id | Source | dropdown | lead_sources
sales_account_id | Account name | auto_complete
sales_account.name | Account | text
stage_updated_time | Deal stage updated at | datetime
{_PEOPLE.strip()}
cf_contract_months | Contract months | number
cf_main_competitor | Main competitor | text
"""),
)

_TASK = Object(
    plural="tasks",
    singular="task",
    model="Task",
    sorts=("id", "due_date", "created_at", "updated_at"),
    includes={
        **_SHOWN_CREW,
        **_TARGETABLE,
        "users": _to("user_ids", "users"),
        "task_type": _to("task_type_id", "sales_activity_types", is_shown=True),
    },
)

_APPOINTMENT = Object(
    plural="appointments",
    singular="appointment",
    model="Appointment",
    sorts=("id", "from_date", "end_date", "created_at", "updated_at"),
    includes={
        **_TARGETABLE,
        "creater": _SHOWN_CREW["creater"],
        "appointment_attendees": _to("appointment_attendee_ids", "appointment_attendees"),
    },
    silent=("conference", "appointment_notes"),
)

OBJECTS = {one.plural: one for one in (_CONTACT, _SALES_ACCOUNT, _DEAL, _TASK, _APPOINTMENT)}
"""By the name in paths."""
