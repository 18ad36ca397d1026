"""Connectors told by one YAML file: any API of paths or of GraphQL whose ways the language of `spec` can say."""

from connectors.declarative.connector import DeclarativeConnector
from connectors.declarative.editors import written_schema
from connectors.declarative.load import load, platform_of
from connectors.declarative.spec import Spec

__all__ = [
    "DeclarativeConnector",  # reads one account as a file tells it
    "Spec",  # what a file says, checked
    "load",  # the platform that a file tells
    "platform_of",  # the platform that a spec tells
    "written_schema",  # the JSON Schema of such files, for editors
]
