"""The command line: demo, serve, sandbox, check, explain, schema.

Heavy imports stand inside the commands, so that `--help` is quick and only `demo` and `sandbox` load the emulators.
"""

from gateway.cli.commands import main

__all__ = ["main"]
