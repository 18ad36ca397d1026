"""`serve`: the sources of a config, until told to stop."""

from gateway.config import Settings
from gateway.server import listening, run
from gateway.telemetry import configure_logs
from gateway.wiring import Gateway

__all__ = ["serve"]


def serve(settings: Settings) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        ConfigError: the address cannot be had.
    """
    configure_logs(settings.log_level, secrets=settings.secrets())
    with listening(settings.server.host, settings.server.port) as bound:
        run(Gateway(settings), bound)
