"""From a file to a platform, with every mistake of the file told at once."""

from functools import partial
from pathlib import Path

from pydantic import ValidationError

from connectors.declarative.connector import DeclarativeConnector, DeclaredOptions
from connectors.declarative.inline import note_inline_secrets
from connectors.declarative.names import note_strange_names
from connectors.declarative.spec import Spec
from connectors.documents import Findings, read_document, refuse
from connectors.registry import Platform

__all__ = ["load", "platform_of"]

# The largest of the catalog has a tenth of it.
_MAX_BYTES = 131_072


def load(path: Path, *, connector: type[DeclarativeConnector] = DeclarativeConnector) -> Platform:
    """The platform that the file at *path* tells; its key is the file's name.

    Args:
        path: of the file.
        connector: a class of your own, for what a file cannot say.

    Raises:
        ConfigError: with every mistake of the file, each with its line.
    """
    document = read_document(path, root="must be a mapping with a `types:` section", max_bytes=_MAX_BYTES)
    findings = Findings(document)
    note_strange_names(document.data, findings)
    note_inline_secrets(document.data, findings)
    spec = None
    try:
        spec = Spec.model_validate(document.data)
    except ValidationError as error:
        findings.note_invalid(error, (), Spec)
    if findings.mistakes or spec is None:
        raise refuse(findings.mistakes)
    return platform_of(path.stem, spec, connector=connector)


def platform_of(key: str, spec: Spec, *, connector: type[DeclarativeConnector] = DeclarativeConnector) -> Platform:
    """The platform that *spec* tells, of whose accounts *connector* reads."""
    return Platform(
        key=key,
        name=spec.name,
        auth_kinds=spec.auth.kinds,
        options=DeclaredOptions,
        needs_base_url=True,
        host_patterns=spec.hosts,
        connect=partial(connector, spec),
    )
