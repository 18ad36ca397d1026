"""The objects of sales work: people, companies, leads and deals, and the setup tables behind them.

Names, types and flags follow the Salesforce object reference, told in the notation of `fields`.
Fields that end in `__c` are what this org's administrator added.
"""

from sandbox.seed import CHANNELS, DEAL_TYPES, INDUSTRIES, INTERESTS, LEAD_SOURCES, ROLES, TIERS

__all__ = ["PICKLISTS", "SALES"]

PICKLISTS: dict[str, tuple[str, ...]] = {
    "salutation": ("Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."),
    "lead_source": LEAD_SOURCES,
    "industry": INDUSTRIES,
    "rating": ("Hot", "Warm", "Cold"),
    "account_type": ("Prospect", "Customer - Direct", "Customer - Channel", "Partner", "Other"),
    "lead_status": (
        "Open - Not Contacted",
        "Working - Contacted",
        "Qualified",
        "Closed - Converted",
        "Closed - Not Converted",
    ),
    "forecast": ("Omitted", "Pipeline", "Best Case", "Commit", "Closed"),
    "opportunity_type": tuple(one.title() for one in DEAL_TYPES),
    "contact_role": ROLES,
    "region": ("EMEA", "AMER", "APAC"),
    "interests": tuple(one.capitalize() for one in INTERESTS),
    "channel": tuple(one.capitalize() for one in CHANNELS),
    "tier": tuple(one.capitalize() for one in TIERS),
    "task_status": ("Not Started", "In Progress", "Completed", "Canceled", "Waiting on someone else", "Deferred"),
    "priority": ("High", "Normal", "Low"),
    "show_as": ("Busy", "OutOfOffice", "Free"),
    "invite": ("New", "Accepted", "Declined"),
    "meeting_outcome": ("Held", "Canceled", "No Show"),
    "share_type": ("V", "C", "I"),
    "visibility": ("AllUsers", "InternalUsers", "SharedUsers"),
    "group_type": ("Regular", "Role", "Queue"),
    "subtype": ("Task", "Email", "ListEmail", "Cadence", "Call"),
}
"""Picklist values in the order that Setup gives them, by the names that the tables use."""


def _address(prefix: str) -> str:
    return f"""
    {prefix}Street textarea:255 compound={prefix}Address
    {prefix}City string:40 compound={prefix}Address
    {prefix}State string:80 compound={prefix}Address
    {prefix}PostalCode string:20 compound={prefix}Address
    {prefix}Country string:80 compound={prefix}Address
    {prefix}Latitude double compound={prefix}Address
    {prefix}Longitude double compound={prefix}Address
    {prefix}GeocodeAccuracy picklist compound={prefix}Address
    {prefix}Address address readonly
    """


_CURRENCY = "CurrencyIsoCode picklist:3 values=currency defaulted when=multi_currency"

SALES: dict[str, tuple[str, str, str, str | None, str]] = {
    "Account": (
        "001",
        "Accounts",
        "full",
        None,
        f"""
    MasterRecordId reference:Account rel=MasterRecord readonly
    Name string:255 required indexed
    Type picklist values=account_type
    ParentId reference:Account rel=Parent children=ChildAccounts
    {_address("Billing")}
    {_address("Shipping")}
    Phone phone
    Fax phone
    AccountNumber string:40
    Website url
    Sic string:20
    Industry picklist values=industry
    AnnualRevenue currency
    NumberOfEmployees int
    Description textarea:32000
    Rating picklist values=rating
    Site string:80
    {_CURRENCY}
    OwnerId reference:User rel=Owner required defaulted
    LastActivityDate date readonly indexed
    AccountSource picklist values=lead_source
    External_Id__c string:80 external unique sensitive idlookup
    Customer_Number__c string:20 external idlookup
    Tier__c picklist values=tier
    Region__c picklist values=region
    """,
    ),
    "Contact": (
        "003",
        "Contacts",
        "full",
        None,
        f"""
    MasterRecordId reference:Contact rel=MasterRecord readonly
    AccountId reference:Account rel=Account children=Contacts
    LastName string:80 required indexed
    FirstName string:40
    Salutation picklist values=salutation
    Name string:121 required readonly indexed
    {_address("Other")}
    {_address("Mailing")}
    Phone phone
    Fax phone
    MobilePhone phone
    HomePhone phone
    OtherPhone phone
    ReportsToId reference:Contact rel=ReportsTo
    Email email idlookup
    Title string:128
    Department string:80
    LeadSource picklist values=lead_source
    Birthdate date
    Description textarea:32000
    {_CURRENCY}
    OwnerId reference:User rel=Owner required defaulted
    HasOptedOutOfEmail boolean
    DoNotCall boolean
    LastActivityDate date readonly indexed
    EmailBouncedReason string:255
    EmailBouncedDate datetime
    IsEmailBounced boolean readonly
    External_Id__c string:80 external unique sensitive idlookup
    NPS__c double scale=0
    Customer_Number__c string:20 external idlookup
    Renewal_Date__c date
    VIP__c boolean
    Preferred_Channel__c picklist values=channel
    Region__c picklist values=region
    Interests__c multipicklist:4099 values=interests
    """,
    ),
    "Lead": (
        "00Q",
        "Leads",
        "full",
        None,
        f"""
    MasterRecordId reference:Lead rel=MasterRecord readonly
    LastName string:80 required indexed
    FirstName string:40
    Salutation picklist values=salutation
    Name string:121 required readonly indexed
    Title string:128
    Company string:255 required
    Street textarea:255 compound=Address
    City string:40 compound=Address
    State string:80 compound=Address
    PostalCode string:20 compound=Address
    Country string:80 compound=Address
    Latitude double compound=Address
    Longitude double compound=Address
    GeocodeAccuracy picklist compound=Address
    Address address readonly
    Phone phone
    MobilePhone phone
    Email email idlookup
    Website url
    Description textarea:32000
    LeadSource picklist values=lead_source
    Status picklist values=lead_status required defaulted
    Industry picklist values=industry
    Rating picklist values=rating
    {_CURRENCY}
    AnnualRevenue currency
    NumberOfEmployees int
    OwnerId reference:Group,User rel=Owner required defaulted
    IsConverted boolean createonly
    ConvertedDate date readonly
    ConvertedAccountId reference:Account rel=ConvertedAccount readonly
    ConvertedContactId reference:Contact rel=ConvertedContact readonly
    ConvertedOpportunityId reference:Opportunity rel=ConvertedOpportunity readonly
    IsUnreadByOwner boolean
    HasOptedOutOfEmail boolean
    DoNotCall boolean
    LastActivityDate date readonly indexed
    External_Id__c string:80 external unique sensitive idlookup
    """,
    ),
    "Opportunity": (
        "006",
        "Opportunities",
        "full",
        None,
        f"""
    AccountId reference:Account rel=Account children=Opportunities
    IsPrivate boolean
    Name string:120 required indexed
    Description textarea:32000
    StageName picklist values=stage required indexed
    Amount currency indexed
    Probability percent defaulted
    ExpectedRevenue currency readonly
    CloseDate date required indexed
    Type picklist values=opportunity_type
    NextStep string:255
    LeadSource picklist values=lead_source
    IsClosed boolean readonly
    IsWon boolean readonly
    ForecastCategory picklist values=forecast required readonly defaulted
    ForecastCategoryName picklist values=forecast defaulted
    {_CURRENCY}
    OwnerId reference:User rel=Owner required defaulted
    LastActivityDate date readonly indexed
    LastStageChangeDate datetime readonly
    FiscalQuarter int readonly
    FiscalYear int readonly
    ContactId reference:Contact createonly
    External_Id__c string:80 external unique sensitive idlookup
    Loss_Reason__c string:255
    Contract_Months__c double scale=0
    Competitor__c string:255
    """,
    ),
    "OpportunityContactRole": (
        "00K",
        "Opportunity Contact Roles",
        "full",
        None,
        """
    OpportunityId reference:Opportunity rel=Opportunity children=OpportunityContactRoles required createonly
    ContactId reference:Contact rel=Contact children=OpportunityContactRoles required
    Role picklist values=contact_role
    IsPrimary boolean
    """,
    ),
    "AccountContactRelation": (
        "07k",
        "Account Contact Relationships",
        "full",
        "contacts_to_multiple_accounts",
        """
    AccountId reference:Account rel=Account children=AccountContactRelations required createonly
    ContactId reference:Contact rel=Contact children=AccountContactRelations required createonly
    Roles multipicklist:4099 values=contact_role
    IsDirect boolean readonly
    IsActive boolean
    StartDate date
    EndDate date
    """,
    ),
    "User": (
        "005",
        "Users",
        "no_trash",
        None,
        """
    Username string:80 required unique idlookup
    LastName string:80 required
    FirstName string:40
    Name string:121 required readonly indexed
    Title string:80
    Email email:128 required idlookup
    Phone phone
    Alias string:8 required
    IsActive boolean
    UserType picklist readonly
    TimeZoneSidKey picklist required
    LocaleSidKey picklist required
    LanguageLocaleKey picklist required
    UserRoleId reference:UserRole
    ProfileId reference:Profile required
    DefaultCurrencyIsoCode picklist:3 values=currency when=multi_currency
    CurrencyIsoCode picklist:3 values=currency when=multi_currency
    """,
    ),
    "Group": (
        "00G",
        "Groups",
        "no_trash",
        None,
        """
    Name string:40 required indexed
    DeveloperName string:80
    RelatedId reference:UserRole
    Type picklist values=group_type required
    Email email
    OwnerId reference:Organization,User rel=Owner readonly
    DoesSendEmailToMembers boolean
    DoesIncludeBosses boolean
    """,
    ),
    "Organization": (
        "00D",
        "Organizations",
        "no_trash",
        None,
        """
    Name string:80 required
    Country string:80
    DefaultLocaleSidKey picklist
    TimeZoneSidKey picklist
    LanguageLocaleKey picklist
    FiscalYearStartMonth int readonly
    InstanceName string:5 readonly
    IsSandbox boolean readonly
    OrganizationType picklist readonly
    NamespacePrefix string:15 readonly
    """,
    ),
    "OpportunityStage": (
        "01J",
        "Opportunity Stages",
        "no_trash",
        None,
        """
    MasterLabel string:255 readonly
    ApiName string:255 readonly
    IsActive boolean readonly
    SortOrder int readonly
    IsClosed boolean readonly
    IsWon boolean readonly
    ForecastCategory picklist values=forecast readonly
    ForecastCategoryName picklist values=forecast readonly
    DefaultProbability percent readonly
    Description string:255 readonly
    """,
    ),
    "LeadStatus": (
        "01J",
        "Lead Statuses",
        "no_trash",
        None,
        """
    MasterLabel string:255 readonly
    ApiName string:255 readonly
    SortOrder int readonly
    IsDefault boolean readonly
    IsConverted boolean readonly
    """,
    ),
    "CurrencyType": (
        "01L",
        "Currency Types",
        "no_trash",
        "multi_currency",
        """
    IsoCode picklist:3 values=currency required indexed
    ConversionRate double required
    DecimalPlaces int required
    IsActive boolean
    IsCorporate boolean readonly
    """,
    ),
    "Name": (
        "000",
        "Names",
        "bare",
        None,
        """
    Name string:255 readonly indexed
    FirstName string:40 readonly
    LastName string:80 readonly
    Type picklist readonly
    Alias string:8 readonly
    Email email readonly
    IsActive boolean readonly
    Phone phone readonly
    ProfileId reference:Profile readonly
    Title string:128 readonly
    UserRoleId reference:UserRole readonly
    Username string:80 readonly
    """,
    ),
}
"""Id prefix, plural label, audit kind, feature and field table, by object."""
