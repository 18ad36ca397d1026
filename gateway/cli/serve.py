"""Running the HTTP server until it is told to stop."""

import socket

import uvicorn

from gateway.app import build_app
from gateway.config import Settings
from gateway.telemetry import configure_logs
from gateway.wiring import Gateway
from model.errors import ConfigError

__all__ = ["listening", "serve", "server_of"]

# Clients keep connections for a while between two queries; a head that takes longer than this is no client of ours.
_KEEP_ALIVE_S = 15
_GRACE_S = 12


def listening(host: str, port: int) -> socket.socket:
    """A socket bound to *host* and *port*.

    Raises:
        ConfigError: the address cannot be had.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # With the protocol named, asyncio turns Nagle's algorithm off; without it small answers wait 40 ms.
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
    except OSError as error:
        found.close()
        raise ConfigError(f"cannot listen on {host}:{port}: {error.strerror}; choose another with --port") from None
    return found


def server_of(gateway: Gateway) -> uvicorn.Server:
    """A server for *gateway*, quiet but for our own logs."""
    config = uvicorn.Config(
        build_app(gateway),
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=_GRACE_S,
    )
    return uvicorn.Server(config)


def serve(settings: Settings, *, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way may end first."""
    configure_logs(settings.log_level)
    with listening(host, port) as found:
        server_of(Gateway(settings)).run(sockets=[found])
