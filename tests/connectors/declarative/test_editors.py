"""The schema that editors read is the models', and knows every name that a type may have."""

from pathlib import Path
from typing import Any

from connectors import declarative
from connectors.declarative import written_schema
from connectors.declarative.editors import json_schema

COMMITTED = Path(declarative.__file__).parents[1] / "catalog" / "connector.schema.json"


def test_committed_schema_is_the_models() -> None:
    """`uv run crm-gateway schema --connector` writes it."""
    assert COMMITTED.read_text("utf-8") == written_schema()


def test_names_of_a_type_are_offered() -> None:
    """Its own fields and relations, and nothing else."""
    contact: dict[str, Any] = json_schema()["$defs"]["contact"]["properties"]

    assert {"first_name", "emails", "company"} <= set(contact["fields"]["properties"])
    assert "amount" not in contact["fields"]["properties"]
    assert contact["fields"]["additionalProperties"] is False
    assert "deals" in contact["links"]["properties"]


def test_keys_are_explained() -> None:
    """By what the models' docstrings say of them, those of their bases included."""
    models = json_schema()["$defs"]
    (field,) = [kind for kind in models["OwnSpec"]["anyOf"] if "properties" in kind]

    assert models["PagingSpec"]["properties"]["most"]["description"] == "The greatest offset there is; None for any."
    assert field["properties"]["always"]["description"] == "Whether every record has a value."
    assert "Attributes" not in str([model.get("description") for model in models.values()])
