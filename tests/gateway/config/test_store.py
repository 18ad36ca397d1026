"""Where the store is: by reference, checked at the start, found beside the config."""

from pathlib import Path

import pytest

from gateway.config import Settings, load_settings
from model.errors import ConfigError

BASE = """
cursor_key: env:KEY
allow_loopback: true
sources:
  - {key: crm, platform: hubspot, base_url: "http://127.0.0.1:1", auth: {kind: bearer, token: env:TOKEN}}
"""
ENVIRON = {"KEY": "a key for tests, 32 characters and more", "TOKEN": "t0ken", "DB": "postgresql://anna:p%40ss@h/state"}


def loaded(folder: Path, more: str = "", **environ: str) -> Settings:
    """The settings of a file with *more* in it."""
    path = folder / "gateway.yaml"
    path.write_text(BASE + more)
    return load_settings(path, environ={**ENVIRON, **environ})


def test_store_is_a_file_beside_the_config(tmp_path: Path) -> None:
    """Unless another one is named."""
    assert loaded(tmp_path).store.path == tmp_path / "crm-gateway.db"
    assert loaded(tmp_path, "store: {path: state/own.db}\n").store.path == tmp_path / "state/own.db"
    assert loaded(tmp_path, "store: {path: /var/own.db}\n").store.path == Path("/var/own.db")


def test_address_is_a_secret_in_every_spelling(tmp_path: Path) -> None:
    """The password is kept out of logs as it is written and as it is meant."""
    found = loaded(tmp_path, "store: {url: env:DB}\n")

    assert {ENVIRON["DB"], "p%40ss", "p@ss"} <= set(found.secrets())
    assert "p%40ss" not in repr(found)


def test_environment_gives_the_address_itself(tmp_path: Path) -> None:
    """As for any secret."""
    found = loaded(tmp_path, CRM_GATEWAY_STORE__URL="postgres://bo@h/x")

    assert found.store.url is not None
    assert found.store.url.get_secret_value() == "postgres://bo@h/x"


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("store: {url: 'postgresql://anna:hunter2@h/x'}\n", "store.url: must be a reference"),
        ("store: {url: env:WRONG}\n", "must begin with postgresql://"),
        ("store: {uri: env:DB}\n", "store.uri"),
        ("store: here\n", "store"),
    ],
)
def test_mistake_is_told_without_the_secret(tmp_path: Path, more: str, told: str) -> None:
    """With its place, and what is allowed."""
    with pytest.raises(ConfigError) as raised:
        loaded(tmp_path, more, WRONG="mysql://anna:hunter2@h/x")

    assert told in raised.value.message
    assert "hunter2" not in raised.value.message
