"""The grammar of COQL, and what a statement says.

A text stands in single or double quotes; the quote within it is doubled (questions about COQL, Kaizen 171, read
2026-11), and a backslash before a quote or a backslash is read as an escape too, which is not documented.
"""

import re
from dataclasses import dataclass
from typing import Literal

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError

from sandbox.zoho.errors import VendorError, refusal

__all__ = ["Both", "Column", "Comparison", "Condition", "Order", "Query", "parse"]

_DEFAULT_LIMIT = 200
_MOST_CRITERIA = 25
# COQL limitations page of v8, read 2026-11.
_CRITERIA = frozenset({"compared", "worded", "tested"})
_GRAMMAR = r"""
    query: "select"i columns "from"i NAME [where] [group] [order] [limit]
    columns: column ("," column)*
    column: measure ["as"i NAME]
    measure: FUNCTION "(" name ")" | name
    name: NAME | STRING

    where: "where"i condition
    ?condition: term | term (AND | OR) term -> both
    ?term: comparison | "(" condition ")"
    comparison: name OPERATOR value                     -> compared
        | name [NOT] IN "(" value ("," value)* ")"      -> worded
        | name [NOT] BETWEEN value AND value            -> worded
        | name [NOT] LIKE value                         -> worded
        | name IS [NOT] NULL                            -> tested
    value: STRING | WORD

    group: "group"i "by"i name ("," name)*
    order: "order"i "by"i ordered ("," ordered)*
    ordered: measure [ASC | DESC]
    limit: "limit"i INT ["," INT] ["offset"i INT] | "offset"i INT -> only_offset

    AND.2: /and\b/i
    OR.2: /or\b/i
    NOT.2: /not\b/i
    IN.2: /in\b/i
    BETWEEN.2: /between\b/i
    LIKE.2: /like\b/i
    IS.2: /is\b/i
    NULL.2: /null\b/i
    ASC.2: /asc\b/i
    DESC.2: /desc\b/i
    FUNCTION.3: /(sum|max|min|avg|count)(?=\s*\()/i
    OPERATOR: ">=" | "<=" | "!=" | "=" | ">" | "<"
    STRING: /'(?:[^'\\]|''|\\.)*'/s | /"(?:[^"\\]|""|\\.)*"/s
    NAME: /[A-Za-z_$][\w$.]*(->[\w$.]+)?/
    WORD: /[^\s(),'"=<>!]+/
    INT: /[0-9]{1,9}/
    %ignore /\s+/
"""


@dataclass(frozen=True, slots=True)
class Column:
    """What is selected or sorted by: a field, or an aggregate *function* of one; *text* is its key in the answer."""

    name: str
    function: str | None = None
    alias: str | None = None

    @property
    def text(self) -> str:
        """Its alias, or as it was written."""
        return self.alias or (f"{self.function}({self.name})" if self.function else self.name)


@dataclass(frozen=True, slots=True)
class Comparison:
    """One criterion; *operator* is lower case, such as "not in"."""

    name: str
    operator: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Both:
    """Two criteria under one operator."""

    operator: Literal["and", "or"]
    left: "Condition"
    right: "Condition"


Condition = Comparison | Both


@dataclass(frozen=True, slots=True)
class Order:
    """One sort key."""

    column: Column
    is_descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A statement; *limit* is 200 where none is told."""

    columns: tuple[Column, ...]
    module: str
    where: Condition
    group_by: tuple[str, ...]
    order_by: tuple[Order, ...]
    limit: int
    offset: int


def _text(token: Token) -> str:
    """A literal's or a quoted name's value."""
    if token[:1] not in {"'", '"'}:
        return str(token)
    return re.sub(rf"\\([\\'\"])|{token[0]}({token[0]})", lambda match: match[1] or match[2], token[1:-1])


@v_args(inline=True)
class _Reader(Transformer[Token, Query]):
    def query(  # noqa: PLR0917 (a rule's parts come in its order)
        self,
        columns: list[Column],
        module: Token,
        where: Condition | None,
        group: tuple[str, ...] | None,
        order: tuple[Order, ...] | None,
        limit: tuple[int, int] | None,
    ) -> Query:
        if where is None:
            raise refusal("SYNTAX_ERROR", message="missing clause", clause="where")
        most, offset = limit or (_DEFAULT_LIMIT, 0)
        return Query(
            columns=tuple(columns),
            module=str(module),
            where=where,
            group_by=group or (),
            order_by=order or (),
            limit=most,
            offset=offset,
        )

    def columns(self, *columns: Column) -> list[Column]:
        return list(columns)

    def column(self, measure: Column, alias: Token | None) -> Column:
        return Column(measure.name, measure.function, None if alias is None else str(alias))

    def measure(self, *parts: str) -> Column:
        return Column(parts[-1], str(parts[0]) if len(parts) > 1 else None)

    def name(self, token: Token) -> str:
        return _text(token)

    value = name

    def where(self, condition: Condition) -> Condition:
        return condition

    def both(self, left: Condition, operator: Token, right: Condition) -> Both:
        return Both("and" if operator.lower() == "and" else "or", left, right)

    def compared(self, name: str, operator: Token, value: str) -> Comparison:
        return Comparison(name, str(operator), (value,))

    def worded(self, name: str, negation: Token | None, operator: Token, *values: str) -> Comparison:
        word = operator.lower() if negation is None else f"not {operator.lower()}"
        return Comparison(
            name, word, tuple(one for one in values if not (isinstance(one, Token) and one.type == "AND"))
        )

    def tested(self, name: str, _is: Token, negation: Token | None, _null: Token) -> Comparison:
        return Comparison(name, "is null" if negation is None else "is not null", ())

    def group(self, *names: str) -> tuple[str, ...]:
        return names

    def order(self, *orders: Order) -> tuple[Order, ...]:
        return orders

    def ordered(self, column: Column, direction: Token | None) -> Order:
        return Order(column, direction is not None and direction.lower() == "desc")

    def limit(self, first: Token, second: Token | None, offset: Token | None) -> tuple[int, int]:
        return (int(first), int(offset or 0)) if second is None else (int(second), int(first))

    def only_offset(self, offset: Token) -> tuple[int, int]:
        return _DEFAULT_LIMIT, int(offset)


_PARSER = Lark(_GRAMMAR, start="query", parser="lalr", lexer="contextual", maybe_placeholders=True)
_READER = _Reader()


def parse(text: str) -> Query:
    """What *text* says.

    Raises:
        VendorError: 400 SYNTAX_ERROR with the place, or with the clause that is missing; LIMIT_EXCEEDED.
    """
    try:
        tree = _PARSER.parse(text)
    except UnexpectedInput as error:
        place = error.pos_in_stream
        raise refusal("SYNTAX_ERROR", line=error.line, column=error.column, near=text[place:][:20]) from None
    # Before the criteria are read, for reading goes as deep as they are nested.
    if sum(one.data in _CRITERIA for one in tree.iter_subtrees()) > _MOST_CRITERIA:
        raise refusal("LIMIT_EXCEEDED", clause="where", limit=_MOST_CRITERIA)
    try:
        return _READER.transform(tree)
    except VisitError as error:
        if isinstance(error.orig_exc, VendorError):
            raise error.orig_exc from None
        raise
