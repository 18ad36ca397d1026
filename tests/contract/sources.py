"""A connector to an emulated account, set up from the sandbox's config entry, and the laws over it."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from pydantic import TypeAdapter

from connectors.base import Connector
from connectors.conformance import LAWS, Law, Trouble, run_laws
from connectors.credentials import Auth
from connectors.http import AddressPolicy, Pace, Wire
from connectors.registry import SourceConfig, platforms
from sandbox.run import Sandbox

__all__ = ["connecting", "require_laws"]

_TROUBLES = ("garbage", "wrong_types", "bare_rows", "odd_rows", "html_200", "truncate", "reset", "forbidden")


def connecting(sandbox: Sandbox, platform: str, **options: object) -> Callable[[], Connector]:
    """Makes connectors to *platform*'s emulator; *options* are the source's beyond those the sandbox gives."""
    entry = dict(sandbox.connect(platform))
    found = platforms()[platform]
    key, _, base_url, auth = (entry.pop(name) for name in ("key", "platform", "base_url", "auth"))
    config = SourceConfig(
        key=str(key),
        name=str(entry.pop("name", key)),
        platform=platform,
        base_url=str(base_url),
        auth=TypeAdapter(Auth).validate_python(_resolved(auth, sandbox.secrets)),
        options=found.options.model_validate({**entry, **options}),
    )

    def connect() -> Connector:
        wire = Wire(pace=Pace(sandbox.clock.time_scale), addresses=AddressPolicy(allow_loopback=True))
        return found.connect(config, wire)

    return connect


def _resolved(auth: object, secrets: Mapping[str, str]) -> dict[str, object]:
    """*auth* with the values behind its `env:NAME` references."""
    if not isinstance(auth, Mapping):
        raise TypeError(f"the sandbox's auth is {auth!r}")
    return {
        name: secrets[value.removeprefix("env:")] if isinstance(value, str) and value.startswith("env:") else value
        for name, value in auth.items()
    }


def _trouble(sandbox: Sandbox, platform: str, name: str) -> Trouble:
    """A fault of the emulator that hits every request while the context lasts."""

    @contextmanager
    def lasting() -> Iterator[None]:
        sandbox.faults(platform).set(name)
        try:
            yield
        finally:
            sandbox.faults(platform).clear()

    return lasting


async def require_laws(
    sandbox: Sandbox,
    platform: str,
    *laws: Law,
    seed: int,
    rounds: int,
    tie_calls: int = 0,
    **options: object,
) -> None:
    """Raise an AssertionError that tells which of *laws* the connector breaks; *options* are the source's."""
    connect = connecting(sandbox, platform, **options)
    connector = connect()
    try:
        report = await run_laws(
            connector,
            seed=seed,
            rounds=rounds,
            laws=laws or LAWS,
            again=connect,
            secrets=tuple(sandbox.secrets.values()),
            troubles={name: _trouble(sandbox, platform, name) for name in _TROUBLES},
            tie_calls=tie_calls,
        )
    finally:
        await connector.aclose()
    report.require_none_broken()
