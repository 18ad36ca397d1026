"""The fields of a manifest: from which columns each unified field is read, and in which form, as data.

A field is written as the path of its column, or as one form and what belongs to it:

    first_name: firstname                                  # a text
    created_at: {instant: createdon, always: true}
    probability: {percent: closeprobability}
    status: {word: statecode, words: {0: OPEN, 1: WON}, unmapped: UNKNOWN}
    industry: {label: industrycode}                        # the list's own label of the value
    amount: {money: value, currency: currency}             # without `currency`, the account's own
    owner: {link: owner_id, to: user}
    emails: {labelled: [{at: email, primary: true}, {at: email2, label: other}]}
    addresses: {addresses: [{street: street, city: city}]}
    kind: {constant: meeting}
    display_name: {joined: [name.first, name.last]}
    domain: {host: website}
    about: {about: [{at: contact_ids, to: contact}, {at: subject.id, kind: subject.type, kinds: {task: task}}]}

A path goes into nested objects by dots, into lists by number; what is asked of the vendor is its first part.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from model.values import Ref

__all__ = ["FieldSpec"]

_FORMS = (
    *("text", "texts", "day", "instant", "number", "percent", "whole", "flag", "host"),
    *("word", "label", "choice", "money", "link", "labelled", "addresses", "preview", "constant", "joined", "about"),
)


class _Part(BaseModel):
    """One of several e-mail addresses or phone numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    label: str | None = None
    primary: bool = False


class _Pointer(BaseModel):
    """What a record is about: ids of the type *to*, or of that which *kinds* gives for the value of *kind*."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: str
    to: str | None = None
    kind: str | None = None
    kinds: Mapping[str, str] = Field(default_factory=dict)


class FieldSpec(BaseModel):
    """One field of a manifest; exactly one form is given.

    Attributes:
        words: of word and choice, our word by the vendor's value.
        unmapped: of word, what other values are.
        currency: of money, the column that names it.
        per: of money, how many of the vendor's units are one, such as 1000000 for micros.
        to: of link, and of a constant one, the type at the other end: an entity, "pipeline" or "stage".
        when: of link and of single values, what other columns hold, or else there is none.
        always: whether every record has a value.
        sort: whether the vendor sorts by the column.
        column: the vendor's name in conditions and orders; the path's first part if left out.
        compare: whether the vendor compares the column at all.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)

    text: str | None = None
    texts: str | None = None
    day: str | None = None
    instant: str | None = None
    number: str | None = None
    percent: str | None = None
    whole: str | None = None
    flag: str | None = None
    word: str | None = None
    label: str | None = None
    choice: str | None = None
    money: str | None = None
    link: str | None = None
    labelled: tuple[_Part, ...] | None = None
    addresses: tuple[Mapping[str, str], ...] | None = None
    preview: str | None = None
    host: str | None = None
    constant: str | bool | None = None
    joined: tuple[str, ...] | None = None
    about: tuple[_Pointer, ...] | None = None
    words: Mapping[str, str] = Field(default_factory=dict)
    unmapped: str | None = None
    currency: str | None = None
    per: int = 1
    to: str | None = None
    when: Mapping[str, str] = Field(default_factory=dict)
    always: bool = False
    sort: bool = False
    column: str | None = None
    compare: bool = True

    @model_validator(mode="before")
    @classmethod
    def _written_short(cls, value: Any) -> Any:
        """A path alone is a text."""
        return {"text": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _has_one_form(self) -> "FieldSpec":
        given = [name for name in _FORMS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"a field has one form of {', '.join(_FORMS)}; got {', '.join(given) or 'none'}")
        return self

    @property
    def form(self) -> str:
        """The one form that is given."""
        return next(name for name in _FORMS if getattr(self, name) is not None)

    @property
    def constant_value(self) -> str | bool | Ref | None:
        """What every record has; with *to* a pointer."""
        return Ref(self.to, self.constant) if self.to is not None and isinstance(self.constant, str) else self.constant

    @property
    def paths(self) -> tuple[str, ...]:
        """Every path that it is read from; the first is that of the value itself."""
        match self.form:
            case "constant":
                return ()
            case "labelled":
                return tuple(part.at for part in self.labelled or ())
            case "addresses":
                each = self.addresses or ()
                return tuple(path for parts in each for name, path in parts.items() if name != "label")
            case "joined":
                return self.joined or ()
            case "about":
                each_ = self.about or ()
                return tuple(path for one in each_ for path in (one.at, one.kind) if path is not None)
            case form:
                return (str(getattr(self, form)), *([self.currency] if self.currency else []), *self.when)
