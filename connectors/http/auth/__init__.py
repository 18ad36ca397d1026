"""How a call is signed, and how the token it is signed with is got and renewed."""

from connectors.http.auth.grant import Signing
from connectors.http.auth.login import LoginRequest
from connectors.http.auth.signer import Signer, signer_for
from connectors.http.auth.token import TokenAnswer

__all__ = [
    "LoginRequest",  # how a log-in gives a token
    "Signer",  # signs one source's calls
    "Signing",  # where a platform wants its tokens
    "TokenAnswer",  # what a token endpoint answered
    "signer_for",  # the signer a credential asks for
]
