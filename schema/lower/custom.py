"""From the names clients use for the CRMs' own fields to the names of the model."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from strawberry import UNSET
from strawberry.utils.str_converters import to_camel_case

from model.aliases import Alias
from model.errors import BadRequest
from model.fields import CustomName, FieldKind
from schema.custom.kinds import COMPARED, KINDS
from schema.inputs.conditions import CustomFieldFilter

__all__ = ["alias_conditions", "condition_under", "refuse_keys", "selected_name"]

# Salesforce allows 40 characters and a suffix, HubSpot 100; what is longer is no key of any CRM.
_LONGEST_KEY = 255


def selected_name(key: str) -> str:
    """The name that a selection has for *key*; what kind it is, the source says."""
    return str(CustomName(FieldKind.OTHER, key))


def refuse_keys(keys: Iterable[str], *, most: int) -> None:
    """Refuse keys that no CRM can have, or too many of them.

    Raises:
        BadRequest: one is empty or too long, or there are more than *most*.
    """
    distinct = set(keys)
    if len(distinct) > most:
        raise BadRequest(f"customFields asks for {len(distinct)} keys of one record; at most {most} are taken")
    for key in distinct:
        _refuse_key(key, "customFields")


def condition_under(condition: CustomFieldFilter, path: str) -> tuple[str, str, Any]:
    """The model's name of the field, the name of the kind in the input, and the condition.

    Raises:
        BadRequest: the key is none, or not exactly one kind is given.
    """
    _refuse_key(condition.key, f"{path}.key")
    given = [(name, value) for name in COMPARED if (value := getattr(condition, name)) is not UNSET]
    if len(given) != 1:
        raise BadRequest(
            f"{path} needs exactly one of text, decimal, boolean, date and dateTime beside its key; several conditions"
            " go into `and`"
        )
    name, value = given[0]
    return str(CustomName(COMPARED[name], condition.key)), name, value


def alias_conditions(conditions: Mapping[str, Any], aliases: Mapping[str, Alias]) -> Iterator[tuple[str, str, Any]]:
    """The model's name, the alias and the condition for each of *conditions*, as graphql-core hands them out."""
    for alias, value in conditions.items():
        kind = KINDS[aliases[alias].kind]
        name = str(CustomName(kind.compared, alias))
        yield name, alias, value if value is None else _condition(kind.condition, value, kind.compared)


def _condition(type_: Any, given: Mapping[str, Any], compared: FieldKind) -> Any:
    """An input of *type_*, whose fields are named in GraphQL as in *given*; numbers as decimal texts."""
    values: dict[str, Any] = {}
    for field in type_.__strawberry_definition__.fields:
        name = field.graphql_name or to_camel_case(field.python_name)
        if name in given:
            values[field.python_name] = _texts(given[name]) if compared is FieldKind.DECIMAL else given[name]
    return type_(**values)


def _texts(value: Any) -> Any:
    if isinstance(value, list):
        return [_texts(item) for item in value]
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _refuse_key(key: str, path: str) -> None:
    if not 0 < len(key) <= _LONGEST_KEY:
        raise BadRequest(f"{path}: a key has 1 to {_LONGEST_KEY} characters, and this one {len(key)}")
