"""What has an id of its own."""

import strawberry

from schema.fields.reading import type_name

__all__ = ["Node"]


@strawberry.interface(description="Anything with a global id.")
class Node:
    """Anything with a global id."""

    id: strawberry.ID = strawberry.field(description="Opaque global id; pass it to `node` unchanged.")

    @classmethod
    def resolve_type(cls, value: object, *_: object) -> str | None:
        """Name of the type that *value* is of."""
        return type_name(value)

    @classmethod
    def is_type_of(cls, value: object, *_: object) -> bool:
        """Whether *value* is of the type this class declares."""
        return type_name(value) == cls.__name__
