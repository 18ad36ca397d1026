"""`docs/errors.md` tells of every error there is, as the code defines it."""

import ast
import importlib
from collections.abc import Iterator

from model.errors import GatewayError, SourceError
from tests.architecture.tree import product
from tests.docs.pages import page, table

PAGE = page("docs/errors.md")


def kinds(of: type[GatewayError]) -> Iterator[type[GatewayError]]:
    """The leaves of the tree in `model/errors.py`, in its order: what is raised, and what callers tell apart."""
    below = [kind for kind in of.__subclasses__() if kind.__module__ == "model.errors"]
    for kind in below:
        yield from kinds(kind)
    if not below:
        yield of


def codes(of: type[GatewayError]) -> set[str]:
    """Every code below *of*, whatever floor the class belongs to; tests have classes of their own."""
    below = [kind for kind in of.__subclasses__() if not kind.__module__.startswith("tests.")]
    return {of.code}.union(*(codes(kind) for kind in below))


def told(kind: type[GatewayError]) -> tuple[str, ...]:
    """What the page must say of *kind*: code, class, meaning, and whether to retry."""
    is_retryable = issubclass(kind, SourceError) and kind.is_retryable
    return kind.code, kind.__name__, (kind.__doc__ or "").splitlines()[0], "yes" if is_retryable else "no"


def refusals() -> set[tuple[str, str]]:
    """Code and status of every refusal of a request that is no GraphQL request."""
    calls = (node for module in product() for node in ast.walk(module.syntax) if isinstance(node, ast.Call))
    asked = (call.args for call in calls if ast.unparse(call.func) == "HttpRefusal")
    return {(ast.literal_eval(code), str(ast.literal_eval(status))) for status, code, *_ in asked}


def test_page_has_every_error_as_the_code_has_it() -> None:
    """Code, class, meaning and retry are those of the tree, in its order, and nothing else is there."""
    rows = table(PAGE, "Code")

    assert [row[:4] for row in rows] == [told(kind) for kind in kinds(GatewayError)]


def test_page_has_every_code() -> None:
    """A code that a floor gives to a class of its own is told as well."""
    importlib.import_module("gateway.app")

    assert {code for code in codes(GatewayError) if f"`{code}`" not in PAGE} == set()


def test_page_says_what_to_do() -> None:
    """No error leaves its reader alone."""
    assert [row[1] for row in table(PAGE, "Code") if len(row) != 5 or len(row[4]) < 10] == []


def test_page_has_every_refusal() -> None:
    """Code and status of each refusal stand in the second table, and nothing else does."""
    below = PAGE.partition("## Refused before")[2]

    assert {(code, status) for code, status, _ in table(below, "Code")} == refusals()


def test_tree_and_refusals_are_found() -> None:
    """The comparison has something to compare."""
    assert {"RateLimited", "OurBug"} <= {kind.__name__ for kind in kinds(GatewayError)}
    assert ("BAD_REQUEST", "415") in refusals()
    assert {"INTERNAL", "RATE_LIMITED"} <= codes(GatewayError)


def test_a_wrong_row_is_seen() -> None:
    """A table is read cell by cell, so another word is another row."""
    rows = table("| Code | Class |\n| --- | --- |\n| `A` | `B` |\n| `C` | `D` |\n\n| Code |\n", "Code")

    assert rows == [("A", "B"), ("C", "D")]
