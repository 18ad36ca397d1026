"""The mistakes found in one document, with the places they were found at."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, SecretStr, ValidationError

from connectors.documents.document import Document
from connectors.documents.mistakes import Mistake, Path, did_you_mean, nearest, unknown

__all__ = ["Findings"]

# How much longer or shorter a mistyped key is at most, beside secrets: what differs more is not repeated.
_SLIP = 2
_QUOTED = re.compile(r"'([^']*)'")


class Findings:
    """Collects mistakes; *elsewhere* names the places of values that do not stand in the document."""

    def __init__(self, document: Document, elsewhere: Mapping[Path, str] | None = None) -> None:
        self.mistakes: list[Mistake] = []
        self._document = document
        self._elsewhere = elsewhere or {}

    def note(self, path: Path, message: str) -> None:
        """*message* is about the value at *path*."""
        if path in self._elsewhere:
            self.mistakes.append(Mistake(self._elsewhere[path], 0, (), message))
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
        for item in error.errors(include_url=False):
            if item["type"] == "extra_forbidden":
                self._note_unknown(item, path, model, known)
            else:
                self.note(self._place(path, (*item["loc"], *_discriminator(item))), _message(item))

    def _note_unknown(self, item: Mapping[str, Any], path: Path, model: type[BaseModel], known: Sequence[str]) -> None:
        sections = _sections(model, item["loc"][:-1])
        allowed = [*known, *(field.alias or name for kind in sections for name, field in kind.model_fields.items())]
        place, key = self._place(path, item["loc"]), str(item["loc"][-1])
        near = nearest(key, allowed)
        if any(map(_holds_secrets, sections)) and (near is None or abs(len(near) - len(key)) > _SLIP):
            line = self._document.line_of(place)
            self.mistakes.append(
                Mistake(self._document.name, line, place[:-1], f"has an unknown key; allowed are {', '.join(allowed)}")
            )
        else:
            self.note(place, f"is unknown; {did_you_mean(key, allowed)}")

    def _place(self, path: Path, loc: Sequence[int | str]) -> Path:
        """Where *loc* leads to below *path*, without what pydantic adds: kinds of a union, marks of keys."""
        place = (*path, *loc)
        for length in range(len(place), 0, -1):
            if place[:length] in self._elsewhere:
                return place[:length]
        found = path
        for index, part in enumerate(loc):
            if (*found, part) in self._document.lines or (index == len(loc) - 1 and part != "[key]"):
                found = (*found, part)
        return found


def _discriminator(item: Mapping[str, Any]) -> tuple[str, ...]:
    """The key that tells the kinds of a union apart, where it is what is wrong."""
    is_wrong = item["type"] in {"union_tag_invalid", "union_tag_not_found"}
    return (item["ctx"]["discriminator"].strip("'"),) if is_wrong else ()


def _message(item: Mapping[str, Any]) -> str:
    """What pydantic says, as a part of our sentence."""
    if item["type"] == "union_tag_invalid":
        tags = [tag.strip(" '") for tag in item["ctx"]["expected_tags"].split(",")]
        return unknown(item["ctx"]["tag"], tags)
    if item["type"] == "union_tag_not_found":
        return "is missing"
    words = _QUOTED.findall(item["ctx"]["expected"]) if item["type"] in {"enum", "literal_error"} else []
    if words and isinstance(item["input"], str):
        is_key = item["loc"][-1:] == ("[key]",)
        return f"is unknown; {did_you_mean(item['input'], words)}" if is_key else unknown(item["input"], words)
    message: str = item["msg"].removeprefix("Value error, ")
    return message[:1].lower() + message[1:]


def _sections(model: type[BaseModel], loc: Sequence[int | str]) -> list[type[BaseModel]]:
    """The models that *loc* may lead to, several where a union is told apart by what it holds."""
    found = [model]
    for part in loc:
        fields = [field for kind in found for name, field in kind.model_fields.items() if part in {name, field.alias}]
        named = [kind for kind in found if part == kind.__name__ or part in _literals(kind)]
        found = [kind for field in fields for kind in _models(field.annotation)] or named or found
    return list(dict.fromkeys(found))


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    """Every model that *annotation* names."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _literals(model: type[BaseModel]) -> set[Any]:
    """The words that tell *model* from others of a union."""
    return {word for field in model.model_fields.values() for word in get_args(field.annotation)}


def _holds_secrets(model: type[BaseModel]) -> bool:
    return any(SecretStr in (field.annotation, *get_args(field.annotation)) for field in model.model_fields.values())
