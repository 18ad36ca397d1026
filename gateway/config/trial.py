"""A connector file as it stands, over the account that its `trial:` section names."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from connectors.documents import Document, Findings, read_document, refuse
from connectors.http import AddressPolicy
from connectors.registry import platform_of
from gateway.config.secrets import SecretStore
from gateway.config.settings import Settings
from gateway.config.sources import SourceReader

__all__ = ["is_connector", "load_trial"]

_MAX_BYTES = 262_144
_ROOT = "must be a mapping with a `sources:` list, or with a `types:` section"


def is_connector(path: Path) -> bool:
    """Whether the file at *path* tells a connector, and is no config.

    Raises:
        ConfigError: it cannot be read, or is no YAML mapping.
    """
    return "types" in read_document(path, root=_ROOT, max_bytes=_MAX_BYTES).data


def load_trial(path: Path, *, environ: Mapping[str, str] | None = None) -> Settings:
    """Settings with one source, the account of the connector file at *path*, which may be on this machine.

    Raises:
        ConfigError: with every mistake of the file; or it names no account.
    """
    platform = platform_of(str(path))
    document = read_document(path, root=_ROOT, max_bytes=_MAX_BYTES)
    findings = Findings(document)
    store = SecretStore(base=path.parent, environ=os.environ if environ is None else environ)
    reader = SourceReader(findings, store, AddressPolicy(allow_loopback=True), base=path.parent)
    trial = _trial(document, findings)
    source = None if trial is None else reader.source({**trial, "key": _key(path)}, ("trial",), platform=platform)
    if source is None:
        raise refuse(findings.mistakes)
    source = replace(source, platform=str(path))
    return Settings(cursor_key=SecretStr(secrets.token_urlsafe(32)), allow_loopback=True, sources=(source,))


def _key(path: Path) -> str:
    return re.sub(r"[^a-z0-9_-]", "-", path.stem.lower())[:64]


def _trial(document: Document, findings: Findings) -> dict[str, Any] | None:
    found: dict[str, Any] | None = document.data.get("trial")
    if found is None:
        findings.note((), "has no `trial:` section with base_url and auth, so there is no account to try it on")
    return found
