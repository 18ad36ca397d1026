"""The connection under a request, for answers that HTTP has no words for: cut short, or none at all."""

import asyncio

from starlette.types import Scope

__all__ = ["EXTENSION", "Peer", "peer_of"]

EXTENSION = "sandbox.peer"
"""Key of the ASGI scope's `extensions` under which `sandbox.server` puts a request's `Peer`, as `peer`."""


class Peer:
    """The client's end of one connection.

    Attributes:
        left: set as soon as the connection is closed, whoever closed it.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self.left = asyncio.Event()

    async def abort(self) -> None:
        """Drop the connection and what is not yet sent, and wait until it is gone."""
        self._transport.abort()
        await self.left.wait()

    async def close(self) -> None:
        """Send what is written, close the connection and wait until it is gone."""
        self._transport.close()
        await self.left.wait()


def peer_of(scope: Scope) -> Peer:
    """The peer of a request.

    Raises:
        RuntimeError: the app is not served by `sandbox.server`.
    """
    peer = scope.get("extensions", {}).get(EXTENSION, {}).get("peer")
    if not isinstance(peer, Peer):
        raise RuntimeError("the sandbox's apps close connections, so only sandbox.server can serve them")
    return peer
