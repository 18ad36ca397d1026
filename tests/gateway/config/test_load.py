"""A config file becomes settings, or a list of everything that is wrong with it."""

import traceback
from pathlib import Path

import pytest

from model.errors import ConfigError
from tests.gateway.config.files import ENVIRON, GOOD, loaded, refused

WRONG = """\
sever: {port: 80}
server: {prot: 80, port: lots}
limits:
  first: 0
  dept: 3
cursor_key: env:NOT_SET
sources:
  - key: Sales Team
    platform: salesfroce
    auth: {kind: bearer, token: env:HUBSPOT_TOKEN}
  - key: marketing
    platform: hubspot
    base_url: https://hubspot.evil.example
    auth:
      kind: barer
      token: env:HUBSPOT_TOKEN
  - key: marketing
    platform: salesforce
    base_url: http://acme.my.salesforce.com
    auth:
      kind: refresh_token
      client_id: 3MVG9-in-clear-text
      refresh_tokn: env:HUBSPOT_TOKEN
    api_verison: v60.0
    limits: {scan_rows: 0, max_scan: 5}
  - nonsense
"""


def test_good_file_is_loaded(tmp_path: Path) -> None:
    """Sections, sources and secrets arrive; what is left out has its default."""
    settings = loaded(tmp_path, GOOD)

    assert (settings.server.port, settings.server.host) == (8080, "127.0.0.1")
    assert (settings.limits.first, settings.limits.depth) == (50, 12)
    assert [source.key for source in settings.sources] == ["sales", "marketing"]
    assert [source.name for source in settings.sources] == ["Salesforce", "Marketing Hub"]
    assert settings.sources[0].base_url == "https://acme.my.salesforce.com"
    assert settings.sources[1].base_url is None
    assert settings.cursor_key.get_secret_value() == ENVIRON["CURSOR_KEY"]


MISTAKES = [
    "1 sever: is unknown; did you mean 'server'?",
    "2 server.port: input should be a valid integer",
    "2 server.prot: is unknown; did you mean 'port'?",
    "4 limits.first: input should be greater than or equal to 1",
    "5 limits.dept: is unknown; did you mean 'depth'?",
    "6 cursor_key: the environment variable NOT_SET is not set or empty",
    "8 sources[0].key: must be a slug of 1 to 64 lower-case letters, digits, - and _",
    "9 sources[0].platform: 'salesfroce' is unknown; did you mean 'salesforce'?",
    "13 sources[1].base_url: hubspot.evil.example is none of ",
    "15 sources[1].auth.kind: 'barer' is unknown here; did you mean 'bearer'?",
    "17 sources[2].key: 'marketing' names another source already",
    "19 sources[2].base_url: acme.my.salesforce.com must be reached over https",
    "20 sources[2].auth.refresh_token: field required",
    "22 sources[2].auth.client_id: must be a reference such as env:NAME or file:PATH; a secret never stands in ",
    "23 sources[2].auth.refresh_tokn: is unknown; did you mean 'refresh_token'?",
    "24 sources[2].api_verison: is unknown; did you mean 'api_version'?",
    "25 sources[2].limits.scan_rows: input should be greater than or equal to 1",
    "25 sources[2].limits.max_scan: is unknown; did you mean 'max_scan_rows'?",
    "26 sources[3]: must be a mapping with key, platform and auth",
]


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    """One run names each mistake with file, line, path and a hint, in the order of the lines."""
    told = refused(tmp_path, WRONG)

    starts = [line.removeprefix("gateway.yaml:")[: len(mistake)] for line, mistake in zip(told, MISTAKES, strict=False)]
    assert starts == MISTAKES
    assert len(told) == len(MISTAKES)


def test_secret_in_clear_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """Whatever stands in a secret's place, the message shows nothing of it."""
    token = "pat-na1-5ecre700-0000-4000-8000-000000000000"

    for place in (token, f"vault:{token}", f"env:{token}", "{a: b}".replace("b", token), f"[{token}]"):
        lines = refused(tmp_path, GOOD.replace("token: env:HUBSPOT_TOKEN", f"token: {place}"))

        assert len(lines) == 1
        assert "sources[1].auth.token" in lines[0]
        assert "5ecre7" not in lines[0]


@pytest.mark.parametrize("line", ["base_url: https://user:hunter2@acme.my.salesforce.com", "tokn: hunter2"])
def test_values_beside_secrets_are_not_repeated(tmp_path: Path, line: str) -> None:
    """Credentials inside an address are not shown, nor what stands under an unknown key."""
    lines = refused(tmp_path, GOOD.replace("base_url: https://acme.my.salesforce.com", line))

    assert lines
    assert "hunter2" not in "".join(lines)


def test_secrets_show_in_no_text_of_settings_or_errors(tmp_path: Path) -> None:
    """`repr` and `str` of settings, and the whole traceback of a refusal, are free of secrets."""
    settings = loaded(tmp_path, GOOD)
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, GOOD.replace("first: 50", "first: many"))

    texts = [repr(settings), str(settings), settings.model_dump_json(exclude={"sources"}), repr(settings.sources)]
    texts.append("".join(traceback.format_exception(caught.value)))
    for secret in ENVIRON.values():
        assert [text for text in texts if secret in text or secret[:12] in text] == []


def test_settings_name_their_secrets(tmp_path: Path) -> None:
    """Those who write logs learn every secret that must not be in them."""
    assert set(loaded(tmp_path, GOOD).secrets()) == set(ENVIRON.values())


def test_secret_is_read_from_a_file_beside_the_config(tmp_path: Path) -> None:
    """`file:` paths start at the config's folder, and the last line end is no part of the secret."""
    (tmp_path / "cursor.key").write_text("k" * 40 + "\n")

    settings = loaded(tmp_path, GOOD.replace("env:CURSOR_KEY", "file:cursor.key"))

    assert settings.cursor_key.get_secret_value() == "k" * 40


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", None], ids=["empty", "blank", "not text", "missing"])
def test_secret_file_without_a_secret_is_named(tmp_path: Path, content: bytes | None) -> None:
    """An empty, unreadable or missing file is a mistake with its line."""
    if content is not None:
        (tmp_path / "cursor.key").write_bytes(content)

    (line,) = refused(tmp_path, GOOD.replace("env:CURSOR_KEY", "file:cursor.key"))

    assert line.startswith("gateway.yaml:5 cursor_key: the file cursor.key ")


def test_short_cursor_key_is_refused(tmp_path: Path) -> None:
    """A key that can be guessed signs nothing."""
    assert refused(tmp_path, GOOD, CURSOR_KEY="short") == ["gateway.yaml:5 cursor_key: is shorter than 32 characters"]


def test_missing_parts_are_told(tmp_path: Path) -> None:
    """An empty mapping lacks a key and sources; both are named."""
    assert refused(tmp_path, "{}") == [
        "gateway.yaml:1 sources: must list at least one source",
        "gateway.yaml:1 cursor_key: is missing: name a secret of at least 32 characters that signs cursors",
    ]


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("https://acme.example.com", "is none of"),
        ("https://127.0.0.1", "is not a public address"),
        ("https://2130706433", "is a number"),
        ("http://localhost:8101", "must be reached over https"),
        ("https://acme.my.salesforce.com/?x=1", "carries a query"),
        ("https://acme.my.salesforce.com.evil.example", "is none of"),
        ("ftp://acme.my.salesforce.com", "not an absolute http URL"),
        ("17", "must be a URL"),
    ],
)
def test_address_the_policy_refuses_is_a_mistake(tmp_path: Path, url: str, why: str) -> None:
    """What a call could not reach is refused when the file is read; the platform's own host is not."""
    (line,) = refused(tmp_path, GOOD.replace("https://acme.my.salesforce.com", url))

    assert line.startswith("gateway.yaml:9 sources[0].base_url: ")
    assert why in line


def test_token_address_is_checked_as_well(tmp_path: Path) -> None:
    """A secret is sent there: it is under the same policy."""
    text = GOOD.replace("kind: client_credentials", "kind: client_credentials\n      token_url: https://evil.example/t")

    (line,) = refused(tmp_path, text)

    assert line.startswith("gateway.yaml:12 sources[0].auth.token_url: evil.example is none of ")


def test_allowed_hosts_and_loopback_widen_the_policy(tmp_path: Path) -> None:
    """What the operator names is trusted, and no more."""
    host = GOOD.replace("https://acme.my.salesforce.com", "https://crm.acme.example")
    loopback = GOOD.replace("https://acme.my.salesforce.com", "http://127.0.0.1:8101")

    assert loaded(tmp_path, f"allow_hosts: [crm.acme.example]\n{host}").sources[0].base_url
    assert loaded(tmp_path, f"allow_loopback: true\n{loopback}").sources[0].base_url
    assert refused(tmp_path, f"allow_hosts: [other.example]\n{host}")
    assert refused(tmp_path, f"allow_hosts: [127.0.0.1]\n{loopback}")


@pytest.mark.parametrize("pattern", ["https://crm.acme.example", "*", "crm.*.example", "CRM.acme.example", "a/b", ""])
def test_pattern_that_matches_nothing_is_refused(tmp_path: Path, pattern: str) -> None:
    """A URL, a bare or inner star, capitals: each would silently allow nothing, or too much."""
    for text in (f"allow_hosts: ['{pattern}']\n{GOOD}", GOOD.replace("port: 8080", f"names: ['{pattern}']")):
        (line,) = refused(tmp_path, text)

        assert "should match pattern" in line
