"""How a field without a resolver reads its value: one function for the whole schema."""

from model.entities import Entity, Pipeline, Stage, record_type
from model.errors import OurBug
from model.ids import GlobalId
from model.reading import PlatformInfo, SourceInfo
from model.values import UNSET

__all__ = ["global_id", "read_attribute", "type_name"]

_TYPE_NAMES: dict[type, str] = {
    **{kind: kind.__name__ for kind in (*map(record_type, Entity), Pipeline, Stage)},
    SourceInfo: "Source",
    PlatformInfo: "Platform",
}


def type_name(value: object) -> str | None:
    """The GraphQL type of a node; None for anything else."""
    return _TYPE_NAMES.get(type(value))


def global_id(node: object) -> str:
    """The opaque id of a record, pipeline, stage, source or platform.

    Raises:
        OurBug: *node* is none of these.
    """
    if isinstance(node, SourceInfo):
        return GlobalId("source", node.key, node.key).encode()
    if isinstance(node, PlatformInfo):
        return GlobalId("platform", "", node.key).encode()
    name = type_name(node)
    if name is None:
        raise OurBug(f"{type(node).__name__} is no node")
    return GlobalId(name.lower(), getattr(node, "source"), getattr(node, "remote_id")).encode()  # noqa: B009


def read_attribute(root: object, name: str) -> object:
    """The attribute *name* of *root*; `id` is made from what identifies it.

    Raises:
        OurBug: the field was not asked for when the record was read.
    """
    if name == "id":
        return global_id(root)
    value: object = getattr(root, name)
    if value is UNSET:
        raise OurBug(f"{type(root).__name__}.{name} was selected and never read")
    return value
