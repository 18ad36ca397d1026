"""From a caller's names for the CRMs' own fields to one source's."""

import pytest

from connectors.memory import MemoryConnector
from model.aliases import Alias, Aliases
from model.capabilities import RemoteField
from model.entities import Entity
from model.errors import OurBug, UnsupportedBySource
from model.fields import FieldKind
from model.query import EVERYTHING, NOTHING, And, Compare, Not, Operator, Order, RelationSelection, Selection
from model.values import UNSET
from resolvers.accounts import Account
from resolvers.custom import OwnFields, UnknownField, is_lacking
from resolvers.known import Known
from resolvers.sources import Source
from tests.resolvers.books import record
from tests.resolvers.conftest import MEMORY

K = FieldKind


def field(key: str, kind: FieldKind = K.TEXT) -> RemoteField:
    """A described field."""
    return RemoteField(remote_field=key, label=key, kind=kind)


def alias(name: str, kind: FieldKind = K.TEXT, *, entity: Entity = Entity.CONTACT, **keys: str) -> Alias:
    """A name of the operator's."""
    return Alias(entity=entity, name=name, kind=kind, description="x", keys=keys)


async def own_fields(*aliases: Alias) -> OwnFields:
    """Those of a source with contacts and companies."""
    described = {
        Entity.CONTACT: [field("a"), field("b"), field("c"), field("n", K.INTEGER), field("x.y"), field("o", K.OTHER)],
        Entity.COMPANY: [field("a", K.CHOICE), field("r", K.REFERENCE)],
    }
    connector = MemoryConnector("s", {entity: [] for entity in described}, own_fields=described)
    source = Source("s", "S", MEMORY, connector, aliases=Aliases(aliases))
    return Account.of(source, await connector.describe()).own


async def test_selection_names_what_the_source_describes_as_it_describes_it() -> None:
    """On every level; what it does not describe is left out, and values of ours stay."""
    own = await own_fields(alias("score", K.DECIMAL, s="n"), alias("elsewhere", other="a"))
    inner = Selection(frozenset({"name", "custom.OTHER.a", "custom.OTHER.n"}))
    asked = Selection(
        frozenset({"email", *(f"custom.OTHER.{key}" for key in ("score", "elsewhere", "a", "x.y", "' OR 1=1"))}),
        {"company": RelationSelection(inner), "companies": RelationSelection(inner, 7)},
    )

    found = own.selection(Entity.CONTACT, asked)

    far = Selection(frozenset({"name", "custom.CHOICE.a"}))
    assert found == Selection(
        frozenset({"email", "custom.INTEGER.n", "custom.TEXT.a", "custom.TEXT.x.y"}),
        {"company": RelationSelection(far), "companies": RelationSelection(far, 7)},
    )


async def test_selection_without_own_fields_stays_the_same_object() -> None:
    """Most have none, and loaders compare selections by identity first."""
    own, asked = await own_fields(), Selection(frozenset({"email"}), {"company": RelationSelection(Selection())})

    assert own.selection(Entity.CONTACT, asked) is asked


async def test_names_that_are_each_others_keys_are_translated_once() -> None:
    """What a condition reads is the source's own key already when it joins the selection."""
    own = await own_fields(alias("a", s="b"), alias("b", s="c"))

    where = own.predicate(Entity.CONTACT, Compare("custom.TEXT.a", Operator.EQ, "x"))
    local = own.selection(Entity.CONTACT, Selection(frozenset({"custom.OTHER.a"}))).with_fields("custom.TEXT.b")

    assert where == Compare("custom.TEXT.b", Operator.EQ, "x")
    assert own.selection(Entity.CONTACT, local) == local == Selection(frozenset({"custom.TEXT.b"}))


@pytest.mark.parametrize(
    ("operator", "operand", "holds"),
    [
        (Operator.EQ, "x", False),
        (Operator.NE, "x", True),
        (Operator.IN, ("x",), False),
        (Operator.NOT_IN, ("x",), True),
        (Operator.LT, "x", False),
        (Operator.CONTAINS, "", False),
        (Operator.STARTS_WITH, "", False),
        (Operator.IS_NULL, True, True),
        (Operator.IS_NULL, False, False),
    ],
)
async def test_alias_without_a_key_is_a_missing_value(operator: Operator, operand: object, holds: bool) -> None:
    """Conditions on it are decided before anybody is asked; orders keep its place."""
    own = await own_fields(alias("elsewhere", other="a"))
    compare = Compare("custom.TEXT.elsewhere", operator, operand)  # type: ignore[arg-type]  # drawn from a table

    assert own.predicate(Entity.CONTACT, compare) == (EVERYTHING if holds else NOTHING)
    assert own.predicate(Entity.CONTACT, Not(compare)) == Not(EVERYTHING if holds else NOTHING)
    (key,) = own.order(Entity.CONTACT, (Order("custom.TEXT.elsewhere"),))
    assert is_lacking(key.field)


async def test_names_behind_relations_are_of_the_type_there() -> None:
    """`a` is another field on companies than on contacts."""
    own = await own_fields(alias("tier", K.CHOICE, entity=Entity.COMPANY, s="a"))
    where = And((Compare("company.custom.TEXT.tier", Operator.EQ, "x"), Compare("company.name", Operator.EQ, "y")))

    found = own.predicate(Entity.CONTACT, where)

    assert found == And((Compare("company.custom.TEXT.a", Operator.EQ, "x"), Compare("company.name", Operator.EQ, "y")))


@pytest.mark.parametrize("name", ["custom.TEXT.n", "custom.DATE.a", "custom.TEXT.o", "company.custom.TEXT.r"])
async def test_fields_compare_only_as_what_they_are(name: str) -> None:
    """A number is no text, a text no day; ids and values with structure do not compare."""
    own = await own_fields()

    with pytest.raises(UnsupportedBySource, match="does not compare as"):
        own.predicate(Entity.CONTACT, Compare(name, Operator.EQ, "1"))


async def test_unknown_field_is_told_with_what_is_like_it() -> None:
    """The message repeats no more than the beginning of what was asked."""
    own = await own_fields()

    with pytest.raises(UnknownField) as caught:
        own.predicate(Entity.CONTACT, Compare("custom.TEXT.x.z", Operator.EQ, "1"))
    assert caught.value.near == ("x.y",)
    with pytest.raises(UnknownField) as caught:
        own.predicate(Entity.CONTACT, Compare(f"custom.TEXT.{'k' * 250}", Operator.EQ, "1"))
    assert len(caught.value.message) < 200


async def test_values_that_were_never_read_are_a_bug_of_ours() -> None:
    """A described field that was not asked for is not a missing value."""
    own = await own_fields()
    contact = record(Entity.CONTACT, 1, source="s", custom={"a": None})

    assert [item.value for item in own.values(Entity.CONTACT, contact, ["a", "nothing", "a"])] == [None]
    with pytest.raises(OurBug, match=r"custom\.b"):
        own.values(Entity.CONTACT, contact, ["b"])
    with pytest.raises(OurBug, match=r"custom\.a"):
        own.values(Entity.CONTACT, record(Entity.CONTACT, 2, source="s", custom=UNSET), ["a"])


def test_records_are_known_with_the_own_fields_they_carry() -> None:
    """One that was read without a field does not serve whoever wants it."""
    known = Known()
    bare = record(Entity.COMPANY, 1, custom=UNSET)
    some = record(Entity.COMPANY, 1, custom={"a": None})

    known.keep(bare)
    before = known.record("a", Entity.COMPANY, "1", frozenset({"custom.TEXT.a"}))
    known.keep(some)

    assert before is None
    assert known.record("a", Entity.COMPANY, "1", frozenset({"name", "custom.TEXT.a"})) is some
    assert known.record("a", Entity.COMPANY, "1", frozenset({"custom.TEXT.b"})) is None
