"""The requests the connector makes, as values, and their answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import orjson

from connectors.http import Call
from connectors.mapping import Row
from connectors.salesforce.manifest import manifest
from connectors.salesforce.soql import identifier
from connectors.scope import CallKind

__all__ = ["Answer", "Api"]


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer to a query: its rows, and where the rest is."""

    rows: Sequence[Row]
    total: int
    next_link: str | None

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Answer":
        """The answer in *body*."""
        rows = body["records"]
        if not isinstance(rows, list):
            raise TypeError("records is no list")
        link = None if body["done"] else body["nextRecordsUrl"]
        if link is not None and not isinstance(link, str):
            raise TypeError("nextRecordsUrl is no text")
        return cls(rows, int(body["totalSize"]), link)

    @classmethod
    def of_child(cls, body: Mapping[str, Any] | None) -> "Answer":
        """The answer to a child query in *body*; one without rows has none."""
        return cls((), 0, None) if body is None else cls.of(body)

    def size(self) -> int:
        """Its rows, child rows included."""
        inner = (value for row in self.rows for value in row.values() if isinstance(value, dict))
        return len(self.rows) + sum(len(value["records"]) for value in inner if "records" in value)


def _sizes(answers: Sequence[Answer]) -> int:
    return sum(answer.size() for answer in answers)


@dataclass(frozen=True, slots=True)
class Api:
    """Requests to one version of the REST API."""

    version: str

    @property
    def root(self) -> str:
        """Path of the version's resources."""
        return f"/services/data/{self.version}"

    def queries(
        self, texts: Sequence[str], *, entity: str | None, with_deleted: bool = False
    ) -> Call[Sequence[Answer]]:
        """The answers to *texts* in one call.

        One query that fits a URI goes by GET; others travel in the body of a composite request, which the limits on
        URIs do not touch (REST API Developer Guide, "Composite", at most 5 queries; read 2026-11).
        """
        resource = "queryAll" if with_deleted else "query"
        path = f"{self.root}/{resource}"
        shown = "\n".join(texts)
        if len(texts) == 1 and len(path) + 3 + len(quote(texts[0], safe="")) <= manifest().get_bytes:
            return Call(
                operation=resource,
                method="GET",
                path=path,
                params=(("q", texts[0]),),
                parse=lambda body: (Answer.of(body),),
                rows=_sizes,
                entity=entity,
                query=shown,
            )

        def parse(body: Any) -> Sequence[Answer]:
            found = tuple(Answer.of(part["body"]) for part in body["compositeResponse"])
            if len(found) != len(texts):
                raise ValueError("as many answers as queries were due")
            return found

        parts = [
            {"method": "GET", "referenceId": f"q{place}", "url": f"{path}?q={quote(text, safe='')}"}
            for place, text in enumerate(texts)
        ]
        return Call(
            operation="composite",
            method="POST",
            path=f"{self.root}/composite",
            content=orjson.dumps({"allOrNone": False, "compositeRequest": parts}),
            parse=parse,
            rows=_sizes,
            entity=entity,
            query=shown,
        )

    def search(self, text: str, *, entity: str | None) -> Call[Mapping[str, Sequence[Row]]]:
        """The rows that a SOSL search finds, by object, the best first."""

        def parse(body: Any) -> Mapping[str, Sequence[Row]]:
            found: dict[str, list[Row]] = {}
            for row in body["searchRecords"]:
                name = row["attributes"]["type"]
                if not isinstance(name, str) or not isinstance(row["Id"], str):
                    raise TypeError("a row's type and id are texts")
                found.setdefault(name, []).append(row)
            return found

        return Call(
            operation="search",
            method="GET",
            path=f"{self.root}/search",
            params=(("q", text),),
            parse=parse,
            rows=lambda found: sum(map(len, found.values())),
            entity=entity,
            query=text,
        )

    def more(self, path: str, *, entity: str | None) -> Call[Answer]:
        """The next rows of a query; *path* is the link it gave."""
        return Call(operation="query_more", method="GET", path=path, parse=Answer.of, rows=Answer.size, entity=entity)

    def retrieve(
        self, name: str, ids: Sequence[str], columns: Sequence[str], *, entity: str
    ) -> Call[Sequence[Row | None]]:
        """Rows of an object by id, in the order of *ids*, None where there is none."""

        def parse(body: Any) -> Sequence[Row | None]:
            if not isinstance(body, list) or len(body) != len(ids):
                raise ValueError("as many rows as ids were due")
            return body

        fields = [identifier(column) for column in columns]
        return Call(
            operation="retrieve",
            method="POST",
            path=f"{self.root}/composite/sobjects/{identifier(name)}",
            content=orjson.dumps({"ids": list(ids), "fields": fields}),
            parse=parse,
            rows=lambda rows: sum(row is not None for row in rows),
            entity=entity,
            query=f"{name}: {', '.join(fields)}",
        )

    def batch(self, resources: Sequence[str], *, kind: CallKind = "metadata") -> Call[Sequence[Any]]:
        """The answers of GET *resources* below the version's root, None for those that are not there."""
        urls = [{"method": "GET", "url": f"{self.version}/{resource}"} for resource in resources]

        def parse(body: Any) -> Sequence[Any]:
            found = [part["result"] if part["statusCode"] < 300 else None for part in body["results"]]
            if len(found) != len(resources):
                raise ValueError("as many results as requests were due")
            return found

        return Call(
            operation="describe",
            method="POST",
            path=f"{self.root}/composite/batch",
            content=orjson.dumps({"batchRequests": urls, "haltOnError": False}),
            parse=parse,
            kind=kind,
        )

    def blob(self, path: str, *, entity: str) -> Call[bytes]:
        """The bytes at a field's own address."""
        return Call(operation="blob", method="GET", path=path, parse=bytes, is_raw=True, entity=entity)
