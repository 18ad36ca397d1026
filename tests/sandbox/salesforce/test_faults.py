"""The faults that the emulator tells in the vendor's words, and the allowance of requests."""

import pytest

from tests.sandbox.salesforce.desk import Client, connected


@pytest.fixture(autouse=True)
def no_fault_left(client: Client) -> None:
    """Every test begins without faults and with a live session."""
    client.running.faults("salesforce").clear()
    client.login()


@pytest.mark.parametrize(
    ("fault", "status", "code", "message"),
    [
        ("unauthorized", 401, "INVALID_SESSION_ID", "Session expired or invalid"),
        ("forbidden", 403, "API_DISABLED_FOR_ORG", "The REST API is not enabled for this Organization."),
        (
            "rate_limited",
            403,
            "REQUEST_LIMIT_EXCEEDED",
            "ConcurrentRequests (Concurrent API Requests) Limit exceeded.",
        ),
        ("quota_exhausted", 403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
    ],
)
def test_faults_speak_the_vendors_words(client: Client, fault: str, status: int, code: str, message: str) -> None:
    """Once, for one request."""
    client.running.faults("salesforce").set(fault, times=1)

    answer = client.get("/query", q="SELECT Id FROM Contact LIMIT 1")

    assert answer.status_code == status
    assert answer.json() == [{"message": message, "errorCode": code}]
    assert "Retry-After" not in answer.headers


def test_unauthorized_ends_the_session_until_the_next_login(client: Client) -> None:
    """The token stays dead when the fault is over; a new one works."""
    client.running.faults("salesforce").set("unauthorized", times=1)
    client.get("/limits")

    assert client.get("/limits").status_code == 401
    client.login()
    assert client.get("/limits").status_code == 200


def test_revoked_refuses_requests_and_tokens(client: Client) -> None:
    """Neither the session nor a new login helps."""
    client.running.faults("salesforce").set("revoked")

    assert client.get("/limits").status_code == 401
    assert client.ask_token().json() == {
        "error": "invalid_grant",
        "error_description": "expired access/refresh token",
    }


def test_faults_may_hit_one_resource(client: Client) -> None:
    """The others answer as ever."""
    client.running.faults("salesforce").set("rate_limited", path="/query")

    assert client.get("/query", q="SELECT Id FROM Contact LIMIT 1").status_code == 403
    assert client.get("/limits").status_code == 200


def test_maintenance_is_a_page(client: Client) -> None:
    """503 and HTML, also for logins."""
    client.running.faults("salesforce").set("maintenance")

    for answer in (client.get("/limits"), client.ask_token(), client.http.get("/services/data/")):
        assert answer.status_code == 503
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "down for maintenance" in answer.text


def test_hidden_field_vanishes_everywhere(client: Client) -> None:
    """From queries, descriptions and records, and comes back."""
    client.running.faults("salesforce").set("hidden_field", value="Contact.Email, Lead.Phone")
    one = client.query("SELECT Id FROM Contact LIMIT 1")[0]["Id"]

    refused = client.get("/query", q="SELECT Id, Email FROM Contact")
    described = client.get("/sobjects/Contact/describe").json()["fields"]
    record = client.get(f"/sobjects/Contact/{one}").json()
    named = client.get(f"/sobjects/Contact/{one}", fields="Email")

    assert (refused.status_code, refused.json()[0]["errorCode"]) == (400, "INVALID_FIELD")
    assert "No such column 'Email' on entity 'Contact'" in refused.json()[0]["message"]
    assert "Email" not in {field["name"] for field in described}
    assert "Email" not in record
    assert named.status_code == 400
    assert client.get("/query", q="SELECT Phone FROM Lead LIMIT 1").status_code == 400
    client.running.faults("salesforce").clear("hidden_field")
    assert client.get("/query", q="SELECT Id, Email FROM Contact LIMIT 1").status_code == 200


def test_hidden_fields_may_be_set_up() -> None:
    """The option hides them from the start."""
    with connected(hidden_fields="Contact.Email") as client:
        assert client.get("/query", q="SELECT Email FROM Contact").status_code == 400


def test_allowance_is_of_a_rolling_day() -> None:
    """It ends, and a day later requests count anew."""
    with connected(daily_requests=3) as client:
        statuses = [client.get("/limits").status_code for _ in range(4)]
        refused = client.get("/limits")
        client.running.clock.advance(24 * 3600)
        client.login()
        revived = client.get("/limits")

    assert statuses == [200, 200, 200, 403]
    assert refused.json() == [{"message": "TotalRequests Limit exceeded.", "errorCode": "REQUEST_LIMIT_EXCEEDED"}]
    assert refused.headers["Sforce-Limit-Info"] == "api-usage=3/3"
    assert revived.headers["Sforce-Limit-Info"] == "api-usage=1/3"


def test_allowance_grows_with_the_licences(client: Client) -> None:
    """100,000 and 1,000 for each active user of the book."""
    users = client.query("SELECT COUNT(Id) n FROM User WHERE IsActive = true AND Username != 'integration@example.com'")

    allowed = client.get("/limits").json()["DailyApiRequests"]["Max"]

    assert allowed == 100_000 + 1_000 * int(str(users[0]["n"]))


def test_logins_and_refused_sessions_are_not_counted(client: Client) -> None:
    """Only requests that pass cost."""
    before = client.get("/limits").json()["DailyApiRequests"]["Remaining"]
    client.ask_token()
    client.http.get("/services/data/")
    client.http.get("/services/data/v60.0/limits", headers={"Authorization": "Bearer x"})

    after = client.get("/limits").json()["DailyApiRequests"]["Remaining"]

    assert before - after == 1


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ({"colour": "red"}, "unknown option 'colour'"),
        ({"multi_currency": "yes"}, "takes true or false"),
        ({"daily_requests": True}, "takes a whole number"),
        ({"session_timeout_s": "1"}, "takes a number"),
    ],
)
def test_options_are_checked(options: dict[str, str | bool], reason: str) -> None:
    """Unknown names and wrong types stop the start."""
    with pytest.raises(ValueError, match=reason), connected(**options):
        pass
