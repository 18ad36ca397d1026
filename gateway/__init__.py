"""The host: HTTP, wiring, settings, limits, telemetry and the command line."""
