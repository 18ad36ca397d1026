"""A token endpoint whose tokens an API takes, and one credential of each kind."""

import asyncio

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from connectors.credentials import ClientCredentials, JwtBearer, Password, RefreshToken
from tests.connectors.http.origin import Answer, Asked, Origin, as_json

__all__ = ["ASSERTION", "CREDENTIALS", "PASSWORD", "PEM", "PUBLIC_PEM", "REFRESH", "TokenServer"]

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
PUBLIC_PEM = (
    KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
)

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
