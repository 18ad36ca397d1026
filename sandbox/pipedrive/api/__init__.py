"""The HTTP endpoints of one account."""

from sandbox.pipedrive.api.gate import Gate
from sandbox.pipedrive.api.oauth import OAuthApi
from sandbox.pipedrive.api.search import SearchApi
from sandbox.pipedrive.api.v1 import V1Api
from sandbox.pipedrive.api.v2 import V2Api

__all__ = [
    # Every call passes it.
    "Gate",
    # Endpoints by theme.
    "OAuthApi",
    "SearchApi",
    "V1Api",
    "V2Api",
]
