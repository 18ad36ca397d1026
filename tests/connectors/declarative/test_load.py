"""A connector file becomes a platform, or a list of everything that is wrong with it."""

from pathlib import Path

import pytest

from connectors.declarative import load
from model.errors import ConfigError

GOOD = """\
name: Acme CRM
list: {path: /$remote, rows: data}
paging: {by: page}
common: {owner: {link: owner_id, to: user}}
types:
  contact:
    remote: people
    fields: {first_name: first, company: {link: org, to: company}}
    links: {deals: person_id}
"""


def refused(folder: Path, text: str) -> list[str]:
    """The lines that say why *text* is no connector."""
    path = folder / "acme.yaml"
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    return caught.value.message.splitlines()


def test_file_is_a_platform_by_its_name(tmp_path: Path) -> None:
    """What people see is the name in the file."""
    path = tmp_path / "acme.yaml"
    path.write_text(GOOD)

    platform = load(path)

    assert (platform.key, platform.name, platform.auth_kinds) == ("acme", "Acme CRM", ("bearer",))


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ("paging:", "pagin:", "3 pagin: is unknown; did you mean 'paging'?"),
        ("by: page", "by: pages", "3 paging.by: 'pages' is unknown; did you mean 'page'?"),
        ("  contact:", "  contcat:", "6 types.contcat: is unknown; did you mean 'contact'?"),
        ("first_name:", "frist_name:", "8 types.contact.fields.frist_name: is unknown; did you mean 'first_name'?"),
        ("first_name: first", "first_name: {day: a, text: b}", "8 types.contact.fields.first_name: a field has one"),
        ("{owner:", "{ownr:", "4 common.ownr: is unknown; did you mean 'owner'?"),
        ("to: user", "to: usr", "4 common.owner.to: 'usr' is unknown; did you mean 'user'?"),
        (", to: company", "", "8 types.contact.fields.company.to: is missing; allowed are contact"),
        ("{deals:", "{company:", "9 types.contact.links.company: is unknown; did you mean 'companies'?"),
    ],
)
def test_mistake_has_its_line_and_a_hint(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    """Names that are ours are known by the model, and not only by the form of the file."""
    told = refused(tmp_path, GOOD.replace(right, wrong, 1))

    assert [line for line in told if line.startswith(f"acme.yaml:{says}")], told


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    """Those of form and those of names, in the order of their lines."""
    wrong = GOOD.replace("first_name", "frist_name").replace("to: user", "to: usr")

    told = refused(tmp_path, wrong.replace("paging", "pagin").replace("remote:", "remot:"))

    assert [line.split(": ")[0].rpartition(" ")[2] for line in told] == [
        "paging",
        "pagin",
        "common.owner.to",
        "types.contact.remote",
        "types.contact.remot",
        "types.contact.fields.frist_name",
    ]


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        (
            "name:",
            "trial: {base_url: a, auth: {kind: bearer, token: SECRET}}\nname:",
            "1 trial.auth.token: must be",
        ),
        (
            "name:",
            "headers: {Authorization: Bearer SECRET}\nname:",
            "1 headers.Authorization: must not stand",
        ),
        ("rows: data", "rows: data, params: {api_key: SECRET}", "2 list.params.api_key: must not stand"),
        (
            "remote: people",
            "remote: people\n    params: {token: SECRET}",
            "8 types.contact.params.token: must not stand",
        ),
        ("name:", "auth: {kinds: [bearer], token: SECRET}\nname:", "1 auth.token: is unknown"),
        ("name:", "auth: {kinds: [bearer], token:SECRET}\nname:", "1 auth.token…: is unknown"),
        ("by: page", "by: SECRET", "3 paging.by: is unknown"),
        ("to: user", "to: SECRET", "4 common.owner.to: is unknown"),
    ],
)
def test_secret_in_a_file_is_refused_and_not_repeated(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    """A file is shared; a secret stands behind a reference, wherever it would have gone."""
    told = refused(tmp_path, GOOD.replace(right, wrong.replace("SECRET", "pat-5ecre700-4c1d"), 1))

    assert [line for line in told if line.startswith(f"acme.yaml:{says}")], told
    assert "5ecre7" not in "".join(told)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &a [x]\nb: [*a, *a]\n", "acme.yaml:1: anchors and aliases are not read"),
        ("name: !!python/name:os.system x\n", "acme.yaml:1: tags are not read"),
        ("name: a\nname: b\n", "acme.yaml:2 name: stands twice"),
        ("name: a\0b\n", "acme.yaml:1: holds the control character"),
        ("name: " + "x" * 140_000, "acme.yaml:1: is larger than 131072 bytes"),
        ("name: " + "[" * 500, "acme.yaml:1: is nested deeper than 20 levels"),
    ],
)
def test_hostile_file_is_refused(tmp_path: Path, text: str, says: str) -> None:
    """Before anything is made of it."""
    assert refused(tmp_path, text)[0].startswith(says)


def test_file_that_is_no_mapping_is_refused(tmp_path: Path) -> None:
    """With what it must be."""
    assert refused(tmp_path, "- a\n") == ["acme.yaml:1: must be a mapping with a `types:` section"]
