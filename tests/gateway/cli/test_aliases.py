"""`check` compares the config's custom fields with what a source describes."""

from gateway.cli.aliases import alias_findings
from model.aliases import Alias, Aliases
from model.capabilities import Description
from model.entities import Entity
from model.fields import FieldKind
from tests.gateway.custom.world import ALIASES, NORTH, source


async def _described() -> Description:
    return await source("north", NORTH).describe()


def _alias(entity: Entity, kind: FieldKind, key: str) -> Aliases:
    return Aliases([Alias(entity=entity, name="name", kind=kind, description="x", keys={"north": key})])


async def test_fields_that_are_there_are_not_mentioned() -> None:
    """The only finding is about the field that is gone."""
    (finding,) = alias_findings(Aliases(ALIASES), "north", await _described())

    assert finding.startswith("north: custom_fields.contact.gone: the account describes no field 'Gone__c'")


async def test_missing_field_is_told_with_near_keys() -> None:
    """A slip of the pen has its remedy beside it."""
    (finding,) = alias_findings(_alias(Entity.CONTACT, FieldKind.DECIMAL, "NPS_c"), "north", await _described())

    assert "did you mean 'NPS__c'" in finding


async def test_kind_that_does_not_fit_is_told() -> None:
    """Both kinds are named."""
    (finding,) = alias_findings(_alias(Entity.CONTACT, FieldKind.DATE, "NPS__c"), "north", await _described())

    assert "'NPS__c' is DECIMAL there, and the alias DATE" in finding


async def test_type_that_the_account_does_not_offer_is_told() -> None:
    """The field cannot be there either."""
    (finding,) = alias_findings(_alias(Entity.LEAD, FieldKind.TEXT, "X__c"), "north", await _described())

    assert finding.endswith("the account offers no lead records")


async def test_sources_without_a_key_are_not_asked_for_one() -> None:
    """An alias may leave a source out."""
    assert alias_findings(_alias(Entity.CONTACT, FieldKind.TEXT, "X__c"), "south", await _described()) == []
