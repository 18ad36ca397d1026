"""`docs/operations.md` has every setting with its default, and every way to sign in with its keys."""

import json
import re
from typing import get_args

from pydantic import BaseModel

from connectors.credentials import Auth
from gateway.config import Settings
from tests.docs.pages import page, table

PAGE = page("docs/operations.md")


def settings(model: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """Every setting of *model* with its default as the page writes it."""
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            found |= settings(field.annotation, f"{prefix}{name}.")
        else:
            found[prefix + name] = "required" if field.is_required() else written(field.default)
    return found


def written(default: object) -> str:
    """A default as YAML has it; nothing, and a list of nothing, is none."""
    return "none" if default in {None, ()} else default if isinstance(default, str) else json.dumps(default)


def keys(way: type[BaseModel]) -> tuple[set[str], set[str]]:
    """The keys that *way* needs, and those it takes."""
    fields = {name: field for name, field in way.model_fields.items() if name != "kind"}
    needed = {name for name, field in fields.items() if field.is_required()}
    return needed, set(fields) - needed


def test_page_has_every_setting() -> None:
    """Settings and defaults are those of the model, and nothing else is there."""
    rows = {name: default for name, default, _ in table(PAGE, "Setting")}

    assert rows == settings(Settings)


def test_page_has_every_way_to_sign_in() -> None:
    """Kinds and their keys are those of the models."""
    ways = {get_args(way.model_fields["kind"].annotation)[0]: keys(way) for way in get_args(get_args(Auth)[0])}
    rows: dict[str, tuple[set[str], set[str]]] = {}
    for kind, listed in table(PAGE, "Kind"):
        needed, _, taken = listed.partition("optional ")
        rows[kind] = (set(re.findall(r"\w+", needed)), set(re.findall(r"\w+", taken)))

    assert rows == ways


def test_models_are_read() -> None:
    """The comparison has something to compare, defaults of each kind included."""
    found = settings(Settings)

    assert found["server.host"] == "127.0.0.1"
    assert found["features.graphiql"] == "false"
    assert found["cursor_key"] == "required"
    assert found["allow_hosts"] == "none"
