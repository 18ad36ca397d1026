"""The names in a file that have to be ours: fields, relations, and what they point to."""

from collections.abc import Iterable, Iterator, Mapping

from connectors.declarative.spec import DeclaredField, DeclaredType, Spec
from connectors.documents import Findings, Path, did_you_mean, unknown
from model.entities import Entity
from model.fields import FIELDS, RELATIONS

__all__ = ["fields_known", "links_known", "note_strange_names"]

_TARGETS = (*(entity.value for entity in Entity), "pipeline", "stage")


def note_strange_names(spec: Spec, findings: Findings) -> None:
    """Note every name in *spec* that no type has, with the nearest that there is."""
    every = {name: None for entity in Entity for name in fields_known(entity)}
    _note_unknown(spec.common, every, ("common",), findings)
    for place, field in _pointers(spec.common, ("common",)):
        _note_target(field, place, findings)
    for entity, declared in spec.types.items():
        path: Path = ("types", entity.value)
        _note_unknown(declared.fields, fields_known(entity), (*path, "fields"), findings)
        _note_unknown(declared.links, links_known(entity), (*path, "links"), findings)
        for place, field in _pointers(_fields(declared), (*path, "fields")):
            _note_target(field, place, findings)


def fields_known(entity: Entity) -> list[str]:
    """What `fields` of a type may hold: its fields, and its to-one relations."""
    pointers = [name for name, relation in RELATIONS[entity].items() if not relation.is_many]
    return [name for name in (*FIELDS[entity], *pointers) if name != "fetched_at"]


def links_known(entity: Entity) -> list[str]:
    """What `links` of a type may hold: its to-many relations."""
    return [name for name, relation in RELATIONS[entity].items() if relation.is_many]


def _note_unknown(given: Iterable[str], known: Iterable[str], path: Path, findings: Findings) -> None:
    allowed = list(known)
    for name in given:
        if name not in allowed:
            findings.note((*path, name), f"is unknown; {did_you_mean(name, allowed)}")


def _fields(declared: DeclaredType) -> Mapping[str, DeclaredField]:
    return {name: field for name, field in declared.fields.items() if field is not None}


def _pointers(fields: Mapping[str, DeclaredField], path: Path) -> Iterator[tuple[Path, DeclaredField]]:
    return (((*path, name), field) for name, field in fields.items() if field.link is not None or field.to is not None)


def _note_target(field: DeclaredField, path: Path, findings: Findings) -> None:
    if field.to not in _TARGETS:
        findings.note((*path, "to"), unknown(field.to, _TARGETS))
