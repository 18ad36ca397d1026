"""Arguments that several fields take in the same words."""

from typing import Annotated

import strawberry

from schema.inputs.options import ReadOptions

__all__ = ["After", "First", "Options", "SourceKeys"]

First = Annotated[int | None, strawberry.argument(description="Records at most, from 1 to the gateway's limit.")]
After = Annotated[str | None, strawberry.argument(description="Cursor to read on from.")]
SourceKeys = Annotated[
    list[str] | None, strawberry.argument(description="Keys of the sources to read; all when left out.")
]
Options = Annotated[ReadOptions | None, strawberry.argument(description="How to read.")]
