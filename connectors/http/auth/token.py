"""What a token endpoint, or a log-in, answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from model.errors import SourceError

__all__ = ["TokenAnswer", "TokenError"]


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
    fields: Mapping[str, str] = field(repr=False)


class TokenError(Exception):
    """The token endpoint gave no token; *error* is what the caller shall see."""

    def __init__(self, error: SourceError, after_s: float | None) -> None:
        super().__init__(error.message)
        self.error = error
        self.after_s = after_s
