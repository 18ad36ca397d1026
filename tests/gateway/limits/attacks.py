"""Documents that would cost more than they may, each with a legal one of the same kind."""

from collections.abc import Callable
from dataclasses import dataclass

from model.ids import GlobalId

__all__ = ["ATTACKS", "BOMBS", "COMPANY", "Attack"]

COMPANY = f'company(id: "{GlobalId("company", "alpha", "1").encode()}")'
"""A field that gives one company."""


@dataclass(frozen=True)
class Attack:
    """A hostile document, what its refusal says, and a document of its kind that passes."""

    document: str
    says: str
    legal: str


def _times(count: int, part: Callable[[int], str]) -> str:
    return " ".join(map(part, range(count)))


def _nested(depth: int) -> str:
    return f"{{ {COMPANY} " + "{ parent " * depth + "{ name }" + " }" * depth + " }"


def _fields(count: int) -> str:
    return "{ " + "__typename " * count + "}"


def _aliases(count: int) -> str:
    return "{ " + _times(count, lambda n: f"a{n}: __typename") + " }"


def _directives(count: int) -> str:
    return "{ " + _times(count, lambda n: "... @skip(if: false) { __typename }") + " }"


def _fragmented(count: int) -> str:
    spread = _times(count, lambda n: f"...f{n}")
    return "{ " + spread + " } " + _times(count, lambda n: f"fragment f{n} on Query {{ __typename }}")


def _operations(count: int) -> str:
    return _times(count, lambda n: f"query q{n} {{ __typename }}")


def _variables(count: int) -> str:
    used = _times(count, lambda n: f"... @skip(if: $v{n}) {{ __typename }}")
    return "query (" + _times(count, lambda n: f"$v{n}: Boolean = false") + ") { " + used + " }"


def _inline(count: int) -> str:
    return "{ " + "... { " * count + "__typename" + " }" * count + " }"


def _merging(copies: int) -> str:
    """Copies of one field with fields below: every pair of them has to be compared, level by level."""
    return f"{{ {COMPANY} {{ " + "parent { parent { name domain } } " * copies + "} }"


def _unused(count: int) -> str:
    return "{ __typename } fragment f on Contact { " + "company { id } " * count + "}"


def _shared(operations: int, uses: int) -> str:
    queries = _times(operations, lambda n: f"query q{n}($v: String!) {{ ...f }}")
    return queries + " fragment f on Query { contacts(where: {email: {in: [" + "$v " * uses + "]}}) { isPartial } }"


def _fan_out(first: int) -> str:
    return (
        f"{{ companies(first: {first}) {{ nodes {{ deals(first: {first // 2}) {{ nodes {{"
        f" notes(first: {first // 2}) {{ nodes {{ title }} }} }} }} }} }} }}"
    )


ATTACKS: dict[str, Attack] = {
    "depth": Attack(_nested(12), "nested deeper", _nested(9)),
    "depth beyond any stack": Attack(_nested(600), "nested too deeply", _nested(9)),
    "depth behind introspection": Attack("{" + "__schema {" * 60 + "x" + "}" * 61, "nested deeper", _nested(9)),
    "aliases": Attack(_aliases(31), "31 aliases", _aliases(30)),
    "duplicated fields": Attack(_fields(1_000), "more than 20 times", _fields(20)),
    "directives": Attack(_directives(51), "51 directives", _directives(20)),
    "tokens": Attack("{ " + "x " * 2_000 + "}", "more than 2000 tokens", _fields(20)),
    "characters": Attack("{ __typename" + " " * 15_000 + "}", "15013 characters", "{ __typename" + " " * 14_000 + "}"),
    "comments": Attack("# \n" * 600 + "{ __typename }", "more than 500 comments", "# \n" * 400 + "{ __typename }"),
    "fragments": Attack(_fragmented(41), "41 fragments", _fragmented(20)),
    "operations": Attack(_operations(21), "21 operations", _operations(1)),
    "variables": Attack(_variables(51), "51 variables", _variables(20)),
    "inline fragments": Attack(_inline(400), "nested too deeply", _inline(20)),
    "field merging": Attack(_merging(24), "more than 20 times", _merging(8)),
    "unused fragment": Attack(_unused(390), "never used", f"{{ {COMPANY} {{ ...f }} }} fragment f on Company {{ id }}"),
    "variable in many operations": Attack(_shared(20, 400), "several operations", _shared(1, 400)),
    "nested value": Attack(
        "{ contacts(where: " + "{and: [" * 15 + "{}" + "]}" * 15 + ") { isPartial } }",
        "a value in the document is nested deeper",
        "{ contacts(where: " + "{and: [" * 5 + "{}" + "]}" * 5 + ") { isPartial } }",
    ),
    "endless integer": Attack(
        "{ contacts(first: " + "9" * 9_000 + ") { isPartial } }",
        "more than 64 digits",
        "{ contacts(first: 9) { isPartial } }",
    ),
    "fan-out": Attack(_fan_out(100), "values", _fan_out(10)),
    "capabilities, thirty times": Attack(
        "{" + _times(30, lambda n: f"a{n}: sources {{ capabilities {{ fields {{ operators {{ mode }} }} }} }}") + "}",
        "values",
        "{ sources { capabilities { fields { operators { mode } } } } }",
    ),
    "explanations, thirty times": Attack(
        "{" + _times(30, lambda n: f'a{n}: explain(query: "{{ __typename }}") {{ isAllowed }}') + "}",
        "values",
        '{ explain(query: "{ __typename }") { isAllowed } }',
    ),
}


def _doubling(levels: int) -> str:
    """Each fragment spreads the next one twice on its own level."""
    rows = _times(levels, lambda n: f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}")
    return f"{{ ...f0 }} {rows} fragment f{levels} on Query {{ __typename }}"


def _doubling_below(levels: int) -> str:
    """Each fragment spreads the next one twice one level down, under two names."""
    rows = _times(
        levels, lambda n: f"fragment f{n} on Company {{ a: parent {{ ...f{n + 1} }} b: parent {{ ...f{n + 1} }} }}"
    )
    return f"{{ {COMPANY} {{ ...f0 }} }} {rows} fragment f{levels} on Company {{ name }}"


BOMBS = {
    "on one level": (_doubling(45), _doubling(3)),
    "one level down": (_doubling_below(14), _doubling_below(3)),
    "down to the last level": (_doubling_below(9), _doubling_below(3)),
}
"""Chains of fragments that stand for 2^n fields, and short ones."""
