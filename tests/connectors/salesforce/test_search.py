"""Searches by SOSL: any text as words, all types in one call, hits with what they matched on."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.conformance.hostile import HOSTILE
from connectors.http import Failed, Reply
from connectors.salesforce.calls import Api
from connectors.salesforce.dialect import SalesforceDialect
from connectors.salesforce.searches.text import complaint_of, find_text, words_of
from model.entities import Appointment, Contact, Entity, Note, User
from model.errors import SourceForbidden, UnsupportedBySource
from model.page import Hit, Searched
from model.query import Compare, Operator, SearchQuery, Selection
from model.values import UNSET
from sandbox.run import Sandbox
from tests.connectors.salesforce.lexer import found_words
from tests.connectors.salesforce.org import Org, connected, query


def asked(text: str, *entities: Entity, fields: frozenset[str] = frozenset(), limit: int = 25) -> SearchQuery:
    """A search, shortly said."""
    return SearchQuery(text=text, selections={entity: Selection(fields) for entity in entities}, limit=limit)


async def hits(org: Org, search: SearchQuery, after: Mapping[Entity, int] | None = None) -> dict[Entity, list[Hit]]:
    """What a search finds, which is no error."""
    found = await org.connector.search(search, after)
    assert all(isinstance(one, Searched) for one in found.values())
    return {entity: list(one.hits) for entity, one in found.items() if isinstance(one, Searched)}


async def test_all_types_are_one_call(org: Org) -> None:
    """Each with its own columns, condition and limit; nothing follows references."""
    types = (Entity.CONTACT, Entity.APPOINTMENT, Entity.USER)
    search = asked("O'Brien and sons", *types, fields=frozenset({"created_at"}))
    split = org.connector.plan_search(search)
    await org.connector.search(search)

    assert split.entities == types
    assert (split.calls, split.operation) == (1, "search")
    assert split.vendor_query == (
        r"""FIND {O\'Brien AND "and" AND sons} IN ALL FIELDS RETURNING """
        "Contact(Id, CreatedDate, Department, Name, Email, FirstName, Title, LastName, Phone LIMIT 26), "
        "Event(Id, CreatedDate, Location, Subject WHERE IsChild = false LIMIT 26), "
        "User(Id, CreatedDate, Email, Name LIMIT 26), Group(Id, CreatedDate, Email, Name WHERE Type = 'Queue' LIMIT 26)"
    )
    assert [event.query for event in org.calls()] == [split.vendor_query]


async def test_one_type_goes_on_by_offset(org: Org) -> None:
    """SOSL has OFFSET for a single object alone."""
    search = asked("example", Entity.COMPANY, limit=2)
    every = (await hits(org, asked("example", Entity.COMPANY, limit=200)))[Entity.COMPANY]
    org.calls()
    rest = (await hits(org, search, {Entity.COMPANY: 2}))[Entity.COMPANY]

    assert (org.calls()[0].query or "").endswith("LIMIT 3 OFFSET 2)")
    assert len(every) > 4
    assert [hit.record.remote_id for hit in rest] == [hit.record.remote_id for hit in every[2:4]]


async def test_several_types_go_on_in_one_call(org: Org) -> None:
    """What was shown already is read again and left out here."""
    both = (Entity.COMPANY, Entity.CONTACT)
    whole = await hits(org, asked("example", *both, limit=200))
    org.calls()
    rest = await hits(org, asked("example", *both, limit=2), {Entity.COMPANY: 1, Entity.CONTACT: 2})

    assert len(org.calls()) == 1
    assert [hit.record.remote_id for hit in rest[Entity.COMPANY]] == [
        hit.record.remote_id for hit in whole[Entity.COMPANY][1:3]
    ]
    assert [hit.record.remote_id for hit in rest[Entity.CONTACT]] == [
        hit.record.remote_id for hit in whole[Entity.CONTACT][2:4]
    ]


async def test_types_that_do_not_fit_one_answer_are_asked_apart(org: Org) -> None:
    """Two thousand rows are all there is in an answer."""
    far = {Entity.COMPANY: 1_500, Entity.CONTACT: 1_500}
    found = await org.connector.search(asked("example", Entity.COMPANY, Entity.CONTACT, limit=5), far)

    assert [(event.query or "").endswith("LIMIT 6 OFFSET 1500)") for event in org.calls()] == [True, True]
    assert all(isinstance(one, Searched) and not one.hits and not one.has_more for one in found.values())


async def test_nothing_is_asked_behind_the_last_place(org: Org) -> None:
    """SOSL has no offset beyond two thousand."""
    found = await org.connector.search(asked("example", Entity.COMPANY), {Entity.COMPANY: 2_001})

    assert found == {Entity.COMPANY: Searched(())}
    assert org.calls() == []


async def test_hits_tell_what_they_matched_on(org: Org) -> None:
    """The fields in which a word stands, whatever its case; read for it alone, and not left on the record."""
    (contact, *_) = await org.rows(query(Entity.CONTACT, "last_name", "email", where=has("email")))
    assert isinstance(contact, Contact)
    text = f"{contact.last_name}".upper()
    found = (await hits(org, asked(text, Entity.CONTACT, fields=frozenset({"department"}))))[Entity.CONTACT]

    own = next(hit for hit in found if hit.record.remote_id == contact.remote_id)
    assert {"last_name", "display_name"} <= set(own.matched_on)
    assert isinstance(own.record, Contact)
    assert own.record.last_name is UNSET
    assert own.record.department is not UNSET


def has(field: str) -> Compare:
    """The field has a value."""
    return Compare(field, Operator.IS_NULL, operand=False)


async def test_a_phone_is_matched_by_its_digits(org: Org) -> None:
    """However somebody writes it."""
    (contact, *_) = await org.rows(query(Entity.CONTACT, "phone", where=has("phone")))
    assert isinstance(contact, Contact)
    digits = "".join(char for char in str(contact.phone) if char.isdecimal())
    found = (await hits(org, asked(str(contact.phone), Entity.CONTACT)))[Entity.CONTACT]

    assert len(digits) > 5
    assert any("phone" in hit.matched_on for hit in found if hit.record.remote_id == contact.remote_id)


async def test_queues_are_found_among_users(org: Org) -> None:
    """They own records as users do."""
    (queue, *_) = await org.rows(query(Entity.USER, "name", where=Compare("kind", Operator.EQ, "QUEUE")))
    assert isinstance(queue, User)
    found = (await hits(org, asked(str(queue.name), Entity.USER, fields=frozenset({"kind"}))))[Entity.USER]

    assert queue.remote_id in [hit.record.remote_id for hit in found]


async def test_fields_that_take_calls_of_their_own_are_there(org: Org) -> None:
    """A note's text and an appointment's attendees, as on every read of them."""
    (note, *_) = await org.rows(query(Entity.NOTE, "title", where=has("title")))
    (event, *_) = await org.rows(query(Entity.APPOINTMENT, "title", where=has("title")))
    assert isinstance(note, Note)
    assert isinstance(event, Appointment)
    notes = asked(str(note.title), Entity.NOTE, fields=frozenset({"body", "about"}), limit=3)
    events = asked(str(event.title), Entity.APPOINTMENT, fields=frozenset({"attendees"}), limit=3)
    org.calls()
    (found, *_) = (await hits(org, notes))[Entity.NOTE]
    assert len(org.calls()) <= org.connector.plan_search(notes).calls
    (met, *_) = (await hits(org, events))[Entity.APPOINTMENT]

    assert isinstance(found.record, Note)
    assert isinstance(found.record.body, str)
    assert isinstance(met.record, Appointment)
    assert met.record.attendees is not UNSET


@pytest.mark.parametrize("text", ["a", "* ?", "'", "a b c", "é", "\x00", "+-"])
async def test_texts_that_sosl_refuses_are_refused_before_a_call(org: Org, text: str) -> None:
    """The message says what helps."""
    split = org.connector.plan_search(asked(text, Entity.CONTACT))

    assert "two letters or digits" in (split.unsupported or "")
    with pytest.raises(UnsupportedBySource):
        await org.connector.search(asked(text, Entity.CONTACT))
    assert org.calls() == []


def test_a_text_that_loses_its_operators_is_refused() -> None:
    """Beyond 4,000 characters SOSL drops AND."""
    assert "4000 characters" in (complaint_of(words_of(" ".join(f"word{place}" for place in range(800)))) or "")


@pytest.mark.parametrize("text", [text for text in HOSTILE if complaint_of(words_of(text)) is None])
async def test_hostile_texts_are_words(org: Org, text: str) -> None:
    """Nothing of a text is left to SOSL's operators, braces or wildcards."""
    split = org.connector.plan_search(asked(text, Entity.CONTACT))
    words, rest = found_words(split.vendor_query or "")

    assert words == list(words_of(text))
    assert rest.startswith(" IN ALL FIELDS RETURNING Contact(Id, ")
    assert set(await hits(org, asked(text, Entity.CONTACT))) == {Entity.CONTACT}


@given(st.text(min_size=1))
def test_any_text_becomes_its_own_words(text: str) -> None:
    """What a lexer of SOSL reads between the braces is what was typed, word by word."""
    words = words_of(text)
    if not words:
        return

    found, rest = found_words(f"FIND {{{find_text(words)}}} IN")

    assert found == list(words)
    assert rest == " IN"


@pytest.mark.parametrize("bare", ["FIND {a OR b}", "FIND {a b}", 'FIND {"a}', "FIND {a*}", "FIND {AND}", "FIND {a"])
def test_the_lexer_sees_what_is_no_word(bare: str) -> None:
    """A positive control."""
    with pytest.raises(ValueError, match=r"."):
        found_words(bare)


def test_the_lexer_sees_where_a_search_ends() -> None:
    """A positive control: a brace that is not escaped lets the rest out."""
    assert found_words("FIND {a} RETURNING User(Id)}")[1] == " RETURNING User(Id)}"


async def test_hidden_columns_are_not_searched_for() -> None:
    """A field that this credential may not read is neither asked nor told."""
    switches = {"hidden_fields": "Contact.Email,Contact.Title"}
    with Sandbox(["salesforce"], scale=0.1, options={"salesforce": switches}) as sandbox:
        async with connected(sandbox) as org:
            found = org.connector.plan_search(asked("anna", Entity.CONTACT)).vendor_query

    assert found is not None
    assert "Email" not in found
    assert "Title" not in found


async def test_a_failed_search_is_an_error_of_each_type() -> None:
    """What one call could not find says nothing of the types of another."""
    with Sandbox(["salesforce"], scale=0.1) as sandbox:
        async with connected(sandbox) as org:
            sandbox.faults("salesforce").set("forbidden", path="/search")
            found = await org.connector.search(asked("anna", Entity.CONTACT, Entity.LEAD))

    assert set(found) == {Entity.CONTACT, Entity.LEAD}
    assert all(isinstance(one, SourceForbidden) for one in found.values())


async def test_a_vanished_column_is_left_out_on_the_second_try() -> None:
    """A search is asked anew without it."""
    with Sandbox(["salesforce"], scale=0.1) as sandbox:
        async with connected(sandbox) as org:
            sandbox.faults("salesforce").set("hidden_field", value="Contact.Title")
            found = await hits(org, asked("example", Entity.CONTACT))
            kinds = [event.kind for event in org.scope.calls]

    assert len(found[Entity.CONTACT]) > 0
    assert kinds == ["data", "metadata", "metadata", "data"]


@pytest.mark.parametrize("code", [b"INVALID_SEARCH", b"MALFORMED_SEARCH"])
def test_a_refusal_of_the_search_is_the_sources_limit(code: bytes) -> None:
    """Other sources may find what this one does not search for."""
    reply = Reply(status=400, headers={}, content=b'[{"errorCode": "%s", "message": "no"}]' % code)
    verdict = SalesforceDialect("sales").verdict(Api("v60.0").search("FIND {x}", entity=None), reply)

    assert isinstance(verdict, Failed)
    assert isinstance(verdict.error, UnsupportedBySource)


async def test_types_say_that_they_are_searched(org: Org) -> None:
    """As the org describes its objects."""
    assert all(found.can_search for found in (await org.connector.describe()).types.values())
