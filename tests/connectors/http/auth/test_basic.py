"""A name and a password that go with every call."""

from base64 import b64decode
from typing import Any

import pytest
from pydantic import SecretStr

from connectors.credentials import Basic
from connectors.http import Call, Failed, Reply, Verdict
from model.errors import ConfigError, Rejected
from tests.connectors.http.conftest import Connect, PlainDialect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin

ANNA = Basic(kind="basic", username="anna@acme.example", password=SecretStr("p:ss wörd 5ecre7"))


class Echoing(PlainDialect):
    """Tells what the source said."""

    def verdict(self, call: Call[Any], reply: Reply) -> Verdict:
        return Failed(Rejected(reply.content.decode(), source="acme"))


async def echoed(asked: Asked) -> Answer:
    """A source that tells the header it got."""
    return Answer(body=asked.headers["authorization"].encode())


async def test_name_and_password_go_into_the_header(origin: Origin, connect: Connect) -> None:
    """In UTF-8 (RFC 7617, section 2.1); the password may hold a colon."""
    with in_scope():
        await connect(auth=ANNA).send(a_call())

    scheme, _, pair = origin.asked[0].headers["authorization"].partition(" ")
    assert (scheme, b64decode(pair).decode()) == ("Basic", "anna@acme.example:p:ss wörd 5ecre7")


async def test_what_is_sent_shows_in_no_error(origin: Origin, connect: Connect) -> None:
    """Neither the password nor the pair in base64, whatever the source says back."""
    with in_scope():
        origin.handler = echoed
        with pytest.raises(Rejected) as caught:
            await connect(auth=ANNA, dialect=Echoing()).send(a_call())

    assert str(caught.value).endswith("Basic ***")


def test_name_with_a_colon_is_refused(connect: Connect) -> None:
    """The source would take what follows for the password."""
    with pytest.raises(ConfigError, match="colon"):
        connect(auth=Basic(kind="basic", username="anna:acme", password=SecretStr("x" * 20)))
