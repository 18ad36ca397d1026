"""Running an operation: bounded in time, its errors shaped for the wire."""

import asyncio
from typing import Any

import pytest
from graphql import GraphQLObjectType, GraphQLSchema, build_schema

from gateway.executor import Executor, Operation
from model.errors import BudgetExceeded, RateLimited
from tests.gateway.serving import settings_with


class Root:
    """The root of a schema whose fields do what a test needs."""

    def __init__(self) -> None:
        self.cancelled = False

    async def late(self) -> int:
        """Never a value."""
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        return 1

    async def quick(self) -> int:
        """A value."""
        return 1

    def broken(self) -> int:
        """A bug."""
        raise ZeroDivisionError("a secret of ours")

    def huge(self) -> int:
        """A value that its type cannot hold."""
        return 2**40

    def limited(self) -> int:
        """A source's refusal."""
        raise RateLimited("sales is busy", source="sales", retry_after_s=3)

    def spent(self) -> int:
        """The caller's budget is used up."""
        raise BudgetExceeded("no call is left")


def schema_of(root: Root) -> GraphQLSchema:
    """The schema over *root*."""
    schema = build_schema("type Query { late: Int quick: Int broken: Int huge: Int limited: Int spent: Int }")
    query = schema.query_type
    assert isinstance(query, GraphQLObjectType)
    for name, field in query.fields.items():
        field.resolve = lambda *_, name=name: getattr(root, name)()
    return schema


async def run(document: str, *, root: Root | None = None) -> dict[str, Any]:
    """The answer to *document*, with half a second of time."""
    executor = Executor(schema_of(root or Root()), settings_with().limits, introspection=False, sources=0)
    prepared = executor.prepare(document, None, {})
    assert isinstance(prepared, Operation), prepared
    return await executor.run(prepared, None, deadline_s=-0.5)


async def test_answer_in_time_is_given() -> None:
    """Data, and no key for errors where there are none."""
    assert await run("{ quick }") == {"data": {"quick": 1}}


async def test_what_is_late_is_cancelled() -> None:
    """Past the deadline the whole answer is one coded error, and nothing runs on."""
    root = Root()

    answer = await run("{ quick late }", root=root)

    assert answer["data"] is None
    assert [error["extensions"] for error in answer["errors"]] == [{"code": "DEADLINE_EXCEEDED"}]
    assert root.cancelled


@pytest.mark.parametrize(
    ("field", "extensions"),
    [
        ("limited", {"code": "RATE_LIMITED", "source": "sales", "isRetryable": True, "retryAfterS": 3}),
        ("spent", {"code": "BUDGET_EXCEEDED"}),
    ],
)
async def test_errors_raised_on_purpose_keep_their_code(field: str, extensions: dict[str, object]) -> None:
    """The field is null, its neighbours are there."""
    answer = await run(f"{{ quick {field} }}")

    assert answer["data"] == {"quick": 1, field: None}
    (error,) = answer["errors"]
    assert (error["path"], error["extensions"]) == ([field], extensions)


@pytest.mark.parametrize("field", ["broken", "huge"])
async def test_bugs_are_masked(field: str) -> None:
    """A bug, and a value that its type cannot hold, are INTERNAL with a correlation id."""
    answer = await run(f"{{ quick {field} }}")

    assert answer["data"] == {"quick": 1, field: None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert error["extensions"]["correlationId"] in error["message"]
    assert "secret" not in str(answer)
