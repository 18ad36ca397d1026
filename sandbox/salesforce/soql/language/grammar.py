"""The grammar of SOQL and the parser made from it; a language with the same clauses makes its own from both.

It follows the SOQL reference's SELECT syntax (read 2026-11) in one strict point that clients get wrong:
`AND`, `OR` and `NOT` never mix on one level, parentheses must say what belongs together.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from lark import Lark, Token, Transformer, UnexpectedInput, UnexpectedToken, v_args

from sandbox.salesforce.soql.language.errors import SoqlError
from sandbox.salesforce.soql.language.syntax import (
    Call,
    Comparison,
    Condition,
    Constant,
    Junction,
    Negation,
    Operand,
    OrderTerm,
    Path,
    Query,
    Selected,
    SelectItem,
    SubSelect,
    TypeOf,
)

__all__ = ["MAX_STATEMENT_LENGTH", "make_parser", "parse", "parsed_by", "start_of"]

MAX_STATEMENT_LENGTH = 100_000
"""Characters in a statement (SOQL limits, read 2026-11)."""

_GRAMMAR = r"""
start: query
query: SELECT _items FROM PATH [PATH] [where] [group_by] [having] [order_by] [limit] [offset]

_items: item ("," item)*
?item: operand [PATH] -> selected
    | TYPEOF PATH branch+ [ELSE paths] END -> typeof
    | "(" query ")" -> nested
branch: WHEN PATH THEN paths
paths: PATH ("," PATH)*

?operand: PATH -> path
    | PATH "(" [operand ("," operand)*] ")" -> call

where: WHERE _condition
having: HAVING _condition
_condition: simple | both | either | negation
both: simple (AND simple)+
either: simple (OR simple)+
negation: NOT simple
?simple: comparison | "(" _condition ")"
?comparison: operand COMPARE constant -> compare
    | operand LIKE constant -> compare
    | operand IN values -> within
    | operand NOT IN values -> without
    | operand IN "(" query ")" -> join
    | operand NOT IN "(" query ")" -> anti_join
    | operand INCLUDES values -> within
    | operand EXCLUDES values -> within
values: "(" constant ("," constant)* ")"
constant: STRING | NUMBER | DATE | DATETIME | TRUE | FALSE | NULL | CURRENCY | MACRO

group_by: GROUP BY operand ("," operand)*
order_by: ORDER BY order_term ("," order_term)*
order_term: operand [direction] [nulls]
direction: ASC | DESC
nulls: NULLS (FIRST | LAST)
limit: LIMIT NUMBER
offset: OFFSET NUMBER

COMPARE: "<=" | ">=" | "!=" | "<>" | "=" | "<" | ">"
STRING: /'(?:[^'\\\r\n]|\\.)*'/
DATETIME.4: /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[+-]\d{2}:?\d{2})/i
DATE.3: /\d{4}-\d{2}-\d{2}/
NUMBER.2: /[+-]?\d+(\.\d*)?(e[+-]?\d+)?/i
CURRENCY.2: /[a-z]{3}\d+(\.\d+)?/i
MACRO.1: /[a-z][a-z0-9_]*(:\d+)?/i
PATH: /(?!(%RESERVED%)(?![a-z0-9_.]))[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*/i

%KEYWORDS%
%ignore /[ \t\r\n\f]+/
"""

_KEYWORD_LIST = """
SELECT FROM WHERE HAVING GROUP ORDER BY LIMIT OFFSET TYPEOF WHEN THEN ELSE END AND OR NOT LIKE IN INCLUDES EXCLUDES
TRUE FALSE NULL ASC DESC NULLS FIRST LAST
"""
_KEYWORDS = _KEYWORD_LIST.split()

_OBJECT_NAMES_TOO = frozenset({"GROUP", "ORDER"})
"""Keywords that are objects as well: `FROM Group` is a query of the groups."""

_CONSTANT_KINDS = {"TRUE": "boolean", "FALSE": "boolean"}


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Makes the data of `syntax` while the parser reads, so that deep nesting needs no deep recursion."""

    def start(self, query: Query) -> Query:
        return query

    def query(self, *parts: Any) -> Query:
        clauses: dict[str, Any] = dict(one for one in parts if isinstance(one, tuple))
        plain = [one for one in parts if one is not None and not isinstance(one, tuple)]
        place = next(index for index, one in enumerate(plain) if isinstance(one, Token) and one.type == "FROM")
        source, *alias = plain[place + 1 :]
        return Query(
            select=tuple(plain[1:place]),
            source=_path(source),
            alias=str(alias[0]) if alias else None,
            where=clauses.get("where"),
            group_by=clauses.get("group_by", ()),
            having=clauses.get("having"),
            order_by=clauses.get("order_by", ()),
            limit=clauses.get("limit"),
            offset=clauses.get("offset"),
        )

    def selected(self, operand: Operand, alias: Token | None) -> SelectItem:
        return Selected(operand, None if alias is None else str(alias))

    def nested(self, query: Query) -> SelectItem:
        return query

    def typeof(self, _word: Token, relationship: Token, *rest: Any) -> SelectItem:
        branches = tuple(one for one in rest if isinstance(one, tuple) and isinstance(one[0], Path) and len(one) == 2)
        otherwise = next((one for one in rest if isinstance(one, list)), [])
        return TypeOf(_path(relationship), branches, tuple(otherwise))

    def branch(self, _when: Token, target: Token, _then: Token, paths: list[Path]) -> tuple[Path, tuple[Path, ...]]:
        return _path(target), tuple(paths)

    def paths(self, *tokens: Token) -> list[Path]:
        return [_path(one) for one in tokens]

    def path(self, token: Token) -> Path:
        return _path(token)

    def call(self, name: Token, *arguments: Operand | None) -> Call:
        return Call(str(name).upper(), tuple(one for one in arguments if one is not None), start_of(name))

    def where(self, _word: Token, condition: Condition) -> tuple[str, Condition]:
        return "where", condition

    def having(self, _word: Token, condition: Condition) -> tuple[str, Condition]:
        return "having", condition

    def both(self, *parts: Any) -> Condition:
        return Junction("AND", tuple(parts[::2]))

    def either(self, *parts: Any) -> Condition:
        return Junction("OR", tuple(parts[::2]))

    def negation(self, _word: Token, part: Condition) -> Condition:
        return Negation(part)

    def compare(self, operand: Operand, operator: Token, value: Constant) -> Condition:
        word = "!=" if operator == "<>" else operator.upper()
        return Comparison(operand, word, (value,), operand.at)

    def within(self, operand: Operand, operator: Token, values: tuple[Constant, ...]) -> Condition:
        return Comparison(operand, operator.upper(), values, operand.at)

    def without(self, operand: Operand, _not: Token, _in: Token, values: tuple[Constant, ...]) -> Condition:
        return Comparison(operand, "NOT IN", values, operand.at)

    def join(self, operand: Operand, _in: Token, query: Query) -> Condition:
        return SubSelect(operand, False, query, operand.at)

    def anti_join(self, operand: Operand, _not: Token, _in: Token, query: Query) -> Condition:
        return SubSelect(operand, True, query, operand.at)

    def values(self, *values: Constant) -> tuple[Constant, ...]:
        return values

    def constant(self, token: Token) -> Constant:
        kind: Any = _CONSTANT_KINDS.get(token.type, token.type.lower())
        return Constant(kind, str(token), start_of(token))

    def group_by(self, _group: Token, _by: Token, *operands: Operand) -> tuple[str, tuple[Operand, ...]]:
        return "group_by", operands

    def order_by(self, _order: Token, _by: Token, *terms: OrderTerm) -> tuple[str, tuple[OrderTerm, ...]]:
        return "order_by", terms

    def order_term(self, operand: Operand, descending: bool | None, nulls_last: bool | None) -> OrderTerm:
        return OrderTerm(operand, bool(descending), nulls_last)

    def direction(self, word: Token) -> bool:
        return word.type == "DESC"

    def nulls(self, _nulls: Token, word: Token) -> bool:
        return word.type == "LAST"

    def limit(self, _word: Token, number: Token) -> tuple[str, int]:
        return "limit", _whole(number)

    def offset(self, _word: Token, number: Token) -> tuple[str, int]:
        return "offset", _whole(number)


def start_of(token: Token) -> int:
    """Where *token* begins in its statement."""
    return token.start_pos or 0


def _path(token: Token) -> Path:
    return Path(tuple(token.split(".")), start_of(token))


def _whole(token: Token) -> int:
    if not token.isdigit():
        raise SoqlError("MALFORMED_QUERY", f"unexpected token: '{token}'", at=start_of(token))
    return int(token)


def make_parser(
    start: str, *, rules: str = "", keywords: Sequence[str] = (), makers: Mapping[str, Callable[[list[Any]], Any]]
) -> Lark:
    """A parser of SOQL, or of a language that has its clauses.

    Args:
        start: the rule of a whole statement.
        rules: what that language adds to the grammar.
        keywords: the words that it adds.
        makers: what makes data of its rules, from their parts.
    """
    words = "\n".join(f"{word}.5: /{word}(?![a-z0-9_.:])/i" for word in (*_KEYWORDS, *keywords))
    reserved = "|".join(word for word in _KEYWORDS if word not in _OBJECT_NAMES_TOO)
    builder = _Builder()
    for rule, make in makers.items():
        setattr(builder, rule, make)
    return Lark(
        _GRAMMAR.replace("%KEYWORDS%", words).replace("%RESERVED%", reserved) + rules,
        start=start,
        parser="lalr",
        lexer="contextual",
        transformer=builder,
        maybe_placeholders=True,
    )


def parsed_by(parser: Lark, statement: str, code: str) -> Any:
    """What *statement* says to *parser*.

    Raises:
        SoqlError: *code*, with the place in its message.
    """
    try:
        return parser.parse(statement)
    except UnexpectedInput as error:
        raise _refusal(error, statement, code).placed(statement) from None
    except SoqlError as error:
        raise error.placed(statement) from None


_PARSER = make_parser("start", makers={})


def parse(statement: str) -> Query:
    """What *statement* says.

    Raises:
        SoqlError: MALFORMED_QUERY, with the place in its message.
    """
    if len(statement) > MAX_STATEMENT_LENGTH:
        raise SoqlError("MALFORMED_QUERY", f"SOQL statements cannot be longer than {MAX_STATEMENT_LENGTH} characters.")
    parsed = parsed_by(_PARSER, statement, "MALFORMED_QUERY")
    if not isinstance(parsed, Query):
        raise TypeError(f"the parser made a {type(parsed).__name__} of {statement!r}")
    return parsed


def _refusal(error: UnexpectedInput, statement: str, code: str) -> SoqlError:
    if isinstance(error, UnexpectedToken):
        at_end = error.token.type == "$END"
        at = len(statement) if at_end else start_of(error.token)
        token = "<EOF>" if at_end else error.token.strip("'")
        return SoqlError(code, f"unexpected token: '{token}'", at=at)
    row, column = error.line, error.column - 1
    at = sum(len(line) + 1 for line in statement.split("\n")[: row - 1]) + column
    if word := _word_at(statement, at):
        return SoqlError(code, f"unexpected token: '{word}'", at=at)
    character = statement[at : at + 1]
    return SoqlError(code, f"line {row}:{column} no viable alternative at character '{character}'", at=at)


def _word_at(statement: str, at: int) -> str:
    """The word that starts at *at*, as the vendor's messages name it; empty when no word does."""
    end = at
    while end < len(statement) and (statement[end].isalnum() or statement[end] == "_"):
        end += 1
    return statement[at:end]
