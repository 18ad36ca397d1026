"""The entries of `custom_fields:`, the operator's names for the CRMs' own fields."""

import re
from collections.abc import Collection
from typing import Any

from connectors.documents import Findings, Path, did_you_mean, quoted, unknown
from model.aliases import ALIAS_KINDS, Alias
from model.entities import Entity
from model.fields import FieldKind
from model.reading import IDENTITY

__all__ = ["read_aliases"]

_KEYS = ("kind", "description", "keys", "identifies")
_NAME = re.compile(r"[a-z][A-Za-z0-9]{0,63}")
_LONGEST_KEY = 255
_LONGEST_DESCRIPTION = 1_000
# Each is a field, a condition and a sort key of the schema.
_MOST = 200


def read_aliases(entries: Any, findings: Findings, *, sources: Collection[str]) -> list[Alias]:
    """The aliases that are right; every mistake in the others is noted.

    Args:
        entries: what stands under `custom_fields:`, None for nothing.
        findings: takes the mistakes.
        sources: keys of the connected sources.
    """
    return _Reader(findings, tuple(sources)).all(entries)


class _Reader:
    def __init__(self, findings: Findings, sources: tuple[str, ...]) -> None:
        self._findings = findings
        self._sources = sources

    def all(self, entries: Any) -> list[Alias]:
        path: Path = ("custom_fields",)
        if entries is None:
            return []
        if not isinstance(entries, dict):
            self._findings.note(path, "must be a mapping of types, such as contact: {npsScore: {kind: DECIMAL, …}}")
            return []
        found: list[Alias] = []
        for name, aliases in entries.items():
            if name not in set(Entity):
                hint = did_you_mean(str(name), [entity.value for entity in Entity])
                self._findings.note((*path, name), f"is no type; {hint}")
            elif not isinstance(aliases, dict):
                self._findings.note((*path, name), "must be a mapping of names, each with kind, description and keys")
            else:
                found += self._of_type(Entity(name), aliases, (*path, name))
        return found

    def _of_type(self, entity: Entity, aliases: dict[str, Any], path: Path) -> list[Alias]:
        if len(aliases) > _MOST:
            self._findings.note(path, f"has {len(aliases)} names; at most {_MOST} are taken")
            return []
        found = [self._alias(entity, name, entry, (*path, name)) for name, entry in aliases.items()]
        kept = [alias for alias in found if alias is not None]
        self._refuse_shared_keys(kept, path)
        self._refuse_second_identity(kept, path)
        return kept

    def _alias(self, entity: Entity, name: str, entry: Any, path: Path) -> Alias | None:
        before = len(self._findings.mistakes)
        if not _NAME.fullmatch(name):
            self._findings.note(path, "must be named in camelCase: a small letter, then at most 63 letters and digits")
        if not isinstance(entry, dict):
            self._findings.note(path, "must be a mapping with kind, description and keys")
            return None
        for key in entry:
            if key not in _KEYS:
                self._findings.note((*path, key), f"is unknown; {did_you_mean(key, _KEYS)}")
        kind = self._kind(entry.get("kind"), (*path, "kind"))
        description = self._description(entry.get("description"), (*path, "description"))
        keys = self._keys(entry.get("keys"), (*path, "keys"))
        identifies = self._identifies(entry.get("identifies", False), entity, kind, (*path, "identifies"))
        if len(self._findings.mistakes) > before or kind is None:
            return None
        return Alias(entity=entity, name=name, kind=kind, description=description, keys=keys, identifies=identifies)

    def _kind(self, value: Any, path: Path) -> FieldKind | None:
        if value in ALIAS_KINDS:
            return FieldKind(value)
        self._findings.note(path, unknown(value, [kind.value for kind in ALIAS_KINDS]))
        return None

    def _description(self, value: Any, path: Path) -> str:
        if isinstance(value, str) and 0 < len(value) <= _LONGEST_DESCRIPTION:
            return value
        self._findings.note(path, f"must be text of 1 to {_LONGEST_DESCRIPTION} characters: the schema shows it")
        return ""

    def _identifies(self, value: Any, entity: Entity, kind: FieldKind | None, path: Path) -> bool:
        if not isinstance(value, bool):
            self._findings.note(path, "must be true or false: whether records with one value are one and the same")
        elif value and entity not in IDENTITY:
            matched = " and ".join(item.value for item in IDENTITY)
            self._findings.note(path, f"is of {matched} alone: {entity.value} records are not matched")
        elif value and kind not in {FieldKind.TEXT, None}:
            self._findings.note(path, f"takes the kind TEXT, and this is {kind}; e-mail and phone compare without it")
        return value is True

    def _keys(self, value: Any, path: Path) -> dict[str, str]:
        if not isinstance(value, dict) or not value:
            self._findings.note(path, "must be a mapping of sources to their own keys, such as {crm: NPS__c}")
            return {}
        found: dict[str, str] = {}
        for source, key in value.items():
            if source not in self._sources:
                self._findings.note((*path, source), f"is no source; {did_you_mean(source, self._sources)}")
            elif not isinstance(key, str) or not 0 < len(key) <= _LONGEST_KEY:
                self._findings.note((*path, source), f"must be the CRM's own key, of 1 to {_LONGEST_KEY} characters")
            else:
                found[source] = key
        return found

    def _refuse_second_identity(self, aliases: list[Alias], path: Path) -> None:
        """Values are compared whatever their name: a customer number must not equal somebody's tax number."""
        identifying = [alias for alias in aliases if alias.identifies]
        for alias in identifying[1:]:
            message = f"{quoted(identifying[0].name)} identifies {alias.entity.value} records already; keep one of them"
            self._findings.note((*path, alias.name, "identifies"), message)

    def _refuse_shared_keys(self, aliases: list[Alias], path: Path) -> None:
        taken: dict[tuple[str, str], str] = {}
        for alias in aliases:
            for source, key in alias.keys.items():
                first = taken.setdefault((source, key), alias.name)
                if first != alias.name:
                    message = f"{quoted(key)} is {quoted(first)} already; give a field one name"
                    self._findings.note((*path, alias.name, "keys", source), message)
