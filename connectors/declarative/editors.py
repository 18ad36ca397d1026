"""The JSON Schema of connector files, by which editors complete and explain them while they are written."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from inspect import cleandoc
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from connectors.declarative.names import fields_known, links_known
from connectors.declarative.spec import DeclaredField, Spec
from connectors.tables import FieldSpec
from model.entities import Entity

__all__ = ["json_schema", "written_schema"]

_ENTRY = re.compile(r"^    ([a-z_]+(?:, [a-z_]+)*): ")
_NOISE = ("title", "default")
_DECLARED, _FIELD = "#/$defs/DeclaredField", {"$ref": "#/$defs/Field"}
# Written as a text alone, these are the form or the word that they have most often.
_SHORT = ("DeclaredField", "OwnSpec", "OperatorSpec")


class _Quiet(GenerateJsonSchema):
    """Passes over defaults that JSON cannot hold."""

    ignored_warning_kinds = {"non-serializable-default"}  # noqa: RUF012 - the base class declares it so


def json_schema() -> dict[str, Any]:
    """The schema, with every name that a type may have, and what the models' docstrings say of their fields."""
    found: dict[str, Any] = _plain(Spec.model_json_schema(schema_generator=_Quiet))
    models: dict[str, Any] = found["$defs"]
    for model in (found, *models.values()):
        _explain(model)
    for base, names in ((FieldSpec, ("DeclaredField", "OwnSpec")), (DeclaredField, ("OwnSpec",))):
        for name in names:
            _tell(models[name], cleandoc(base.__doc__ or ""))
    for name in _SHORT:
        models[name] = {"anyOf": [{"type": ["string", "number"]}, models[name]]}
    models["Field"] = {"anyOf": [{"$ref": _DECLARED}, {"type": "null"}]}
    for entity in Entity:
        fields, links = _named(fields_known(entity), _FIELD), _named(links_known(entity), {"type": "string"})
        models[entity.value] = {"$ref": "#/$defs/DeclaredType", "properties": {"fields": fields, "links": links}}
    every = dict.fromkeys(name for entity in Entity for name in fields_known(entity))
    found["properties"]["common"] |= _named(every, {"$ref": _DECLARED})
    found["properties"]["types"] |= {
        "properties": {entity.value: {"$ref": f"#/$defs/{entity.value}"} for entity in Entity},
        "additionalProperties": False,
    }
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def written_schema() -> str:
    """The schema as a file has it: a line for each model."""
    found = json_schema()
    models = found.pop("$defs")
    lines = [f'  "{name}": {_line(models[name])}' for name in sorted(models)]
    told = ",\n".join(lines)
    return f'{_line(found)[:-1]},\n"$defs": {{\n{told}\n}}}}\n'


def _line(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _named(names: Iterable[str], value: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping with *names* and no others."""
    return {"type": "object", "properties": {name: dict(value) for name in names}, "additionalProperties": False}


def _plain(schema: Any) -> Any:
    """*schema* without what tells a writer nothing, and taking numbers where the models make texts of them."""
    if isinstance(schema, list):
        return [_plain(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _plain(value) for name, value in schema.items() if name not in _NOISE}
    if isinstance(schema.get("properties"), dict):
        found["properties"] = {name: _plain(value) for name, value in schema["properties"].items()}
    if found.get("type") == "string" and not {"enum", "const", "pattern"} & found.keys():
        found["type"] = ["string", "number"]
    return found


def _explain(model: dict[str, Any]) -> None:
    """Move what the description says of single fields to where they are told."""
    _tell(model, model.get("description", ""))
    model["description"] = " ".join(model.get("description", "").partition("\n\nAttributes:\n")[0].split())


def _tell(model: dict[str, Any], docstring: str) -> None:
    """Say of each field what *docstring* says of it."""
    _, _, told = docstring.partition("\n\nAttributes:\n")
    for name, description in _entries(told):
        if name in model["properties"]:
            model["properties"][name].setdefault("description", description)


def _entries(told: str) -> Iterator[tuple[str, str]]:
    """Names and what is said of them; lines that go on are indented further."""
    entries: list[str] = []
    for line in told.splitlines():
        if _ENTRY.match(line):
            entries.append(line)
        elif entries and line.strip():
            entries[-1] += f" {line.strip()}"
    for entry in entries:
        names, _, description = entry.strip().partition(": ")
        yield from ((name, description[:1].upper() + description[1:]) for name in names.split(", "))
