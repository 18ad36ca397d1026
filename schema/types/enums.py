"""The closed words of the public schema; a member's value is the word the model uses for it."""

from enum import Enum

import strawberry
from strawberry import enum_value as word

__all__ = [
    "AppointmentStatus",
    "AuthKind",
    "Bucket",
    "DealStatus",
    "Direction",
    "FieldKind",
    "LeadModel",
    "LeadStatus",
    "MatchState",
    "OnSourceFailure",
    "OnUnsupported",
    "OutcomeStatus",
    "PushdownMode",
    "RecordType",
    "RelationCoverage",
    "RelationMode",
    "RelativeRange",
    "SourceStatus",
    "TaskPriority",
    "TaskStatus",
    "UserKind",
]


@strawberry.enum(description="The unified types that are records.")
class RecordType(Enum):
    """The unified types that are records."""

    CONTACT = word("contact", description="A person the company knows.")
    LEAD = word("lead", description="Somebody, or an opening, not yet qualified.")
    APPOINTMENT = word("appointment", description="A meeting, call or the like.")
    DEAL = word("deal", description="An opening with an amount.")
    COMPANY = word("company", description="An organisation.")
    USER = word("user", description="Somebody who works in the CRM, or a team or queue.")
    NOTE = word("note", description="A written remark.")
    TASK = word("task", description="Something to do.")
    PROJECT = word("project", description="Work with a beginning and an end.")
    COMMENT = word("comment", description="What somebody said of a project, a task or another record.")


@strawberry.enum(description="Where a lead stands.")
class LeadStatus(Enum):
    """Where a lead stands."""

    NEW = word("NEW", description="Nobody has worked on it yet.")
    WORKING = word("WORKING", description="Somebody is working on it.")
    QUALIFIED = word("QUALIFIED", description="Found worth pursuing.")
    DISQUALIFIED = word("DISQUALIFIED", description="Found not worth pursuing.")
    CONVERTED = word("CONVERTED", description="Turned into a contact, company or deal.")
    UNKNOWN = word("UNKNOWN", description="The CRM's value has no meaning here; see `statusLabel`.")


@strawberry.enum(description="Where a deal stands.")
class DealStatus(Enum):
    """Where a deal stands."""

    OPEN = word("OPEN", description="Still being worked on.")
    WON = word("WON", description="Closed, and won.")
    LOST = word("LOST", description="Closed, and lost.")
    UNKNOWN = word("UNKNOWN", description="The CRM's value has no meaning here; see `statusLabel`.")


@strawberry.enum(description="Where an appointment stands.")
class AppointmentStatus(Enum):
    """Where an appointment stands."""

    SCHEDULED = word("SCHEDULED", description="Planned and not over.")
    COMPLETED = word("COMPLETED", description="It took place.")
    CANCELED = word("CANCELED", description="It was called off.")
    NO_SHOW = word("NO_SHOW", description="Somebody did not come.")
    UNKNOWN = word("UNKNOWN", description="The CRM's value has no meaning here; see `statusLabel`.")


@strawberry.enum(description="Where a task stands.")
class TaskStatus(Enum):
    """Where a task stands."""

    OPEN = word("OPEN", description="Not begun.")
    IN_PROGRESS = word("IN_PROGRESS", description="Begun and not done.")
    DONE = word("DONE", description="Done.")
    CANCELED = word("CANCELED", description="Called off.")
    UNKNOWN = word("UNKNOWN", description="The CRM's value has no meaning here; see `statusLabel`.")


@strawberry.enum(description="How urgent a task is.")
class TaskPriority(Enum):
    """How urgent a task is."""

    LOW = word("LOW", description="Can wait.")
    NORMAL = word("NORMAL", description="As usual.")
    HIGH = word("HIGH", description="First.")


@strawberry.enum(description="What sort of owner a user is.")
class UserKind(Enum):
    """What sort of owner a user is."""

    USER = word("USER", description="A person.")
    TEAM = word("TEAM", description="A team that owns records.")
    QUEUE = word("QUEUE", description="A queue that records wait in.")


@strawberry.enum(description="What sort of value a field holds.")
class FieldKind(Enum):
    """What sort of value a field holds."""

    TEXT = word("TEXT", description="A short text.")
    LONG_TEXT = word("LONG_TEXT", description="A text of any length.")
    INTEGER = word("INTEGER", description="A whole number.")
    DECIMAL = word("DECIMAL", description="A number.")
    MONEY = word("MONEY", description="An amount with its currency.")
    BOOLEAN = word("BOOLEAN", description="Yes or no.")
    DATE = word("DATE", description="A day.")
    DATETIME = word("DATETIME", description="An instant.")
    CHOICE = word("CHOICE", description="One of a list.")
    MULTI_CHOICE = word("MULTI_CHOICE", description="Several of a list.")
    REFERENCE = word("REFERENCE", description="A pointer to another record.")
    EMAIL = word("EMAIL", description="An e-mail address.")
    PHONE = word("PHONE", description="A phone number.")
    URL = word("URL", description="A web address.")
    OTHER = word("OTHER", description="Anything else.")


@strawberry.enum(description="Which way an order runs; missing values come last either way.")
class Direction(Enum):
    """Which way an order runs."""

    ASC = word("ASC", description="Smallest, earliest or first in the alphabet comes first.")
    DESC = word("DESC", description="Largest, latest or last in the alphabet comes first.")


@strawberry.enum(description="How long a span of days is one group, in `options.timeZone` for instants.")
class Bucket(Enum):
    """How long a span of days is one group."""

    DAY = word("DAY", description="A day.")
    WEEK = word("WEEK", description="Monday to Sunday.")
    MONTH = word("MONTH", description="A calendar month.")
    QUARTER = word("QUARTER", description="Three calendar months, from January, April, July or October.")
    YEAR = word("YEAR", description="A calendar year.")


@strawberry.enum(description="How the gateway signs in to a platform.")
class AuthKind(Enum):
    """How the gateway signs in to a platform."""

    OAUTH_CODE = word("OAUTH_CODE", description="OAuth 2 with a user's consent.")
    CLIENT_CREDENTIALS = word("CLIENT_CREDENTIALS", description="OAuth 2 as the application itself.")
    JWT_BEARER = word("JWT_BEARER", description="OAuth 2 with a signed assertion.")
    PASSWORD = word("PASSWORD", description="OAuth 2 with a user name and password.")
    API_KEY = word("API_KEY", description="A key in a header or parameter.")
    BASIC = word("BASIC", description="HTTP basic authentication.")
    TOKEN = word("TOKEN", description="A bearer token that does not expire by itself.")
    LOGIN_REQUEST = word("LOGIN_REQUEST", description="A log-in call that gives a session.")
    NONE = word("NONE", description="No sign-in.")


@strawberry.enum(description="Whether a source can be read now.")
class SourceStatus(Enum):
    """Whether a source can be read now."""

    READY = word("READY", description="It can.")
    DEGRADED = word("DEGRADED", description="It can, with some failures or little quota left.")
    REAUTH_REQUIRED = word("REAUTH_REQUIRED", description="Somebody has to sign in again.")
    DISABLED = word("DISABLED", description="Switched off in the configuration.")
    UNREACHABLE = word("UNREACHABLE", description="The CRM does not answer.")


@strawberry.enum(description="What a lead is at a source.")
class LeadModel(Enum):
    """What a lead is at a source."""

    OBJECT = word("OBJECT", description="A record type of its own.")
    INBOX_ITEM = word("INBOX_ITEM", description="An inbox item that points to a person or organisation.")
    CONTACT_STAGE = word("CONTACT_STAGE", description="A contact in an early stage.")
    NONE = word("NONE", description="The CRM has no leads.")


@strawberry.enum(description="Who evaluates an operator.")
class PushdownMode(Enum):
    """Who evaluates an operator."""

    PUSHED = word("PUSHED", description="The CRM, exactly.")
    SUPERSET = word("SUPERSET", description="The CRM roughly; the gateway re-checks.")
    LOCAL = word("LOCAL", description="The gateway alone; needs `allowScan`.")
    UNSUPPORTED = word("UNSUPPORTED", description="Nobody.")


@strawberry.enum(description="How a relation is read.")
class RelationMode(Enum):
    """How a relation is read."""

    INLINE = word("INLINE", description="Within the call that reads the parents.")
    BATCH = word("BATCH", description="One call for many parents.")
    PER_PARENT = word("PER_PARENT", description="One call for each parent.")
    UNSUPPORTED = word("UNSUPPORTED", description="Not at all.")


@strawberry.enum(description="How much of a relation shows.")
class RelationCoverage(Enum):
    """How much of a relation shows."""

    ALL = word("ALL", description="Every related record.")
    PRIMARY_ONLY = word("PRIMARY_ONLY", description="Only the main one.")


@strawberry.enum(description="How a source took part.")
class OutcomeStatus(Enum):
    """How a source took part."""

    OK = word("OK", description="It gave everything asked.")
    PARTIAL = word("PARTIAL", description="It gave some and failed, or its budget ended.")
    FAILED = word("FAILED", description="It gave nothing.")
    SKIPPED = word("SKIPPED", description="It was not asked.")


@strawberry.enum(description="How sure it is that two records are of one person or company.")
class MatchState(Enum):
    """How sure it is that two records are of one person or company."""

    SUGGESTED = word("SUGGESTED", description="They are alike; somebody should look.")
    CERTAIN = word("CERTAIN", description="They share a key that is somebody's own.")
    CONFIRMED = word("CONFIRMED", description="Somebody said that they are one.")
    REJECTED = word("REJECTED", description="Somebody said that they are two.")


@strawberry.enum(description="What happens when a source cannot answer a query.")
class OnUnsupported(Enum):
    """What happens when a source cannot answer a query."""

    SKIP = word("SKIP", description="It is left out, and its outcome says why.")
    FAIL = word("FAIL", description="The field is null, with an error.")


@strawberry.enum(description="What happens when a source fails.")
class OnSourceFailure(Enum):
    """What happens when a source fails."""

    REPORT = word("REPORT", description="Its outcome says why; the others' rows are given.")
    FAIL = word("FAIL", description="The field is null, with an error.")


@strawberry.enum(description="A range of days relative to today in `options.timeZone`; weeks begin on Monday.")
class RelativeRange(Enum):
    """A range of days relative to today."""

    TODAY = word("TODAY", description="Today.")
    YESTERDAY = word("YESTERDAY", description="The day before today.")
    TOMORROW = word("TOMORROW", description="The day after today.")
    THIS_WEEK = word("THIS_WEEK", description="Monday to Sunday around today.")
    LAST_WEEK = word("LAST_WEEK", description="The week before this one.")
    NEXT_WEEK = word("NEXT_WEEK", description="The week after this one.")
    THIS_MONTH = word("THIS_MONTH", description="The calendar month around today.")
    LAST_MONTH = word("LAST_MONTH", description="The month before this one.")
    NEXT_MONTH = word("NEXT_MONTH", description="The month after this one.")
    THIS_QUARTER = word("THIS_QUARTER", description="The calendar quarter around today.")
    LAST_QUARTER = word("LAST_QUARTER", description="The quarter before this one.")
    THIS_YEAR = word("THIS_YEAR", description="The calendar year around today.")
    LAST_7_DAYS = word("LAST_7_DAYS", description="Seven days, today the last of them.")
    LAST_30_DAYS = word("LAST_30_DAYS", description="Thirty days, today the last of them.")
    LAST_90_DAYS = word("LAST_90_DAYS", description="Ninety days, today the last of them.")
    NEXT_7_DAYS = word("NEXT_7_DAYS", description="Seven days, today the first of them.")
    NEXT_30_DAYS = word("NEXT_30_DAYS", description="Thirty days, today the first of them.")
    OVERDUE = word("OVERDUE", description="Before today; for an instant, before now.")
