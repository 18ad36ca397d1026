"""The OAuth endpoints: five flows, their refusals, and how long tokens live."""

import base64
import hashlib
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.sandbox.salesforce.desk import DATA, Client, connected

TOKEN = "/services/oauth2/token"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
VERIFIER = "v" * 171
REDIRECT = "https://app.example/callback"


def error(answer: httpx.Response) -> tuple[str, str]:
    """The pair of an OAuth error, which is an object and not an array."""
    assert answer.status_code == 400
    body = answer.json()
    return body["error"], body["error_description"]


def code(client: Client, **params: str) -> str:
    """An authorization code."""
    asked = {"response_type": "code", "client_id": "3MVG9sandbox.crm.gateway", "redirect_uri": REDIRECT, "state": "s"}
    answer = client.http.get("/services/oauth2/authorize", params=asked | params)
    assert answer.status_code == 302
    back = urlsplit(answer.headers["Location"])
    assert parse_qs(back.query)["state"] == ["s"]
    return parse_qs(back.query)["code"][0]


def test_client_credentials_have_no_refresh_token(client: Client) -> None:
    """The answer has the instance, the identity, a time in milliseconds as text, and no expiry."""
    told = client.token()

    assert set(told) == {
        "access_token",
        "signature",
        "scope",
        "instance_url",
        "id",
        "token_type",
        "issued_at",
        "api_instance_url",
    }
    assert told["instance_url"] == client.running.url("salesforce")
    assert told["issued_at"].isdigit()
    assert told["access_token"].startswith("00D")
    assert "!" in told["access_token"]


def test_client_may_name_itself_by_http_basic(client: Client) -> None:
    """Its id and secret stand in the header instead of the form."""
    secrets = client.running.secrets
    auth = (secrets["SALESFORCE_CLIENT_ID"], secrets["SALESFORCE_CLIENT_SECRET"])
    url = client.running.url("salesforce") + TOKEN

    answer = httpx.post(url, data={"grant_type": "client_credentials"}, auth=auth)

    assert answer.status_code == 200


def test_body_may_come_in_chunks(client: Client) -> None:
    """A form without a length is read as well."""
    form = "grant_type=client_credentials&client_id=3MVG9sandbox.crm.gateway&client_secret=sandbox-consumer-secret"

    def pieces() -> Iterator[bytes]:
        yield form[:20].encode()
        yield form[20:].encode()

    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.http.post(TOKEN, content=pieces(), headers=headers)

    assert answer.request.headers["Transfer-Encoding"] == "chunked"
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("form", "pair"),
    [
        ({"grant_type": "magic"}, ("unsupported_grant_type", "grant type not supported")),
        ({"client_id": "x"}, ("invalid_client_id", "client identifier invalid")),
        ({"client_secret": "x"}, ("invalid_client", "invalid client credentials")),
        ({"grant_type": "password", "username": "x", "password": "y"}, ("invalid_grant", "authentication failure")),
        ({"grant_type": "refresh_token", "refresh_token": "x"}, ("invalid_grant", "expired access/refresh token")),
        ({"grant_type": "authorization_code", "code": "x"}, ("invalid_grant", "expired authorization code")),
        ({"grant_type": JWT_BEARER, "assertion": "x"}, ("invalid_grant", "invalid assertion")),
    ],
)
def test_flows_refuse_with_their_pairs(client: Client, form: dict[str, str], pair: tuple[str, str]) -> None:
    """Each mistake has its error and description."""
    assert error(client.ask_token(**form)) == pair


@pytest.mark.parametrize("password", ["sandbox-password", "sandbox-passwordsandboxtoken"])
def test_password_flow_takes_the_security_token_or_not(client: Client, password: str) -> None:
    """It may be appended to the password."""
    told = client.token(grant_type="password", username="integration@example.com", password=password)

    assert "refresh_token" not in told


def test_code_is_used_once_and_refreshes_for_long(client: Client) -> None:
    """The web server flow gives a refresh token, and a refresh gives no new one."""
    one = code(client)
    told = client.token(grant_type="authorization_code", code=one, redirect_uri=REDIRECT)

    again = client.ask_token(grant_type="authorization_code", code=one, redirect_uri=REDIRECT)
    refreshed = client.token(grant_type="refresh_token", refresh_token=told["refresh_token"])

    assert error(again) == ("invalid_grant", "expired authorization code")
    assert "refresh_token" not in refreshed
    assert refreshed["access_token"] != told["access_token"]


def test_code_belongs_to_its_redirect_and_its_verifier(client: Client) -> None:
    """Another redirect is refused, and so is a verifier that does not fit; S256 needs no method."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()

    def redeem(redirect_uri: str = REDIRECT, **form: str) -> httpx.Response:
        one = code(client, code_challenge=challenge)
        return client.ask_token(grant_type="authorization_code", code=one, redirect_uri=redirect_uri, **form)

    assert redeem(code_verifier=VERIFIER).status_code == 200
    assert error(redeem(code_verifier="wrong")) == ("invalid_grant", "invalid code verifier")
    assert error(redeem()) == ("invalid_grant", "invalid code verifier")
    assert error(redeem("https://evil.example", code_verifier=VERIFIER))[0] == "redirect_uri_mismatch"


@pytest.mark.parametrize("params", [{"client_id": "x"}, {"response_type": "token"}, {"redirect_uri": ""}])
def test_authorization_needs_its_parameters(client: Client, params: dict[str, str]) -> None:
    """An unknown client or a missing redirect is told on the spot."""
    asked = {"response_type": "code", "client_id": "3MVG9sandbox.crm.gateway", "redirect_uri": REDIRECT}

    assert client.http.get("/services/oauth2/authorize", params=asked | params).status_code == 400


def test_code_lives_a_quarter_of_an_hour() -> None:
    """Virtual time."""
    with connected() as client:
        one = code(client)
        client.running.clock.advance(901)

        answer = client.ask_token(grant_type="authorization_code", code=one, redirect_uri=REDIRECT)

    assert error(answer) == ("invalid_grant", "expired authorization code")


def test_five_approvals_live(client: Client) -> None:
    """The sixth refresh token ends the first."""
    tokens = [
        client.token(grant_type="authorization_code", code=code(client), redirect_uri=REDIRECT)["refresh_token"]
        for _ in range(6)
    ]

    answers = [client.ask_token(grant_type="refresh_token", refresh_token=one).status_code for one in tokens]

    assert answers == [400, 200, 200, 200, 200, 200]


def test_rotation_ends_the_refresh_token_that_was_used() -> None:
    """With the switch on, each refresh gives the next one."""
    with connected(rotate_refresh_tokens=True) as client:
        first = client.token(grant_type="authorization_code", code=code(client), redirect_uri=REDIRECT)["refresh_token"]
        second = client.token(grant_type="refresh_token", refresh_token=first)["refresh_token"]

        assert error(client.ask_token(grant_type="refresh_token", refresh_token=first))[0] == "invalid_grant"
        assert client.ask_token(grant_type="refresh_token", refresh_token=second).status_code == 200


@pytest.fixture(scope="module")
def key() -> RSAKey:
    """A key pair of a connected app."""
    return RSAKey.generate_key(2048)


@pytest.fixture(scope="module")
def signing(key: RSAKey) -> Iterator[Client]:
    """A client of an org that trusts *key*; its clock runs with the wall's."""
    with connected(jwt_public_key=key.as_pem(private=False).decode()) as one:
        yield one


def claims(client: Client, **others: object) -> dict[str, object]:
    """The claims of a good assertion, with others in their place."""
    expires = client.running.clock.now().timestamp() + 180
    good = {"iss": "3MVG9sandbox.crm.gateway", "sub": "integration@example.com", "aud": "https://login.salesforce.com"}
    return {**good, "exp": f"{expires:.0f}", **others}


def assertion(key: RSAKey, told: dict[str, object], algorithm: str = "RS256") -> str:
    """A signed assertion."""
    return jwt.encode({"alg": algorithm}, told, key, algorithms=[algorithm])


def test_signed_assertion_is_answered_with_less(signing: Client, key: RSAKey) -> None:
    """Expiry may be text or a number; neither signature nor time of issue come back."""
    for expiry in (str, int):
        told = claims(signing)
        told["exp"] = expiry(str(told["exp"]))

        answer = signing.token(grant_type=JWT_BEARER, assertion=assertion(key, told))

        assert set(answer) == {"access_token", "scope", "instance_url", "id", "token_type"}


@pytest.mark.parametrize(
    ("others", "pair"),
    [
        ({"exp": 0}, ("invalid_grant", "expired authorization code")),
        ({"exp": 2**40}, ("invalid_grant", "expired authorization code")),
        ({"exp": "soon"}, ("invalid_grant", "invalid assertion")),
        ({"aud": "https://example.com"}, ("invalid_grant", "audience is invalid")),
        ({"iss": "x"}, ("invalid_client_id", "client identifier invalid")),
        ({"sub": "x"}, ("invalid_grant", "user hasn't approved this consumer")),
    ],
)
def test_claims_must_fit(signing: Client, key: RSAKey, others: dict[str, object], pair: tuple[str, str]) -> None:
    """Expiry, audience, app and user."""
    answer = signing.ask_token(grant_type=JWT_BEARER, assertion=assertion(key, claims(signing, **others)))

    assert error(answer) == pair


def test_signature_must_be_the_apps(signing: Client, key: RSAKey) -> None:
    """Another key, another algorithm, and changed claims are refused."""
    good = assertion(key, claims(signing))
    header, _, signature = good.split(".")
    other = assertion(key, claims(signing, sub="x")).split(".")[1]

    for one in (
        assertion(RSAKey.generate_key(2048), claims(signing)),
        assertion(key, claims(signing), "RS512"),
        f"{header}.{other}.{signature}",
    ):
        assert error(signing.ask_token(grant_type=JWT_BEARER, assertion=one)) == ("invalid_grant", "invalid assertion")


def test_session_dies_when_it_is_not_used() -> None:
    """Every request keeps it for the policy's time; then it is 401 until the next login."""
    with connected(session_timeout_s=600.0) as client:
        statuses = []
        for pause_s in (500, 500, 601):
            client.running.clock.advance(pause_s)
            statuses.append(client.get("/limits").status_code)
        answer = client.get("/limits")
        client.login()
        revived = client.get("/limits")

    assert statuses == [200, 200, 401]
    assert answer.json() == [{"message": "Session expired or invalid", "errorCode": "INVALID_SESSION_ID"}]
    assert revived.status_code == 200


def test_sessions_live_two_hours_by_default() -> None:
    """The default policy."""
    with connected() as client:
        client.running.clock.advance(7_190)
        alive = client.get("/limits").status_code
        client.running.clock.advance(7_201)
        dead = client.get("/limits").status_code

    assert (alive, dead) == (200, 401)


@pytest.mark.parametrize(
    ("header", "codes"),
    [
        (None, "INVALID_SESSION_ID"),
        ("Bearer x", "INVALID_SESSION_ID"),
        ("OAuth x", "INVALID_SESSION_ID"),
        ("Basic eDp5", "INVALID_AUTH_HEADER"),
    ],
)
def test_requests_need_a_live_token(client: Client, header: str | None, codes: str) -> None:
    """Missing, unknown and of another scheme."""
    headers = {} if header is None else {"Authorization": header}

    answer = httpx.get(f"{client.running.url('salesforce')}{DATA}/limits", headers=headers)

    assert (answer.status_code, answer.json()[0]["errorCode"]) == (401, codes)


def test_scheme_of_a_token_may_be_oauth(client: Client) -> None:
    """The older word works as well."""
    headers = {"Authorization": f"OAuth {client.token()['access_token']}"}

    assert client.http.get(f"{DATA}/limits", headers=headers).status_code == 200


def test_revoked_tokens_are_dead(client: Client) -> None:
    """Access and refresh tokens; an unknown one is told."""
    refresh = client.token(grant_type="authorization_code", code=code(client), redirect_uri=REDIRECT)["refresh_token"]
    access = client.token()["access_token"]

    answers = [client.http.post("/services/oauth2/revoke", data={"token": one}) for one in (access, refresh, "x")]

    assert [(one.status_code, one.content[:9]) for one in answers[:2]] == [(200, b""), (200, b"")]
    assert answers[2].status_code == 400
    assert client.http.get(f"{DATA}/limits", headers={"Authorization": f"Bearer {access}"}).status_code == 401
    assert client.ask_token(grant_type="refresh_token", refresh_token=refresh).status_code == 400


def test_introspection_tells_what_a_token_is(client: Client) -> None:
    """A live one with its expiry, a dead one as inactive; only for the app."""

    def ask(token: str, **others: str) -> httpx.Response:
        app = {"client_id": "3MVG9sandbox.crm.gateway", "client_secret": "sandbox-consumer-secret"}
        return client.http.post("/services/oauth2/introspect", data={"token": token, **app, **others})

    live = ask(client.token()["access_token"]).json()

    assert live["active"] is True
    assert live["exp"] - live["iat"] in range(7_100, 7_201)
    assert ask("x").json() == {"active": False}
    assert ask("x", client_secret="wrong").status_code == 401


def test_userinfo_tells_who_the_token_is_of(client: Client) -> None:
    """The same user as the identity address, who owns what nobody else owns."""
    told = client.http.get("/services/oauth2/userinfo").json()
    identity = client.http.get(told["sub"]).json()

    (user,) = client.query(f"SELECT Username, IsActive FROM User WHERE Id = '{told['user_id']}'")
    assert (user["Username"], user["IsActive"]) == ("integration@example.com", True)
    assert identity["user_id"] == told["user_id"]
    assert client.http.get("/services/oauth2/userinfo", headers={"Authorization": "Bearer x"}).status_code == 403
