"""Bodies: strict UTF-8 JSON of a bounded size and shape, or a 4xx that says what is wrong."""

import gzip
import json
import zlib
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.gateway.serving import Served

QUERY = "{ sources { key } }"
GOOD = json.dumps({"query": QUERY}).encode()
JSON = {"content-type": "application/json"}


def code(response: httpx.Response) -> str:
    """The code of the only error."""
    (error,) = response.json()["errors"]
    found: str = error["extensions"]["code"]
    return found


def with_variables(text: str) -> bytes:
    """A request whose variables are *text*."""
    return f'{{"query": "{QUERY}", "variables": {text}}}'.encode()


BAD: dict[str, bytes] = {
    "null": b"null",
    "number": b"7",
    "text": b'"x"',
    "boolean": b"true",
    "list": b"[]",
    "nothing": b"",
    "invalid UTF-8": b'{"query": "\xff"}',
    "overlong UTF-8": b'{"query": "\xc0\xaf"}',
    "surrogates in UTF-8": b'{"query": "\xed\xa0\x80"}',
    "lone surrogate": b'{"query": "\\ud800"}',
    "Latin-1": '{"query": "é"}'.encode("latin-1"),
    "UTF-16": GOOD.decode().encode("utf-16"),
    "UTF-32": GOOD.decode().encode("utf-32"),
    "byte order mark": b"\xef\xbb\xbf" + GOOD,
    "NaN": with_variables('{"a": NaN}'),
    "Infinity": with_variables('{"a": Infinity}'),
    "number beyond every float": with_variables('{"a": 1e999}'),
    "array nested 100,000 deep": b"[" * 100_000 + b"]" * 100_000,
    "object nested 40,000 deep": b'{"a":' * 40_000 + b"1" + b"}" * 40_000,
    "variables nested 100,000 deep": with_variables('{"a": ' + "[" * 100_000 + "]" * 100_000 + "}"),
    "variables nested 65 deep": with_variables('{"a": ' + "[" * 65 + "]" * 65 + "}"),
    "extensions nested 5,000 deep": GOOD[:-1] + b', "extensions": {"a": ' + b"[" * 5_000 + b"]" * 5_000 + b"}}",
    "integer of 100,000 digits": with_variables('{"a": ' + "9" * 100_000 + "}"),
    "integer beyond 64 bits": with_variables('{"a": 18446744073709551616}'),
    "100,000 variables": with_variables("{" + ",".join(f'"{n}":1' for n in range(20_000)) + "}"),
    "wide list": with_variables('{"a": [' + "1," * 6_000 + "1]}"),
    "query is no text": b'{"query": 7}',
    "query is blank": b'{"query": " "}',
    "operation name is no text": b'{"query": "{ __typename }", "operationName": 7}',
    "variables are a list": with_variables("[1]"),
    "variables are text": with_variables('"{}"'),
    "batch": b"[" + GOOD + b"]",
    "two documents": GOOD + GOOD,
    "a query string": b"query=%7B__typename%7D",
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_bad_body_is_refused(shipped: Served, body: bytes) -> None:
    """Each is a 400 with a code and a sentence, and logs nothing."""
    shipped.log.clear()

    response = shipped.client.post("/graphql", content=body, headers=JSON)

    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")
    assert shipped.log.text == ""


@pytest.mark.parametrize(
    "variables",
    ['{"a": ' + "[" * 60 + "]" * 60 + "}", '{"a": 9223372036854775807, "b": "9' + "9" * 100 + '"}', '{"a": "\\u0000"}'],
    ids=["60 deep", "64 bits", "NUL"],
)
def test_legal_body_of_the_same_kind_is_answered(shipped: Served, variables: str) -> None:
    """Depth, large numbers and odd characters are fine below the limits."""
    response = shipped.client.post("/graphql", content=with_variables(variables), headers=JSON)

    assert response.json()["data"]["sources"] == [{"key": "alpha"}, {"key": "beta"}]


ENCODED: dict[str, tuple[str, bytes]] = {
    "gzip": ("gzip", gzip.compress(GOOD, mtime=0)),
    "deflate": ("deflate", zlib.compress(GOOD)),
    "gzip bomb": ("gzip", gzip.compress(b" " * 10_000_000, mtime=0)),
    "gzip by name alone": ("gzip", GOOD),
    "br by name alone": ("br", GOOD),
    "zstd by name alone": ("zstd", GOOD),
    "two encodings": ("gzip, identity", gzip.compress(GOOD, mtime=0)),
}


@pytest.mark.parametrize(("encoding", "body"), ENCODED.values(), ids=ENCODED.keys())
def test_encoded_body_is_refused(shipped: Served, encoding: str, body: bytes) -> None:
    """Nothing is decompressed, so nothing can swell."""
    response = shipped.client.post("/graphql", content=body, headers={**JSON, "content-encoding": encoding})

    assert response.status_code == 415


@pytest.mark.parametrize("encoding", ["identity", "Identity"])
def test_unencoded_body_is_answered(shipped: Served, encoding: str) -> None:
    """`identity` names the absence of an encoding."""
    response = shipped.client.post("/graphql", content=GOOD, headers={**JSON, "content-encoding": encoding})

    assert response.status_code == 200


def test_large_body_is_refused_before_it_is_read(shipped: Served) -> None:
    """A declared size over the limit, and chunks that pass it, are 413; a body just below passes."""
    limit = shipped.gateway.settings.limits.body_bytes
    padded = GOOD + b" " * (limit - len(GOOD))

    def chunks() -> Any:
        yield from (b" " * 65_536 for _ in range(100))

    assert shipped.client.post("/graphql", content=padded, headers=JSON).status_code == 200
    assert shipped.client.post("/graphql", content=padded + b" ", headers=JSON).status_code == 413
    assert shipped.client.post("/graphql", content=chunks(), headers=JSON).status_code == 413


DAMAGED = st.dictionaries(st.integers(0, len(GOOD) - 1), st.integers(0, 255), min_size=1, max_size=8).map(
    lambda changes: bytes(changes.get(at, byte) for at, byte in enumerate(GOOD))
)


@settings(max_examples=300)
@given(
    body=st.one_of(
        st.binary(max_size=300),
        DAMAGED,
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
            lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["query", "variables", "a"]), inner),
        ).map(lambda value: json.dumps(value).encode()),
        st.text(alphabet="{}()[]:!$@.\"' \n#&|=aquery1_é\u2028\x00", max_size=80).map(
            lambda query: json.dumps({"query": query}).encode()
        ),
    )
)
def test_no_body_breaks_the_server(shipped: Served, body: bytes) -> None:
    """Random bytes, damaged requests, random JSON and random documents never give a 5xx."""
    response = shipped.client.post("/graphql", content=body, headers=JSON)

    assert response.status_code < 500
    assert "errors" in response.json() or "data" in response.json()
    assert "INTERNAL" not in response.text


@settings(max_examples=200)
@given(
    raw=st.binary(max_size=60).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
    key=st.sampled_from(["query", "variables", "operationName", "extensions", "x"]),
)
def test_no_query_string_breaks_the_server(shipped: Served, raw: str, key: str) -> None:
    """The same by GET."""
    response = shipped.client.get(f"/graphql?query=%7B__typename%7D&{key}={raw}")

    assert response.status_code < 500
    assert "INTERNAL" not in response.text
