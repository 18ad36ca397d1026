"""What all sources of one process share on the way to their vendors."""

import ssl
from dataclasses import dataclass, field

from connectors.http.address import AddressPolicy
from connectors.http.pace import Pace

__all__ = ["Wire"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """Settings of the way out, shared by all sources of one process.

    Attributes:
        tls: trust for https; None for the platform's own roots.
    """

    pace: Pace = field(default_factory=Pace)
    addresses: AddressPolicy = field(default_factory=AddressPolicy)
    tls: ssl.SSLContext | None = None
