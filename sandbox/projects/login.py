"""The log-in, and the tokens it gives."""

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from sandbox.clock import Clock
from sandbox.projects.errors import unauthorized

__all__ = ["PASSWORD", "USERNAME", "Tokens"]

USERNAME = "gateway@projects.example"
PASSWORD = "t0-read-0nly"  # noqa: S105 (of an emulator)

_TTL_S = 900
_USER = {"id": 1, "name": "CRM gateway"}


class Tokens:
    """Issues JSON web tokens for the account's one service user, and checks them; lives as long as the emulator."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._key = OctKey.generate_key(256)

    def log_in(self, email: str, password: str) -> dict[str, object]:
        """The answer to a log-in.

        Raises:
            VendorError: 401.
        """
        if (email, password) != (USERNAME, PASSWORD):
            raise unauthorized("invalid_credentials")
        now_s = int(self._clock.now().timestamp())
        claims = {"sub": str(_USER["id"]), "iat": now_s, "exp": now_s + _TTL_S}
        return {"token": jwt.encode({"alg": "HS256"}, claims, self._key), "expiresIn": _TTL_S, "user": _USER}

    def check(self, authorization: str) -> None:
        """Let the header *authorization* pass.

        Raises:
            VendorError: 401.
        """
        scheme, _, token = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise unauthorized("token_invalid")
        if self._expiry_s(token.strip()) <= self._clock.now().timestamp():
            raise unauthorized("token_expired")

    def void(self) -> None:
        """Make every token there is invalid."""
        self._key = OctKey.generate_key(256)

    def _expiry_s(self, token: str) -> int:
        try:
            return int(jwt.decode(token, self._key, algorithms=["HS256"]).claims["exp"])
        except (JoseError, ValueError):
            raise unauthorized("token_invalid") from None
