"""One emulator with 100,000 deals: how long it takes to start, what it holds, and what one call of each kind costs.

Run it with ``uv run python -m benchmarks.big_account salesforce`` or ``… hubspot``.
The client sits in the same process; a call's figure is the best of three.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import httpx

from sandbox import Sandbox

__all__ = ["main"]

DEALS = 100_000
SOQL = "/services/data/v60.0/query"
FIELDS = "Id, Name, Amount, StageName, CloseDate, AccountId, OwnerId, CreatedDate, SystemModstamp FROM Opportunity"
STATEMENTS = {
    "grouped by stage": "SELECT StageName, COUNT(Id), SUM(Amount) FROM Opportunity GROUP BY StageName",
    "grouped by month": "SELECT CALENDAR_MONTH(CloseDate) FROM Opportunity GROUP BY CALENDAR_MONTH(CloseDate)",
    "page": f"SELECT {FIELDS} ORDER BY Id LIMIT 200",
    "deep page, by amount": f"SELECT {FIELDS} WHERE Amount < 5000 ORDER BY Amount DESC NULLS LAST, Id LIMIT 200",
}
PROPERTIES = ["dealname", "amount", "dealstage", "closedate", "hubspot_owner_id", "createdate", "hs_lastmodifieddate"]
SEARCHES: dict[str, dict[str, Any]] = {
    "search page deep in a key set": {
        "filters": [{"propertyName": "hs_object_id", "operator": "GT", "value": "31000900000"}],
        "sorts": [{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
    },
    "search by amount, at the cap": {
        "filters": [{"propertyName": "amount", "operator": "GT", "value": "1000"}],
        "sorts": [{"propertyName": "amount", "direction": "DESCENDING"}],
        "after": "9800",
    },
    "search by words": {"query": "pilot"},
}


def main() -> None:
    """Print the figures of one emulator."""
    parser = argparse.ArgumentParser()
    parser.add_argument("platform", choices=["salesforce", "hubspot"])
    platform = parser.parse_args().platform
    began, began_cpu = time.perf_counter(), time.process_time()
    with Sandbox([platform], counts={"deals": DEALS}, time_scale=100) as running:
        took, cpu = time.perf_counter() - began, time.process_time() - began_cpu
        print(f"{platform}: started in {took:.1f} s ({cpu:.1f} s of a core), {_memory_mib()} MiB")
        with httpx.Client(base_url=running.url(platform), timeout=60) as client:
            measure = _salesforce if platform == "salesforce" else _hubspot
            measure(client, running.secrets)


def _memory_mib() -> int:
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) // 1024


def _timed(name: str, call: Callable[[], httpx.Response]) -> None:
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        call().raise_for_status()
        best = min(best, time.perf_counter() - began)
    print(f"  {name}: {best * 1000:.0f} ms")


def _salesforce(client: httpx.Client, secrets: Mapping[str, str]) -> None:
    form = {
        "grant_type": "client_credentials",
        "client_id": secrets["SALESFORCE_CLIENT_ID"],
        "client_secret": secrets["SALESFORCE_CLIENT_SECRET"],
    }
    token = client.post("/services/oauth2/token", data=form).json()["access_token"]
    client.headers["Authorization"] = f"Bearer {token}"
    for name, statement in STATEMENTS.items():
        _timed(name, lambda statement=statement: client.get(SOQL, params={"q": statement}))  # type: ignore[misc]
    _walk(lambda page: client.get(page or SOQL, params=None if page else {"q": f"SELECT {FIELDS} ORDER BY Id"}))


def _hubspot(client: httpx.Client, secrets: Mapping[str, str]) -> None:
    client.headers["Authorization"] = f"Bearer {secrets['HUBSPOT_TOKEN']}"
    path = "/crm/v3/objects/deals"
    listing = {"limit": 100, "properties": ",".join(PROPERTIES)}
    _timed("list page", lambda: client.get(path, params=listing))
    for name, search in SEARCHES.items():
        body = {"limit": 200, "properties": PROPERTIES, **search}
        _timed(name, lambda body=body: client.post(f"{path}/search", json=body))  # type: ignore[misc]
    _walk(lambda page: client.get(path, params=listing | ({"after": page} if page else {})))


def _walk(read: Callable[[str | None], httpx.Response]) -> None:
    """Read every deal, page by page."""
    began, began_cpu, rows, page = time.perf_counter(), time.process_time(), 0, None
    while True:
        answer = read(page).raise_for_status().json()
        rows += len(answer.get("records") or answer.get("results") or ())
        page = answer.get("nextRecordsUrl") or answer.get("paging", {}).get("next", {}).get("after")
        if page is None:
            break
    took, cpu = time.perf_counter() - began, time.process_time() - began_cpu
    print(f"  walk of {rows} deals: {took:.1f} s ({cpu:.1f} s of a core)")


if __name__ == "__main__":
    main()
