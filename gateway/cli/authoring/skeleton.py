"""`new-connector`: the files that somebody starts from who connects a CRM of their own."""

import re
from collections.abc import Iterator
from pathlib import Path

from connectors.declarative import written_schema
from gateway.cli.terminal import say
from model.errors import ConfigError

__all__ = ["new_connector"]

_TEMPLATES = Path(__file__).parent / "templates"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_SCHEMA = "connector.schema.json"


def new_connector(name: str, *, is_graphql: bool, is_package: bool, folder: Path) -> int:
    """0, with the files written into *folder* and told: one that tells an API, or a package around it.

    Raises:
        ConfigError: *name* cannot be a platform's key, or one of the files is there.
    """
    if not _NAME.fullmatch(name):
        raise ConfigError("a connector's name is a small letter, then at most 63 small letters, digits and _")
    files = {folder / path: text for path, text in _files(name, is_graphql=is_graphql, is_package=is_package)}
    there = [str(path) for path in files if path.exists()]
    if there:
        raise ConfigError(f"{', '.join(there)}: is there already; choose another name or folder")
    schema = next(path for path in files if path.suffix == ".yaml").with_name(_SCHEMA)
    for path, text in {**files, schema: written_schema()}.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        say(str(path))
    return 0


def _files(name: str, *, is_graphql: bool, is_package: bool) -> Iterator[tuple[str, str]]:
    """Paths and texts."""
    told = _filled("graphql.yaml" if is_graphql else "rest.yaml", name)
    if not is_package:
        yield f"{name}.yaml", told
        return
    package = f"{name}/crm_gateway_{name}"
    yield f"{name}/pyproject.toml", _filled("package/pyproject.toml.txt", name)
    yield f"{package}/__init__.py", _filled("package/init.py.txt", name)
    yield f"{package}/connector.py", _filled("package/connector.py.txt", name)
    yield f"{package}/{name}.yaml", told
    yield f"{name}/tests/test_{name}.py", _filled("package/test.py.txt", name)


def _filled(template: str, name: str) -> str:
    title = name.replace("_", " ").title()
    words = {"@name@": name, "@title@": title, "@class@": title.replace(" ", ""), "@env@": name.upper()}
    text = (_TEMPLATES / template).read_text("utf-8")
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
