"""A source may name a file as its platform; the catalog's files are platforms by their names, read when asked for."""

from pathlib import Path

import pytest

from connectors import declarative
from connectors.credentials import Basic
from connectors.registry import platform_of, platforms
from gateway.config import load_settings
from tests.gateway.config.files import ENVIRON, loaded, refused

CATALOG = Path(declarative.__file__).parents[1] / "catalog"
ACME = """\
name: Acme CRM
auth: {kinds: [basic]}
list: {path: /$remote, params: {offset: $offset, limit: $limit}, rows: data}
paging: {by: offset}
types:
  contact: {remote: people, fields: {first_name: {text: first}}}
"""
CONFIG = """\
cursor_key: env:CURSOR_KEY
sources:
  - key: acme
    platform: ./acme.yaml
    base_url: https://crm.acme.example
    auth: {kind: basic, username: anna, password: env:HUBSPOT_TOKEN}
"""
SECOND = CONFIG[CONFIG.index("  - key") :].replace("key: acme", "key: other")


def test_file_beside_the_config_is_a_platform(tmp_path: Path) -> None:
    """It is found from the config's folder, checked, and gives its name and ways to sign in."""
    (tmp_path / "acme.yaml").write_text(ACME)

    (source,) = loaded(tmp_path, CONFIG).sources

    assert source.name == "Acme CRM"
    assert isinstance(source.auth, Basic)
    assert source.auth.username == "anna"
    assert platform_of(source.platform).key == "acme"


def test_mistakes_of_the_file_are_told_once_with_the_configs(tmp_path: Path) -> None:
    """Each with its own file and line, also where two sources name it."""
    (tmp_path / "acme.yaml").write_text(ACME.replace("paging", "pagin").replace("first_name", "frist_name"))

    told = refused(tmp_path, CONFIG.replace("cursor_key", "cursr_key") + SECOND)

    assert "gateway.yaml:1 cursr_key: is unknown; did you mean 'cursor_key'?" in told
    first = told.index("gateway.yaml:4 sources[0].platform: ./acme.yaml tells no platform:")
    assert "acme.yaml:4 pagin: is unknown; did you mean 'paging'?" in told[first + 1 :]
    assert len([line for line in told if "pagin" in line and line.startswith("acme.yaml:4")]) == 1


def test_a_name_to_sign_in_with_may_be_a_reference(tmp_path: Path) -> None:
    """It is resolved as secrets are, and an unknown one is a mistake."""
    (tmp_path / "acme.yaml").write_text(ACME)
    text = CONFIG.replace("username: anna", "username: env:ACME_USER")

    (source,) = loaded(tmp_path, text, ACME_USER="anna").sources

    assert isinstance(source.auth, Basic)
    assert source.auth.username == "anna"
    assert "auth.username: the environment variable ACME_USER is not set or empty" in refused(tmp_path, text)[0]


@pytest.mark.parametrize(
    ("named", "says"),
    [
        ("./none.yaml", "tells no platform:"),
        ("./hubspot.yaml", "is a file named as another platform, 'hubspot'; rename it"),
        ("./Acme CRM.yml", "must be a file named in lower-case letters"),
        ("acme", "is unknown; allowed are "),
    ],
)
def test_file_that_cannot_be_a_platform_is_refused(tmp_path: Path, named: str, says: str) -> None:
    """One key is one platform."""
    told = refused(tmp_path, CONFIG.replace("./acme.yaml", named))

    assert told[0].startswith("gateway.yaml:4 sources[0].platform: ")
    assert says in told[0]


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    """Their records could not be told apart by their platform."""
    for folder in (tmp_path, tmp_path / "more"):
        folder.mkdir(exist_ok=True)
        (folder / "acme.yaml").write_text(ACME)

    (told,) = refused(tmp_path, CONFIG + SECOND.replace("./acme", "more/acme"))

    assert "sources[1].platform: is a file named as another platform, 'acme'; rename it" in told


def test_catalog_is_known_by_name_and_read_when_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A start with many files costs no more than one with none: no platform but the named one is read."""
    read: list[str] = []
    load = declarative.load

    def noted(path: Path) -> object:
        read.append(path.stem)
        return load(path)

    monkeypatch.setattr(declarative, "load", noted)  # nothing else can tell that a file was not read
    platforms.cache_clear()
    named = CONFIG.replace("./acme.yaml", "generic_rest").replace("basic, username: anna, password", "bearer, token")
    (tmp_path / "gateway.yaml").write_text(named)

    load_settings(tmp_path / "gateway.yaml", environ=ENVIRON)

    assert read == ["generic_rest"]
    assert {file.stem for file in CATALOG.glob("*.yaml")} <= set(platforms())
    platforms.cache_clear()
