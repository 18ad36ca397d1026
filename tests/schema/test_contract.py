"""The served schema holds the contract: names, types, nullability and arguments."""

from pathlib import Path

from graphql import DocumentNode, FieldDefinitionNode, InputValueDefinitionNode, TypeDefinitionNode, parse, print_ast

from schema import sdl

CONTRACT = Path(__file__).with_name("contract.graphql")

# Spelled in the contract and served later. The list can only shrink: what is served has to leave it.
RECORDS = ("Record", "Contact", "Lead", "Appointment", "Deal", "Company", "User", "Note", "Task", "Project", "Comment")
LATER = frozenset(
    {
        # raw payloads
        *(f"{name}.raw" for name in RECORDS),
        # writing and watching
        *(f"Mutation.{verb}Contact" for verb in ("create", "update", "upsert", "delete", "sync")),
        *(f"Mutation.{name}" for name in ("createContacts", "syncLead", "syncAppointment", "convertLead")),
        *(f"Mutation.{name}" for name in ("linkRecords", "unlinkRecords", "testConnection")),
        *("MatchOn", "ContactInput", "ContactPayload", "TargetOutcome", "FieldChange", "UserError"),
        *("WriteOutcome", "Subscription"),
    }
)


def _members(node: TypeDefinitionNode) -> dict[str, str]:
    """What a definition promises, by coordinate: types, enum values and interfaces."""
    name = node.name.value
    found = {name: node.kind}
    found |= {f"{name}.{value.name.value}": "value" for value in getattr(node, "values", None) or ()}
    found |= {f"{name} & {item.name.value}": "implements" for item in getattr(node, "interfaces", None) or ()}
    for field in getattr(node, "fields", None) or ():
        found[f"{name}.{field.name.value}"] = print_ast(field.type)
        found |= {
            f"{name}.{field.name.value}({argument.name.value}:)": print_ast(argument.type)
            for argument in getattr(field, "arguments", None) or ()
        }
    return found


def _promises(document: DocumentNode) -> dict[str, dict[str, str]]:
    return {node.name.value: _members(node) for node in document.definitions if isinstance(node, TypeDefinitionNode)}


def _is_later(coordinate: str) -> bool:
    return coordinate.partition("(")[0] in LATER


def test_schema_holds_contract() -> None:
    """Everything the contract spells is served as spelled, but for what the list says comes later."""
    served = _promises(parse(sdl()))

    broken = {
        coordinate: (promise, served.get(name, {}).get(coordinate))
        for name, members in _promises(parse(CONTRACT.read_text())).items()
        if name not in LATER
        for coordinate, promise in members.items()
        if not _is_later(coordinate) and served.get(name, {}).get(coordinate) != promise
    }

    assert broken == {}


def test_later_list_holds_nothing_served_or_unknown() -> None:
    """What is served, or no longer in the contract, leaves the list."""
    contract = {key for members in _promises(parse(CONTRACT.read_text())).values() for key in members}
    served = {key for members in _promises(parse(sdl())).values() for key in members}

    assert contract >= LATER
    assert served.isdisjoint(LATER)


def test_schema_demands_nothing_beyond_contract() -> None:
    """An argument or input field that the contract does not spell is never required."""
    contract = _promises(parse(CONTRACT.read_text()))

    demanding = [
        f"{node.name.value}.{field.name.value}"
        for node in parse(sdl()).definitions
        if isinstance(node, TypeDefinitionNode) and node.name.value in contract
        for field in getattr(node, "fields", None) or ()
        for value in (field, *(getattr(field, "arguments", None) or ()))
        if isinstance(value, InputValueDefinitionNode) and _is_required(value)
        if _coordinate(node, field, value) not in contract[node.name.value]
    ]

    assert demanding == []


def _is_required(value: InputValueDefinitionNode) -> bool:
    return print_ast(value.type).endswith("!") and value.default_value is None


def _coordinate(
    node: TypeDefinitionNode, field: FieldDefinitionNode | InputValueDefinitionNode, value: InputValueDefinitionNode
) -> str:
    inner = "" if value is field else f"({value.name.value}:)"
    return f"{node.name.value}.{field.name.value}{inner}"
