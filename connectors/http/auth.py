"""How a call is signed, and how the token it is signed with is got and renewed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import SecretStr

__all__ = ["Signing", "TokenAnswer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Where a platform wants its tokens.

    Attributes:
        header: lower-cased name of the header that carries the access token.
        prefix: what stands before the token in it, with its blank.
        client_auth: where the token endpoint wants the client's id and secret.
        throttled: error codes of the token endpoint that mean "too many token calls" though the status does not.
    """

    header: str = "authorization"
    prefix: str = "Bearer "
    client_auth: Literal["client_secret_post", "client_secret_basic"] = "client_secret_post"
    throttled: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenAnswer:
    """What a token endpoint answered.

    Attributes:
        refresh_token: the one to use from now on; None where the grant has none.
        expires_in_s: lifetime in virtual seconds; None where the vendor does not say.
        fields: the answer's other text fields, such as ``instance_url`` or ``api_domain``.
    """

    access_token: SecretStr
    refresh_token: SecretStr | None
    expires_in_s: float | None
    fields: Mapping[str, str]
