"""Which Salesforce references and child relationships each unified relation is read through."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.salesforce.soql import Condition
from model.entities import Entity

__all__ = ["TO_MANY", "TO_ONE", "Path", "Way"]


@dataclass(frozen=True, slots=True)
class Path:
    """A to-one relation: *column* holds the id, *objects* are what it may point to under this name."""

    column: str
    objects: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A child relationship that reaches rows of a to-many relation.

    Attributes:
        child: object of the child rows; None where the parent's own row holds the id of its one related record.
        parent_column: their column that holds the parent's id.
        target_column: their column that holds the related record's id; Id where the child row is the record.
        target: object of the related records.
        path: from the child row to the related record; None where the child row is the record, or cannot reach it.
        where: which child rows count.
        role_column, primary_column: of the link.
        may_repeat: whether one record can stand in several child rows.
        is_unnamed: whether the relationship has no name, so that no child query reaches it and its rows are read
            by the parents' ids, all of them.
    """

    child: str | None
    parent_column: str
    target_column: str
    target: str
    path: str | None = None
    where: Condition = True
    role_column: str | None = None
    primary_column: str | None = None
    may_repeat: bool = False
    is_unnamed: bool = False


_USER = ("User",)
_OWNER = ("User", "Group")
_AUDIT = {"created_by": Path("CreatedById", _USER), "updated_by": Path("LastModifiedById", _USER)}
_ACCOUNT = Path("AccountId", ("Account",))

TO_ONE: Mapping[str, Mapping[str, Path]] = {
    "Contact": {"company": _ACCOUNT, "owner": Path("OwnerId", _OWNER), **_AUDIT},
    "Lead": {
        "owner": Path("OwnerId", _OWNER),
        "converted_contact": Path("ConvertedContactId", ("Contact",)),
        "converted_company": Path("ConvertedAccountId", ("Account",)),
        "converted_deal": Path("ConvertedOpportunityId", ("Opportunity",)),
        **_AUDIT,
    },
    "Event": {
        "owner": Path("OwnerId", _OWNER),
        "company": _ACCOUNT,
        "deal": Path("WhatId", ("Opportunity",)),
        "lead": Path("WhoId", ("Lead",)),
        **_AUDIT,
    },
    "Opportunity": {"company": _ACCOUNT, "owner": Path("OwnerId", _OWNER), **_AUDIT},
    "Account": {"parent": Path("ParentId", ("Account",)), "owner": Path("OwnerId", _OWNER), **_AUDIT},
    "User": _AUDIT,
    "Group": _AUDIT,
    "ContentNote": {"author": Path("OwnerId", _USER), **_AUDIT},
    "Note": {"author": Path("OwnerId", _USER), **_AUDIT},
    "Task": {"owner": Path("OwnerId", _OWNER), **_AUDIT},
}
"""By object and relation."""


def _activities(parent_column: str) -> dict[str, tuple[tuple[Way, ...], ...]]:
    """Appointments, tasks and notes of an object that activities name in *parent_column*."""
    event = Way(child="Event", parent_column=parent_column, target_column="Id", target="Event", where="IsChild = false")
    invited = Way(
        child="EventRelation",
        parent_column="RelationId",
        target_column="EventId",
        target="Event",
        path="Event",
        where="(Event.IsChild = false AND Event.IsArchived = false)",
        may_repeat=True,
    )
    task = Way(child="Task", parent_column=parent_column, target_column="Id", target="Task")
    note = Way(
        child="ContentDocumentLink",
        parent_column="LinkedEntityId",
        target_column="ContentDocumentId",
        target="ContentNote",
        where="ContentDocument.FileType = 'SNOTE'",
    )
    classic = Way(child="Note", parent_column="ParentId", target_column="Id", target="Note")
    return {
        "appointments": ((event, invited), (event,)) if parent_column == "WhoId" else ((event,),),
        "tasks": ((task,),),
        "notes": ((note,), (classic,)),
    }


def _role(parent_column: str, target_column: str, target: str) -> Way:
    return Way(
        child="OpportunityContactRole",
        parent_column=parent_column,
        target_column=target_column,
        target=target,
        path=target,
        role_column="Role",
        primary_column="IsPrimary",
        may_repeat=True,
    )


def _membership(parent_column: str, target_column: str, target: str) -> Way:
    return Way(
        child="AccountContactRelation",
        parent_column=parent_column,
        target_column=target_column,
        target=target,
        path=target,
        primary_column="IsDirect",
    )


_OWN_ACCOUNT = Way(child=None, parent_column="Id", target_column="AccountId", target="Account", path="Account")
_CONVERTED = Way(child="Lead", parent_column="ConvertedContactId", target_column="Id", target="Lead", is_unnamed=True)

TO_MANY: Mapping[Entity, Mapping[str, tuple[tuple[Way, ...], ...]]] = {
    Entity.CONTACT: {
        "companies": ((_membership("ContactId", "AccountId", "Account"),), (_OWN_ACCOUNT,)),
        "deals": ((_role("ContactId", "OpportunityId", "Opportunity"),),),
        "leads": ((_CONVERTED,),),
        **_activities("WhoId"),
    },
    Entity.LEAD: _activities("WhoId"),
    Entity.DEAL: {"contacts": ((_role("OpportunityId", "ContactId", "Contact"),),), **_activities("WhatId")},
    Entity.COMPANY: {
        "contacts": (
            (_membership("AccountId", "ContactId", "Contact"),),
            (Way(child="Contact", parent_column="AccountId", target_column="Id", target="Contact"),),
        ),
        "deals": ((Way(child="Opportunity", parent_column="AccountId", target_column="Id", target="Opportunity"),),),
        **_activities("WhatId"),
    },
}
"""By type and relation: choices, of which an org takes the first that it has whole; the ways of one choice add up."""
