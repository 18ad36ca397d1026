"""The names in a file that have to be ours: fields, relations, and what they point to."""

from collections.abc import Iterable, Mapping
from typing import Any

from connectors.documents import Findings, Path, did_you_mean, unknown
from model.entities import Entity
from model.fields import FIELDS, RELATIONS

__all__ = ["fields_known", "links_known", "note_strange_names"]

_TARGETS = (*(entity.value for entity in Entity), "pipeline", "stage")


def note_strange_names(data: Mapping[str, Any], findings: Findings) -> None:
    """Note every name in a file's *data*, right in form or not, that no type has, with the nearest that there is."""
    every = dict.fromkeys(name for entity in Entity for name in fields_known(entity))
    _note_fields(_mapping(data.get("common")), list(every), ("common",), findings)
    types = _mapping(data.get("types"))
    for entity in Entity:
        path: Path = ("types", entity.value)
        declared = _mapping(types.get(entity.value))
        _note_fields(_mapping(declared.get("fields")), fields_known(entity), (*path, "fields"), findings)
        _note_unknown(_mapping(declared.get("links")), links_known(entity), (*path, "links"), findings)


def fields_known(entity: Entity) -> list[str]:
    """What `fields` of a type may hold: its fields, and its to-one relations."""
    pointers = [name for name, relation in RELATIONS[entity].items() if not relation.is_many]
    return [name for name in (*FIELDS[entity], *pointers) if name != "fetched_at"]


def links_known(entity: Entity) -> list[str]:
    """What `links` of a type may hold: its to-many relations."""
    return [name for name, relation in RELATIONS[entity].items() if relation.is_many]


def _note_fields(fields: Mapping[str, Any], allowed: list[str], path: Path, findings: Findings) -> None:
    _note_unknown(fields, allowed, path, findings)
    for name, field in fields.items():
        told = _mapping(field)
        if ("link" in told or "to" in told) and told.get("to") not in _TARGETS:
            findings.note((*path, name, "to"), unknown(told.get("to"), _TARGETS))


def _note_unknown(given: Iterable[str], allowed: list[str], path: Path, findings: Findings) -> None:
    for name in given:
        if name not in allowed:
            findings.note((*path, name), f"is unknown; {did_you_mean(name, allowed)}")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
