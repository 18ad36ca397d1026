"""Runs operations: parsed, bounded and validated once a document, executed once a request.

- Executor: prepares and runs
- Prepared: a document ready to run
"""

from gateway.executor.prepare import Prepared, Preparer
from gateway.executor.run import Executor, Operation

__all__ = ["Executor", "Operation", "Prepared", "Preparer"]
