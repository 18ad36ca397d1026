"""Emulators of the vendors' HTTP APIs over one fictional world, for tests, benchmarks and trying the gateway out."""

from sandbox.clock import Clock
from sandbox.emulator import Emulator, Running, Setup
from sandbox.faults import Fault, Faults
from sandbox.journal import Call
from sandbox.run import Sandbox, platforms

__all__ = [
    # One request that an emulator was asked.
    "Call",
    # The virtual clock.
    "Clock",
    # What an emulator is, is built with and gives.
    "Emulator",
    # The switches that make an emulator misbehave.
    "Fault",
    "Faults",
    "Running",
    # Runs emulators.
    "Sandbox",
    "Setup",
    # Every emulator there is.
    "platforms",
]
