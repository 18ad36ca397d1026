"""What every part of a connector file is made of."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

__all__ = ["Part", "RestPath", "Text"]

Text = Annotated[str, StringConstraints(min_length=1, max_length=500)]
RestPath = Annotated[str, StringConstraints(pattern=r"^/[!-~]*$", max_length=500)]


class Part(BaseModel):
    """A mapping of known keys; others are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)
