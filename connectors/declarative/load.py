"""From a file to a platform, with every mistake of the file told at once."""

from functools import partial
from pathlib import Path

from pydantic import ValidationError

from connectors.declarative.connector import DeclarativeConnector, DeclaredOptions
from connectors.declarative.names import note_strange_names
from connectors.declarative.spec import Spec
from connectors.documents import Findings, read_document, refuse
from connectors.registry import Platform

__all__ = ["load", "platform_of"]

# The largest of the catalog has a tenth of it.
_MAX_BYTES = 131_072


def load(path: Path) -> Platform:
    """The platform that the file at *path* tells; its key is the file's name.

    Raises:
        ConfigError: with every mistake of the file, each with its line.
    """
    document = read_document(path, root="must be a mapping with a `types:` section", max_bytes=_MAX_BYTES)
    findings = Findings(document)
    try:
        spec = Spec.model_validate(document.data)
    except ValidationError as error:
        findings.note_invalid(error, (), Spec)
        raise refuse(findings.mistakes) from None
    note_strange_names(spec, findings)
    if findings.mistakes:
        raise refuse(findings.mistakes)
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
