"""The requests for rows: of an API of paths, and of one that speaks GraphQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from connectors.declarative.calls.answers import Reading, Rows
from connectors.declarative.calls.documents import document
from connectors.declarative.filters import Condition, condition_in, order_in, parameters_in
from connectors.declarative.spec import DeclaredType, GetSpec, ListSpec, Spec
from connectors.declarative.templates import fill, names_in
from connectors.http import Call
from connectors.scope import CallKind
from connectors.tables import SortKey
from model.entities import Entity

__all__ = ["Asked", "Requests"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page of a list.

    Attributes:
        remote: in place of the type's own, for rows of another kind.
        columns: paths of what each row shall have.
        place: how far into the list: rows to leave out, or what an answer gave as its `next`.
    """

    entity: Entity
    remote: str | None = None
    condition: Condition | None = None
    order: Sequence[SortKey] = ()
    columns: Sequence[str] = ()
    limit: int = 100
    place: int | str | None = None
    path: str | None = None
    kind: CallKind = "data"
    operation: str = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sent:
    method: str
    path: str
    params: tuple[tuple[str, str], ...] = ()
    content: Any = None
    shown: str | None = None


class Requests:
    """The calls of one API; holds nothing but what its file says."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    def page(self, asked: Asked) -> Call[Rows]:
        """A page of a list."""
        spec, type_ = self._spec, self._spec.types[asked.entity]
        words = self._words(asked, type_)
        if spec.graphql is not None:
            return self._document(asked, words)
        listed = spec.list
        body = None if listed.body is None and not type_.body else {**(listed.body or {}), **type_.body}
        pairs = list(_pairs(fill({**listed.params, **type_.params}, words)))
        is_placed = "filter" in names_in([listed.params, type_.params, body])
        if spec.filter is not None and spec.filter.style == "keys" and asked.condition is not None and not is_placed:
            pairs += parameters_in(asked.condition, spec.filter)
        template = asked.path or type_.path or listed.path
        place = asked.place if isinstance(asked.place, int) else 0
        reading = Reading(
            listed, spec.paging, spec.empties, limit=asked.limit, place=place, flags=self._flags(asked.entity)
        )
        if isinstance(asked.place, str) and spec.paging.by == "link":
            return self._call(asked, _Sent(method="GET", path=asked.place), reading)
        content = None if body is None else fill(body, words)
        path = self._path(template, words)
        return self._call(asked, _Sent(method=listed.method, path=path, params=tuple(pairs), content=content), reading)

    def one(self, entity: Entity, get: GetSpec, remote_ids: Sequence[str], columns: Sequence[str]) -> Call[Rows]:
        """The records of *remote_ids*, one of them where the request is for one."""
        type_ = self._spec.types[entity]
        numeric = self._spec.ids_of(entity) == "number"
        ids: list[Any] = [int(one) if numeric else one for one in remote_ids]
        words = {**type_.words, "remote": type_.remote, "id": ids[0], "ids": ids, "fields": list(columns)}
        listed = ListSpec(path=get.path, rows=get.rows, row=get.row)
        reading = Reading(
            listed,
            self._spec.paging,
            self._spec.empties,
            limit=len(ids),
            is_single=get is not self._spec.get_many,
            flags=self._flags(entity),
        )
        content = None if get.body is None else fill(get.body, words)
        pairs = tuple(_pairs(fill(get.params, words)))
        asked = Asked(entity=entity, operation="get")
        sent = _Sent(method=get.method, path=self._path(get.path, words), params=pairs, content=content)
        return self._call(asked, sent, reading)

    def _flags(self, entity: Entity) -> frozenset[str]:
        declared = self._spec.types[entity]
        fields = {**self._spec.common, **declared.fields, **declared.own}.values()
        flags = [field.flag.partition(".")[0] for field in fields if field is not None and field.flag is not None]
        return frozenset((*flags, *(one.column for one in declared.where)))

    def _words(self, asked: Asked, type_: DeclaredType) -> Mapping[str, Any]:
        spec = self._spec
        condition = None
        if asked.condition is not None and spec.filter is not None:
            condition = condition_in(asked.condition, spec.filter)
        offset = asked.place if isinstance(asked.place, int) else 0
        remote = asked.remote or type_.remote
        return {
            **(type_.words if remote == type_.remote else spec.words.get(remote, {})),
            "remote": remote,
            "filter": condition,
            "sort": order_in(asked.order, spec.sort) if asked.order else None,
            "direction": (spec.sort.desc if asked.order[0][1] else spec.sort.asc) if asked.order else None,
            "fields": list(asked.columns) or None,
            "limit": asked.limit,
            "offset": offset,
            "page": spec.paging.first_page + offset // asked.limit,
            "cursor": asked.place if isinstance(asked.place, str) else None,
        }

    def _document(self, asked: Asked, words: Mapping[str, Any]) -> Call[Rows]:
        listed, graphql = self._spec.list, self._spec.graphql
        root = str(words["remote"])
        reading = Reading(
            listed,
            self._spec.paging,
            self._spec.empties,
            limit=asked.limit,
            flags=self._flags(asked.entity),
            root=f"data.{root}",
        )
        text, variables = document(root, listed.arguments, reading.paths(asked.columns), words)
        path = self._spec.base_path + ("/graphql" if graphql is None else graphql.path)
        content = {"query": text, "variables": variables}
        return self._call(asked, _Sent(method="POST", path=path, content=content, shown=text), reading)

    def _path(self, template: str, words: Mapping[str, Any]) -> str:
        texts = {name: quote(str(word), safe="") for name, word in words.items() if word is not None}
        return self._spec.base_path + str(fill(template, texts))

    def _call(self, asked: Asked, sent: _Sent, reading: Reading) -> Call[Rows]:
        body = None if sent.content is None else orjson.dumps(sent.content)
        query = "&".join(f"{name}={value}" for name, value in sent.params)
        text = sent.shown or f"{sent.method} {sent.path}{'?' if query else ''}{query}"
        if body is not None:
            text += f" {(body if sent.shown is None else orjson.dumps(sent.content['variables'])).decode()}"
        return Call(
            operation=asked.operation,
            method=sent.method,
            path=sent.path,
            params=sent.params,
            content=body,
            headers=self._spec.headers,
            parse=reading.rows,
            rows=lambda found: len(found.rows),
            kind=asked.kind,
            entity=asked.entity.value,
            query=text,
            is_headed=True,
        )


def _pairs(params: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Parameters as text; of a list, its items with commas."""
    return [(name, _parameter(value)) for name, value in params.items()]


def _parameter(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return orjson.dumps(value).decode()
    if isinstance(value, list):
        is_plain = all(isinstance(one, str | int) for one in value)
        return ",".join(map(str, value)) if is_plain else orjson.dumps(value).decode()
    return str(value)
