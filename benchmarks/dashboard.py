"""The dashboard query beside a script over the vendors' own clients: calls, bytes and milliseconds.

Run it with ``uv run python -m benchmarks.dashboard``. Both read 100 contacts of Salesforce and HubSpot, newest first,
with company, owner and deals with their stage, from the same emulators. The script is what a careful developer writes
with simple-salesforce and hubspot-api-client: batch reads, the same fields, one CRM after the other, no merge.
Nobody asks for gzip: the gateway does not on loopback, so the script must not either.
Rounds alternate; the figures are medians, and the ratio is taken pair by pair.
"""

import argparse
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from hubspot import HubSpot
from hubspot.crm.contacts import PublicObjectSearchRequest
from hubspot.crm.objects import BatchReadInputSimplePublicObjectId, SimplePublicObjectId
from simple_salesforce import Salesforce

from sandbox import Sandbox
from tests.walks.processes import Served, config_for, served

__all__ = ["main"]

QUERY = (Path(__file__).parent.parent / "gateway/graphiql/source/examples/1-dashboard.graphql").read_text()
SOQL = (
    "SELECT Id, Name, Email, SystemModstamp, Account.Id, Account.Name, Account.Website, Owner.Id, Owner.Name,"
    " (SELECT Opportunity.Id, Opportunity.Name, Opportunity.Amount, Opportunity.StageName"
    " FROM OpportunityContactRoles LIMIT 5)"
    " FROM Contact ORDER BY SystemModstamp DESC NULLS LAST, Id LIMIT 100"
)
PERSON = ["firstname", "lastname", "email", "lastmodifieddate", "associatedcompanyid", "hubspot_owner_id"]


@dataclass(frozen=True, slots=True)
class Figures:
    """What one way of reading took."""

    calls: int
    size_bytes: int
    took_ms: float


class _PlainHttp(requests.adapters.HTTPAdapter):
    """simple-salesforce builds https addresses; the emulator here speaks http."""

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        request.url = (request.url or "").replace("https:", "http:", 1)
        return super().send(request, *args, **kwargs)


def _in_hundreds(ids: Iterable[str]) -> Iterator[list[str]]:
    found = iter(sorted(set(ids)))
    while chunk := list(itertools.islice(found, 100)):
        yield chunk


def _read_hubspot(client: HubSpot) -> None:
    search = PublicObjectSearchRequest(
        filter_groups=[],
        sorts=[{"propertyName": "lastmodifieddate", "direction": "DESCENDING"}],
        properties=PERSON,
        limit=100,
    )
    people = client.crm.contacts.search_api.do_search(search).results
    companies = [person.properties["associatedcompanyid"] for person in people]
    _batch(client, "companies", filter(None, companies), ["name", "domain"])
    inputs = {"inputs": [{"id": person.id} for person in people]}
    links = client.crm.associations.v4.batch_api.get_page("contacts", "deals", inputs).results
    deals = [str(link.to_object_id) for item in links for link in item.to[:5]]
    _batch(client, "deals", deals, ["dealname", "amount", "deal_currency_code", "dealstage", "pipeline"])


def _batch(client: HubSpot, type_: str, ids: Iterable[str], properties: list[str]) -> None:
    for chunk in _in_hundreds(ids):
        asked = BatchReadInputSimplePublicObjectId(
            inputs=[SimplePublicObjectId(id=item) for item in chunk], properties=properties, properties_with_history=[]
        )
        client.crm.objects.batch_api.read(type_, asked)


def _measured(sandbox: Sandbox, read: Callable[[], None]) -> Figures:
    sandbox.clear_calls()
    started = time.perf_counter()
    read()
    took_ms = (time.perf_counter() - started) * 1000
    calls = [call for platform in sandbox.running for call in sandbox.calls(platform)]
    return Figures(len(calls), sum(call.bytes_out for call in calls), took_ms)


def _script(sandbox: Sandbox, token: str) -> Callable[[], None]:
    session = requests.Session()
    session.trust_env = False
    session.headers["Accept-Encoding"] = "identity"
    session.mount("https://", _PlainHttp())
    salesforce = Salesforce(session_id=token, instance_url=sandbox.url("salesforce"), session=session)
    hubspot = HubSpot(access_token=sandbox.secrets["HUBSPOT_TOKEN"], host=sandbox.url("hubspot"))

    def read() -> None:
        salesforce.query(SOQL)
        _read_hubspot(hubspot)

    return read


def _salesforce_token(sandbox: Sandbox) -> str:
    form = {
        "grant_type": "client_credentials",
        "client_id": sandbox.secrets["SALESFORCE_CLIENT_ID"],
        "client_secret": sandbox.secrets["SALESFORCE_CLIENT_SECRET"],
    }
    reply = requests.post(f"{sandbox.url('salesforce')}/services/oauth2/token", data=form, timeout=10)
    token: str = reply.json()["access_token"]
    return token


def _told(name: str, rounds: list[Figures]) -> str:
    median = {
        field: statistics.median(getattr(item, field) for item in rounds)
        for field in ("calls", "size_bytes", "took_ms")
    }
    return f"{name:<10}{median['calls']:>8.0f}{median['size_bytes']:>12.0f}{median['took_ms']:>10.1f}"


def _run(sandbox: Sandbox, gateway: Served, rounds: int) -> None:
    script = _script(sandbox, _salesforce_token(sandbox))
    ways: dict[str, Callable[[], None]] = {"gateway": lambda: gateway.query(QUERY) and None, "script": script}
    found: dict[str, list[Figures]] = {name: [] for name in ways}
    for _ in range(rounds + 2):
        for name, read in ways.items():
            found[name].append(_measured(sandbox, read))
            # The sandbox keeps HubSpot's pace: five searches a second.
            time.sleep(0.25)
    warm = {name: figures[2:] for name, figures in found.items()}
    ratios = [a.took_ms / b.took_ms for a, b in zip(warm["gateway"], warm["script"], strict=True)]
    print(f"{'':<10}{'calls':>8}{'bytes':>12}{'ms':>10}")
    for name, figures in warm.items():
        print(_told(name, figures))
    print(f"gateway / script, ms: {statistics.median(ratios):.2f} [{min(ratios):.2f}–{max(ratios):.2f}]")


def main() -> None:
    """Print a table of medians and the ratio of the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--latency", type=float, default=0.0, help="milliseconds the emulators take longer")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox(["salesforce", "hubspot"], latency_s=options.latency / 1000) as sandbox,
        served(sandbox, config_for(sandbox, Path(folder), time_scale=1)) as gateway,
    ):
        _run(sandbox, gateway, options.rounds)


if __name__ == "__main__":
    main()
