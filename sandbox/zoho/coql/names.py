"""What the names of a statement mean: fields of the module, and of those that its look-ups lead to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sandbox.zoho.errors import refusal
from sandbox.zoho.org import Cell, Field, Key, Module, Org, Record, Ref, key_of

__all__ = ["Name", "Names"]

_SE_MODULE = Field(name="$se_module", kind="text")
_UNREADABLE = frozenset({"participants", "tags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A resolved name: its field, the look-ups on the way there, and how a record's cell is read."""

    field: Field
    relation: str
    cell: Callable[[Record], Cell]

    def key(self, record: Record) -> Key | None:
        """What *record* is compared by."""
        return key_of(self.cell(record), self.field.kind)


class Names:
    """Resolves the names of statements on one module."""

    def __init__(self, org: Org, module: Module) -> None:
        self._org, self._module = org, module
        self._known: dict[str, Name] = {}

    def __call__(self, text: str) -> Name:
        """What *text* means.

        Raises:
            VendorError: 400 INVALID_QUERY.
        """
        if text not in self._known:
            self._known[text] = self._resolved(text)
        return self._known[text]

    def _resolved(self, text: str) -> Name:
        *way, last = text.split(".")
        if len(way) > 2:
            raise refusal("INVALID_QUERY", column_name=text, reason="only two relations are allowed")
        fields: Mapping[str, Field] = self._module.spec.fields
        steps = []
        for step in way:
            name, _, chosen = step.partition("->")
            field = fields.get(name)
            target = chosen or (field.target if field else None)
            if field is None or not field.is_lookup or target is None or (chosen and field.target) or chosen == "Users":
                raise _invalid(text)
            fields = self._fields(target, text)
            steps.append((name, target))
        field = _SE_MODULE if last == "$se_module" and not way else fields.get(last)
        if field is None:
            raise _invalid(text)
        if field.kind in _UNREADABLE:
            raise refusal("INVALID_QUERY", message="data type not supported", column_name=text, data_type=field.kind)
        return Name(field=field, relation=".".join(way), cell=self._reader(steps, last))

    def _fields(self, module: str, text: str) -> Mapping[str, Field]:
        if module == "Users":
            return self._org.user_fields
        if module not in self._org.modules:
            raise _invalid(text)
        return self._org.modules[module].spec.fields

    def _reader(self, steps: list[tuple[str, str]], last: str) -> Callable[[Record], Cell]:
        def read(record: Record) -> Cell:
            at: Record | None = record
            for name, module in steps:
                ref = at.get(name) if at is not None else None
                at = self._org.target(ref) if isinstance(ref, Ref) and ref.module == module else None
            return None if at is None else at.get(last)

        return read if steps else lambda record: record.get(last)


def _invalid(text: str) -> Exception:
    return refusal("INVALID_QUERY", message="column given seems to be invalid", column_name=text)
