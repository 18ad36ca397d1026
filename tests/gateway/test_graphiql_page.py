"""The GraphiQL page as files: complete, its own origin only, and built from the examples that lie beside it."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from graphql import OperationDefinitionNode, parse

from gateway.graphiql import ASSETS, CONTENT_SECURITY_POLICY, asset_headers, page, page_headers

EXAMPLES = sorted((ASSETS.parent / "source" / "examples").glob("*.graphql"))


class Links(HTMLParser):
    """Collects what a page loads, and what it runs or styles inline."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.inline: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("href", "src") if name in given]
        if tag == "style" or (tag == "script" and "src" not in given):
            self.inline.append(tag)
        self.inline += [name for name in given if name.startswith("on") or name == "style"]


def _operations(example: Path) -> list[OperationDefinitionNode]:
    definitions = parse(example.read_text(encoding="utf-8")).definitions
    return [node for node in definitions if isinstance(node, OperationDefinitionNode)]


def test_page_loads_only_bundled_files() -> None:
    """Every address in the page is a file of the bundle."""
    links = Links(page().decode())

    assert len(links.addresses) >= 3
    for address in links.addresses:
        assert address.startswith("/graphql/assets/")
        assert (ASSETS / address.removeprefix("/graphql/assets/")).is_file()


def test_page_has_nothing_inline() -> None:
    """Scripts and styles are files, as the policy wants it."""
    assert Links(page().decode()).inline == []


def test_links_sees_what_is_inline() -> None:
    """The collector these tests rest on notices inline code."""
    assert Links("<p onclick='f()'><script>f()</script><style></style>").inline == ["onclick", "script", "style"]


def test_bundle_has_no_source_maps() -> None:
    """The bundle carries neither source maps nor references to them."""
    scripts = list(ASSETS.glob("*.js"))

    assert len(scripts) >= 4
    assert list(ASSETS.glob("*.map")) == []
    assert [script.name for script in scripts if "sourceMappingURL" in script.read_text(encoding="utf-8")] == []


def test_policy_lets_scripts_come_from_files_only() -> None:
    """No source of scripts is wider than the own origin, and everything not named is shut."""
    policy = dict(directive.split(" ", 1) for directive in CONTENT_SECURITY_POLICY.split("; "))

    assert policy["default-src"] == "'none'"
    assert {policy[name] for name in ("script-src", "worker-src", "connect-src")} == {"'self'"}


def test_files_with_a_hash_are_kept_and_others_asked_for_again() -> None:
    """A browser keeps a file for ever exactly when its name changes with its content."""
    kept = {file.name for file in ASSETS.iterdir() if "immutable" in asset_headers(file.name)["Cache-Control"]}

    assert {file.name for file in ASSETS.iterdir()} - kept == {"index.html", "licenses.md"}
    assert page_headers()["Cache-Control"] == "no-cache"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_says_what_it_shows_and_has_one_named_operation(example: Path) -> None:
    """An example starts with one or two lines of comment, and its one operation names the tab."""
    comment = re.match(r"(?:# .+\n){1,2}(?!#)", example.read_text(encoding="utf-8"))
    names = [operation.name.value for operation in _operations(example) if operation.name]

    assert comment is not None
    assert len(names) == 1


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_example_has_a_value_for_each_of_its_variables(example: Path) -> None:
    """The file of variables beside an example gives exactly the variables it declares."""
    declared = {name.variable.name.value for node in _operations(example) for name in node.variable_definitions or ()}
    given = example.with_suffix(".variables.json")

    assert declared == (set(json.loads(given.read_text(encoding="utf-8"))) if given.exists() else set())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_bundle_holds_the_example_as_it_is(example: Path) -> None:
    """An example that was edited without a new build is noticed without node."""
    text = example.read_text(encoding="utf-8").replace("`", "\\`").replace("${", "\\${")

    assert any(text in script.read_text(encoding="utf-8") for script in ASSETS.glob("index-*.js"))
