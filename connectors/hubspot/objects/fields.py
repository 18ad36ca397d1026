"""Which HubSpot properties the fields of each unified type are read from, for one account."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from connectors.hubspot.manifest import HubSpotOptions, manifest
from connectors.hubspot.objects import columns as c
from connectors.hubspot.objects.portal import Portal, Property
from connectors.hubspot.search.criteria import Criterion, Kind
from connectors.hubspot.search.filters import ID, Filter
from connectors.mapping import convert
from model.entities import Entity
from model.values import Ref, Unset

__all__ = ["BUILDERS", "contact_stage_lead"]

_NAMES = ("firstname", "lastname", "email")


def _labels(known: Mapping[str, Property], name: str) -> Mapping[str, str]:
    found = known.get(name)
    return {option.value: option.label or option.value for option in (found.options if found else ())}


def _told(value: str | Unset | None) -> str | None:
    return value if isinstance(value, str) else None


def _person(portal: Portal) -> list[c.Entry]:
    known = portal.properties["contacts"]
    return [
        c.text("first_name", "firstname", known),
        c.text("last_name", "lastname", known),
        c.Entry(field="display_name", names=_NAMES, read=c.person_name(*_NAMES)),
        c.text("job_title", "jobtitle", known),
        c.text("email", "email", known),
        c.Entry(field="emails", names=("email", "work_email", "hs_additional_emails"), read=c.emails),
        c.text("phone", "phone", known),
        c.Entry(field="phones", names=("phone", "mobilephone", "fax"), read=c.phones),
        _addresses(),
        c.text("lead_source", "hs_analytics_source", known),
        _owner(portal),
        c.reference("company", "associatedcompanyid", Entity.COMPANY),
    ]


def _owner(portal: Portal, field: str = "owner") -> c.Entry:
    return c.reference(field, "hubspot_owner_id", Entity.USER, [user.remote_id for user in portal.users])


def _addresses() -> c.Entry:
    names = ("address", "address2", "city", "state", "zip", "country")
    return c.Entry(field="addresses", names=names, read=c.address)


def _contact(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    del options
    known = portal.properties["contacts"]
    return [
        *_person(portal),
        c.text("salutation", "salutation", known),
        c.choice("lifecycle", "lifecyclestage", known, manifest().lifecycle),
        c.Entry(
            field="email_opt_out",
            names=("hs_email_optout",),
            read=c.one("hs_email_optout", convert.flag),
            criterion=Criterion(name="hs_email_optout", kind=Kind.FLAG),
        ),
        c.day("birth_date", "date_of_birth", known),
        c.instant("last_activity_at", "notes_last_updated", known),
    ]


def _lead_status(name: str, words: Mapping[str, str], labels: Mapping[str, str]) -> list[c.Entry]:
    converted = tuple(value for value, word in words.items() if word == "CONVERTED")
    is_converted = Criterion(name=name, kind=Kind.MEMBER, values={"true": converted}) if converted else None
    return [
        c.word("status", name, words, unmapped="UNKNOWN"),
        c.label("status_label", name, labels),
        c.Entry(
            field="is_converted",
            names=(name,) if converted else (),
            read=lambda row: row.get(name) in converted,
            criterion=is_converted,
        ),
    ]


def _lead(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    known = portal.properties["leads"]
    # A stage that the map does not know is at least told to be open or closed.
    known_open = dict.fromkeys(portal.open_lead_stages, "WORKING")
    words = {**known_open, **manifest().lead_stage_statuses, **options.lead_statuses}
    names = ("hs_associated_contact_firstname", "hs_associated_contact_lastname", "hs_associated_contact_email")
    return [
        c.text("title", "hs_lead_name", known),
        *_lead_status("hs_pipeline_stage", words, portal.lead_stages),
        c.text("rating", "hs_lead_label", known),
        _owner(portal),
        # Copies that newer accounts keep on the lead of what stands on its contact and its company.
        c.text("first_name", names[0], known),
        c.text("last_name", names[1], known),
        c.Entry(field="display_name", names=names, read=c.person_name(*names)),
        c.text("email", names[2], known),
        c.text("company_name", "hs_associated_company_name", known),
    ]


def contact_stage_lead(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    """Leads that are contacts at a lead's lifecycle stage."""
    known = portal.properties["contacts"]
    words = {**manifest().contact_lead_statuses, **options.lead_statuses}
    return [
        *_person(portal),
        *_lead_status("hs_lead_status", words, _labels(known, "hs_lead_status")),
        c.text("company_name", "company", known),
        c.Entry(
            field="contact",
            names=(),
            read=lambda row: Ref(Entity.CONTACT, row["@id"]),
            criterion=Criterion(name=ID, kind=Kind.ID, is_always=True),
        ),
    ]


def _appointment(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    del options
    known = portal.properties["meetings"]
    users = {user.remote_id: (_told(user.name), _told(user.email)) for user in portal.users}
    return [
        c.Entry(field="kind", names=(), read=lambda _: "meeting"),
        c.text("title", "hs_meeting_title", known),
        c.instant("starts_at", "hs_meeting_start_time", known),
        c.instant("ends_at", "hs_meeting_end_time", known),
        c.text("location", "hs_meeting_location", known),
        c.text("meeting_url", "hs_meeting_external_url", known),
        c.text("description", "hs_meeting_body", known),
        c.word("status", "hs_meeting_outcome", manifest().appointment_statuses, unmapped="UNKNOWN"),
        c.label("status_label", "hs_meeting_outcome", _labels(known, "hs_meeting_outcome")),
        c.Entry(field="attendees", names=("hs_attendee_owner_ids",), read=c.attending_owners(users)),
        _owner(portal),
    ]


def _deal(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    del options
    known = portal.properties["deals"]
    stages = portal.stages()
    outcomes = {stage_id: stage.outcome for stage_id, stage in stages.items()}
    closed = tuple(stage_id for stage_id, outcome in outcomes.items() if outcome != "OPEN")
    return [
        c.text("name", "dealname", known),
        c.money("amount", "amount", known, home=portal.currency, currency_name="deal_currency_code"),
        c.number("probability", "hs_deal_stage_probability", known),
        c.word("status", "dealstage", outcomes, unmapped="UNKNOWN"),
        c.label("status_label", "dealstage", {stage_id: stage.name for stage_id, stage in stages.items()}),
        c.reference("pipeline", "pipeline", "pipeline", [found.remote_id for found in portal.pipelines]),
        c.reference("stage", "dealstage", "stage", stages),
        c.day("expected_close_on", "closedate", known),
        _when_closed(c.instant("closed_at", "closedate", known), closed),
        _when_closed(c.day("closed_on", "closedate", known), closed),
        c.text("lost_reason", "closed_lost_reason", known),
        c.text("won_reason", "closed_won_reason", known),
        c.text("deal_type", "dealtype", known),
        c.text("next_step", "hs_next_step", known),
        c.text("lead_source", "hs_analytics_source", known),
        c.text("description", "description", known),
        c.instant("stage_changed_at", "hs_v2_date_entered_current_stage", known),
        _owner(portal),
    ]


def _when_closed(entry: c.Entry, closed: tuple[str, ...]) -> c.Entry:
    """*entry*, for deals at one of the stages *closed* alone: others have an expected date there."""
    read, told = entry.read, entry.criterion
    guard = Filter("dealstage", "IN", values=closed)
    return c.Entry(
        field=entry.field,
        names=(*entry.names, "dealstage"),
        read=lambda row: read(row) if row.get("dealstage") in closed else None,
        criterion=replace(told, guard=guard) if told is not None and closed else None,
    )


def _company(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    del options
    known = portal.properties["companies"]
    return [
        *(c.text(name, name, known) for name in ("name", "domain", "website", "phone", "industry", "description")),
        c.number("employee_count", "numberofemployees", known, convert.whole),
        c.money("annual_revenue", "annualrevenue", known, home=portal.currency),
        _addresses(),
        c.reference("parent", "hs_parent_company_id", Entity.COMPANY),
        _owner(portal),
    ]


def _note(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    del options
    return [
        c.text("body", "hs_note_body", portal.properties["notes"]),
        c.Entry(field="body_preview", names=("hs_note_body",), read=c.preview("hs_note_body")),
        _owner(portal, "author"),
    ]


def _task(portal: Portal, options: HubSpotOptions) -> list[c.Entry]:
    del options
    known = portal.properties["tasks"]
    return [
        c.text("subject", "hs_task_subject", known),
        c.text("body", "hs_task_body", known),
        c.word("status", "hs_task_status", manifest().task_statuses, unmapped="UNKNOWN"),
        c.label("status_label", "hs_task_status", _labels(known, "hs_task_status")),
        c.word("priority", "hs_task_priority", manifest().task_priorities, unmapped=None),
        c.instant("due_at", "hs_timestamp", known),
        c.day("due_on", "hs_timestamp", known),
        c.instant("completed_at", "hs_task_completion_date", known),
        _owner(portal),
    ]


BUILDERS: Mapping[Entity, Callable[[Portal, HubSpotOptions], list[c.Entry]]] = {
    Entity.CONTACT: _contact,
    Entity.LEAD: _lead,
    Entity.APPOINTMENT: _appointment,
    Entity.DEAL: _deal,
    Entity.COMPANY: _company,
    Entity.NOTE: _note,
    Entity.TASK: _task,
}
"""The entries of each type, beside those that every record has."""
