"""From a YAML file and the environment to settings, with every mistake reported at once."""

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from connectors import documents
from connectors.documents import Findings, read_document, refuse
from connectors.http import AddressPolicy
from gateway.config.aliases import read_aliases
from gateway.config.environment import overrides, variable
from gateway.config.secrets import SecretStore
from gateway.config.settings import Settings
from gateway.config.sources import SourceReader

__all__ = ["load_settings"]

# A thousand sources take about 100 kB.
_MAX_BYTES = 262_144
_MIN_KEY = 32
_STORE = "crm-gateway.db"


def load_settings(path: Path, *, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in the file at *path*, overridden by the environment's CRM_GATEWAY_… variables.

    Args:
        path: of a YAML file; see docs/operations.md.
        environ: the environment, the process's own if left out.

    Raises:
        ConfigError: with every mistake of file and environment, each with its place, what is wrong and what is
            allowed.
    """
    environ = os.environ if environ is None else environ
    document = read_document(path, root="must be a mapping with a `sources:` list", max_bytes=_MAX_BYTES)
    given = overrides(environ)
    findings = Findings(document, {place: variable(place) for place in given})
    data = _merged(document.data, given)
    data["custom_fields"] = read_aliases(data.get("custom_fields"), findings, sources=_keys(data.get("sources")))
    store = SecretStore(base=path.parent, environ=environ)
    reader = SourceReader(findings, store, _addresses(data), base=path.parent)
    data["sources"] = reader.all(data.get("sources"))
    data["cursor_key"] = _cursor_key(data.get("cursor_key"), findings, reader, is_value=("cursor_key",) in given)
    data["store"] = _store(data.get("store"), path.parent, reader, is_value=("store", "url") in given)
    settings = None
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        findings.note_invalid(error, (), Settings)
    else:
        _check_widest(settings, findings)
        _check_rates(settings, findings)
    if findings.mistakes or settings is None:
        raise refuse(findings.mistakes)
    return settings


def _check_widest(settings: Settings, findings: Findings) -> None:
    """Note where the most that a field may ask for is less than what it has without asking."""
    limits = settings.limits
    for name, least in (("deadline_s", limits.deadline_s), ("upstream_calls", limits.upstream_calls)):
        most = getattr(limits, f"max_{name}")
        if most < least:
            findings.note(
                ("limits", f"max_{name}"), f"is {most:g}, less than limits.{name}; raise it to {least:g} at least"
            )


def _check_rates(settings: Settings, findings: Findings) -> None:
    """Note what tables of exchange rates say twice."""
    days: set[date] = set()
    for index, table in enumerate(settings.exchange_rates):
        path: documents.Path = ("exchange_rates", index)
        if table.date in days:
            findings.note((*path, "date"), f"{table.date} is another table's as well; put their rates into one")
        if table.base in table.rates:
            findings.note((*path, "rates", table.base), "is the base, which is worth one of itself; leave it out")
        days.add(table.date)


def _merged(data: Mapping[str, Any], given: Mapping[documents.Path, Any]) -> dict[str, Any]:
    merged = dict(data)
    for (section, *rest), value in given.items():
        if rest:
            inner = merged.get(str(section))
            merged[str(section)] = {**(inner if isinstance(inner, dict) else {}), "__".join(map(str, rest)): value}
        else:
            merged[str(section)] = value
    return merged


def _keys(entries: Any) -> list[str]:
    """The keys that the sources have, right or not."""
    found = [entry.get("key") for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []
    return [key for key in found if isinstance(key, str)]


def _addresses(data: Mapping[str, Any]) -> AddressPolicy:
    """The policy the settings will have, as far as they are right."""
    hosts = data.get("allow_hosts")
    return AddressPolicy(
        allow_loopback=str(data.get("allow_loopback")).lower() in {"true", "1", "yes", "on"},
        allow_hosts=tuple(host for host in hosts if isinstance(host, str)) if isinstance(hosts, list) else (),
    )


def _store(value: Any, base: Path, reader: SourceReader, *, is_value: bool) -> Any:
    """The section with its secret resolved, and its file found from *base*, beside the config if none is named."""
    store = {} if value is None else value
    if not isinstance(store, dict):
        return store
    found = dict(store)
    url = found.get("url")
    if url is not None:
        found["url"] = SecretStr(url) if is_value else reader.secret(url, ("store", "url"))
    path = found.get("path", _STORE)
    if isinstance(path, str):
        found["path"] = base / path
    return found


def _cursor_key(value: Any, findings: Findings, reader: SourceReader, *, is_value: bool) -> SecretStr:
    """The key, from a reference in the file or as such in the environment."""
    path: documents.Path = ("cursor_key",)
    if value is None:
        findings.note(path, f"is missing: name a secret of at least {_MIN_KEY} characters that signs cursors")
        return SecretStr("")
    key = SecretStr(value) if is_value else reader.secret(value, path)
    if 0 < len(key.get_secret_value()) < _MIN_KEY:
        findings.note(path, f"is shorter than {_MIN_KEY} characters")
    return key
