"""The languages of conditions, and the words that each has for the operators.

=============  ==============  ===============  =======================  =================  =====================
operator       `json`          `nested_keys`    `odata`                  `prefix`           `search`
=============  ==============  ===============  =======================  =================  =====================
eq             `=`             `eq`             `eq`                     `=`                `score:=5`
ne             `!=`            `ne`             `ne`                     `!=`               `score:!=5`
lt lte gt gte  `< <= > >=`     as they are      `lt le gt ge`            `< <= > >=`        `score:>=5` and so on
in             `in` a list     `in` by commas   `score in (5,6)`         `in` a list        `score:[5,6]`
contains       `ilike "%ab%"`  `contains`       `contains(last,'ab')`    `ilike "ab"`       `last:ab`
starts_with    `ilike "ab%"`   `starts_with`    `startswith(last,'ab')`  `=ilike "ab%"`     `last:^ab`
is_null        `= null`        `is_null` true   `email eq null`          `= false`          `email:=null`
is not null    `!= null`       `is_null` false  `email ne null`          `!= false`         `email:!=null`
and            `{"and": []}`   the only one     `and`                    `"&"`              a space, the only one
or             `{"or": []}`    none             `or`                     `"|"`              none
=============  ==============  ===============  =======================  =================  =====================

`json` is *filter* in the body, its leaves `[field, word, value]`.
`prefix` is *domain* in the body, in Polish notation, every operator written; `[]` is everything.
In the patterns of these two, `%` is any text, `_` any character, and a backslash takes the next one as it is.
`nested_keys` are parameters `filter[last][contains]=ab`, each once.
`odata` is `$filter`, with parentheses; texts, text ids, words of status, and days and instants in a form other than ISO
and epoch are written `'in quotes'`, a quote inside twice; all else bare.
`search` is *q*; a value is bare without space, quote, bracket, comma and backslash, or `"in quotes"`, where a backslash
takes the next character as it is.
`flat_keys` are *ids* by commas, the name of any field for eq, and *score_from*, *born_from*, *changed_from* for gte,
*…_to* for lte; nothing else.

Contains and starts_with are for texts; a status and a boolean know eq, ne, in and is_null.
A missing value satisfies is_null alone.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.connectors.declarative.shop.manner import Manner, Refusal
from tests.connectors.declarative.shop.odata import Holds, OData, joined
from tests.connectors.declarative.shop.rows import Kind, Table
from tests.connectors.declarative.shop.values import Values

__all__ = ["Conditions"]

_TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lte": operator.le,
    "gt": operator.gt,
    "gte": operator.ge,
    "in": lambda value, wanted: value in wanted,
    "contains": operator.contains,
    "starts_with": str.startswith,
    "like": lambda value, pattern: pattern.fullmatch(value) is not None,
}
_OF_TEXT = {"contains", "starts_with", "like"}
_OF_WORDS = {"eq", "ne", "in"}
_SIGNS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
_NESTED = _TESTS.keys() - {"like"} | {"is_null"}
_JSON = {**_SIGNS, "in": "in", "ilike": "like"}
_SEARCH = {**_SIGNS, "": "contains", "^": "starts_with"}

_NESTED_KEY = re.compile(r"filter\[(\w+)\]\[(\w+)\]")
_VALUE = r'"(?:[^"\\]|\\.)*"|[^\s"\[\],\\]+'
_TERM = re.compile(rf"(\w+):(!=|<=|>=|[=<>^]|)(?:\[((?:{_VALUE})(?:,(?:{_VALUE}))*)\]|({_VALUE}))(?: +|$)", re.DOTALL)


class Conditions:
    """The conditions on one table in a manner's language."""

    def __init__(self, table: Table, values: Values, manner: Manner) -> None:
        self._table, self._values, self._manner = table, values, manner

    def taken(self, parameters: dict[str, Any]) -> Holds:
        """What rows have to satisfy; its parameters are removed from *parameters*.

        Raises:
            Refusal: 400.
        """
        found = list(self._found(parameters))
        return lambda row: all(holds(row) for holds in found)

    def of_ids(self, ids: Any) -> Holds:
        """Rows with one of *ids*: a list, or a text with commas."""
        return self._leaf("id", "in", ids) if isinstance(ids, list) else self._texts("id", "in", _text(ids).split(","))

    def _found(self, parameters: dict[str, Any]) -> Iterator[Holds]:
        match self._manner.filters:
            case "json" if "filter" in parameters:
                yield self._tree(parameters.pop("filter"))
            case "prefix" if "domain" in parameters:
                yield self._domain(parameters.pop("domain"))
            case "odata" if "$filter" in parameters:
                yield OData(self._odata_leaf, _text(parameters.pop("$filter"))).holds()
            case "search" if "q" in parameters:
                yield from self._terms(_text(parameters.pop("q")))
            case "nested_keys":
                for name in [name for name in parameters if _NESTED_KEY.fullmatch(name)]:
                    yield self._nested(name, parameters.pop(name))
            case "flat_keys":
                for name in [name for name in parameters if name in self._flat_keys]:
                    yield self._flat(name, parameters.pop(name))

    def _kind(self, field: str) -> Kind:
        kind = self._table.kinds.get(field)
        if kind is None:
            raise Refusal(400, f"there is no field {field!r}")
        return kind

    def _leaf(self, field: str, test: str, told: Any) -> Holds:
        """A condition whose value is JSON."""
        kind = self._kind(field)
        if test == "in":
            if not isinstance(told, list) or not told:
                raise Refusal(400, "in takes a list of values")
            return self._test(field, test, [self._values.read(kind, each) for each in told])
        wanted = self._values.read(kind, told)
        return self._test(field, test, _pattern(wanted) if test == "like" and kind == "text" else wanted)

    def _texts(self, field: str, test: str, told: list[str]) -> Holds:
        """A condition whose values are texts."""
        wanted = [self._values.read_text(self._kind(field), each) for each in told]
        return self._test(field, test, wanted if test == "in" else wanted[0])

    def _test(self, field: str, test: str, wanted: Any) -> Holds:
        kind, compare = self._kind(field), _TESTS.get(test)
        is_known = test not in _OF_TEXT if kind != "text" else True
        if compare is None or not is_known or (kind in {"bool", "status"} and test not in _OF_WORDS):
            raise Refusal(400, f"a {kind} has no operator {test!r}")
        key = self._values.key
        return lambda row: (value := row.get(field)) is not None and compare(key(kind, value), wanted)

    def _is_null(self, field: str, *, wanted: bool) -> Holds:
        self._kind(field)
        return lambda row: (row.get(field) is None) is wanted

    def _tree(self, node: Any) -> Holds:
        match node:
            case {"and": [_, *_] as nodes} if len(node) == 1:
                return joined([self._tree(each) for each in nodes], all)
            case {"or": [_, *_] as nodes} if len(node) == 1:
                return joined([self._tree(each) for each in nodes], any)
            case [str(field), "=" | "!=" as word, None]:
                return self._is_null(field, wanted=word == "=")
            case [str(field), str(word), value] if word in _JSON:
                return self._leaf(field, _JSON[word], value)
            case _:
                raise Refusal(400, f"{node!r} is no condition")

    def _domain(self, domain: Any) -> Holds:
        if not isinstance(domain, list):
            raise Refusal(400, "a domain is a list")
        if not domain:
            return joined([], all)
        tokens = iter(domain)
        holds = self._next(tokens)
        if rest := list(tokens):
            raise Refusal(400, f"{rest!r} is left over")
        return holds

    def _next(self, tokens: Iterator[Any]) -> Holds:
        match next(tokens, None):
            case "&" | "|" as word:
                return joined([self._next(tokens), self._next(tokens)], all if word == "&" else any)
            case [str(field), "=" | "!=" as word, False] if self._kind(field) != "bool":
                return self._is_null(field, wanted=word == "=")
            case [str(field), "ilike", str(text)]:
                return self._leaf(field, "like", f"%{text}%")
            case [str(field), "=ilike", str(text)]:
                return self._leaf(field, "like", text)
            case [str(field), str(word), value] if word in _SIGNS or word == "in":
                return self._leaf(field, _SIGNS.get(word, word), value)
            case token:
                raise Refusal(400, f"{token!r} is no condition")

    def _nested(self, name: str, text: Any) -> Holds:
        field, test = _NESTED_KEY.fullmatch(name).groups()  # type: ignore[union-attr]  # the caller has matched it
        if test not in _NESTED:
            raise Refusal(400, f"there is no operator {test!r}")
        if test == "is_null":
            return self._is_null(field, wanted=self._values.read_text("bool", _text(text)))
        return self._texts(field, test, _text(text).split(",") if test == "in" else [_text(text)])

    @property
    def _flat_keys(self) -> dict[str, tuple[str, str]]:
        bounds = {
            f"{field}_{end}": (field, test)
            for field, kind in self._table.kinds.items()
            if kind in {"number", "day", "instant"}
            for end, test in (("from", "gte"), ("to", "lte"))
        }
        return {"ids": ("id", "in")} | {field: (field, "eq") for field in self._table.kinds if field != "id"} | bounds

    def _flat(self, name: str, text: Any) -> Holds:
        field, test = self._flat_keys[name]
        return self.of_ids(text) if test == "in" else self._texts(field, test, [_text(text)])

    def _odata_leaf(self, field: str, test: str, literals: list[str]) -> Holds:
        if literals == ["null"] and test in {"eq", "ne"}:
            return self._is_null(field, wanted=test == "eq")
        is_quoted = self._values.is_quoted(self._kind(field))
        if any(each.startswith("'") is not is_quoted for each in literals):
            raise Refusal(400, f"{literals} is no literal for {field}")
        return self._texts(field, test, [each[1:-1].replace("''", "'") if is_quoted else each for each in literals])

    def _terms(self, text: str) -> Iterator[Holds]:
        at = 0
        while not at or at < len(text):
            term = _TERM.match(text, at)
            if term is None:
                raise Refusal(400, f"{text[at:]!r} is no term")
            field, sign, listed, single = term.groups()
            if single == "null" and sign in {"=", "!="}:
                yield self._is_null(field, wanted=sign == "=")
            elif listed is None:
                yield self._texts(field, _SEARCH[sign], [_bare(single)])
            elif sign:
                raise Refusal(400, f"a list takes no {sign}")
            else:
                yield self._texts(field, "in", [_bare(each) for each in re.findall(_VALUE, listed, re.DOTALL)])
            at = term.end()


def _pattern(text: str) -> re.Pattern[str]:
    parts = re.findall(r"\\(.)|(.)", text, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(plain) or re.escape(taken or plain) for taken, plain in parts), re.DOTALL)


def _bare(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1], flags=re.DOTALL) if value.startswith('"') else value


def _text(told: Any) -> str:
    if not isinstance(told, str):
        raise Refusal(400, f"{told!r} is no text")
    return told
