"""The language of a connector file: one API told as data, checked by pydantic.

Texts with `$name` or `${name}` are templates; `$$` is a dollar.
In paths, parameters, bodies and GraphQL arguments: `$remote`, `$id`, `$ids`, `$filter`, `$sort`, `$fields`, `$limit`,
`$direction`, `$offset`, `$page`, `$cursor`, and a type's own *words*; whatever comes to nothing is left out.
In conditions: `$column`, `$operator`, `$value`, `$items`, `$item`.
In orders: `$column`, `$CONSTANT` (the column in capitals) and `$direction`.
Paths into answers go by dots, into lists by number; `header:x-total` is a header.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints, model_validator

from connectors.declarative.spec.account import AccountSpec, LookupSpec, PipelineSpec, PipelinesSpec, TrialSpec
from connectors.declarative.spec.part import Part, RestPath, Text
from connectors.declarative.spec.types import DeclaredField, DeclaredType, Ids, OperatorName
from connectors.declarative.templates import names_in
from model.entities import Entity

__all__ = ["AuthSpec", "ErrorRule", "ErrorsSpec", "FilterSpec", "GetSpec", "ListSpec", "PagingSpec", "SortSpec", "Spec"]

Outcome = Literal[
    "UNAUTHENTICATED",
    "FORBIDDEN",
    "NOT_FOUND",
    "RATE_LIMITED",
    "QUOTA_EXHAUSTED",
    "REJECTED",
    "SCHEMA_DRIFT",
    "UNAVAILABLE",
]
AuthKind = Literal["bearer", "basic", "login", "client_credentials", "refresh_token", "password", "jwt_bearer"]
HeaderName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$", max_length=100)]
HeaderValue = Annotated[str, StringConstraints(pattern=r"^[ -~]*$", max_length=1000)]


class LoginSpec(Part):
    """A request that gives a token, with `$username` and `$password` in its body; another follows when it is over."""

    path: RestPath
    body: Mapping[str, Any]
    token: Text = "token"  # noqa: S105  # a path
    expires_in: Text | None = Field(default=None, description="Where the answer says how many seconds it is good.")


class AuthSpec(Part):
    """How calls are signed; the secrets stand in the source's own `auth`, by reference."""

    kinds: tuple[AuthKind, ...] = ("bearer",)
    header: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+$")] = "Authorization"
    prefix: str = "Bearer "
    query: Text | None = Field(default=None, description="The parameter that carries the token in place of a header.")
    token_path: RestPath | None = Field(default=None, description="Of OAuth 2, below the base address.")
    client_auth: Literal["client_secret_post", "client_secret_basic"] = "client_secret_post"
    login: LoginSpec | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "AuthSpec":
        if ("login" in self.kinds) != (self.login is not None):
            raise ValueError("the kind login and the section `login` go together")
        return self


class WindowSpec(Part):
    """So many calls in so many seconds; the headers that tell where the window stands, lower-cased."""

    calls: Annotated[int, Field(ge=1)]
    per_s: Annotated[float, Field(gt=0)]
    limit: Text | None = None
    remaining: Text | None = None
    resets_in_s: Text | None = None


class LimitsSpec(Part):
    """What the API allows."""

    concurrency: Annotated[int, Field(ge=1, le=1000)] = 5
    windows: tuple[WindowSpec, ...] = ()


class ErrorRule(Part):
    """What an answer with this status, code, header or text means; what is not given may be anything."""

    status: int | tuple[int, ...] | None = None
    code: str | tuple[str, ...] | None = None
    header: Mapping[str, str] | None = None
    text: Text | None = None
    means: Outcome

    @property
    def statuses(self) -> tuple[int, ...]:
        """The statuses it is about; none for any."""
        return (self.status,) if isinstance(self.status, int) else self.status or ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it is about; none for any."""
        return (self.code,) if isinstance(self.code, str) else self.code or ()


class ErrorsSpec(Part):
    """Where an error says what it is, and what it means; the first rule that fits counts, else the status.

    Attributes:
        present: what an answer with status 200 holds if it is an error.
        retry_after: where it says how many seconds to wait, beside the header Retry-After.
    """

    code: Text | None = None
    message: Text | None = None
    present: Text | None = None
    retry_after: Text | None = None
    rules: tuple[ErrorRule, ...] = ()


class GetSpec(Part):
    """A request for one record by `$id`, or for several by `$ids`; *row* is where the record is in each of *rows*."""

    method: Literal["GET", "POST"] = "GET"
    path: RestPath
    params: Mapping[str, Any] = Field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    rows: str = ""
    row: str = ""
    max: Annotated[int, Field(ge=1, le=1000)] = 100


class ListSpec(Part):
    """The request for a list.

    Attributes:
        arguments: of GraphQL, each the value and its type: `first: [$limit, Int]`.
        rows: where the answer has the rows, and *row* the record in each; empty for the answer itself.
        total: where it says how many rows there are in all.
        more: where it says that others follow; left out, a full page has others behind it.
        next: where it says how to go on: a cursor, a link or an offset.
    """

    method: Literal["GET", "POST"] = "GET"
    path: RestPath = "/"
    params: Mapping[str, Any] = Field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    arguments: Mapping[str, tuple[str, str]] = Field(default_factory=dict)
    rows: str = ""
    row: str = ""
    total: Text | None = None
    more: Text | None = None
    next: Text | None = None


class PagingSpec(Part):
    """How to go on behind a page.

    Attributes:
        by: `ranges` ask for rows behind the last one by conditions, and need no place in the list; the others go by
            `$offset`, `$page`, `$cursor`, a `link` header or an address that the answer gives.
        max: rows of a page.
        most: the greatest offset there is; None for any.
        first_page: number of the first page.
    """

    by: Literal["ranges", "offset", "page", "cursor", "link"]
    max: Annotated[int, Field(ge=1, le=10_000)] = 100
    most: Annotated[int, Field(ge=1)] | None = None
    first_page: int = 1


class SortSpec(Part):
    """How an order is written.

    Attributes:
        each: of one key; a text, or anything else for JSON.
        join: between the keys of a text.
        asc, desc: what `$direction` is.
        keys: how many keys there may be; with one, ties have to be in the order of ids (*ties*).
        missing: where rows without a value come: last, first, or as the highest or the lowest value.
        default: what is sorted by where nothing is asked; `id`, or the API's own order is not known.
    """

    each: Any = "$column"
    join: str = ","
    asc: str = "asc"
    desc: str = "desc"
    keys: Annotated[int, Field(ge=0)] = 2
    ties: Literal["id"] | None = None
    missing: Literal["last", "first", "high", "low"] | None = None
    default: Literal["id"] | None = None


class OperatorSpec(Part):
    """An operator in the API's words.

    Attributes:
        word: what `$operator` is.
        value: what `$value` is made of, such as `%$value%`.
        values: what it is by ours, such as true and false of `is_null`.
        escape: signs of the value that get a backslash.
        leaf: the condition, where it is written otherwise than the others.
    """

    word: str = ""
    value: str | None = None
    values: Mapping[str, Any] = Field(default_factory=dict)
    escape: str = ""
    leaf: Any = None

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:
        return {"word": value} if isinstance(value, str) else value


class FilterSpec(Part):
    """How conditions are written.

    Attributes:
        style: `json` for trees and objects, `keys` for parameters, `prefix` for a list in Polish notation, `text` for
            an expression such as OData's or a search string.
        leaf: one condition; of `keys` the name of the parameter.
        both, either, negated: around others, by `$items` and `$item`; of `text` and `prefix` the word between or before
            them. Left out, the API cannot say it.
        operators: those of numbers, days, instants, ids, truth values and closed lists; *text* those of texts, which
            must ignore case.
        missing: whether `ne` and `not_in` are true of rows without a value: `excluded` (as in SQL) or `included`.
        quote, escape: of `text`, around its strings, and what a quote inside them gets before it.
        bare: of `text`, what is written without quotes beside numbers and truth values.
        numbers: whether they are written as JSON numbers or as text.
        most: conditions at most; *most_values* in one list.
        separator: between the values of a list, in `keys`.
    """

    style: Literal["json", "keys", "prefix", "text"]
    leaf: Any = None
    both: Any = None
    either: Any = None
    negated: Any = None
    operators: Mapping[OperatorName, OperatorSpec] = Field(default_factory=dict)
    text: Mapping[OperatorName, OperatorSpec] = Field(default_factory=dict)
    missing: Literal["excluded", "included"] = "excluded"
    quote: str = "'"
    escape: str = "'"
    bare: frozenset[Literal["day", "instant", "id"]] = frozenset({"day", "instant"})
    numbers: Literal["number", "text"] = "number"
    most: Annotated[int, Field(ge=1)] = 50
    most_values: Annotated[int, Field(ge=1)] = 100
    separator: str = ","


class FormatsSpec(Part):
    """How days and instants are written; `iso` is RFC 3339, `epoch` seconds since 1970, others are strptime's.

    Instants without an offset are UTC.

    Attributes:
        instant, day: in rows.
        asked_instant, asked_day: in conditions; the same if left out.
        stored: how fine instants are; `finer` than the milliseconds that are compared here.
    """

    instant: str = "iso"
    day: str = "iso"
    asked_instant: str | None = None
    asked_day: str | None = None
    stored: Literal["seconds", "milliseconds", "finer"] = "milliseconds"

    @model_validator(mode="after")
    def _tells_what_it_has(self) -> "FormatsSpec":
        if "epoch" in {self.instant, self.asked_instant} and self.stored != "seconds":
            raise ValueError("`epoch` has whole seconds; say `stored: seconds`")
        return self


class GraphqlSpec(Part):
    """That the API is GraphQL, at *path*."""

    path: RestPath = "/graphql"


class Spec(Part):
    """One API.

    Attributes:
        name: as people know it.
        base_path: before every other path.
        headers: sent with every call.
        empties: what stands for a missing value beside null and "".
        ids: what remote ids are, where a type does not say otherwise: whole numbers, UUIDs, or any text.
        lookups: lists of names by ids, read with the metadata; fields name them by `lookup`.
        words: further words for templates, of rows of a third kind that a relation goes through, by their name.
        types: the unified types it has, by name.
    """

    name: Text
    base_path: Annotated[str, StringConstraints(pattern=r"^(/[!-~]*)?$")] = ""
    hosts: tuple[str, ...] = Field(default=(), description="Host patterns that an account's address must match.")
    auth: AuthSpec = AuthSpec()
    headers: Mapping[HeaderName, HeaderValue] = Field(default_factory=dict)
    limits: LimitsSpec = LimitsSpec()
    errors: ErrorsSpec = ErrorsSpec()
    graphql: GraphqlSpec | None = None
    list: ListSpec
    get: GetSpec | None = None
    get_many: GetSpec | None = None
    paging: PagingSpec
    filter: FilterSpec | None = None
    sort: SortSpec = SortSpec(keys=0)
    formats: FormatsSpec = FormatsSpec()
    empties: tuple[Literal[False, "-", "null", "N/A"], ...] = ()
    ids: Ids = "text"
    lookups: Mapping[str, LookupSpec] = Field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = Field(default_factory=dict)
    account: AccountSpec = AccountSpec()
    pipelines: tuple[PipelineSpec, ...] | PipelinesSpec = ()
    common: Mapping[str, DeclaredField] = Field(default_factory=dict, description="Fields that every type has.")
    types: Mapping[Entity, DeclaredType]
    trial: TrialSpec | None = None

    @model_validator(mode="after")
    def _places_what_it_asks(self) -> "Spec":
        """A condition or an order that stands nowhere in the request would be lost, and every row let through."""
        asked = self.list
        placed = set(names_in([asked.params, asked.body, [value for value, _ in asked.arguments.values()]]))
        for declared in self.types.values():
            placed |= set(names_in([declared.params, declared.body]))
        if asked.method == "POST" and self.paging.by == "link":
            raise ValueError("a link is followed by GET; page a list that is asked for by POST by another way")
        if self.filter is not None and self.filter.style != "keys" and "filter" not in placed:
            raise ValueError("`filter` is told, and `list` has no place for $filter")
        if {"text"} < self._kinds_of_ids() and self._kinds_of_ids() & {"number", "number_as_text"}:
            raise ValueError("`ids` of text beside numbers cannot be compared; say what each type has")
        if self.sort.keys and self.sort.default is None and "sort" not in placed:
            raise ValueError("`sort` is told, and `list` has no place for $sort")
        return self

    def ids_of(self, entity: str) -> Ids:
        """What ids of a type, or of pipelines and stages, are."""
        if self.stages_of(entity) is not None:
            return "text"
        found = next((declared for name, declared in self.types.items() if name == entity), None)
        return self.ids if found is None or found.ids is None else found.ids

    @property
    def has_text_ids(self) -> bool:
        """Whether ids compare as texts; no file has such beside numbers."""
        return "text" in self._kinds_of_ids()

    def _kinds_of_ids(self) -> set[Ids]:
        return {self.ids_of(entity) for entity in self.types}

    def stages_of(self, entity: str) -> frozenset[str] | None:
        """Ids of the pipelines or the stages that the file tells itself; None of other types, or where the API does."""
        if isinstance(self.pipelines, PipelinesSpec) or entity not in {"pipeline", "stage"}:
            return None
        if entity == "pipeline":
            return frozenset(pipeline.id for pipeline in self.pipelines)
        return frozenset(stage.id for pipeline in self.pipelines for stage in pipeline.stages)
