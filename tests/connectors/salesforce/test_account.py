"""What an org says of itself, and what a credential may see of it."""

import asyncio

import pytest
from pydantic import ValidationError

from connectors.registry import platforms
from connectors.salesforce import Options
from model.capabilities import LeadModel, Pushdown, RelationMode
from model.entities import Contact, Entity
from model.errors import OurBug, SchemaDrift
from model.query import EVERYTHING, Compare, Operator, Order
from sandbox.run import Sandbox
from tests.connectors.salesforce.org import TYPES, Org, connected, query


async def test_org_describes_itself(org: Org) -> None:
    """Ids, zone, stages and types come from metadata."""
    description = await org.connector.describe()

    assert set(description.types) == set(TYPES)
    assert description.remote_account_id is not None
    assert description.remote_account_id.startswith("00D")
    assert description.time_zone == "Europe/Berlin"
    assert description.region
    assert description.lead_model is LeadModel.OBJECT
    (pipeline,) = description.pipelines
    assert [stage.position for stage in pipeline.stages] == list(range(len(pipeline.stages)))
    assert {stage.outcome for stage in pipeline.stages} == {"OPEN", "WON", "LOST"}


async def test_capabilities_are_those_of_the_rules(org: Org) -> None:
    """What is declared of a field is what the compiler does."""
    types = (await org.connector.describe()).types

    assert types[Entity.CONTACT].fields["email"].operators[Operator.CONTAINS] is Pushdown.PUSHED
    assert types[Entity.COMPANY].fields["domain"].operators[Operator.EQ] is Pushdown.SUPERSET
    assert types[Entity.CONTACT].fields["description"].operators == {}
    assert not types[Entity.COMPANY].fields["industry"].is_sortable
    assert types[Entity.CONTACT].relations["leads"].mode is RelationMode.BATCH
    assert types[Entity.CONTACT].relations["deals"].mode is RelationMode.INLINE


async def test_custom_columns_are_described(org: Org) -> None:
    """Every column is listed, with the unified name of those that are mapped."""
    fields = {item.remote_field: item for item in (await org.connector.describe()).remote_fields[Entity.CONTACT]}

    assert fields["Email"].field == "email"
    assert fields["Region__c"].is_custom
    assert fields["Region__c"].field is None
    assert fields["LastName"].is_required
    assert fields["LeadSource"].choices


async def test_description_costs_two_metadata_calls(sandbox: Sandbox) -> None:
    """Readers that come together share them, and later ones need none."""
    async with connected(sandbox) as org:
        await asyncio.gather(*(org.connector.describe() for _ in range(5)))
        await org.connector.page(query(Entity.CONTACT, limit=1))

    assert [event.kind for event in org.scope.calls] == ["data"]


async def test_old_description_is_read_again(sandbox: Sandbox) -> None:
    """After its TTL, and not before somebody asks."""
    async with connected(sandbox, Options(metadata_ttl_s=0.001)) as org:
        await asyncio.sleep(0.01)
        await org.connector.page(query(Entity.CONTACT, limit=1))

    assert [event.kind for event in org.scope.calls] == ["metadata", "metadata", "data"]


async def test_plan_needs_a_description(sandbox: Sandbox) -> None:
    """Nothing is guessed of an org that was never described."""
    async with connected(sandbox) as org:
        org.connector._accounts._held = None
        with pytest.raises(OurBug):
            org.connector.plan(query(Entity.CONTACT))


async def test_hidden_columns_read_as_missing() -> None:
    """Field-level security leaves a field out, with a note; the rest of the query lives."""
    switches = {"hidden_fields": "Contact.Email,Contact.MobilePhone"}
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": switches}) as sandbox:
        async with connected(sandbox) as org:
            where = Compare("email", Operator.IS_NULL, operand=True)
            asked = query(Entity.CONTACT, "email", "phones", where=where, order=[Order("email")], limit=5)
            split = org.connector.plan(asked)
            page = await org.connector.page(asked)
            description = await org.connector.describe()

    assert (split.pushed, split.residual, split.is_exact) == (where, EVERYTHING, False)
    assert any("email" in note for note in split.notes)
    assert "email" not in description.types[Entity.CONTACT].fields
    assert any("email" in note for note in description.notes)
    contacts = [record for record in page.records if isinstance(record, Contact)]
    assert len(contacts) == 5
    assert all(contact.email is None for contact in contacts)
    assert any(contact.phones for contact in contacts)


async def test_vanished_column_is_left_out_on_the_second_try() -> None:
    """When a column goes while the description is warm, it is described anew once, and the page comes without it."""
    asked = query(Entity.CONTACT, "job_title", "email", where=Compare("job_title", Operator.NE, "x"), limit=3)
    with Sandbox(["salesforce"], scale=0.1) as sandbox:
        async with connected(sandbox) as org:
            sandbox.faults("salesforce").set("hidden_field", value="Contact.Title")
            page = await org.connector.page(asked)
            kinds = [event.kind for event in org.scope.calls]

    assert [contact.job_title for contact in page.records if isinstance(contact, Contact)] == [None] * 3
    assert kinds == ["data", "metadata", "metadata", "data"]


def test_platform_is_found() -> None:
    """The registry needs no list to know it."""
    assert platforms()["salesforce"].name == "Salesforce"
    assert platforms()["salesforce"].needs_base_url


@pytest.mark.parametrize(
    "options", [{"api_version": "60"}, {"lead_statuses": {"New": "FRESH"}}, {"metadata_ttl_s": 0}, {"colour": "red"}]
)
def test_wrong_options_are_refused(options: dict[str, object]) -> None:
    """Unknown keys, words and versions are errors of the config."""
    with pytest.raises(ValidationError):
        Options.model_validate(options)


async def test_unknown_version_is_drift(sandbox: Sandbox) -> None:
    """An org that does not have the version says so, and the error names what to check."""
    with pytest.raises(SchemaDrift, match="api_version"):
        async with connected(sandbox, Options(api_version="v19.0")):
            pass
