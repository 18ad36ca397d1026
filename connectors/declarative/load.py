"""From a file to a platform, with every mistake of the file told at once."""

from functools import partial
from pathlib import Path

import yaml
from pydantic import ValidationError

from connectors.declarative.connector import DeclarativeConnector, DeclaredOptions
from connectors.declarative.spec import Spec
from connectors.registry import Platform
from model.errors import ConfigError

__all__ = ["load", "platform_of"]


def load(path: Path) -> Platform:
    """The platform that the file at *path* tells; its key is the file's name.

    Raises:
        ConfigError: with every mistake of the file, each with its line.
    """
    try:
        spec = Spec.model_validate(yaml.safe_load(path.read_text()))
    except ValidationError as error:
        raise ConfigError(f"{path.name}: {error}") from None
    return platform_of(path.stem, spec)


def platform_of(key: str, spec: Spec) -> Platform:
    """The platform that *spec* tells."""
    return Platform(
        key=key,
        name=spec.name,
        auth_kinds=spec.auth.kinds,
        options=DeclaredOptions,
        needs_base_url=True,
        host_patterns=spec.hosts,
        connect=partial(DeclarativeConnector, spec),
    )
