"""The emulator serves Pipedrive's own client for Node.js, unmodified."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.sandbox.pipedrive.accounts import Account, running_account

pytestmark = pytest.mark.clients

_CLIENT = Path(__file__).parent / "client"


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> tuple[Account, Any]:
    """The account, and everything that the client read of it in one run."""
    if shutil.which("npm") is None:
        pytest.skip("Node.js and npm are not installed")
    folder = tmp_path_factory.mktemp("client") / "copy"
    shutil.copytree(_CLIENT, folder)
    subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=240)
    with running_account() as account:
        names = ("API_TOKEN", "CLIENT_ID", "CLIENT_SECRET", "REFRESH_TOKEN")
        secrets = {name: account.secrets[f"PIPEDRIVE_{name}"] for name in names}
        run = subprocess.run(
            ["node", "read.mjs"],
            cwd=folder,
            env={**os.environ, "URL_OF_ACCOUNT": account.url, **secrets},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        return account, json.loads(run.stdout)


def test_client_reads_the_whole_book(found: tuple[Account, Any]) -> None:
    """Both versions, walked by the client's own paging, hold every row that Pipedrive has."""
    account, read = found[0], found[1]["token"]
    book = account.book

    converted = [lead for lead in book.leads if lead.status == "converted"]
    assert len({row["id"] for row in read["persons"]}) == len(read["persons"]) == len(book.people)
    assert len(read["organizations"]) == len(book.companies)
    assert len(read["deals"]) + len(read["archived"]) == len(book.deals)
    assert len(read["activities"]) == len(book.appointments) + len(book.tasks)
    assert len(read["leads"]) + len(read["archivedLeads"]) == len(book.leads) - len(converted)
    assert len(read["notes"]) == len(book.notes)
    assert len(read["users"]) == len(book.users) + 1
    assert sum(row["source_lead_id"] is not None for row in read["deals"] + read["archived"]) == len(converted)


def test_client_reads_definitions(found: tuple[Account, Any]) -> None:
    """Pipelines, stages, fields with options, kinds of activity, currencies and the token's user."""
    read = found[1]["token"]

    assert [row["name"] for row in read["pipelines"]] == ["Sales", "Renewals & Upsell"]
    assert Counter(row["pipeline_id"] for row in read["stages"]) == {1: 4, 2: 2}
    own = {row["field_code"]: row for row in read["personFields"] if row["is_custom_field"]}
    assert all(len(code) == 40 for code in own)
    assert sorted(row["field_type"] for row in own.values()) == ["date", "double", "enum", "enum", "set", "varchar"]
    assert [row["key_string"] for row in read["activityTypes"]][:3] == ["call", "meeting", "task"]
    assert [row["code"] for row in read["currencies"]] == ["EUR", "USD", "GBP", "JPY"]
    assert read["me"]["is_you"] is True


def test_client_reads_single_records_batches_and_searches(found: tuple[Account, Any]) -> None:
    """One by id, two of three ids, the people of a deal, and a search that finds the first person."""
    read = found[1]["token"]
    first, second = read["persons"][:2]

    assert [row["id"] for row in read["both"]] == sorted((first["id"], second["id"]))
    assert read["one"]["id"] == first["id"]
    deal = next(row for row in read["deals"] if row["person_id"])
    assert read["participants"][0]["person_id"]["value"] == deal["person_id"]
    assert first["id"] in [one["item"]["id"] for one in read["search"]["items"]]
    assert sum(one["count"] for one in read["summary"]["values_total"].values()) == read["summary"]["total_count"]


def test_client_gets_the_body_of_errors(found: tuple[Account, Any]) -> None:
    """It rejects with the parsed answer."""
    read = found[1]["token"]

    assert (read["missing"]["success"], read["missing"]["data"]) == (False, None)
    assert read["tooMany"]["code"] == "ERR_SCHEMA_VALIDATION_FAILED"


def test_client_refreshes_and_redeems_codes(found: tuple[Account, Any]) -> None:
    """A refresh hands out another refresh token and voids the first; a code buys a token of its own."""
    account, read = found[0], found[1]["oauth"]

    assert [row["id"] for row in read["before"]] == [row["id"] for row in read["after"]]
    assert read["rotated"] is True
    assert read["again"]["error"] == "invalid_grant"
    assert read["basePath"] == f"{account.url}/api/v2"
