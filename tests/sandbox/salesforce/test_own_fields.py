"""The fields that the org's administrator added, as describe tells them."""

import pytest

from tests.sandbox.salesforce.desk import Client


@pytest.mark.parametrize(
    ("path", "label", "kind", "is_groupable"),
    [
        ("Contact.NPS__c", "NPS", "double", False),
        ("Contact.Customer_Number__c", "Customer Number", "string", True),
        ("Contact.Renewal_Date__c", "Renewal Date", "date", True),
        ("Contact.VIP__c", "VIP", "boolean", True),
        ("Contact.Preferred_Channel__c", "Preferred Channel", "picklist", True),
        ("Contact.Interests__c", "Interests", "multipicklist", False),
        ("Account.Customer_Number__c", "Customer Number", "string", True),
        ("Account.Tier__c", "Tier", "picklist", True),
        ("Opportunity.Contract_Months__c", "Contract Months", "double", False),
        ("Opportunity.Competitor__c", "Competitor", "string", True),
    ],
)
def test_describe_tells_the_orgs_own_fields(
    client: Client, path: str, label: str, kind: str, is_groupable: bool
) -> None:
    """Custom, filterable, and groupable by type."""
    name, _, field = path.partition(".")
    told = {one["name"]: one for one in client.get(f"/sobjects/{name}/describe").json()["fields"]}[field]

    assert (told["label"], told["type"], told["custom"], told["filterable"]) == (label, kind, True, True)
    assert (told["groupable"], told["sortable"]) == (is_groupable, kind != "multipicklist")
    assert told["scale"] == 0
    assert told["externalId"] is (field == "Customer_Number__c")
