"""The modules of the account and their fields, as the settings tell them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import yaml

__all__ = ["TEXTS", "Field", "ModuleSpec", "module_specs"]

TEXTS = frozenset({"text", "email", "phone", "website", "textarea", "picklist", "multiselectpicklist"})
"""Data types whose values are compared as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a module.

    Attributes:
        name: its API name.
        kind: its data type.
        target: API name of the module that a look-up leads to; None for one that leads to several.
        values: of a picklist.
        is_required: system mandatory.
        is_read_only: set by Zoho alone.
        is_own: added by the account.
    """

    name: str
    kind: str
    target: str | None = None
    values: tuple[str, ...] = ()
    is_required: bool = False
    is_read_only: bool = False
    is_own: bool = False

    @property
    def is_lookup(self) -> bool:
        """Whether the value is another record or a user."""
        return self.kind in {"lookup", "ownerlookup"}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleSpec:
    """One module: *shown* is the field that look-ups show, *related* has a field of each related list's module."""

    name: str
    singular: str
    shown: str
    fields: Mapping[str, Field]
    related: Mapping[str, str] = field(default_factory=dict)


def module_specs(values: Mapping[tuple[str, str], Sequence[str]]) -> dict[str, ModuleSpec]:
    """Every module by API name, in the order of its tab.

    Args:
        values: of the picklists that each account defines itself, by module and field.
    """
    told = yaml.safe_load((Path(__file__).parent / "modules.yaml").read_text("utf-8"))
    common = told.pop("common")
    return {
        name: ModuleSpec(
            name=name,
            singular=spec["singular"],
            shown=spec["name"],
            fields={
                one.name: one
                for one in (
                    *_fields(common, name, values),
                    *_fields(spec["fields"], name, values),
                    *_fields(spec.get("own", {}), name, values, is_own=True),
                )
            },
            related=spec["related"],
        )
        for name, spec in told.items()
    }


def _fields(
    table: Mapping[str, str | Mapping[str, str]],
    module: str,
    values: Mapping[tuple[str, str], Sequence[str]],
    *,
    is_own: bool = False,
) -> Iterator[Field]:
    for kind, named in table.items():
        for marked, detail in (named if isinstance(named, Mapping) else dict.fromkeys(named.split(), "")).items():
            name = marked.rstrip("*=")
            yield Field(
                name=name,
                kind=kind,
                target="Users" if kind == "ownerlookup" else (detail or None) if kind == "lookup" else None,
                values=tuple(detail.split() or values.get((module, name), ())) if "picklist" in kind else (),
                is_required=marked.endswith("*"),
                is_read_only=marked.endswith("="),
                is_own=is_own,
            )
