"""`custom_fields:` becomes aliases, or a list of everything that is wrong with it."""

from pathlib import Path

import pytest

from model.entities import Entity
from model.fields import FieldKind
from tests.gateway.config.files import GOOD, loaded, refused

FIELDS = """\
custom_fields:
  contact:
    npsScore: {kind: DECIMAL, description: How likely, keys: {sales: NPS__c, marketing: nps_score}}
    class: {kind: TEXT, description: A word of Python's, keys: {sales: Class__c}}
  company:
    npsScore: {kind: INTEGER, description: The same name for another type, keys: {sales: NPS__c}}
"""
WRONG = """\
custom_fields:
  contakt: {}
  lead: [npsScore]
  contact:
    NpsScore: {kind: TEXT, description: x, keys: {sales: A__c}}
    nps_score: {kind: TEXT, description: x, keys: {sales: B__c}}
    one: {kind: decimal, description: x, keys: {sales: C__c}}
    two: {kind: MONEY, description: x, keys: {sales: D__c}}
    three: {description: x, keys: {sales: E__c}}
    four: {kind: TEXT, keys: {sales: F__c}}
    five: {kind: TEXT, description: x, keys: {}}
    six: {kind: TEXT, description: x, keys: {salse: G__c}}
    seven: {kind: TEXT, description: x, keys: {sales: 7}}
    eight: {kind: TEXT, description: x, keys: {sales: H__c}, label: X}
    nine: text
    ten: {kind: TEXT, description: x, keys: {sales: J__c}}
    eleven: {kind: TEXT, description: x, keys: {sales: J__c}}
    ten: {kind: TEXT, description: x, keys: {marketing: k}}
"""
IDENTIFYING = """\
custom_fields:
  contact:
    right: {kind: TEXT, description: x, keys: {sales: A__c}, identifies: true}
    plain: {kind: DECIMAL, description: x, keys: {sales: B__c}, identifies: false}
    word: {kind: TEXT, description: x, keys: {sales: C__c}, identifies: "yes"}
    kind: {kind: DECIMAL, description: x, keys: {sales: D__c}, identifies: true}
  deal:
    type: {kind: TEXT, description: x, keys: {sales: E__c}, identifies: true}
"""
UNFIT = [
    "22 custom_fields.contact.word.identifies: must be true or false",
    "23 custom_fields.contact.kind.identifies: takes the kind TEXT, and this is DECIMAL;",
    "25 custom_fields.deal.type.identifies: is of contact and company alone: deal records are not matched",
]
MISTAKES = [
    "19 custom_fields.contakt: is no type; did you mean 'contact'?",
    "20 custom_fields.lead: must be a mapping of names, each with kind, description and keys",
    "22 custom_fields.contact.NpsScore: must be named in camelCase",
    "23 custom_fields.contact.nps_score: must be named in camelCase",
    "24 custom_fields.contact.one.kind: 'decimal' is unknown; did you mean 'DECIMAL'?",
    "25 custom_fields.contact.two.kind: 'MONEY' is unknown; did you mean 'PHONE'?",
    "26 custom_fields.contact.three.kind: is missing; allowed are",
    "27 custom_fields.contact.four.description: must be text of 1 to 1000 characters",
    "28 custom_fields.contact.five.keys: must be a mapping of sources to their own keys",
    "29 custom_fields.contact.six.keys.salse: is no source; did you mean 'sales'?",
    "30 custom_fields.contact.seven.keys.sales: must be the CRM's own key",
    "31 custom_fields.contact.eight.label: is unknown; allowed are kind, description, keys, identifies",
    "32 custom_fields.contact.nine: must be a mapping with kind, description and keys",
    "34 custom_fields.contact.eleven.keys.sales: 'J__c' is 'ten' already; give a field one name",
]


def test_good_names_become_aliases(tmp_path: Path) -> None:
    """Types, names, kinds and keys arrive, in the order of the file."""
    found = loaded(tmp_path, GOOD + FIELDS).custom_fields

    assert [(item.entity, item.name, item.kind, dict(item.keys)) for item in found] == [
        (Entity.CONTACT, "npsScore", FieldKind.DECIMAL, {"sales": "NPS__c", "marketing": "nps_score"}),
        (Entity.CONTACT, "class", FieldKind.TEXT, {"sales": "Class__c"}),
        (Entity.COMPANY, "npsScore", FieldKind.INTEGER, {"sales": "NPS__c"}),
    ]


def test_every_mistake_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    """Each has its line, its path and what to write instead."""
    told = refused(tmp_path, GOOD + WRONG[: WRONG.rindex("    ten:")])

    starts = [line.removeprefix("gateway.yaml:")[: len(mistake)] for line, mistake in zip(told, MISTAKES, strict=False)]
    assert starts == MISTAKES
    assert len(told) == len(MISTAKES)


def test_what_identifies_is_a_text_of_a_matched_type(tmp_path: Path) -> None:
    """Other values, kinds and types are refused, each with what is taken instead."""
    good = loaded(tmp_path, GOOD + IDENTIFYING[: IDENTIFYING.index("    word:")]).custom_fields

    assert [(alias.name, alias.identifies) for alias in good] == [("right", True), ("plain", False)]
    told = refused(tmp_path, GOOD + IDENTIFYING)
    assert len(told) == len(UNFIT)
    for line, mistake in zip(told, UNFIT, strict=True):
        assert line.startswith(f"gateway.yaml:{mistake}")


def test_one_name_of_a_type_identifies(tmp_path: Path) -> None:
    """A customer number is no tax number: equal values of two names would make one person of two."""
    second = "    other: {kind: TEXT, description: x, keys: {sales: F__c}, identifies: true}\n"
    text = GOOD + IDENTIFYING[: IDENTIFYING.index("    word:")] + second

    (told,) = refused(tmp_path, text)

    assert told.startswith("gateway.yaml:22 custom_fields.contact.other.identifies: 'right' identifies contact records")
    assert len(loaded(tmp_path, text.replace(second, f"  company:\n{second}")).custom_fields) == 3


def test_name_that_stands_twice_is_refused(tmp_path: Path) -> None:
    """Two aliases of one name are two entries of one key."""
    assert "gateway.yaml:35 custom_fields.contact.ten: stands twice" in refused(tmp_path, GOOD + WRONG)


def test_source_that_is_wrong_itself_is_not_called_unknown(tmp_path: Path) -> None:
    """One mistake is told once."""
    text = GOOD.replace("token: env:HUBSPOT_TOKEN", "token: plain") + FIELDS

    assert len(refused(tmp_path, text)) == 1


@pytest.mark.parametrize("entries", ["[]", "text", "7"])
def test_anything_but_a_mapping_of_types_is_refused(tmp_path: Path, entries: str) -> None:
    """The hint shows one entry."""
    (told,) = refused(tmp_path, f"{GOOD}custom_fields: {entries}\n")

    assert "must be a mapping of types, such as contact: {npsScore:" in told
