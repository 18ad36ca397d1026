"""The pages for operators agree with the code."""

import re
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel, SecretStr

from connectors.credentials import Auth
from gateway.config import Settings, load_settings
from gateway.limits import document
from gateway.routes import body

DOCS = Path(__file__).parents[2] / "docs"
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
EXAMPLES = sorted((DOCS / "examples").glob("*.yaml"))


def rows(text: str, first_column: str) -> dict[str, list[str]]:
    """The table whose first column has this title: further columns by the first, backticks taken off."""
    found: dict[str, list[str]] = {}
    _, _, rest = text.partition(f"| {first_column} |")
    for line in rest.splitlines()[2:]:
        if not line.startswith("|"):
            break
        name, *others = (cell.strip() for cell in line.strip("|").split("|"))
        found[name.strip("`")] = others
    return found


def settings_of(model: type[BaseModel], prefix: str = "") -> dict[str, str]:
    """Every setting by its dotted name, with its default as the page writes it."""
    found: dict[str, str] = {}
    for name, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found |= settings_of(kind, f"{name}.")
        elif field.is_required():
            found[prefix + name] = "required"
        else:
            default = field.default
            found[prefix + name] = f"`{str(default).lower()}`" if default not in {None, ()} else "none"
    return found


def test_every_setting_is_listed_with_its_default() -> None:
    """The table has each key of the settings' models, in their order, with their defaults, and a meaning."""
    table = rows(OPERATIONS, "Setting")

    assert {name: cells[0] for name, cells in table.items()} == settings_of(Settings)
    assert list(table) == list(settings_of(Settings))
    assert [name for name, cells in table.items() if len(cells[1]) < 10] == []


def test_every_way_to_sign_in_is_listed_with_its_keys() -> None:
    """Required keys, then optional ones, as the models have them."""
    ways = {}
    for way in get_args(get_args(Auth)[0]):
        keys = {name: field for name, field in way.model_fields.items() if name != "kind"}
        ways[get_args(way.model_fields["kind"].annotation)[0]] = (
            {name for name, field in keys.items() if field.is_required()},
            {name for name, field in keys.items() if not field.is_required()},
        )

    listed = {}
    for kind, (cell, *_) in rows(OPERATIONS, "Kind").items():
        required, _, optional = cell.partition("optional")
        listed[kind] = (set(re.findall(r"`(\w+)`", required)), set(re.findall(r"`(\w+)`", optional)))
    assert listed == ways


def test_every_event_is_listed() -> None:
    """What the gateway logs by name is on the page."""
    root = Path(body.__file__).parents[1]
    logged = {
        name
        for path in root.rglob("*.py")
        for name in re.findall(r"\b(?:log|_LOG)\.\w+\(\s*\"([a-z]+\.[a-z]+)\"", path.read_text(encoding="utf-8"))
    }

    assert logged
    assert logged <= set(rows(OPERATIONS, "Event"))


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_is_loaded(example: Path) -> None:
    """An example has no mistake, and names its secrets as references."""
    text = example.read_text(encoding="utf-8")
    environ = {name: f"{name} with 32 characters and more" for name in re.findall(r"env:(\w+)", text)}

    settings = load_settings(example, environ=environ)

    assert len(settings.sources) == 2
    assert set(settings.secrets()) == set(environ.values())
    assert isinstance(settings.cursor_key, SecretStr)


def test_ceilings_that_are_no_settings_are_told() -> None:
    """The numbers on the security page are those in the code."""
    page = (DOCS / "security.md").read_text(encoding="utf-8")

    for name, ceiling in (
        ("operations", document._MAX_OPERATIONS),
        ("fragments", document._MAX_FRAGMENTS),
        ("variables", document._MAX_VARIABLES),
        ("equal fields in one place", document._MAX_MERGED),
    ):
        assert f"{name} ({ceiling})" in page
    assert f"one ceiling of {document._MAX_VISITS:,} visits" in page
    assert f"at most {body._MAX_DEPTH} levels and {body._MAX_VALUES:,} values" in page
