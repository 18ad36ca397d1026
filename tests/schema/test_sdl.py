"""The schema as it is printed: committed, and explained throughout."""

from collections.abc import Iterator
from importlib.resources import files

from graphql import GraphQLSchema, is_enum_type, is_input_object_type, is_interface_type, is_object_type

from schema import build_schema, sdl


def _described(schema: GraphQLSchema) -> Iterator[tuple[str, str | None]]:
    """Every element that can have a description, with the one it has."""
    for name, type_ in schema.type_map.items():
        if name.startswith("__"):
            continue
        yield name, type_.description
        if is_enum_type(type_):
            yield from ((f"{name}.{key}", value.description) for key, value in type_.values.items())
        if is_input_object_type(type_):
            yield from ((f"{name}.{key}", field.description) for key, field in type_.fields.items())
        if is_object_type(type_) or is_interface_type(type_):
            for key, field in type_.fields.items():
                yield f"{name}.{key}", field.description
                yield from ((f"{name}.{key}({arg}:)", value.description) for arg, value in field.args.items())


def test_printed_schema_is_committed() -> None:
    """The committed file is what the code declares; `crm-gateway schema` prints it anew."""
    assert files("schema").joinpath("schema.graphql").read_text() == sdl()


def test_everything_is_described() -> None:
    """Every type, field, argument, input field and enum value explains itself in sentences."""
    elements = dict(_described(build_schema()._schema))

    assert len(elements) > 700
    assert [key for key, text in elements.items() if not text or not text.strip().endswith(".")] == []


def test_no_default_is_null() -> None:
    """An argument or input field that may be left out has no default that reads as one."""
    assert "= null" not in sdl()
