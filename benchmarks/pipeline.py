"""The pipeline dashboard over accounts with many deals: calls, rows, milliseconds and the gateway's memory.

Run it with ``uv run python -m benchmarks.pipeline``. Sum and count of open deals by source, stage and close month are
asked of an emulated Salesforce, of an emulated HubSpot whose time passes faster, and of HubSpot at the vendor's pace,
where the answer comes at the deadline and says what it covers. Beside the fast HubSpot stands a script that reads the
same open deals with the vendor's own client and adds them up, as a careful developer writes it.
"""

import argparse
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml
from hubspot import HubSpot
from hubspot.crm.deals import PublicObjectSearchRequest

from sandbox import Sandbox
from tests.walks.processes import Served, config_for, served

__all__ = ["main"]

QUERY = """
query Pipeline($sources: [String!]!, $options: ReadOptions) {
  dealAggregate(
    where: { status: { eq: OPEN } }
    groupBy: [{ field: SOURCE }, { field: STAGE }, { field: EXPECTED_CLOSE_ON, bucket: MONTH }]
    sources: $sources
    options: $options
    first: 1000
  ) {
    groups { keys { value } count amounts { currency sum } }
    isPartial
    isExact
    sources { source { key } status rows isExact notes upstreamCalls latencyMs }
  }
}
"""
_PROPERTIES = ["amount", "deal_currency_code", "dealstage", "closedate"]


@dataclass(slots=True)
class Peak:
    """The most memory a gateway had while it was watched, and what it had before."""

    before_kib: int
    most_kib: int = 0
    _is_over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def of(self, gateway: Served) -> Iterator[None]:
        """Look at the memory every 50 ms while the block runs."""
        thread = threading.Thread(target=self._watch, args=(gateway,))
        thread.start()
        try:
            yield
        finally:
            self._is_over.set()
            thread.join()

    def _watch(self, gateway: Served) -> None:
        while not self._is_over.wait(0.05):
            self.most_kib = max(self.most_kib, gateway.memory_kib())


def _asked(gateway: Served, source: str, **options: int) -> str:
    """One line of the table: how the dashboard was answered."""
    peak = Peak(gateway.memory_kib())
    started = time.perf_counter()
    with peak.of(gateway):
        (answer,) = gateway.query(QUERY, sources=[source], options=options).values()
    took_s = time.perf_counter() - started
    (outcome,) = answer["sources"]
    count = sum(group["count"] for group in answer["groups"])
    notes = f"\n    {'; '.join(outcome['notes'])}" if outcome["notes"] else ""
    return (
        f"{outcome['status']:<8} {outcome['upstreamCalls']:>5} calls {count:>7} deals {len(answer['groups']):>4} groups"
        f" {took_s:>7.2f} s  memory {peak.before_kib / 1024:.0f} -> {peak.most_kib / 1024:.0f} MiB"
        f"  isExact {outcome['isExact']}{notes}"
    )


def _script(sandbox: Sandbox) -> str:
    """The same with hubspot-api-client: searches of open deals by id, 200 at a time, added up in a dictionary."""
    client = HubSpot(access_token=sandbox.secrets["HUBSPOT_TOKEN"], host=sandbox.url("hubspot"))
    sums: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    started, calls, rows, last = time.perf_counter(), 0, 0, "0"
    while True:
        filters: list[dict[str, Any]] = [
            {"propertyName": "hs_is_closed", "operator": "EQ", "value": "false"},
            {"propertyName": "hs_object_id", "operator": "GT", "value": last},
        ]
        request = PublicObjectSearchRequest(
            filter_groups=[{"filters": filters}],
            sorts=[{"propertyName": "hs_object_id", "direction": "ASCENDING"}],
            properties=_PROPERTIES,
            limit=200,
        )
        found = client.crm.deals.search_api.do_search(request).results
        calls, rows = calls + 1, rows + len(found)
        for deal in found:
            own = deal.properties
            key = (own["dealstage"], (own["closedate"] or "")[:7], own["deal_currency_code"] or "")
            sums[key] += Decimal(own["amount"] or 0)
        if len(found) < 200:
            break
        last = found[-1].id
        # Five searches a second are allowed; the emulator's seconds pass faster.
        time.sleep(0.2 / sandbox.clock.time_scale)
    return (
        f"{'script':<8} {calls:>5} calls {rows:>7} deals {len(sums):>4} groups {time.perf_counter() - started:>7.2f} s"
    )


@contextmanager
def _gateway(platform: str, *, deals: int, time_scale: float) -> Iterator[tuple[Sandbox, Served]]:
    started = time.perf_counter()
    with (
        tempfile.TemporaryDirectory() as folder,
        Sandbox([platform], counts={"deals": deals}, time_scale=time_scale) as sandbox,
    ):
        print(f"\n{platform}, {deals} deals, time x {time_scale:g} (seeded in {time.perf_counter() - started:.1f} s)")
        config = config_for(sandbox, Path(folder), time_scale=time_scale)
        settings = yaml.safe_load(config.read_text())
        settings["limits"] = {"max_deadline_s": 300, "max_upstream_calls": 5_000}
        config.write_text(yaml.safe_dump(settings))
        with served(sandbox, config) as gateway:
            gateway.client.timeout = 300
            yield sandbox, gateway


def main() -> None:
    """Print a line for each way of asking."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=100_000, help="deals of each account")
    parser.add_argument("--time-scale", type=float, default=100, help="of the fast HubSpot")
    options = parser.parse_args()
    with _gateway("salesforce", deals=options.deals, time_scale=1) as (_, gateway):
        for _ in range(3):
            print(_asked(gateway, "salesforce"))
    with _gateway("hubspot", deals=options.deals, time_scale=options.time_scale) as (sandbox, gateway):
        print(_asked(gateway, "hubspot", deadlineMs=280_000, maxCalls=5_000))
        print(_script(sandbox))
    with _gateway("hubspot", deals=options.deals, time_scale=1) as (_, gateway):
        print(_asked(gateway, "hubspot"))


if __name__ == "__main__":
    main()
