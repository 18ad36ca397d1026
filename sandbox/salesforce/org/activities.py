"""The objects of activity: events and their participants, tasks, notes and what they are linked to."""

__all__ = ["ACTIVITIES"]

_LINKABLE = "Account,Contact,Lead,Opportunity,User"
_CURRENCY = "CurrencyIsoCode picklist:3 values=currency defaulted when=multi_currency"

ACTIVITIES: dict[str, tuple[str, str, str, str | None, str]] = {
    "Event": (
        "00U",
        "Events",
        "full",
        None,
        f"""
    WhoId reference:Contact,Lead rel=Who children=Events
    WhatId reference:Account,Opportunity rel=What children=Events
    WhoCount int readonly when=shared_activities
    WhatCount int readonly when=shared_activities
    EventWhoIds junctionIdList when=shared_activities
    Subject combobox:255
    Location string:255
    IsAllDayEvent boolean
    ActivityDateTime datetime
    ActivityDate date indexed
    DurationInMinutes int
    StartDateTime datetime indexed
    EndDateTime datetime
    EndDate date readonly
    Description textarea:32000
    AccountId reference:Account rel=Account readonly
    {_CURRENCY}
    OwnerId reference:User rel=Owner required defaulted
    Type picklist
    IsPrivate boolean
    ShowAs picklist values=show_as
    IsChild boolean readonly
    IsGroupEvent boolean readonly
    GroupEventType picklist readonly
    IsArchived boolean readonly
    RecurrenceActivityId reference:Event readonly
    IsRecurrence boolean
    IsRecurrence2 boolean readonly
    ReminderDateTime datetime
    IsReminderSet boolean
    EventSubtype picklist
    Outcome__c picklist values=meeting_outcome
    Meeting_Url__c url:255
    """,
    ),
    "EventRelation": (
        "0RE",
        "Event Relations",
        "full",
        None,
        """
    RelationId reference:Contact,Lead,User,Account,Opportunity rel=Relation children=EventRelations required createonly
    EventId reference:Event rel=Event children=EventRelations required createonly
    Status picklist values=invite
    RespondedDate datetime
    Response string:255
    IsParent boolean
    IsWhat boolean
    IsInvitee boolean
    """,
    ),
    "Task": (
        "00T",
        "Tasks",
        "full",
        None,
        f"""
    WhoId reference:Contact,Lead rel=Who children=Tasks
    WhatId reference:Account,Opportunity rel=What children=Tasks
    WhoCount int readonly when=shared_activities
    WhatCount int readonly when=shared_activities
    TaskWhoIds junctionIdList when=shared_activities
    Subject combobox:255
    ActivityDate date indexed
    Status picklist values=task_status required defaulted
    Priority picklist values=priority required defaulted
    IsHighPriority boolean readonly
    {_CURRENCY}
    OwnerId reference:Group,User rel=Owner required defaulted
    Description textarea:32000
    Type picklist
    AccountId reference:Account rel=Account readonly
    IsClosed boolean readonly
    IsArchived boolean readonly
    TaskSubtype picklist values=subtype
    CompletedDateTime datetime readonly
    ReminderDateTime datetime
    IsReminderSet boolean
    """,
    ),
    "ContentDocument": (
        "069",
        "Content Documents",
        "full",
        None,
        """
    Title string:255 required
    FileType string:20 readonly
    FileExtension string:40 readonly
    ContentSize int readonly
    PublishStatus picklist readonly
    Description textarea:1000
    OwnerId reference:User rel=Owner required defaulted
    LatestPublishedVersionId reference:ContentVersion readonly
    """,
    ),
    "ContentNote": (
        "069",
        "Content Notes",
        "full",
        None,
        """
    Title string:255 required
    FileType string:20 readonly
    FileExtension string:40 readonly
    Content base64
    ContentSize int readonly
    TextPreview string:255 readonly
    IsReadOnly boolean readonly
    SharingPrivacy picklist
    OwnerId reference:User rel=Owner required defaulted
    LatestPublishedVersionId reference:ContentVersion readonly
    """,
    ),
    "ContentDocumentLink": (
        "06A",
        "Content Document Links",
        "link",
        None,
        f"""
    LinkedEntityId reference:{_LINKABLE} rel=LinkedEntity children=ContentDocumentLinks required createonly
    ContentDocumentId reference:ContentDocument rel=ContentDocument children=ContentDocumentLinks required createonly
    ShareType picklist values=share_type
    Visibility picklist values=visibility
    """,
    ),
    "Note": (
        "002",
        "Notes",
        "full",
        None,
        """
    ParentId reference:Account,Contact,Lead,Opportunity rel=Parent children=Notes required createonly
    Title string:80 required
    IsPrivate boolean
    Body textarea:32000
    OwnerId reference:User rel=Owner required defaulted
    """,
    ),
}
"""Id prefix, plural label, audit kind, feature and field table, by object."""
