"""The shape of batch answers: results in no promised order, and errors beside them."""

from collections.abc import Mapping, Sequence
from random import Random

from sandbox.clock import Clock
from sandbox.hubspot.api.gate import Answer
from sandbox.hubspot.tables import instant_ms, iso_instant

__all__ = ["Batches", "partial_error"]

JsonObject = dict[str, object]


class Batches:
    """Makes batch answers; results are shuffled by a generator that all batches share."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._random = Random(11)  # noqa: S311  # an order, not a secret

    def answer(self, results: Sequence[JsonObject], errors: Sequence[JsonObject], *, partial_status: int) -> Answer:
        """200 with *results*, or *partial_status* when there are *errors*."""
        now = iso_instant(instant_ms(self._clock.now()))
        shuffled = self._random.sample(results, len(results))
        body: dict[str, object] = {"status": "COMPLETE", "results": shuffled, "startedAt": now, "completedAt": now}
        if not errors:
            return 200, body
        return partial_status, {**body, "numErrors": len(errors), "errors": list(errors)}


def partial_error(message: str, context: Mapping[str, Sequence[str]], *, sub_category: str | None = None) -> JsonObject:
    """One error of a batch whose other inputs were answered."""
    further = {} if sub_category is None else {"subCategory": sub_category}
    return {"status": "error", "category": "OBJECT_NOT_FOUND", **further, "message": message, "context": context}
