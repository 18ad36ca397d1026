"""What the token endpoint is sent, and what a credential must be."""

import time
from base64 import b64decode

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from connectors.credentials import Auth, Bearer, RefreshToken
from connectors.http import HttpClient, Signing, Wire
from model.errors import ConfigError, SourceUnavailable
from tests.connectors.http.auth.tokens import ASSERTION, CREDENTIALS, PASSWORD, PEM, PUBLIC_PEM, REFRESH, TokenServer
from tests.connectors.http.conftest import ROOMY, Connect, PlainDialect, a_call, in_scope
from tests.connectors.http.origin import Answer, Origin, as_json

TOKEN_URL = "https://login.example.com/token"


@pytest.mark.parametrize(
    ("auth", "form"),
    [
        (
            CREDENTIALS,
            {"grant_type": "client_credentials", "client_id": "an-id", "client_secret": "s&cr=t +%€"},
        ),
        (
            PASSWORD,
            {
                "grant_type": "password",
                "client_id": "an-id",
                "client_secret": "a-secret",
                "username": "ada@example.com",
                "password": "p&s=w; +%é",
            },
        ),
        (
            REFRESH,
            {
                "grant_type": "refresh_token",
                "client_id": "an-id",
                "client_secret": "a-secret",
                "refresh_token": "first-refresh",
            },
        ),
        (
            RefreshToken(kind="refresh_token", client_id="an-id", refresh_token="first-refresh", scope="a b"),
            {"grant_type": "refresh_token", "client_id": "an-id", "refresh_token": "first-refresh", "scope": "a b"},
        ),
    ],
)
async def test_a_grant_sends_its_form(origin: Origin, connect: Connect, auth: Auth, form: dict[str, str]) -> None:
    """Each way to sign in asks the token endpoint as RFC 6749 says, whatever characters a secret holds."""
    server = TokenServer(origin)

    with in_scope() as scope:
        assert await connect(auth=auth).send(a_call()) == "data"

    assert server.token_calls[0].form == form
    assert server.token_calls[0].headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert [(event.kind, event.operation, event.status) for event in scope.calls] == [
        ("auth", "token", 200),
        ("data", "read", 200),
    ]


async def test_a_jwt_grant_signs_its_assertion(origin: Origin, connect: Connect) -> None:
    """RS256, issuer the client, subject the user, the audience given, and a short life."""
    server = TokenServer(origin)

    with in_scope():
        assert await connect(auth=ASSERTION).send(a_call()) == "data"

    form = server.token_calls[0].form
    token = jwt.decode(form["assertion"], RSAKey.import_key(PEM), algorithms=["RS256"])
    assert form["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    assert token.header["alg"] == "RS256"
    assert (token.claims["iss"], token.claims["sub"]) == ("an-id", "ada@example.com")
    assert token.claims["aud"] == "https://login.example"
    assert 0 < token.claims["exp"] - time.time() <= 180


async def test_the_client_can_be_named_in_a_basic_header(origin: Origin, connect: Connect) -> None:
    """Pipedrive wants it there."""
    server = TokenServer(origin)

    with in_scope():
        await connect(auth=REFRESH, signing=Signing(client_auth="client_secret_basic")).send(a_call())

    scheme, _, coded = server.token_calls[0].headers["authorization"].partition(" ")
    assert (scheme, b64decode(coded)) == ("Basic", b"an-id:a-secret")
    assert "client_secret" not in server.token_calls[0].form


async def test_a_platform_says_where_its_token_goes(origin: Origin, connect: Connect) -> None:
    """A header and a prefix of its own, for fixed tokens as for renewed ones."""
    signing = Signing(header="x-api-token", prefix="")

    with in_scope():
        await connect(auth=Bearer(kind="bearer", token="abcdef"), signing=signing).send(a_call())

    assert origin.asked[0].headers["x-api-token"] == "abcdef"
    assert "authorization" not in origin.asked[0].headers


async def test_the_credentials_own_token_url_wins(origin: Origin, connect: Connect) -> None:
    """A sandbox or a sovereign cloud signs in elsewhere."""
    server = TokenServer(origin)
    auth = CREDENTIALS.model_copy(update={"token_url": f"{origin.url}/token"})

    with in_scope():
        await connect(auth=auth, token_url=f"{origin.url}/wrong").send(a_call())

    assert len(server.token_calls) == 1


async def test_a_redirecting_token_endpoint_gets_no_credential_twice(origin: Origin, connect: Connect) -> None:
    """A Location header is not followed."""
    server = TokenServer(origin)
    server.refusals = [Answer(307, headers={"location": f"{origin.url}/elsewhere"})] * 4

    with in_scope(), pytest.raises(SourceUnavailable):
        await connect(auth=CREDENTIALS, time_scale=50).send(a_call())

    assert {asked.target for asked in origin.asked} == {"/token"}


async def test_a_token_no_header_can_carry_is_a_source_error(origin: Origin, connect: Connect) -> None:
    """A line break in a token never becomes a header."""
    TokenServer(origin).refusals = [as_json({"access_token": "abc\r\nx-evil: 1"})]

    with in_scope(), pytest.raises(SourceUnavailable, match="no header can carry"):
        await connect(auth=CREDENTIALS).send(a_call())


@pytest.mark.parametrize("token", ["abc\n", "abc\r\ndef", "töken", "abc\x00", "\udcff"])
def test_a_fixed_token_no_header_can_carry_is_a_config_error(token: str) -> None:
    """The operator learns it at the start, without the token in the message."""
    with pytest.raises(ConfigError, match="token") as failed:
        _unconnected(Bearer(kind="bearer", token=token))

    assert token not in failed.value.message


@pytest.mark.parametrize("pem", ["nonsense", "", PUBLIC_PEM])
def test_a_bad_private_key_is_a_config_error(pem: str) -> None:
    """So is a public one; the key itself is not repeated."""
    with pytest.raises(ConfigError, match="private_key") as failed:
        _unconnected(ASSERTION.model_copy(update={"private_key": SecretStr(pem)}))

    assert failed.value.message == "acme: its private_key is not an RSA private key in PEM form"


def test_a_client_secret_no_header_can_carry_is_a_config_error() -> None:
    """Where the platform wants it in a Basic header."""
    with pytest.raises(ConfigError, match="must be ASCII") as failed:
        _unconnected(CREDENTIALS, signing=Signing(client_auth="client_secret_basic"))

    assert "s&cr" not in failed.value.message


def test_a_grant_without_a_token_endpoint_is_a_config_error() -> None:
    """The credential or the platform has to name one."""
    with pytest.raises(ConfigError, match="token_url"):
        _unconnected(CREDENTIALS, token_url=None)


def _unconnected(auth: Auth, token_url: str | None = TOKEN_URL, signing: Signing | None = None) -> HttpClient:
    """A client of a host that nothing is sent to."""
    return HttpClient(
        source="acme",
        base_url="https://crm.example.com",
        auth=auth,
        token_url=token_url,
        signing=signing,
        dialect=PlainDialect(),
        limits=ROOMY,
        wire=Wire(),
    )
