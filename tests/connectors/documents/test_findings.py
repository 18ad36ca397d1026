"""Mistakes of a document are told with their lines, and with none of the secrets that stand in it."""

from pathlib import Path
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from connectors.documents import Findings, read_document, shown
from model.errors import ConfigError

SECRETS = ["pat-na1-5ecre700-0000-4000", "8A1Fc0ffee", "Zm9vYmFyYmF6cXV4", "hunter2 horse", "correcthorsebatterystaple"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Key(_Section):
    """Signed by a key."""

    kind: Literal["key"]
    token: SecretStr


class Basic(_Section):
    """Signed by a password."""

    kind: Literal["basic"]
    username: SecretStr
    password: SecretStr


class Column(_Section):
    """One column of a type."""

    column: str
    is_text: bool = Field(default=True, alias="text")


class Told(_Section):
    """Something like a connector's file."""

    name: str
    auth: Annotated[Key | Basic, Field(discriminator="kind")]
    columns: dict[str, str | Column] = {}
    kind: Literal["list", "page"] = "list"
    sizes: dict[Literal["small", "large"], int] = {}


def refused(folder: Path, text: str) -> list[str]:
    """The lines that say why *text* is no Told."""
    path = folder / "told.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        read(path)
    return caught.value.message.splitlines()


def read(path: Path) -> Told:
    """The file as a Told, or everything that is wrong with it."""
    document = read_document(path, root="must be a mapping", max_bytes=10_000)
    findings = Findings(document)
    try:
        return Told.model_validate(document.data)
    except ValidationError as error:
        findings.note_invalid(error, (), Told)
    raise ConfigError("\n".join(map(str, findings.mistakes)))


GOOD = "name: x\nauth:\n  kind: basic\n  username: a\n  password: b\ncolumns:\n  one: a\n  two: {column: b}\n"


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("kind: basic", "kind: basik", "3 auth.kind: 'basik' is unknown; did you mean 'basic'?"),
        ("kind: basic", "kind: other", "3 auth.kind: is unknown; allowed are key, basic"),
        ("  kind: basic\n", "", "2 auth.kind: is missing"),
        ("  username: a\n", "", "2 auth.username: field required"),
        ("username: a", "usrname: a", "4 auth.usrname: is unknown; did you mean 'username'?"),
        ("name: x", "name: x\nkind: lst", "2 kind: 'lst' is unknown; did you mean 'list'?"),
        ("name: x", "name: x\nkind: other", "2 kind: is unknown; allowed are list, page"),
        ("name: x", "name: x\nsizes: {smal: 1}", "2 sizes.smal: is unknown; did you mean 'small'?"),
        ("{column: b}", "{column: b, colour: c}", "8 columns.two.colour: is unknown; did you mean 'column'?"),
        ("{column: b}", "{column: b, Text: true}", "8 columns.two.Text: is unknown; did you mean 'text'?"),
        ("{column: b}", "{\n    column: [b]}", "9 columns.two.column: input should be a valid string"),
    ],
)
def test_mistake_in_a_union_has_its_own_line(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    """The path is the file's, without the kinds that told the union apart, and hints are of that kind."""
    assert f"told.yaml:{says}" in refused(tmp_path, GOOD.replace(right, wrong))


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "place",
    [
        "auth: {kind: key, token:SECRET}",
        "auth: {kind: key, token SECRET}",
        "auth: {kind: key, SECRET}",
        "auth: {kind: key, SECRET: token}",
        "auth: {kind: key, token: {SECRET: a}}",
        "auth: {kind: key, token: [SECRET]}",
        "auth: {kind: SECRET}",
        "kind: SECRET",
        "auth: SECRET",
        "auth: !SECRET!x a",
        "auth: !SECRET",
        "auth: *SECRET",
        "auth: &SECRET a",
        "auth: {kind: basic, token: a, username: SECRET}",
        "token: SECRET",
        "name: [SECRET]",
        "columns: {one: {column: a, text: SECRET}}",
        "columns: {one: {token:SECRET}}",
        "columns: {one: @SECRET}",
        'columns: {one: "\\qSECRET"}',
    ],
)
def test_secret_is_never_repeated(tmp_path: Path, place: str, secret: str) -> None:
    """Wherever it slipped into, right or wrong, as a value or as a key beside secrets."""
    told = "\n".join(refused(tmp_path, place.replace("SECRET", secret) + "\n"))

    assert told.startswith("told.yaml:")
    assert not [part for part in (secret, *secret.split(), secret[:12]) if part in told]


@pytest.mark.parametrize(
    "word", ["refresh_tokn", "api-verison", "address1", "UF_CRM_1699", "customfield_10010", "Größe"]
)
def test_words_that_people_choose_are_repeated(word: str) -> None:
    """A key is found by its name: only what looks like no word is hidden."""
    assert shown(word) == word


@pytest.mark.parametrize("word", [*SECRETS[:3], "sk_live_4eC39HqLyjWDarjtT1", "token:abc", "x" * 60])
def test_words_that_could_be_secrets_are_hidden(word: str) -> None:
    """Keys made by machines, what is glued to a key, what is too long for a name."""
    assert shown(word) in {"…", "token…"}


@pytest.mark.parametrize("value", ["=", "<<", "0b_", "2026-13-45", "2026-01-01 00:00:00+99:99"])
def test_value_that_yaml_cannot_make_has_its_line(tmp_path: Path, value: str) -> None:
    """What YAML 1.1 takes for a number, an instant or a sign of its own, and then stumbles over."""
    (told,) = refused(tmp_path, GOOD.replace("one: a", f"one: {value}"))

    assert told == "told.yaml:7 columns.one: is no plain value; put it in quotes if it is text"
