"""The types and fields of a connector file: what `connectors.tables` has, and what only a file must say."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from connectors.tables import FieldSpec, LinkSpec

__all__ = ["DeclaredField", "DeclaredType", "Ids", "OperatorName", "OwnSpec"]

OperatorName = Literal["eq", "ne", "in", "not_in", "lt", "lte", "gt", "gte", "contains", "starts_with", "is_null"]

Ids = Literal["number", "number_as_text", "uuid", "text"]


class DeclaredField(FieldSpec):
    """One field.

    Attributes:
        operators: what the API filters by, in place of what the file says for all: a list of operators, or each with
            its own word, which of the style `keys` is the parameter.
        empty: what rows without a value hold beside null, such as "" where the API tells the two apart in conditions.
        numeric: whether conditions have the values of a closed list, or ids, as numbers.
        lookup: of label, the list of the file's `lookups` that has the words, in place of *words*.
        closed: of label, whether the API takes no other values than *words* has.
        holds_instants: of day, whether the column has instants, of which the record shows the UTC day.
    """

    operators: tuple[OperatorName, ...] | Mapping[OperatorName, str] | None = None
    empty: Literal[""] | None = None
    numeric: bool = False
    lookup: str | None = None
    closed: bool = False
    holds_instants: bool = False


class OwnSpec(DeclaredField):
    """A field that is none of ours; people see it by *title*."""

    title: str | None = None


class ConditionSpec(BaseModel):
    """What makes a row one of the type, in the API's own words and values."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str
    operator: OperatorName = "eq"
    value: Any = None


class DeclaredType(BaseModel):
    """One unified type.

    Attributes:
        remote: the API's name of it, `$remote` in templates.
        words: further words for templates, such as `singular: Person`.
        id: path of a record's id, and *ids* what it is, where the file says otherwise for others.
        path, params, body: of its list, in place of the file's, or beside them.
        where: what makes a row one of the type.
        held: whether all of them are read with the metadata and answered from there; for users.
        fields: by unified field or to-one relation; null takes away one of `common`.
        links: to-many relations, by how they are found: `contact_ids` is a column of the other type's rows that holds
            this one's id, `> contact_ids` one of its own that holds the others', `targets person_id > note.id` rows of
            a third kind, and `/people/$id/notes` a list for each. Those that a to-one relation of the other type tells
            need not be written.
        own: fields that are none of ours, by key.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    remote: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    words: Mapping[str, str] = Field(default_factory=dict)
    id: str = "id"
    ids: Ids | None = None
    path: str | None = None
    params: Mapping[str, Any] = Field(default_factory=dict)
    body: Mapping[str, Any] = Field(default_factory=dict)
    where: tuple[ConditionSpec, ...] = ()
    held: bool = False
    fields: Mapping[str, DeclaredField | None]
    links: Mapping[str, str] = Field(default_factory=dict)
    own: Mapping[str, OwnSpec] = Field(default_factory=dict)

    def link_specs(self) -> Mapping[str, LinkSpec]:
        """*links* as tables have them."""
        return {name: LinkSpec(via=via) for name, via in self.links.items()}
