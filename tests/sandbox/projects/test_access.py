"""The log-in, tokens in virtual time, limits and faults."""

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from gateway.cli.demo_fields import demo_fields
from sandbox import Sandbox
from tests.sandbox.projects.desk import Desk, running_desk

SLOW = 0.001
"""Virtual seconds per second: the clock all but stands, so that only `advance` moves it."""


def test_a_token_lives_a_quarter_of_an_hour() -> None:
    """Then whoever has it logs in again; the older token does not come back to life."""
    with running_desk(time_scale=SLOW) as desk:
        told = desk.log_in().json()
        desk.clock.advance(898)
        before = desk.get("/users").status_code
        desk.clock.advance(2)
        after = desk.get("/users")
        again = desk.log_in().status_code, desk.get("/users").status_code

    assert (told["expiresIn"], set(told["user"])) == (900, {"id", "name"})
    assert (before, after.status_code, after.json()["error"]) == (200, 401, "token_expired")
    assert again == (200, 200)


def test_who_does_not_know_the_password_stays_out(desk: Desk) -> None:
    """With 401; with 400 what is no log-in."""
    wrong = [desk.log_in(password="x"), desk.log_in(email="nobody@projects.example")]
    broken = [desk.log_in(password=1), desk.log_in(otp="1"), desk.http.post("/auth/login", content=b"{")]
    desk.clock.advance(60)

    assert {(one.status_code, one.json()["error"]) for one in wrong} == {(401, "invalid_credentials")}
    assert {(one.status_code, one.json()["error"]) for one in broken} == {(400, "bad_parameter")}


def test_a_token_of_another_key_is_invalid(desk: Desk) -> None:
    """So is no token, a cut one, one without a signature, and any other scheme."""
    good = str(desk.http.headers["Authorization"])
    claims = {"sub": "1", "exp": 2**40}
    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.generate_key(256))
    headers = ["", "Bearer x", good[:-4], f"Bearer {forged}", f"{good.rpartition('.')[0]}.", f"Basic {good[7:]}"]
    answers = [desk.http.get("/users", headers={"Authorization": one}) for one in headers]

    assert {(one.status_code, one.json()["error"]) for one in answers} == {(401, "token_invalid")}


def test_a_minute_has_its_calls() -> None:
    """The answers tell what is left and when there is more; a call too many waits, and does not count."""
    with running_desk(time_scale=SLOW, minute=2) as desk:
        answers = [desk.get("/users")]
        desk.clock.advance(20)
        answers += [desk.get("/users/1"), desk.get("/users"), desk.http.get("/users", headers={"Authorization": ""})]
        desk.clock.advance(40.5)
        later = desk.get("/users")

    assert [one.status_code for one in (*answers, later)] == [200, 404, 429, 401, 200]
    limits = [[one.headers[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset")] for one in answers[:3]]
    assert limits == [["2", "1", "60"], ["2", "0", "40"], ["2", "0", "40"]]
    assert (answers[2].json()["error"], answers[2].headers["Retry-After"]) == ("too_many_requests", "40")


def test_a_minute_has_ten_log_ins() -> None:
    """Failed ones count, and calls do not."""
    with running_desk(time_scale=SLOW, minute=0) as desk:
        answers = [desk.log_in(password="x") for _ in range(9)]
        answers.append(desk.log_in())
        desk.clock.advance(60.5)
        answers.append(desk.log_in())

    assert [one.status_code for one in answers] == [401] * 9 + [429, 200]
    assert answers[9].headers["Retry-After"] == "60"


@pytest.mark.parametrize(
    ("fault", "status", "error"),
    [
        ("rate_limited", 429, "too_many_requests"),
        ("quota_exhausted", 429, "too_many_requests"),
        ("unauthorized", 401, "token_invalid"),
        ("revoked", 401, "token_invalid"),
        ("forbidden", 403, "forbidden"),
    ],
)
def test_faults_are_told_in_the_vendors_words(desk: Desk, fault: str, status: int, error: str) -> None:
    """Once each; the token that `unauthorized` met is void for good."""
    desk.faults.set(fault, times=1, value=7 if fault == "rate_limited" else None)
    answer = desk.get("/users")
    again = desk.get("/users").status_code
    desk.clock.advance(61)
    desk.log_in()

    assert (answer.status_code, answer.json()["error"]) == (status, error)
    assert int(answer.headers.get("Retry-After", 0)) in {"rate_limited": [7], "quota_exhausted": range(1, 61)}.get(
        fault, [0]
    )
    assert again == {"unauthorized": 401, "quota_exhausted": 429}.get(fault, 200)
    assert desk.get("/users").status_code == 200


def test_who_is_revoked_cannot_log_in(desk: Desk) -> None:
    """Nor do the tokens there are help."""
    desk.faults.set("revoked")
    refused = desk.log_in().json()["error"], desk.get("/users").json()["error"]
    desk.faults.clear()

    assert refused == ("invalid_credentials", "token_invalid")
    assert desk.log_in().status_code == 200


def test_it_runs_on_its_port_without_own_fields() -> None:
    """The demo names no fields of an account that has none."""
    with Sandbox(["projects"], scale=0.02, tls=True) as sandbox:
        own, connect = sandbox.own_fields("projects"), sandbox.connect("projects")

    assert demo_fields({"projects": own}) == {}
    assert connect == {
        "key": "projects",
        "platform": "projects",
        "base_url": sandbox.url("projects"),
        "auth": {"kind": "login", "username": "gateway@projects.example", "password": "env:PROJECTS_PASSWORD"},
    }
    assert set(sandbox.secrets) == {"PROJECTS_PASSWORD"}
    with pytest.raises(ValueError, match="unknown option 'minutes'"), running_desk(minutes=1):
        pass
