"""Searches and counts by criteria, address, phone or word: index-based, so fields compare loosely."""

import asyncio
import re
from collections.abc import Callable, Sequence
from datetime import timedelta

from lark import Lark, Token, Transformer, UnexpectedInput, v_args
from lark.exceptions import VisitError
from starlette.requests import Request
from starlette.routing import Route

from sandbox.clock import Clock
from sandbox.zoho.api.pages import Pages
from sandbox.zoho.api.parameters import allow, fields_of, module_of
from sandbox.zoho.api.records import scope_of, told_record, visible
from sandbox.zoho.coql import literal
from sandbox.zoho.errors import VendorError, refusal
from sandbox.zoho.gate import Answer, Gate
from sandbox.zoho.options import Options
from sandbox.zoho.org import TEXTS, Field, Key, Module, Org, Record, key_of

__all__ = ["SearchApi"]

# Search records page of v8, read 2026-11.
_MOST_FOUND, _MOST_CRITERIA = 2_000, 10
_NUMBERED = frozenset(
    {"equals", "not_equal", "greater_than", "greater_equal", "less_than", "less_equal", "between", "in"}
)
_OPERATORS = {
    **dict.fromkeys(TEXTS, frozenset({"equals", "not_equal", "starts_with", "in"})),
    **dict.fromkeys(("bigint", "integer", "double", "currency", "date", "datetime"), _NUMBERED),
    **dict.fromkeys(("lookup", "ownerlookup"), frozenset({"equals", "not_equal", "in"})),
    "boolean": frozenset({"equals", "not_equal"}),
}
_GRAMMAR = r"""
    ?start: item | item (AND item)+ -> every | item (OR item)+ -> some
    ?item: "(" NAME ":" OPERATOR ":" VALUE ")" -> criterion | "(" start ")"
    AND: "and"
    OR: "or"
    NAME: /[A-Za-z_$][\w$]*/
    OPERATOR: /[a-z_]+/
    VALUE: /(?:[^\\()]|\\.)+/s
"""
_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="contextual")
_DIGITS, _WORD = re.compile(r"\D"), re.compile(r"[^\W_]+")
_KINDS = {"email": frozenset({"email"}), "phone": frozenset({"phone"}), "word": TEXTS}

Check = Callable[[Record], bool]


@v_args(inline=True)
class _Checks(Transformer[Token, Check]):
    """Criteria as a check of the records of one module."""

    def __init__(self, module: Module) -> None:
        super().__init__()
        self._fields = module.spec.fields

    def every(self, *parts: Check | Token) -> Check:
        checks = [one for one in parts if not isinstance(one, Token)]
        return lambda record: all(check(record) for check in checks)

    def some(self, *parts: Check | Token) -> Check:
        checks = [one for one in parts if not isinstance(one, Token)]
        return lambda record: any(check(record) for check in checks)

    def criterion(self, name: Token, operator: Token, value: Token) -> Check:
        field = self._fields.get(str(name))
        if field is None or operator not in _OPERATORS.get(field.kind, ()):
            raise refusal("INVALID_QUERY", api_name=str(name), operator=str(operator))
        told = [re.sub(r"\\(.)", r"\1", one) for one in re.split(r"(?<!\\),", value)]
        values = [literal(one, field.kind) for one in told]
        if None in values or "" in values or len(values) != {"in": len(values), "between": 2}.get(operator, 1):
            raise refusal("INVALID_QUERY", api_name=str(name), value=str(value))
        return _check(field, str(operator), [one for one in values if one is not None])


def _check(field: Field, operator: str, values: list[Key]) -> Check:
    holds = (_text_relation if field.kind in TEXTS else _relation)(operator, values)

    def check(record: Record) -> bool:
        key = key_of(record.get(field.name), field.kind)
        return key is not None and holds(key)

    return check


def _text_relation(operator: str, values: list[Key]) -> Callable[[Key], bool]:
    """Equality of texts finds what contains them, as Zoho's index does."""
    texts = [str(one) for one in values]
    match operator:
        case "not_equal":
            return lambda key: key != texts[0]
        case "starts_with":
            return lambda key: str(key).startswith(texts[0])
        case _:
            return lambda key: any(text in str(key) for text in texts)


def _relation(operator: str, values: list[Key]) -> Callable[[Key], bool]:
    first, last = values[0], values[-1]
    relations: dict[str, Callable[[Key], bool]] = {
        "equals": lambda key: key == first,
        "not_equal": lambda key: key != first,
        "in": lambda key: key in values,
        "greater_than": lambda key: key > first,  # type: ignore[operator]  # keys of one field have one type
        "greater_equal": lambda key: key >= first,  # type: ignore[operator]  # as above
        "less_than": lambda key: key < first,  # type: ignore[operator]  # as above
        "less_equal": lambda key: key <= first,  # type: ignore[operator]  # as above
        "between": lambda key: first <= key <= last,  # type: ignore[operator]  # as above
    }
    return relations[operator]


class SearchApi:
    """Searches and counts of one organisation."""

    def __init__(self, org: Org, options: Options, clock: Clock, pages: Pages) -> None:
        self._org, self._options, self._clock, self._pages = org, options, clock, pages

    def routes(self, gate: Gate) -> list[Route]:
        """Search and count of every module."""
        search = gate.endpoint(self._search, lambda _: "ZohoSearch.securesearch.READ")
        return [
            Route("/crm/v8/{module}/search", search, methods=["GET"]),
            Route("/crm/v8/{module}/actions/count", gate.endpoint(self._count, scope_of), methods=["GET"]),
        ]

    async def _search(self, request: Request) -> Answer:
        allow(request, "criteria email phone word fields page per_page converted approved")
        module = module_of(request, self._org)
        check = _asked(request, module)
        if check is None:
            raise refusal("REQUIRED_PARAM_MISSING", param_name="criteria")
        names = fields_of(request, module, refuses_unknown=self._options.unknown_fields == "refuse")
        # A thread: a search of many records would keep every emulator's callers waiting.
        found = await asyncio.to_thread(self._found, request, module, check)
        page, info = self._pages.numbered(request, found)
        data = [told_record(self._org, one, names or list(module.spec.fields)) for one in page]
        return {"data": data, "info": info} if data else None

    def _found(self, request: Request, module: Module, check: Check) -> Sequence[Record]:
        """What the index finds, newest ids first."""
        seen = self._clock.now() - timedelta(seconds=self._options.index_lag_s)
        records = visible(request, module.records)
        found = [one for one in records if one["Modified_Time"] <= seen and check(one)]  # type: ignore[operator]
        return found[: -_MOST_FOUND - 1 : -1]

    async def _count(self, request: Request) -> Answer:
        allow(request, "criteria email phone word")
        module = module_of(request, self._org)
        check = _asked(request, module)
        records = visible(request, module.records)
        return {"count": len(records) if check is None else sum(check(one) for one in records)}


def _asked(request: Request, module: Module) -> Check | None:
    """The check that the first of criteria, email, phone and word asks for; None for none of them."""
    asked = request.query_params
    if criteria := asked.get("criteria"):
        return _by_criteria(criteria, module)
    for name, kinds in _KINDS.items():
        if told := asked.get(name):
            fields = [field for field in module.spec.fields.values() if field.kind in kinds]
            wanted = _DIGITS.sub("", told) if name == "phone" else told.strip()
            if not fields or not wanted:
                raise refusal("INVALID_DATA", param_name=name)
            return _anywhere(fields, wanted, name)
    return None


def _by_criteria(text: str, module: Module) -> Check:
    try:
        tree = _PARSER.parse(text)
    except UnexpectedInput:
        raise refusal("INVALID_QUERY", param_name="criteria", reason="the criteria are not well formed") from None
    # Before they are read, for reading goes as deep as they are nested.
    if sum(one.data == "criterion" for one in tree.iter_subtrees()) > _MOST_CRITERIA:
        raise refusal("LIMIT_EXCEEDED", param_name="criteria", limit=_MOST_CRITERIA)
    try:
        return _Checks(module).transform(tree)
    except VisitError as error:
        raise error.orig_exc if isinstance(error.orig_exc, VendorError) else error from None


def _anywhere(fields: Sequence[Field], told: str, name: str) -> Check:
    """A check of all *fields*: a whole address, some digits of a number, or every word as the start of one.

    How the index cuts words is undocumented: here at every sign that is no letter and no digit.
    """
    wanted = told.casefold()
    words = [f" {one}" for one in _WORD.findall(wanted)]

    def check(record: Record) -> bool:
        texts = [str(key) for field in fields if (key := key_of(record.get(field.name), field.kind))]
        if name == "email":
            return wanted in texts
        if name == "phone":
            return any(wanted in _DIGITS.sub("", text) for text in texts)
        text = f" {' '.join(_WORD.findall(' '.join(texts)))}"
        return bool(words) and all(word in text for word in words)

    return check
