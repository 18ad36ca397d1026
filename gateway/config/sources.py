"""The entries of `sources:`, checked against their platforms."""

import pathlib
import re
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from connectors.credentials import Auth
from connectors.documents import Findings, Path, quoted, unknown
from connectors.http import AddressError, AddressPolicy
from connectors.registry import Platform, SourceConfig, SourceLimits, is_file, platforms
from gateway.config.platform_files import PlatformFiles
from gateway.config.secrets import REFERENCES, SecretStore, UnknownSecret

__all__ = ["SourceReader"]

_KEYS = ("key", "platform", "name", "base_url", "auth", "limits")
_SLUG = re.compile(r"[a-z0-9_-]{1,64}")
_WAYS: dict[str, type[BaseModel]] = {
    get_args(way.model_fields["kind"].annotation)[0]: way for way in get_args(get_args(Auth)[0])
}


class SourceReader:
    """Reads entries, and notes every mistake in them; *base* is the folder that platforms' files are found from."""

    def __init__(
        self, findings: Findings, secrets: SecretStore, addresses: AddressPolicy, *, base: pathlib.Path
    ) -> None:
        self._findings = findings
        self._secrets = secrets
        self._addresses = addresses
        self._files = PlatformFiles(findings, base)

    def all(self, entries: Any) -> tuple[SourceConfig, ...]:
        """The sources that are right."""
        if not isinstance(entries, list) or not entries:
            self._findings.note(("sources",), "must list at least one source")
            return ()
        found: list[SourceConfig] = []
        keys: list[object] = []
        for index, entry in enumerate(entries):
            path: Path = ("sources", index)
            if not isinstance(entry, dict):
                self._findings.note(path, "must be a mapping with key, platform and auth")
                continue
            source = self.source(entry, path, platform=self._platform(entry.get("platform"), (*path, "platform")))
            if source is not None:
                found.append(source)
            key = entry.get("key")
            if key is not None and key in keys:
                self._findings.note((*path, "key"), f"{quoted(key)} names another source already")
            keys.append(key)
        return tuple(found)

    def secret(self, value: Any, path: Path) -> SecretStr:
        """The secret that *value* refers to; empty where it refers to none."""
        try:
            return SecretStr(self._secrets.resolve(value))
        except UnknownSecret as error:
            self._findings.note(path, str(error))
            return SecretStr("")

    def _text(self, value: Any, path: Path) -> Any:
        """*value*, or what it refers to."""
        is_reference = isinstance(value, str) and value.startswith(REFERENCES)
        return self.secret(value, path).get_secret_value() if is_reference else value

    def source(self, entry: dict[str, Any], path: Path, *, platform: Platform | None) -> SourceConfig | None:
        """The source that *entry*, at *path*, tells, if it is right; None for a *platform* that is wrong itself."""
        before = len(self._findings.mistakes)
        key, name = entry.get("key"), entry.get("name")
        if not isinstance(key, str) or not _SLUG.fullmatch(key):
            self._findings.note((*path, "key"), "must be a slug of 1 to 64 lower-case letters, digits, - and _")
        if name is not None and not (isinstance(name, str) and 0 < len(name) <= 255):
            self._findings.note((*path, "name"), "must be text of at most 255 characters")
        auth = self._auth(entry.get("auth"), (*path, "auth"), platform)
        base_url = self._base_url(entry.get("base_url"), (*path, "base_url"), platform)
        options = self._options(entry, path, platform)
        limits = self._limits(entry.get("limits"), (*path, "limits"))
        if len(self._findings.mistakes) > before or platform is None or auth is None or options is None:
            return None
        return SourceConfig(
            key=str(key),
            name=name or platform.name,
            platform=self._files.path_of(platform) or platform.key,
            base_url=base_url,
            auth=auth,
            options=options,
            limits=limits,
        )

    def _platform(self, name: Any, path: Path) -> Platform | None:
        if isinstance(name, str) and is_file(name):
            return self._files.platform(name, path)
        found = platforms().get(name) if isinstance(name, str) else None
        if found is None:
            self._findings.note(path, unknown(name, list(platforms())))
        return found

    def _base_url(self, value: Any, path: Path, platform: Platform | None) -> str | None:
        if platform is None:
            return None
        if value is None:
            if platform.needs_base_url:
                self._findings.note(path, f"is missing: {platform.name} accounts have hosts of their own")
            return None
        return self._address(value, path, platform)

    def _address(self, value: Any, path: Path, platform: Platform) -> str | None:
        if not isinstance(value, str):
            self._findings.note(path, "must be a URL such as https://acme.example.com")
            return None
        try:
            return self._addresses.checked(value, hosts=platform.host_patterns)
        except AddressError as error:
            self._findings.note(path, str(error))
            return None

    def _options(self, entry: dict[str, Any], path: Path, platform: Platform | None) -> BaseModel | None:
        if platform is None:
            return None
        further = {name: value for name, value in entry.items() if name not in _KEYS}
        try:
            return platform.options.model_validate(further)
        except ValidationError as error:
            self._findings.note_invalid(error, path, platform.options, known=_KEYS)
            return None

    def _limits(self, value: Any, path: Path) -> SourceLimits:
        if value is None:
            return SourceLimits()
        try:
            return SourceLimits.model_validate(value)
        except ValidationError as error:
            self._findings.note_invalid(error, path, SourceLimits)
            return SourceLimits()

    def _auth(self, value: Any, path: Path, platform: Platform | None) -> Auth | None:
        if not isinstance(value, dict):
            self._findings.note(path, "must be a mapping with a kind, such as {kind: bearer, token: env:NAME}")
            return None
        kind = value.get("kind")
        kinds = platform.auth_kinds if platform is not None else tuple(_WAYS)
        if not isinstance(kind, str) or kind not in kinds or kind not in _WAYS:
            self._findings.note((*path, "kind"), unknown(kind, kinds, what="is unknown here"))
            return None
        way = _WAYS[kind]
        resolved = {
            name: self.secret(item, (*path, name)) if _is_secret(way, name) else self._text(item, (*path, name))
            for name, item in value.items()
        }
        if platform is not None and value.get("token_url") is not None:
            self._address(value["token_url"], (*path, "token_url"), platform)
        try:
            auth: Auth = way.model_validate(resolved)  # type: ignore[assignment]  # each way is one of Auth's
        except ValidationError as error:
            self._findings.note_invalid(error, path, way)
            return None
        return auth


def _is_secret(way: type[BaseModel], name: str) -> bool:
    field = way.model_fields.get(name)
    return field is not None and SecretStr in (field.annotation, *get_args(field.annotation))
