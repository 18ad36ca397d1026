"""How the calls of a file's API are signed."""

import math
from typing import Any

import orjson

from connectors.declarative.spec import LoginSpec, Spec
from connectors.declarative.templates import fill
from connectors.http import LoginRequest, Signing
from connectors.tables import at

__all__ = ["signing_of"]


def signing_of(spec: Spec) -> Signing:
    """Where the token goes, and how it is got where a log-in request gives it."""
    auth = spec.auth
    return Signing(
        header=auth.header.lower(),
        prefix="" if auth.query is not None else auth.prefix,
        parameter=auth.query,
        client_auth=auth.client_auth,
        login=None if auth.login is None else _login(auth.login, spec),
    )


def _login(login: LoginSpec, spec: Spec) -> LoginRequest:
    def body(username: str, password: str) -> bytes:
        return orjson.dumps(fill(login.body, {"username": username, "password": password}))

    def read(payload: Any) -> tuple[str | None, float | None]:
        if not isinstance(payload, dict):
            raise TypeError("the answer is no object")
        token = at(login.token)(payload)
        if token is not None and not isinstance(token, str):
            raise TypeError("the token is no text")
        life_s = None if login.expires_in is None else at(login.expires_in)(payload)
        if life_s is not None and not math.isfinite(float(life_s)):
            raise ValueError("the lifetime is no number")
        return token, None if life_s is None else float(life_s)

    return LoginRequest(path=spec.base_path + login.path, body=body, read=read, headers=spec.headers)
