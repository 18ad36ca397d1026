"""Config files for the tests, and what loading them says."""

from pathlib import Path

import pytest

from gateway.config import Settings, load_settings
from model.errors import ConfigError

__all__ = ["ENVIRON", "GOOD", "loaded", "refused", "written"]

ENVIRON = {
    "CURSOR_KEY": "cursor-key-0123456789-0123456789-0123456789",
    "HUBSPOT_TOKEN": "pat-eu1-c0ffee00-dead-beef-feed-123456789abc",
    "SALESFORCE_CLIENT_ID": "3MVG9-a-consumer-key-of-a-connected-app",
    "SALESFORCE_SECRET": "8A1F-a-consumer-secret-nobody-may-ever-see",
}

GOOD = """\
server:
  port: 8080
limits:
  first: 50
cursor_key: env:CURSOR_KEY
sources:
  - key: sales
    platform: salesforce
    base_url: https://acme.my.salesforce.com
    auth:
      kind: client_credentials
      client_id: env:SALESFORCE_CLIENT_ID
      client_secret: env:SALESFORCE_SECRET
  - key: marketing
    name: Marketing Hub
    platform: hubspot
    auth: {kind: bearer, token: env:HUBSPOT_TOKEN}
"""


def written(folder: Path, text: str | bytes) -> Path:
    """A config file with *text*."""
    path = folder / "gateway.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def loaded(folder: Path, text: str | bytes, **environ: str) -> Settings:
    """The settings of *text*."""
    return load_settings(written(folder, text), environ={**ENVIRON, **environ})


def refused(folder: Path, text: str | bytes, **environ: str) -> list[str]:
    """The lines that say why *text* is refused."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text, **environ)
    return caught.value.message.splitlines()
