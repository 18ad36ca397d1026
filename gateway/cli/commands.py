"""The commands and their options; each hands over to a file of its own name."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from model.errors import GatewayError

__all__ = ["main"]

app = typer.Typer(
    name="crm-gateway",
    help="One GraphQL schema over many CRMs, live.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

ConfigOption = Annotated[Path, typer.Option("--config", "-c", help="The YAML file with your sources.")]
PortOption = Annotated[
    int, typer.Option("--port", min=1, max=65_000, help="Port of the gateway; emulators follow from 101 on.")
]
ScaleOption = Annotated[
    float, typer.Option(min=0.01, max=200, help="Multiplies the seeded data; 1 is about 1,000 contacts a CRM.")
]
DealsOption = Annotated[
    int | None,
    typer.Option(min=1, max=1_000_000, metavar="N", help="Gives each CRM so many deals, whatever the scale."),
]
LatencyOption = Annotated[
    int, typer.Option(min=0, max=60_000, metavar="MS", help="Delays every answer of the emulators.")
]
TimeScaleOption = Annotated[
    float, typer.Option(min=0.01, max=10_000, help="Runs the emulators' clocks and all limit windows this much faster.")
]


@app.command()
def demo(
    port: PortOption = 8000,
    scale: ScaleOption = 1.0,
    deals: DealsOption = None,
    latency: LatencyOption = 0,
    time_scale: TimeScaleOption = 1.0,
    data: Annotated[Path, typer.Option(help="Folder for the demo's config and cursor key.")] = Path(".crm-gateway"),
) -> None:
    """Start emulated CRMs and a gateway over them, on this machine only."""
    from gateway.cli.demo import Demo

    Demo(port=port, scale=scale, deals=deals, latency_ms=latency, time_scale=time_scale, data=data).run()


@app.command()
def serve(
    config: ConfigOption,
    host: Annotated[str | None, typer.Option(help="Overrides server.host.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65_535, help="Overrides server.port.")] = None,
) -> None:
    """Serve the sources of a config."""
    from gateway.config import load_settings

    settings = load_settings(config)

    # A wrong file is told before the server's imports, which take seconds.
    from gateway.cli.serve import serve as run

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    run(settings.model_copy(update={"server": settings.server.model_copy(update=given)}))


@app.command()
def sandbox(
    platform: Annotated[list[str] | None, typer.Option(help="An emulator to run; all of them if left out.")] = None,
    base_port: Annotated[int, typer.Option(min=0, max=65_000, help="Emulators listen on this plus 101 and on.")] = 8000,
    scale: ScaleOption = 1.0,
    deals: DealsOption = None,
    latency: LatencyOption = 0,
    time_scale: TimeScaleOption = 1.0,
    announce: Annotated[
        bool, typer.Option(hidden=True, help="Print one JSON line, and end with standard input.")
    ] = False,
) -> None:
    """Run the emulated CRMs alone."""
    from gateway.cli.sandbox import run

    run(
        platform,
        base_port=base_port,
        scale=scale,
        deals=deals,
        latency_ms=latency,
        time_scale=time_scale,
        announce=announce,
    )


@app.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="A config, or a connector file.")] = None,
    config: Annotated[Path | None, typer.Option("--config", "-c", help="The same.")] = None,
    offline: Annotated[bool, typer.Option(help="Check the file only; call nobody.")] = False,
    conformance: Annotated[
        bool, typer.Option(help="Try the laws of connectors over each account; reads all of it, again and again.")
    ] = False,
    rounds: Annotated[int, typer.Option(min=1, max=10_000, help="Cases for each law.")] = 10,
    seed: Annotated[int, typer.Option(help="Draws the cases; the same seed draws the same.")] = 7,
    time_scale: Annotated[
        float | None, typer.Option(min=0.01, max=10_000, help="How much faster limit windows run, as the sandbox's.")
    ] = None,
) -> None:
    """Check a config or a connector file, then sign in to every account and read what it is."""
    from gateway.cli.check import Laws
    from gateway.cli.check import check as run

    if (file is None) == (config is None):
        raise typer.BadParameter("name one file")
    laws = Laws(rounds=rounds, seed=seed) if conformance else None
    raise typer.Exit(run(file or config or Path(), offline=offline, laws=laws, time_scale=time_scale))


@app.command()
def new_connector(
    name: Annotated[str, typer.Argument(help="The platform's key, such as acme.")],
    graphql: Annotated[bool, typer.Option("--graphql", help="For an API that is GraphQL.")] = False,
    package: Annotated[
        bool, typer.Option("--package", help="A package with Python, for what a file cannot say, and its tests.")
    ] = False,
    folder: Annotated[Path, typer.Option(help="Where to write.")] = Path(),
) -> None:
    """Write a connector file to start from, or a package around one."""
    from gateway.cli.authoring import new_connector as run

    raise typer.Exit(run(name, is_graphql=graphql, is_package=package, folder=folder))


@app.command()
def capabilities(
    config: ConfigOption,
    source: Annotated[str, typer.Argument(help="The key of a source in the config.")],
) -> None:
    """Say what one source reads, filters and sorts, as Markdown; signs in and reads metadata, and no records."""
    from gateway.cli.capabilities import capabilities as run

    raise typer.Exit(run(config, source))


@app.command()
def explain(
    config: ConfigOption,
    query: Annotated[str, typer.Argument(help="A GraphQL document, or @FILE.")],
    variables: Annotated[str, typer.Option(help="Variables as JSON.")] = "{}",
) -> None:
    """Say what a query would ask of each CRM; signs in and reads metadata, and no records."""
    from gateway.cli.explain import explain as run

    raise typer.Exit(run(config, query, variables))


@app.command()
def schema(
    config: Annotated[
        Path | None, typer.Option("--config", "-c", help="A YAML file whose custom fields the schema has as well.")
    ] = None,
    connector: Annotated[bool, typer.Option("--connector", help="The JSON Schema of connector files instead.")] = False,
) -> None:
    """Print the GraphQL schema as SDL, or the JSON Schema of connector files."""
    if connector:
        from connectors.declarative import written_schema

        typer.echo(written_schema(), nl=False)
        return
    from model.aliases import Aliases

    aliases = Aliases(())
    if config is not None:
        from gateway.config import load_settings

        aliases = Aliases(load_settings(config).custom_fields)

    from schema.build import sdl

    typer.echo(sdl(aliases), nl=False)


def main() -> None:
    """Run a command; what went wrong is told in words, and the exit status is 2."""
    try:
        app()
    except GatewayError as error:
        from gateway.cli.terminal import say

        say(error.message, is_error=True)
        sys.exit(2)
