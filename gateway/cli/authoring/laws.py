"""The laws of connectors over one account, told while they are tried."""

from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import Progress

from connectors.base import Connector
from connectors.conformance import LAWS, THOROUGH, Violation, run_laws
from gateway.cli.terminal import say
from model.errors import GatewayError

__all__ = ["keeps_laws"]


async def keeps_laws(
    connect: Callable[[], Connector], *, source: str, rounds: int, seed: int, secrets: Sequence[str]
) -> bool:
    """Whether the account that *connect* reaches keeps every law; a line for each, progress on standard error.

    Args:
        connect: makes a connector; each is closed here.
        source: its key.
        rounds: cases for each law.
        seed: draws the same cases again.
        secrets: that nothing may show.
    """
    connector, laws = connect(), (*LAWS, *THOROUGH)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(f"{source}: laws", total=len(laws))

        def tell(name: str, tried: int, violation: Violation | None) -> None:
            progress.stop()
            say(f"{source}: {_line(name, tried, violation)}")
            progress.advance(task)
            progress.start()

        try:
            report = await run_laws(
                connector, seed=seed, rounds=rounds, laws=laws, again=connect, secrets=tuple(secrets), on_law=tell
            )
        except GatewayError as error:
            say(f"{source}: {error.code}: {error.message}")
            return False
        finally:
            await connector.aclose()
    broken = len(report.violations)
    say(f"{source}: {broken} of {len(report.tried)} laws broken (seed {seed}, {rounds} rounds)")
    return not broken


def _line(name: str, tried: int, violation: Violation | None) -> str:
    if violation is not None:
        return f"broken   {violation}"
    return f"ok       {name} ({tried} cases)" if tried else f"untried  {name}: nothing here can show it"
