"""Getting tokens, renewing them once for all, and giving up when a human is needed."""

import asyncio
import importlib.util
import time
from base64 import b64decode

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey
from pydantic import SecretStr

from connectors.credentials import Auth, Bearer, ClientCredentials, JwtBearer, Password, RefreshToken
from connectors.http import HttpClient, Signing, TokenAnswer, Wire
from model.errors import ConfigError, RateLimited, ReauthRequired, SourceTimeout, SourceUnavailable
from tests.connectors.http.conftest import ROOMY, Connect, PlainDialect, a_call, in_scope
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC_PEM = (
    KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)
TOKEN_URL = "https://login.example.com/token"

CREDENTIALS = ClientCredentials(kind="client_credentials", client_id="an-id", client_secret="s&cr=t +%€")
PASSWORD = Password(
    kind="password", client_id="an-id", client_secret="a-secret", username="ada@example.com", password="p&s=w; +%é"
)
REFRESH = RefreshToken(kind="refresh_token", client_id="an-id", client_secret="a-secret", refresh_token="first-refresh")
ASSERTION = JwtBearer(
    kind="jwt_bearer", client_id="an-id", private_key=PEM, subject="ada@example.com", audience="https://login.example"
)


class TokenServer:
    """Hands out numbered tokens; the API takes only the latest, and only until it is revoked."""

    def __init__(self, origin: Origin, **extra: object) -> None:
        self.extra = {"expires_in": 1800, "token_type": "Bearer", **extra}
        self.refusals: list[Answer | None] = []
        self.issued = 0
        self.delay_s = 0.0
        self.valid = ""
        self.header = "authorization"
        self.origin = origin
        origin.handler = self.handle

    @property
    def token_calls(self) -> list[Asked]:
        """The requests that the token endpoint saw."""
        return [asked for asked in self.origin.asked if asked.target == "/token"]

    async def handle(self, asked: Asked) -> Answer | None:
        """A token, or an answer to whoever shows the valid one."""
        if asked.target != "/token":
            return as_json("data") if asked.headers.get(self.header) == self.valid else Answer(401)
        await asyncio.sleep(self.delay_s)
        if self.refusals:
            return self.refusals.pop(0)
        self.issued += 1
        self.valid = f"Bearer token-number-{self.issued}"
        return as_json({"access_token": f"token-number-{self.issued}", **self.extra})


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


@pytest.mark.parametrize("auth", [CREDENTIALS, REFRESH, ASSERTION, PASSWORD])
async def test_thirty_calls_on_a_dead_token_renew_it_once(origin: Origin, connect: Connect, auth: Auth) -> None:
    """Single flight: one token call at the start, one when the source refuses the token, thirty good answers."""
    server = TokenServer(origin)
    client = connect(auth=auth)

    async def burst() -> list[str]:
        return await asyncio.gather(*(client.send(a_call(path=f"/{number}")) for number in range(30)))

    with in_scope():
        assert await burst() == ["data"] * 30
        assert len(server.token_calls) == 1
        server.valid = "revoked"
        assert await burst() == ["data"] * 30

    assert len(server.token_calls) == 2


async def test_a_token_is_renewed_before_it_ends(origin: Origin, connect: Connect) -> None:
    """Within the margin before expires_in, on the virtual clock, the next call fetches another first."""
    server = TokenServer(origin, expires_in="100")
    client = connect(auth=CREDENTIALS, time_scale=500)

    with in_scope():
        await client.send(a_call())
        await client.send(a_call())
        assert len(server.token_calls) == 1
        await asyncio.sleep(91 / 500)
        await client.send(a_call())

    assert len(server.token_calls) == 2
    assert all(asked.headers["authorization"] for asked in origin.asked if asked.target != "/token")


@pytest.mark.parametrize("expires_in", [None, "soon", -5, True, 1e999])
async def test_without_a_usable_lifetime_a_token_lives_until_it_is_refused(
    origin: Origin, connect: Connect, expires_in: object
) -> None:
    """Salesforce says none: only its 401 ends the token."""
    server = TokenServer(origin, expires_in=expires_in)
    client = connect(auth=CREDENTIALS, time_scale=1000)

    with in_scope():
        await client.send(a_call())
        await asyncio.sleep(0.05)
        await client.send(a_call())
        assert len(server.token_calls) == 1
        server.valid = "revoked"
        await client.send(a_call())

    assert len(server.token_calls) == 2


async def test_a_token_that_is_over_at_birth_starts_no_storm(origin: Origin, connect: Connect) -> None:
    """A lifetime of nothing is taken for a second."""
    server = TokenServer(origin, expires_in=0)
    client = connect(auth=CREDENTIALS)

    with in_scope():
        for _ in range(20):
            await client.send(a_call())

    assert len(server.token_calls) == 1


async def test_a_second_refusal_after_renewal_is_final(origin: Origin, connect: Connect) -> None:
    """One renewal, one repeat, then the dialect's error."""
    server = TokenServer(origin)
    server.header = "x-never-sent"

    with in_scope() as scope, pytest.raises(ReauthRequired, match="no longer takes the token"):
        await connect(auth=CREDENTIALS).send(a_call())

    assert len(server.token_calls) == 2
    assert [event.retries for event in scope.calls if event.kind == "data"] == [1]


async def test_a_write_is_repeated_after_renewal(origin: Origin, connect: Connect) -> None:
    """A refused token means that nothing was done."""
    server = TokenServer(origin)
    client = connect(auth=CREDENTIALS)

    with in_scope():
        await client.send(a_call())
        server.valid = "revoked"
        write = a_call(method="POST", content=b"{}", is_idempotent=False, is_shareable=False)
        assert await client.send(write) == "data"


async def test_a_rotated_refresh_token_is_used_from_then_on(origin: Origin, connect: Connect) -> None:
    """And the connector is told of it, with what else the answer said, secrets apart."""
    server = TokenServer(origin, refresh_token="second-refresh", instance_url="https://eu1.example", id_token="x.y.z")
    told: list[TokenAnswer] = []
    client = connect(auth=REFRESH, on_token=told.append)

    with in_scope():
        await client.send(a_call())
        server.valid = "revoked"
        await client.send(a_call())

    assert [asked.form["refresh_token"] for asked in server.token_calls] == ["first-refresh", "second-refresh"]
    assert told[0].refresh_token is not None
    assert told[0].refresh_token.get_secret_value() == "second-refresh"
    assert told[0].expires_in_s == 1800
    assert dict(told[0].fields) == {"token_type": "Bearer", "instance_url": "https://eu1.example"}


async def test_the_token_answer_may_move_the_base_url(origin: Origin, connect: Connect) -> None:
    """The very call that needed the token already goes to the address it named."""
    TokenServer(origin)
    client = connect(auth=CREDENTIALS, on_token=lambda answer: setattr(client, "base_url", origin.url + "/moved"))

    with in_scope():
        await client.send(a_call())

    assert origin.asked[-1].target == "/moved/things"


async def test_a_token_answer_cannot_move_the_base_url_inside(origin: Origin, connect: Connect) -> None:
    """An address that may not be called is a source error, and nothing is sent there."""
    TokenServer(origin)
    client = connect(auth=CREDENTIALS, on_token=lambda answer: setattr(client, "base_url", "https://10.0.0.1"))

    with in_scope(), pytest.raises(SourceUnavailable, match="may not be called"):
        await client.send(a_call())

    assert client.base_url == origin.url


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (as_json({"error": "invalid_grant", "error_description": "gone"}, 400), "invalid_grant"),
        (as_json({"error": "invalid_client"}, 401), "invalid_client"),
        (as_json({"status": "BAD_REFRESH_TOKEN", "message": "no"}, 400), "BAD_REFRESH_TOKEN"),
        (as_json({"error": "invalid_code"}, 200), "invalid_code"),
        (as_json({"error": "<script>\r\nforged"}, 400), "status 400"),
        (Answer(403, b"<html>"), "status 403"),
        (Answer(404, b""), "status 404"),
    ],
)
async def test_a_refused_credential_needs_a_human_and_is_not_hammered(
    origin: Origin, connect: Connect, answer: Answer, said: str
) -> None:
    """No retry, and for a minute of virtual time no further token call; then it is asked again."""
    server = TokenServer(origin)
    server.refusals = [answer]
    client = connect(auth=REFRESH, time_scale=200)

    with in_scope() as scope:
        for _ in range(5):
            with pytest.raises(ReauthRequired) as failed:
                await client.send(a_call())
        assert len(server.token_calls) == 1
        await asyncio.sleep(61 / 200)
        assert await client.send(a_call()) == "data"

    assert said in failed.value.message
    assert "acme" in failed.value.message
    assert [event.kind for event in scope.calls] == ["auth", "auth", "data"]


@pytest.mark.parametrize(
    "answers",
    [
        (Answer(503),),
        (Answer(500, b"<html>"), Answer(502)),
        (Answer(429, headers={"retry-after": "2"}),),
        (None,),
        (as_json({"error": "temporarily_unavailable"}, 400),),
        (Answer(200, b"<html>"),),
        (as_json({"token_type": "Bearer"}),),
        (as_json({"access_token": ""}),),
        (as_json({"access_token": 5}),),
        (as_json([]),),
        (as_json({"error": "Access Denied"}, 400),),
    ],
)
async def test_a_passing_trouble_at_the_token_endpoint_is_waited_out(
    origin: Origin, connect: Connect, answers: tuple[Answer | None]
) -> None:
    """Limits, server errors, broken connections and garbage are tried again like any call's."""
    server = TokenServer(origin)
    server.refusals = list(answers)
    signing = Signing(throttled=frozenset({"Access Denied"}))

    with in_scope() as scope:
        assert await connect(auth=CREDENTIALS, time_scale=50, signing=signing).send(a_call()) == "data"

    assert len(server.token_calls) == len(answers) + 1
    assert scope.calls[0].retries == len(answers)


async def test_a_throttled_token_endpoint_says_when(origin: Origin, connect: Connect) -> None:
    """A wait past the deadline is not begun."""
    TokenServer(origin).refusals = [Answer(429, headers={"retry-after": "600"})]

    with in_scope(), pytest.raises(RateLimited) as failed:
        await connect(auth=CREDENTIALS).send(a_call())

    assert failed.value.retry_after_s == pytest.approx(600)


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


async def test_the_credentials_own_token_url_wins(origin: Origin, connect: Connect) -> None:
    """A sandbox or a sovereign cloud signs in elsewhere."""
    server = TokenServer(origin)
    auth = CREDENTIALS.model_copy(update={"token_url": f"{origin.url}/token"})

    with in_scope():
        await connect(auth=auth, token_url=f"{origin.url}/wrong").send(a_call())

    assert len(server.token_calls) == 1


async def test_a_renewal_that_may_rotate_outlives_its_caller(origin: Origin, connect: Connect) -> None:
    """Else the only copy of a new refresh token would be lost with an impatient request."""
    server = TokenServer(origin, refresh_token="second-refresh")
    server.delay_s = 0.2
    client = connect(auth=REFRESH)

    with in_scope(seconds=0.1), pytest.raises(SourceTimeout):
        await client.send(a_call())
    with in_scope():
        assert await client.send(a_call()) == "data"

    assert len(server.token_calls) == 1


async def test_a_renewal_that_rotates_nothing_ends_with_its_callers(origin: Origin, connect: Connect) -> None:
    """A cancelled request leaves no token call behind."""
    server = TokenServer(origin)
    server.delay_s = 30.0
    client = connect(auth=CREDENTIALS)

    with in_scope(seconds=0.1), pytest.raises(SourceTimeout):
        await client.send(a_call())

    async with asyncio.timeout(1):
        await origin.idle.wait()


async def test_closing_ends_a_hanging_renewal(
    origin: Origin, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even one that is kept: it has its grace, then it is cut."""
    monkeypatch.setattr("connectors.http.auth.signer._GRACE_S", 0.05)  # two seconds are too long for a test
    server = TokenServer(origin)
    server.delay_s = 30.0
    client = connect(auth=REFRESH)

    with in_scope(seconds=0.1), pytest.raises(SourceTimeout):
        await client.send(a_call())
    await client.aclose()

    async with asyncio.timeout(1):
        await origin.idle.wait()


def test_the_other_httpx_is_not_installed() -> None:
    """With httpx2 beside it, Authlib's client would be of that and refuse our transport."""
    assert importlib.util.find_spec("httpx2") is None


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
