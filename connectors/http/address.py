"""Which addresses may be called."""

from dataclasses import dataclass

__all__ = ["AddressPolicy"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressPolicy:
    """Where calls may go.

    Attributes:
        allow_loopback: plain http to this machine is fine, as in the demo.
        allow_hosts: host patterns (``crm.example.org``, ``*.example.org``) allowed beside the platforms' own.
    """

    allow_loopback: bool = False
    allow_hosts: tuple[str, ...] = ()
