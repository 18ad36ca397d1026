"""One operation run: bounded, executed by graphql-core over the Strawberry schema, and shaped for the wire."""

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    execute,
    get_variable_values,
)

from gateway.config import Limits
from gateway.executor.prepare import Prepared, Preparer
from gateway.limits import Bounds, Cost, Pricing, bounds_of, check_cost
from model.errors import CallerError, DeadlineExceeded
from schema import public_error

__all__ = ["Executor", "Operation"]

# Sources report their own timeouts before this; it catches only what no source stands for.
_GRACE_S = 1.0
_MAX_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Operation:
    """A chosen operation of a prepared document, with the client's variables, and the bounds it asks for."""

    prepared: Prepared
    name: str | None
    node: OperationDefinitionNode
    variables: Mapping[str, Any]
    bounds: Bounds

    @property
    def is_query(self) -> bool:
        """Whether it only reads."""
        return self.node.operation is OperationType.QUERY


class Executor:
    """Runs operations on one schema; lives as long as the app."""

    def __init__(self, schema: GraphQLSchema, limits: Limits, *, introspection: bool, sources: int) -> None:
        self.schema = schema
        self._limits = limits
        self._pricing = Pricing(schema, sources)
        self._preparer = Preparer(schema, limits, introspection=introspection)

    def prepare(self, text: str, name: str | None, variables: Mapping[str, Any]) -> Operation | list[dict[str, Any]]:
        """The operation to run, or the errors that keep it from running, as the wire has them."""
        try:
            prepared = self._preparer.prepare(text)
            if prepared.errors:
                return [self.error(error) for error in prepared.errors]
            own_name, node = prepared.operation(name)
            return self._bounded(prepared, own_name, node, variables)
        except GraphQLError as error:
            return [self.error(error)]
        except CallerError as error:
            return [self.error(GraphQLError(error.message, original_error=error))]

    def _bounded(
        self, prepared: Prepared, name: str | None, node: OperationDefinitionNode, variables: Mapping[str, Any]
    ) -> Operation | list[dict[str, Any]]:
        definitions = node.variable_definitions or ()
        values = get_variable_values(
            self.schema,
            definitions,
            dict(variables),
            max_errors=_MAX_ERRORS,
            hide_suggestions=True,
        )
        if isinstance(values, list):
            return [self.error(error) for error in values]
        bounds = bounds_of(prepared.fields[name], values.coerced, self._limits)
        operation = Operation(prepared, name, node, variables, bounds)
        check_cost(self._cost(operation, values.coerced), self._limits, bounds)
        return operation

    def _cost(self, operation: Operation, variables: Mapping[str, Any]) -> Cost:
        prepared, name = operation.prepared, operation.name
        found = prepared.costs.get(name)
        if found is None:
            found = self._pricing.cost_of(prepared.fields[name], operation.node.operation, variables)
            if not operation.node.variable_definitions:
                prepared.costs[name] = found
        return found

    async def run(self, operation: Operation, context: Any, *, deadline_s: float) -> dict[str, Any]:
        """The answer's `data` and `errors`."""
        try:
            async with asyncio.timeout(deadline_s + _GRACE_S):
                result = execute(
                    self.schema,
                    operation.prepared.document,
                    context_value=context,
                    variable_values=dict(operation.variables),
                    operation_name=operation.name,
                    hide_suggestions=True,
                )
                if inspect.isawaitable(result):
                    result = await result
        except TimeoutError:
            late = DeadlineExceeded(f"the request did not end within {deadline_s:g} s; ask for less at once")
            return {"data": None, "errors": [self.error(GraphQLError(late.message, original_error=late))]}
        return self._answer(result)

    def _answer(self, result: ExecutionResult) -> dict[str, Any]:
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [self.error(error) for error in result.errors]
        return answer

    def error(self, error: GraphQLError) -> dict[str, Any]:
        """*error* as the wire has it: coded, and masked where it is ours."""
        return dict(public_error(error).formatted)
