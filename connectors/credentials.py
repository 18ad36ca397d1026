"""How a source is signed in to: one model per way, with secrets that never print."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

__all__ = ["Auth", "Basic", "Bearer", "ClientCredentials", "JwtBearer", "Login", "Password", "RefreshToken"]


class _Way(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bearer(_Way):
    """A static token, such as a HubSpot private app's."""

    kind: Literal["bearer"]
    token: SecretStr


class Basic(_Way):
    """A name and a password, sent with every call."""

    kind: Literal["basic"]
    username: str
    password: SecretStr


class Login(_Way):
    """A name and a password, given once for a token, and again when that is over."""

    kind: Literal["login"]
    username: str
    password: SecretStr


class _Grant(_Way):
    token_url: str | None = Field(
        default=None, description="Token endpoint; the platform's usual one below the source's base_url if left out."
    )
    client_id: SecretStr
    scope: str | None = None


class RefreshToken(_Grant):
    """OAuth 2 with a refresh token got earlier."""

    kind: Literal["refresh_token"]
    client_secret: SecretStr | None = None
    refresh_token: SecretStr


class ClientCredentials(_Grant):
    """OAuth 2 client credentials."""

    kind: Literal["client_credentials"]
    client_secret: SecretStr


class JwtBearer(_Grant):
    """OAuth 2 JWT bearer: *private_key* is PEM, *subject* the user it acts for."""

    kind: Literal["jwt_bearer"]
    private_key: SecretStr
    subject: str
    audience: str


class Password(_Grant):
    """OAuth 2 resource owner password credentials."""

    kind: Literal["password"]
    client_secret: SecretStr
    username: str
    password: SecretStr


Auth = Annotated[
    Bearer | Basic | Login | RefreshToken | ClientCredentials | JwtBearer | Password, Field(discriminator="kind")
]
