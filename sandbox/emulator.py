"""What an emulator gives to the sandbox that runs it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starlette.types import ASGIApp

from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.seed import Book

__all__ = ["Emulator", "Running", "Setup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What one emulator is built with.

    Attributes:
        book: the account's content.
        clock: the sandbox's virtual clock; every expiry and limit window reads it.
        faults: the switches that make this emulator misbehave.
        base_url: where it will be reached, without a trailing slash.
        options: switches of that emulator, by the names its docs give (unknown names are errors).
    """

    book: Book
    clock: Clock
    faults: Faults
    base_url: str
    options: dict[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A built emulator.

    Attributes:
        app: serves the vendor's HTTP API.
        connect: a `sources:` entry of the gateway's config that reaches it, secrets in `secrets`.
        secrets: values for the `env:NAME` references in *connect*.
    """

    app: ASGIApp
    connect: dict[str, object]
    secrets: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Emulator:
    """One vendor's emulator; `sandbox/<platform>/__init__.py` exports it as `EMULATOR`.

    Attributes:
        platform: the platform key, equal to the folder's name.
        port_offset: added to the gateway's port: 101 salesforce, 102 hubspot, 103 dynamics365, ….
        build: makes the running emulator.
        home_currency: of the seeded account, ISO 4217.
        own_fields: keys of what the account added to the vendor's fields, by type and by a name that all emulators
            have for it, such as contact and npsScore.
    """

    platform: str
    port_offset: int
    build: Callable[[Setup], Running]
    home_currency: str = "EUR"
    own_fields: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
