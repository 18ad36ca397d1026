"""`check` of a connector file: its mistakes, its account, and the laws that its declarations must keep."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.run import Sandbox
from tests.gateway.cli.commands import SECRETS, said

FILE = """\
name: Acme CRM
base_path: /api/v1
auth: {kinds: [bearer], header: X-Api-Key, prefix: ""}
list:
  method: POST
  path: /$remote/query
  body: {filter: $filter, sort: $sort, fields: $fields, limit: $limit}
  rows: data
  total: meta.total
  more: meta.has_more
paging: {by: ranges, max: 200}
sort: {each: {field: $column, direction: $direction}, keys: 3, missing: last}
filter:
  style: json
  leaf: {field: $column, op: $operator, value: $value}
  both: {and: $items}
  either: {or: $items}
  operators: {eq: eq, in: in, lt: lt, lte: lte, gt: gt, gte: gte, is_null: is_null}
  text: {eq: eq, in: in, contains: contains, starts_with: starts_with}
ids: number
types:
  company:
    remote: companies
    fields: {name: name, domain: domain, industry: industry}
trial:
  base_url: URL
  auth: {kind: bearer, token: env:HUBSPOT_TOKEN}
"""
CHECKED = ("--conformance", "--rounds", "8", "--time-scale", "1000")


@pytest.fixture(scope="module")
def crm() -> Iterator[Sandbox]:
    """A CRM of nobody's, whose key is one of the tests' secrets."""
    with Sandbox(["generic_rest"], scale=0.02, time_scale=1000) as running:
        yield running


@pytest.fixture
def acme(tmp_path: Path, crm: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A right file over that CRM."""
    monkeypatch.setitem(SECRETS, "HUBSPOT_TOKEN", *crm.secrets.values())
    path = tmp_path / "acme.yaml"
    path.write_text(FILE.replace("URL", crm.url("generic_rest")))
    return path


def test_right_file_keeps_every_law(acme: Path) -> None:
    """A line a law; the account is the file's own trial; status 0; no secret is shown."""
    run = said("check", str(acme), *CHECKED)

    assert run.returncode == 0, run.stdout
    assert run.stdout.splitlines()[0] == f"{acme}: Acme CRM, no mistakes"
    assert "acme: Acme CRM, reads company (" in run.stdout
    assert "acme: ok       a filter selects what the oracle does (8 cases)" in run.stdout
    assert "acme: untried  groups are those of the oracle: nothing here can show it" in run.stdout
    assert "laws broken (seed 7, 8 rounds)" in run.stdout.splitlines()[-1]
    assert SECRETS["HUBSPOT_TOKEN"] not in run.stdout + run.stderr


def test_operator_that_the_api_does_not_keep_breaks_a_law(acme: Path) -> None:
    """A file that says the API's "starts with" is "contains": the smallest case is shown; status 1."""
    acme.write_text(acme.read_text().replace("contains: contains", "contains: starts_with"))

    run = said("check", str(acme), *CHECKED)

    assert run.returncode == 1
    broken = run.stdout[run.stdout.index("acme: broken   ") :]
    assert "  law: " in broken
    assert " contains '" in broken


def test_mistakes_are_told_with_their_lines(acme: Path) -> None:
    """All at once, nobody is called, no secret that stands in the file is repeated; status 2."""
    text = acme.read_text().replace("paging:", "pagin:").replace("    remote:", "    remot:")
    acme.write_text(text.replace("env:HUBSPOT_TOKEN", "pat-5ecre7"))

    run = said("check", str(acme))

    assert (run.returncode, run.stdout) == (2, "")
    assert "acme.yaml:11 pagin: is unknown; did you mean 'paging'?" in run.stderr
    assert "acme.yaml:23 types.company.remot: is unknown; did you mean 'remote'?" in run.stderr
    assert "5ecre7" not in run.stderr


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("pat-5ecre7", "acme.yaml:27 trial.auth.token: must be a reference such as env:NAME or file:PATH"),
        ("env:NOT_SET", "acme.yaml:27 trial.auth.token: the environment variable NOT_SET is not set"),
    ],
)
def test_secrets_of_the_trial_are_references(acme: Path, wrong: str, says: str) -> None:
    """As in a config; offline, they need not be there, and may no more stand in the file."""
    acme.write_text(acme.read_text().replace("env:HUBSPOT_TOKEN", wrong))

    run = said("check", str(acme))

    assert run.returncode == 2
    assert says in run.stderr
    assert "5ecre7" not in run.stderr
    assert said("check", str(acme), "--offline").returncode == (2 if wrong == "pat-5ecre7" else 0)


def test_file_without_an_account_can_be_read_alone(acme: Path) -> None:
    """What is missing is named; offline it is not missed."""
    acme.write_text(acme.read_text().partition("trial:")[0])

    assert "has no `trial:` section" in said("check", str(acme)).stderr
    assert said("check", str(acme), "--offline").stdout == f"{acme}: Acme CRM, no mistakes\n"


def test_one_file_is_named() -> None:
    """None, or two, are refused."""
    assert said("check").returncode == 2
    assert said("check", "a.yaml", "--config", "b.yaml").returncode == 2
