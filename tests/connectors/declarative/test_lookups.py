"""What people call the values of a column may stand in a list of the API's own."""

from pathlib import Path

from connectors.base import Connector
from connectors.credentials import Bearer
from connectors.declarative import load
from connectors.http import AddressPolicy, Wire
from connectors.registry import SourceConfig
from connectors.scope import Deadline, Scope, entered
from model.entities import Contact, Entity
from model.query import EVERYTHING, Compare, Operator, Query, Selection
from tests.connectors.declarative.shop import API_KEY, Manner, Shop, draw_companies, draw_people

FILE = """
name: Shop
list: {path: /$remote, params: {offset: $offset, limit: $limit, sort: $sort}, rows: data, total: meta.total}
auth: {header: X-Api-Key, prefix: ""}
paging: {by: offset, max: 100}
sort: {each: $direction$column, asc: "", desc: "-"}
filter:
  style: keys
  leaf: filter[$column][$operator]
  operators: {eq: eq, ne: ne, in: in, is_null: is_null}
ids: number
lookups:
  companies: {path: /companies, rows: data}
types:
  contact:
    remote: people
    fields: {department: {label: company, lookup: companies, numeric: true}}
"""


def connecting(folder: Path, url: str) -> Connector:
    """A connector told by `FILE`."""
    path = folder / "shop.yaml"
    path.write_text(FILE)
    platform = load(path)
    config = SourceConfig(
        key="shop",
        name="Shop",
        platform="shop",
        base_url=url,
        auth=Bearer.model_validate({"kind": "bearer", "token": API_KEY}),
        options=platform.options.model_validate({}),
    )
    return platform.connect(config, Wire(addresses=AddressPolicy(allow_loopback=True)))


async def test_a_value_is_shown_and_found_by_its_name(tmp_path: Path) -> None:
    """The names are read once with the metadata; a condition on a name becomes one on its value."""
    companies = draw_companies(7)
    (first, *_) = companies
    people = draw_people(7)
    there = sorted(str(row["id"]) for row in people if row["company"] == first["id"])
    where = Compare("department", Operator.EQ, str(first["name"]).upper())
    async with Shop(people, Manner(), companies=companies).listening() as shop:
        connector = connecting(tmp_path, shop.url)
        with entered(Scope(deadline=Deadline.after(10), max_calls=10)):
            await connector.describe()
            query = Query(entity=Entity.CONTACT, selection=Selection(frozenset({"department"})), where=where, limit=100)
            split = connector.plan(query)
            page = await connector.page(query)
        await connector.aclose()

    assert (split.residual, there != []) == (EVERYTHING, True)
    assert sorted(row.remote_id for row in page.records) == there
    assert {row.department for row in page.records if isinstance(row, Contact)} == {first["name"]}
    assert shop.calls[-1].params["filter[company][eq]"] == str(first["id"])
