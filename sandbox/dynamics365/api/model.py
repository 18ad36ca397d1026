"""The service document, and the model as CSDL."""

from xml.sax.saxutils import quoteattr

from sandbox.dynamics365.api.asked import Answer, json_answer
from sandbox.dynamics365.odata.literals import edm_type
from sandbox.dynamics365.org.tables import Table, tables

__all__ = ["csdl", "service_document"]

_HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>'
    '<Schema Namespace="Microsoft.Dynamics.CRM" Alias="mscrm" xmlns="http://docs.oasis-open.org/odata/ns/edm">'
    '<EntityType Name="crmbaseentity" Abstract="true" />'
)


def service_document(root: str) -> Answer:
    """Every entity set."""
    sets = [table.entity_set for table in tables().values()]
    value = [{"name": name, "kind": "EntitySet", "url": name} for name in sets]
    return json_answer({"@odata.context": f"{root}/$metadata", "value": value})


def csdl() -> Answer:
    """$metadata."""
    types = "".join(map(_entity_type, tables().values()))
    sets = "".join(
        f"<EntitySet Name={quoteattr(table.entity_set)} EntityType={quoteattr(_full(table.name))} />"
        for table in tables().values()
    )
    tail = f'<EntityContainer Name="System">{sets}</EntityContainer></Schema></edmx:DataServices></edmx:Edmx>'
    return Answer(body=f"{_HEAD}{types}{tail}".encode(), media_type="application/xml")


def _full(name: str) -> str:
    return f"Microsoft.Dynamics.CRM.{name}"


def _entity_type(table: Table) -> str:
    properties = "".join(
        f"<Property Name={quoteattr(name)} Type={quoteattr(edm_type(column))} />"
        for name, column in table.columns.items()
    )
    navs = "".join(
        f"<NavigationProperty Name={quoteattr(nav.name)} "
        f"Type={quoteattr(f'Collection({_full(nav.target)})' if nav.is_many else _full(nav.target))} />"
        for nav in table.navs.values()
    )
    key = f"<Key><PropertyRef Name={quoteattr(table.key)} /></Key>"
    return (
        f'<EntityType Name={quoteattr(table.name)} BaseType="mscrm.crmbaseentity">{key}{properties}{navs}</EntityType>'
    )
