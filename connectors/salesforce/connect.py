"""How a Salesforce source is set up: hosts, sign-in, limits."""

from connectors.base import Connector
from connectors.http import HttpClient, LimitClass, Limits, Signing, TokenAnswer, Window, Wire
from connectors.registry import Platform, SourceConfig
from connectors.salesforce.connector import SalesforceConnector
from connectors.salesforce.dialect import DAILY, SalesforceDialect
from connectors.salesforce.manifest import Options, manifest
from model.errors import ConfigError, OurBug, SourceForbidden

__all__ = ["PLATFORM", "connect", "move_to_instance"]

_DAY_S = 86_400.0
# OAuth 2.0 "rate_limit_exceeded": too many sign-ins of one app (Salesforce Help, "OAuth Error Codes", read 2026-11).
_SIGNING = Signing(throttled=frozenset({"rate_limit_exceeded"}))


def connect(config: SourceConfig, wire: Wire) -> Connector:
    """A connector for *config*; nobody is called.

    Raises:
        ConfigError: an address may not be called.
    """
    options = config.options
    if not isinstance(options, Options) or config.base_url is None:
        raise OurBug(f"{config.key} was connected before its config was checked")

    def move(answer: TokenAnswer) -> None:
        move_to_instance(client, config.key, answer)

    client = HttpClient(
        source=config.key,
        base_url=config.base_url,
        auth=config.auth,
        token_url=config.base_url + manifest().token_path,
        dialect=SalesforceDialect(config.key),
        limits=_limits(options),
        wire=wire,
        on_token=move,
        signing=_SIGNING,
        hosts=manifest().host_patterns,
    )
    return SalesforceConnector(client, source=config.key, options=options)


def move_to_instance(client: HttpClient, source: str, answer: TokenAnswer) -> None:
    """Call the org where its sign-in says it lives.

    Raises:
        SourceForbidden: that is an address that may not be called.
    """
    instance_url = answer.fields.get("instance_url")
    if instance_url is None or instance_url.rstrip("/") == client.base_url:
        return
    try:
        client.base_url = instance_url.rstrip("/")
    except ConfigError as error:
        text = f"{source} signed in to an org at an address that may not be called; check its base_url"
        raise SourceForbidden(text, source=source) from error


def _limits(options: Options) -> Limits:
    daily = Window(options.daily_requests or manifest().daily_requests, _DAY_S, DAILY)
    return Limits(classes=(LimitClass("default", (daily,)),), concurrency=manifest().concurrency)


PLATFORM = Platform(
    key="salesforce",
    name="Salesforce",
    auth_kinds=("client_credentials", "refresh_token", "jwt_bearer", "password"),
    options=Options,
    needs_base_url=True,
    host_patterns=manifest().host_patterns,
    connect=connect,
)
