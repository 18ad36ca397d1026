"""Sources, platforms, capabilities and plans."""

import pytest

from model.capabilities import (
    Coverage,
    Description,
    FieldCapability,
    LeadModel,
    Pushdown,
    Quota,
    RelationCapability,
    RelationMode,
    RemoteField,
    TypeCapability,
)
from model.entities import Entity
from model.errors import SourceUnavailable
from model.fields import FieldKind
from model.query import Operator
from model.reading import PlanResult, PlanStep
from model.values import Choice
from tests.schema.conftest import Ask, gid
from tests.schema.shelf import Shelf


@pytest.fixture
def described(shelf: Shelf) -> Shelf:
    """A north that says what it can do."""
    email = FieldCapability(
        field="first_name",
        remote_fields=("FirstName",),
        operators={Operator.STARTS_WITH: Pushdown.PUSHED, Operator.NOT_IN: Pushdown.LOCAL},
        is_sortable=True,
    )
    owner = RelationCapability(
        field="created_by",
        target=Entity.USER,
        is_many=False,
        mode=RelationMode.BATCH,
        batch_size=200,
        coverage=Coverage.PRIMARY_ONLY,
    )
    contacts = TypeCapability(
        entity=Entity.CONTACT,
        remote_type="Contact",
        can_count=True,
        batch_read_size=100,
        fields={"first_name": email},
        relations={"created_by": owner},
    )
    rating = RemoteField(
        remote_field="Rating__c", label="Rating", kind=FieldKind.CHOICE, is_custom=True, choices=(Choice("1", "Hot"),)
    )
    first = RemoteField(remote_field="FirstName", label="First", kind=FieldKind.TEXT, field="first_name")
    shelf.descriptions = {
        "north": Description(
            types={Entity.CONTACT: contacts},
            remote_fields={Entity.CONTACT: (first, rating)},
            remote_account_id="00D1",
            region="EU",
            default_currency="EUR",
            time_zone="Europe/Berlin",
            lead_model=LeadModel.OBJECT,
        )
    }
    return shelf


async def test_sources_and_platforms_are_listed(ask: Ask) -> None:
    """Every connected account shows, with its product and state."""
    query = "{ sources { id key name status statusReason platform { id key } } platforms { key name authKinds } }"

    answer = await ask(query)

    assert answer["errors"] == []
    assert answer["data"]["sources"][1] == {
        "id": gid("source", "south", "south"),
        "key": "south",
        "name": "South",
        "status": "DEGRADED",
        "statusReason": "slow today",
        "platform": {"id": gid("platform", "", "hubspot"), "key": "hubspot"},
    }
    assert answer["data"]["platforms"][0] == {
        "key": "salesforce",
        "name": "Salesforce",
        "authKinds": ["OAUTH_CODE", "JWT_BEARER"],
    }


async def test_source_says_what_it_can_do(ask: Ask, described: Shelf) -> None:
    """Capabilities speak the schema's own names."""
    query = """{ source(key: "north") { region remoteAccountId defaultCurrency timeZone leadModel pipelines { id }
        capabilities { type canGet canList canCount canAggregate canCreate canUpdate canDelete batchReadSize
            batchWriteSize upsertKeys { field isNative }
            fields { field remoteFields operators { operator mode } isSortable isWritable isRequired }
            relations { field mode batchSize coverage } }
        fields(type: CONTACT) { field remoteField label kind isCustom isRequired isWritable choices { value label } }
        none: fields(type: DEAL) { label } } }"""

    answer = await ask(query)

    assert answer["errors"] == []
    source = answer["data"]["source"]
    assert (source["region"], source["defaultCurrency"], source["leadModel"]) == ("EU", "EUR", "OBJECT")
    (contact,) = source["capabilities"]
    assert (contact["type"], contact["canGet"], contact["canCount"], contact["canCreate"]) == (
        "CONTACT",
        True,
        True,
        False,
    )
    assert contact["fields"][0]["field"] == "firstName"
    assert contact["fields"][0]["operators"] == [
        {"operator": "startsWith", "mode": "PUSHED"},
        {"operator": "notIn", "mode": "LOCAL"},
    ]
    assert contact["relations"] == [
        {"field": "createdBy", "mode": "BATCH", "batchSize": 200, "coverage": "PRIMARY_ONLY"}
    ]
    assert [field["field"] for field in source["fields"]] == ["firstName", None]
    assert source["fields"][1]["choices"] == [{"value": "1", "label": "Hot"}]
    assert source["none"] == []


async def test_quotas_say_when_they_end(ask: Ask, shelf: Shelf) -> None:
    """What is left of a window counts from the request's instant."""
    shelf.limits = {
        "north": [
            Quota(name="day", limit=100, remaining=40, window_s=86400.0, resets_in_s=90.5, is_observed=True),
            Quota(name="search", limit=5, remaining=None, window_s=1.0),
        ]
    }

    answer = await ask("{ sources { quotas { name limit remaining windowS resetsAt isObserved } } }")

    north, south = answer["data"]["sources"]
    assert north["quotas"][0] == {
        "name": "day",
        "limit": 100,
        "remaining": 40,
        "windowS": 86400.0,
        "resetsAt": "2026-05-13T10:31:30.500Z",
        "isObserved": True,
    }
    assert north["quotas"][1]["resetsAt"] is None
    assert south["quotas"] == []


async def test_source_that_cannot_be_described_still_shows(ask: Ask, shelf: Shelf) -> None:
    """What needs a call is null with an error; what the configuration says stays."""
    shelf.failing = SourceUnavailable("north is down", source="north")

    answer = await ask('{ source(key: "north") { key region capabilities { type } status } }')

    assert answer["data"]["source"] == {"key": "north", "region": None, "capabilities": None, "status": "READY"}
    assert [error["path"] for error in answer["errors"]] == [["source", "region"], ["source", "capabilities"]]


async def test_unknown_source_is_null(ask: Ask) -> None:
    """A key nobody has is null."""
    assert await ask('{ source(key: "nowhere") { key } }') == {"data": {"source": None}, "errors": []}


async def test_plan_is_shown(ask: Ask, shelf: Shelf) -> None:
    """`explain` hands document and variables on, and shows the plan."""
    step = PlanStep(
        source="north",
        operation="query",
        entity=Entity.CONTACT,
        vendor_query="SELECT Id",
        fields=("Id",),
        pushed=("email eq",),
        residual=(),
        estimated_calls=1,
    )
    shelf.plan = PlanResult(is_allowed=True, estimated_calls=1, steps=(step,), notes=("warm",))
    query = """query ($v: JSON) { explain(query: "{ contacts { isPartial } }", variables: $v) {
        isAllowed estimatedCalls notes steps { source { key } operation type vendorQuery fields pushed residual
        estimatedCalls quotaCost } } }"""

    answer = await ask(query, v={"first": 3})

    assert shelf.explained == [("{ contacts { isPartial } }", {"first": 3})]
    assert answer["data"]["explain"] == {
        "isAllowed": True,
        "estimatedCalls": 1,
        "notes": ["warm"],
        "steps": [
            {
                "source": {"key": "north"},
                "operation": "query",
                "type": "CONTACT",
                "vendorQuery": "SELECT Id",
                "fields": ["Id"],
                "pushed": ["email eq"],
                "residual": [],
                "estimatedCalls": 1,
                "quotaCost": None,
            }
        ],
    }


async def test_variables_of_explained_query_must_be_object(ask: Ask, shelf: Shelf) -> None:
    """A list or a text holds no variables."""
    answer = await ask('{ explain(query: "{ __typename }", variables: [1]) { isAllowed } }')

    assert answer["errors"][0]["message"] == "`variables` must be an object"
    assert shelf.explained == []
