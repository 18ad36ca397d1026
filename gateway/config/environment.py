"""What the environment overrides, such as CRM_GATEWAY_SERVER__PORT."""

from collections.abc import Mapping
from typing import Any, get_origin

from pydantic import BaseModel

from connectors.documents import Path
from gateway.config.settings import Settings

__all__ = ["overrides", "variable"]

_PREFIX = "CRM_GATEWAY_"
_IN_FILE_ALONE = frozenset({"sources", "custom_fields", "exchange_rates"})


def overrides(environ: Mapping[str, str]) -> dict[Path, Any]:
    """Values by the path they replace.

    A variable counts when its first part names a setting; others may be anybody's, such as a source's secret.
    Lists are written with commas. Sources, custom fields and exchange rates stand in the file alone.
    """
    found: dict[Path, Any] = {}
    for name, value in environ.items():
        path = tuple(name.removeprefix(_PREFIX).lower().split("__"))
        if name.startswith(_PREFIX) and path[0] in Settings.model_fields and path[0] not in _IN_FILE_ALONE:
            found[path] = value.split(",") if _is_list(Settings, path) else value
    return found


def variable(path: Path) -> str:
    """The variable that overrides *path*."""
    return _PREFIX + "__".join(str(key) for key in path).upper()


def _is_list(model: type[BaseModel], path: Path) -> bool:
    field = model.model_fields.get(str(path[0]))
    kind = None if field is None else field.annotation
    if isinstance(kind, type) and issubclass(kind, BaseModel) and len(path) > 1:
        return _is_list(kind, path[1:])
    return get_origin(kind) is tuple
