"""From a YAML file and the environment to settings, with every mistake reported at once."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, TypeAdapter, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from connectors.credentials import Auth
from connectors.http import AddressPolicy
from connectors.http.address import AddressError
from connectors.registry import Platform, SourceConfig, platforms
from gateway.config.document import Document, read_document
from gateway.config.mistakes import Mistake, did_you_mean, refuse
from gateway.config.secrets import SecretStore, UnknownSecret
from gateway.config.settings import Settings

__all__ = ["load_settings"]

_SOURCE_KEYS = ("key", "platform", "name", "base_url", "auth")
_SLUG = "abcdefghijklmnopqrstuvwxyz0123456789-_"
_AUTH: TypeAdapter[Auth] = TypeAdapter(Auth)
_WAYS: dict[str, type[BaseModel]] = {
    get_args(way.model_fields["kind"].annotation)[0]: way for way in get_args(get_args(Auth)[0])
}

Path_ = tuple[str | int, ...]


class _Overrides(BaseSettings):
    """What the environment may override, such as CRM_GATEWAY_SERVER__PORT."""

    model_config = SettingsConfigDict(env_prefix="CRM_GATEWAY_", env_nested_delimiter="__", extra="ignore")

    server: dict[str, Any] = {}
    limits: dict[str, Any] = {}
    features: dict[str, Any] = {}
    cursor_key: SecretStr | None = None
    log_level: str | None = None
    time_scale: float | None = None


class _Loader:
    """One load: collects mistakes with their places."""

    def __init__(self, document: Document, secrets: SecretStore) -> None:
        self.document = document
        self.secrets = secrets
        self.mistakes: list[Mistake] = []

    def note(self, path: Path_, message: str) -> None:
        self.mistakes.append(Mistake(self.document.name, self.document.line_of(path), path, message))

    def note_invalid(self, error: ValidationError, path: Path_, model: type[BaseModel] | None) -> None:
        """Every mistake a model found, in our words where pydantic's would echo a value."""
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            place = (*path, *(part for part in item["loc"] if part not in _WAYS))
            if item["type"] == "extra_forbidden" and model is not None:
                known = _known_keys(model, item["loc"])
                self.note(place, f"is unknown; {did_you_mean(str(place[-1]), known)}")
            else:
                self.note(place, item["msg"][:1].lower() + item["msg"][1:])

    def secret(self, value: Any, path: Path_) -> str:
        if not isinstance(value, str):
            self.note(path, "must be a reference such as env:NAME or file:PATH")
            return ""
        try:
            return self.secrets.resolve(value)
        except UnknownSecret as error:
            self.note(path, str(error))
            return ""

    def sources(self, entries: Any) -> Iterator[SourceConfig]:
        if not isinstance(entries, list) or not entries:
            self.note(("sources",), "must list at least one source")
            return
        seen: dict[str, int] = {}
        for index, entry in enumerate(entries):
            path: Path_ = ("sources", index)
            if not isinstance(entry, dict):
                self.note(path, "must be a mapping with key, platform and auth")
                continue
            source = self._source(entry, path)
            key = entry.get("key")
            if isinstance(key, str) and seen.setdefault(key, index) != index:
                self.note((*path, "key"), f"{key!r} names another source already")
            if source is not None:
                yield source

    def _source(self, entry: dict[str, Any], path: Path_) -> SourceConfig | None:
        before = len(self.mistakes)
        key = entry.get("key")
        if not isinstance(key, str) or not key or len(key) > 64 or set(key) - set(_SLUG):
            self.note((*path, "key"), "must be a slug of at most 64 lower-case letters, digits, - and _")
        platform = self._platform(entry, path)
        auth = self._auth(entry.get("auth"), (*path, "auth"), platform)
        if platform is None:
            return None
        base_url = self._base_url(entry.get("base_url"), (*path, "base_url"), platform)
        options = self._options(entry, path, platform)
        if len(self.mistakes) > before or auth is None or options is None:
            return None
        return SourceConfig(
            key=str(key),
            name=str(entry.get("name") or platform.name),
            platform=platform.key,
            base_url=base_url,
            auth=auth,
            options=options,
        )

    def _platform(self, entry: dict[str, Any], path: Path_) -> Platform | None:
        name = entry.get("platform")
        found = platforms().get(name) if isinstance(name, str) else None
        if found is None:
            self.note(
                (*path, "platform"), f"{str(name)[:64]!r} is unknown; {did_you_mean(str(name), list(platforms()))}"
            )
        return found

    def _base_url(self, value: Any, path: Path_, platform: Platform) -> str | None:
        if value is None:
            if platform.needs_base_url:
                self.note(path, f"is missing: {platform.name} accounts have hosts of their own")
            return None
        if not isinstance(value, str) or not value.startswith(("https://", "http://")):
            self.note(path, "must be an URL such as https://acme.example.com")
            return None
        return value.rstrip("/")

    def _options(self, entry: dict[str, Any], path: Path_, platform: Platform) -> BaseModel | None:
        further = {name: value for name, value in entry.items() if name not in _SOURCE_KEYS}
        try:
            return platform.options.model_validate(further)
        except ValidationError as error:
            known = [*_SOURCE_KEYS, *platform.options.model_fields]
            for item in error.errors(include_url=False, include_input=False, include_context=False):
                place = (*path, *item["loc"])
                is_unknown = item["type"] == "extra_forbidden"
                message = f"is unknown; {did_you_mean(str(item['loc'][0]), known)}" if is_unknown else item["msg"]
                self.note(place, message[:1].lower() + message[1:])
            return None

    def _auth(self, value: Any, path: Path_, platform: Platform | None) -> Auth | None:
        if not isinstance(value, dict):
            self.note(path, "must be a mapping with a kind, such as {kind: bearer, token: env:NAME}")
            return None
        kind = value.get("kind")
        kinds = platform.auth_kinds if platform is not None else tuple(_WAYS)
        if not isinstance(kind, str) or kind not in kinds or kind not in _WAYS:
            self.note((*path, "kind"), f"{str(kind)[:64]!r} is unknown here; {did_you_mean(str(kind), kinds)}")
            return None
        way = _WAYS[kind]
        secret = {name for name, item in way.model_fields.items() if "SecretStr" in str(item.annotation)}
        resolved = {name: self.secret(item, (*path, name)) if name in secret else item for name, item in value.items()}
        try:
            return _AUTH.validate_python(resolved)
        except ValidationError as error:
            self.note_invalid(error, path, way)
            return None


def _known_keys(model: type[BaseModel], loc: tuple[int | str, ...]) -> list[str]:
    """Keys the section that *loc* ends in may have."""
    for part in loc[:-1]:
        item = model.model_fields.get(str(part))
        if item is not None and isinstance(item.annotation, type) and issubclass(item.annotation, BaseModel):
            model = item.annotation
    return list(model.model_fields)


def load_settings(path: Path, *, environ: Mapping[str, str] | None = None) -> Settings:
    """The settings in the file at *path*, overridden by the environment's CRM_GATEWAY_… variables.

    Args:
        path: of a YAML file; see docs/operations.md.
        environ: where `env:NAME` references are looked up, the process's environment if left out.

    Raises:
        ConfigError: with every mistake of the file, each with file:line, path, what is wrong and what is allowed.
    """
    document = read_document(path)
    loader = _Loader(document, SecretStore(base=path.parent, environ=environ))
    data = dict(document.data)
    sources = tuple(loader.sources(data.pop("sources", None)))
    overrides = _Overrides().model_dump(exclude_defaults=True)
    if "cursor_key" not in overrides:
        if "cursor_key" in data:
            data["cursor_key"] = loader.secret(data["cursor_key"], ("cursor_key",))
        else:
            loader.note(("cursor_key",), "is missing: name a secret of at least 32 characters that signs cursors")
            data["cursor_key"] = ""
    settings = None
    try:
        settings = Settings.model_validate(_merged(data, overrides) | {"sources": sources, "file": path})
    except ValidationError as error:
        loader.note_invalid(error, (), Settings)
    if settings is not None and not loader.mistakes and len(settings.cursor_key.get_secret_value()) < 32:
        loader.note(("cursor_key",), "is shorter than 32 characters")
    _check_addresses(loader, sources, settings)
    if loader.mistakes or settings is None:
        raise refuse(loader.mistakes)
    return settings


def _merged(data: dict[str, Any], overrides: dict[str, Any]) -> dict[str, Any]:
    merged = dict(data)
    for name, value in overrides.items():
        both = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = {**merged[name], **value} if both else value
    return merged


def _check_addresses(loader: _Loader, sources: tuple[SourceConfig, ...], settings: Settings | None) -> None:
    """Refuse base URLs that the address policy would refuse at the first call."""
    if settings is None:
        return
    policy = AddressPolicy(allow_loopback=settings.allow_loopback, allow_hosts=settings.allow_hosts)
    for index, source in enumerate(sources):
        if source.base_url is None:
            continue
        try:
            policy.checked(source.base_url, hosts=platforms()[source.platform].host_patterns)
        except AddressError as error:
            loader.note(("sources", index, "base_url"), str(error))
