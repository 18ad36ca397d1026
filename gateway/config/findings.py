"""The mistakes found in one config, with the places they were found at."""

from collections.abc import Iterable, Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError

from gateway.config.document import Document
from gateway.config.environment import PREFIX
from gateway.config.mistakes import Mistake, Path, did_you_mean

__all__ = ["Findings"]


class Findings:
    """Collects mistakes; *overridden* are the paths whose values came from the environment."""

    def __init__(self, document: Document, overridden: Iterable[Path]) -> None:
        self.mistakes: list[Mistake] = []
        self._document = document
        self._overridden = frozenset(overridden)

    def note(self, path: Path, message: str) -> None:
        """*message* is about the value at *path*."""
        if path in self._overridden:
            variable = PREFIX + "__".join(str(key) for key in path).upper()
            self.mistakes.append(Mistake(variable, 0, (), message))
        else:
            self.mistakes.append(Mistake(self._document.name, self._document.line_of(path), path, message))

    def note_invalid(
        self, error: ValidationError, path: Path, model: type[BaseModel], known: Sequence[str] = ()
    ) -> None:
        """Every mistake that *model* found in what stands at *path*, without the values it was given.

        Args:
            error: what the model found.
            path: where its data stand.
            model: whose keys a hint may name.
            known: keys that stand beside the model's own.
        """
        for item in error.errors(include_url=False, include_input=False, include_context=False):
            # Pydantic marks the key of a mapping, whose own path says as much.
            place = (*path, *(part for part in item["loc"] if part != "[key]"))
            if item["type"] == "extra_forbidden":
                keys = [*known, *_section(model, item["loc"][:-1]).model_fields]
                self.note(place, f"is unknown; {did_you_mean(str(place[-1]), keys)}")
            else:
                message = item["msg"].removeprefix("Value error, ")
                self.note(place, message[:1].lower() + message[1:])


def _section(model: type[BaseModel], loc: Sequence[int | str]) -> type[BaseModel]:
    """The model that *loc* leads to."""
    for part in loc:
        item = model.model_fields.get(str(part))
        kinds = () if item is None else (item.annotation, *get_args(item.annotation))
        model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)), model)
    return model
