"""What takes code to read."""

from connectors.zoho.fields import related_refs


def test_pointers_are_told_apart_by_their_module() -> None:
    """Who_Id is a contact beside anything, and the lead where the module is that of leads and nothing else is there."""
    deal, person = {"id": "554023000000301140"}, {"id": "554023000000301126"}

    beside = related_refs({"$se_module": "Deals", "What_Id": deal, "Who_Id": person})
    alone = related_refs({"$se_module": "Leads", "What_Id": None, "Who_Id": person})
    note = related_refs({"$se_module": "Accounts", "Parent_Id": deal})

    assert list(beside) == [("Deals", deal["id"]), ("Contacts", person["id"])]
    assert list(alone) == [("Leads", person["id"])]
    assert list(note) == [("Accounts", deal["id"])]
