"""`serve` as a process: it ends cleanly, and keeps its secrets whatever the CRMs say."""

import base64
import signal
import threading
import time
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from tests.gateway.cli.commands import SECRETS, config_at, free_port, running, started
from tests.gateway.cli.echo import echoing

QUERY = "{ contacts { nodes { id } sources { source { key statusReason } error { code message } } } }"


@pytest.mark.parametrize("number", [signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.slow)])
def test_signal_ends_the_process_cleanly(tmp_path: Path, number: signal.Signals) -> None:
    """The request under way is answered, the port is given up, and the status is 0."""
    port = free_port()
    with (
        echoing(status=401) as crm,
        started("serve", "--config", str(config_at(tmp_path, crm.url)), port=port) as server,
    ):
        crm.delay_s = 1.5
        crm.heard.clear()
        answers: list[httpx.Response] = []
        asking = threading.Thread(target=lambda: answers.append(ask(port)))
        asking.start()
        while not crm.heard:
            time.sleep(0.01)

        server.send_signal(number)

        status = server.wait(20)
        asking.join()
        errors = server.communicate()[1]
    assert status == 0, errors
    assert answers[0].status_code == 200
    assert "Traceback" not in errors
    with pytest.raises(httpx.ConnectError):
        ask(port)


def ask(port: int) -> httpx.Response:
    """One query."""
    with httpx.Client(trust_env=False, timeout=30) as client:
        return client.post(f"http://127.0.0.1:{port}/graphql", json={"query": QUERY})


def forms(secret: str) -> dict[str, str]:
    """A secret as it might be written."""
    raw = secret.encode()
    return {
        "plain": secret,
        "URL": quote(secret, safe=""),
        "hexadecimal": raw.hex(),
        "base64": base64.b64encode(raw).decode().rstrip("="),
        "base64 behind one": base64.b64encode(b"\0" + raw).decode()[2:-4],
        "base64 behind two": base64.b64encode(b"\0\0" + raw).decode()[3:-4],
        "reversed": secret[::-1],
        "head": secret[:12],
        "tail": secret[-12:],
    }


@pytest.mark.parametrize("status", [401, pytest.param(500, marks=pytest.mark.slow)])
def test_secrets_show_nowhere(tmp_path: Path, status: int) -> None:
    """A CRM that repeats its credentials in every encoding while it fails gets none of them into answers or logs."""
    port = free_port()
    with (
        echoing(status=status) as crm,
        started("serve", "--config", str(config_at(tmp_path, crm.url)), port=port) as server,
    ):
        answer = ask(port)
        server.terminate()
        output, errors = server.communicate(timeout=20)
        heard = "\n".join(crm.heard)

    assert "errors" in answer.json() or "error" in answer.text
    assert "source.unavailable" in errors
    assert SECRETS["HUBSPOT_TOKEN"] in heard, "the source was never asked: the test would prove nothing"
    shown = answer.text + output + errors
    hits = [
        f"{name} as {form}" for name, secret in SECRETS.items() for form, text in forms(secret).items() if text in shown
    ]
    assert hits == []
    assert all(line.isascii() and line.isprintable() for line in errors.splitlines())


@pytest.mark.slow
def test_option_wins_over_environment_and_file(tmp_path: Path) -> None:
    """The environment replaces what the file says, and an option both."""
    path = config_at(tmp_path, "http://127.0.0.1:1")
    path.write_text("server: {host: 192.0.2.1, port: 1}\n" + path.read_text())
    serve, environ = ("serve", "--config", str(path)), {"CRM_GATEWAY_SERVER__PORT": "2"}

    from_environment = running(*serve, environ=environ)
    from_option = running(*serve, "--port", "3", environ=environ)

    assert "cannot listen on 192.0.2.1:2: " in from_environment.stderr
    assert "cannot listen on 192.0.2.1:3: " in from_option.stderr
