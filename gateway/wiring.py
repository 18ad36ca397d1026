"""Where the floors meet: settings become sources, a schema, and a way to run one request."""

import asyncio
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any

import structlog
from graphql import GraphQLSchema
from sqlalchemy import URL

from connectors.http import AddressPolicy, Pace, Wire
from connectors.registry import Platform, platform_of, platforms
from connectors.scope import CallEvent, Deadline, Scope, entered
from gateway.config import Settings, Store
from gateway.executor import Executor, Operation
from gateway.reading import PlanningReads, RequestReads
from gateway.routes import GraphQLRequest
from gateway.store import Database, MatchDecisions, store_url
from model.aliases import Aliases
from model.errors import ConfigError, Forbidden, GatewayError, StoreUnavailable
from model.reading import PlanResult, PlatformInfo
from resolvers import Cursors, RateTable, ReadLimits, Source, Sources, rates_on
from schema.build import build_schema
from schema.context import Context
from schema.context import Limits as SchemaLimits

__all__ = ["Gateway", "wire_of"]

log = structlog.get_logger(__name__)

_WARM_UP_S = 5.0


class Gateway:
    """One process's sources and schema; lives as long as the app.

    Args:
        settings: validated.
        sources: to read; those that the settings name, connected, if left out.

    Attributes:
        executor: runs operations.
        sources: the connected accounts.
    """

    def __init__(self, settings: Settings, sources: Sources | None = None) -> None:
        self.settings = settings
        self.sources = _connected(settings) if sources is None else sources
        self._aliases = Aliases(settings.custom_fields)
        schema: GraphQLSchema = build_schema(self._aliases)._schema  # noqa: SLF001 - the way to Strawberry's own graphql-core schema
        self.executor = Executor(
            schema,
            settings.limits,
            introspection=settings.features.introspection,
            sources=len(self.sources),
        )
        key = hashlib.sha256(settings.cursor_key.get_secret_value().encode()).digest()
        self._cursors = Cursors(key)
        self._store = Database(_address(settings.store))
        self._decisions = MatchDecisions(self._store)
        self._platforms = cache(partial(_known, [source.platform for source in self.sources]))
        limits = settings.limits
        self._read_limits = ReadLimits(
            max_first=limits.first,
            scan_rows=limits.scan_rows,
            max_scan_rows=limits.max_scan_rows,
            max_groups=limits.groups,
            behind_ids=limits.behind_ids,
        )
        self._rate_tables = [RateTable(item.date, item.base, item.rates) for item in settings.exchange_rates]

    async def warm_up(self) -> None:
        """Read every source's metadata and bring the store up to date, so that the first query need not.

        What fails is only logged: a source or the store may come back.
        """
        await asyncio.gather(self._migrate(), *(self._describe(source) for source in self.sources))

    async def _migrate(self) -> None:
        with suppress(StoreUnavailable):
            await self._store.migrate()

    async def _describe(self, source: Source) -> None:
        try:
            with entered(self._scope()):
                async with asyncio.timeout(_WARM_UP_S):
                    await source.connector.describe()
        except TimeoutError:
            log.warning("source.slow", source=source.key, after_s=_WARM_UP_S)
        except GatewayError as error:
            source.failure = error
            log.warning("source.unavailable", source=source.key, code=error.code, message=error.message)
        except Exception:
            # One connector's bug must not keep the others from being served.
            log.exception("source.broken", source=source.key)
        else:
            log.info("source.ready", source=source.key, platform=source.platform.key)

    def _scope(self, whole: Scope | None = None) -> Scope:
        """The bounds by default, inside *whole* where it is given."""
        limits = self.settings.limits
        deadline = Deadline.after(limits.deadline_s)
        if whole is not None:
            return whole.part(deadline=deadline, max_calls=limits.upstream_calls)
        return Scope(deadline=deadline, max_calls=limits.upstream_calls)

    def _context(self, reads: RequestReads | PlanningReads, now: datetime) -> Context:
        own = self.settings.limits
        limits = SchemaLimits(first=own.first, groups=own.first_groups, filter_conditions=own.filter_conditions)
        return Context(reads=reads, now=now, limits=limits, aliases=self._aliases)

    async def run(self, operation: Operation, asked: GraphQLRequest) -> dict[str, Any]:
        """The answer to one request: `data`, `errors`; in `extensions` what failed and, if asked, what was called."""
        bounds, now = operation.bounds, datetime.now(UTC)
        # What asks for no more has the settings' own bounds, whatever the widest field has.
        whole = Scope(deadline=Deadline.after(bounds.deadline_s), max_calls=bounds.calls)
        usual = self._scope(whole)
        reads = RequestReads(
            sources=self.sources,
            cursors=self._cursors,
            limits=self._read_limits,
            platforms=self._platforms,
            rates=rates_on(now.date(), self._rate_tables),
            decisions=self._decisions,
            explain=self._explain_to_client,
        )
        try:
            with entered(usual):
                answer = await self.executor.run(operation, self._context(reads, now), deadline_s=bounds.deadline_s)
        finally:
            await reads.aclose()
        extensions = self._failures(reads)
        if asked.wants_calls:
            extensions["calls"] = [_call(event) for event in whole.calls]
        if extensions:
            answer["extensions"] = extensions
        return answer

    def _failures(self, reads: RequestReads) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if reads.failures:
            found["sources"] = [
                {
                    "source": key,
                    "platform": source.platform.key,
                    "code": failure.code,
                    "isRetryable": failure.is_retryable,
                    "retryAfterS": failure.retry_after_s,
                }
                for key, failure in reads.failures.items()
                if (source := self.sources.get(key)) is not None
            ]
        return found

    async def _explain_to_client(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        if not self.settings.features.explain:
            raise Forbidden("explanations are off here: set features.explain to offer them")
        return await self.explain(document, variables)

    async def explain(self, document: str, variables: Mapping[str, object]) -> PlanResult:
        """What *document* would do and cost; no row is read, metadata may be."""
        planning = PlanningReads(
            sources=self.sources, cursors=self._cursors, limits=self._read_limits, platforms=self._platforms
        )
        prepared = self.executor.prepare(document, None, dict(variables))
        if isinstance(prepared, list):
            return planning.result([_told(error) for error in prepared])
        if not prepared.is_query:
            return planning.result(["BAD_REQUEST: only a query can be explained; a mutation is not run to be planned"])
        context = self._context(planning, datetime.now(UTC))
        answer = await self.executor.run(prepared, context, deadline_s=self.settings.limits.deadline_s)
        return planning.result([_told(error) for error in answer.get("errors", [])])

    async def aclose(self) -> None:
        """Close every connection."""
        await self.sources.aclose()
        await self._store.aclose()


def _address(store: Store) -> URL:
    try:
        return store_url(None if store.url is None else store.url.get_secret_value(), store.path)
    except ValueError as error:
        raise ConfigError(f"store.url {error}") from None


# What a config calls a way to sign in, in the words of the schema's AuthKind.
_AUTH_KINDS = {
    "basic": "BASIC",
    "bearer": "TOKEN",
    "client_credentials": "CLIENT_CREDENTIALS",
    "jwt_bearer": "JWT_BEARER",
    "login": "LOGIN_REQUEST",
    "password": "PASSWORD",
    "refresh_token": "OAUTH_CODE",
}


def _told_of(platform: Platform) -> PlatformInfo:
    kinds = tuple(_AUTH_KINDS[kind] for kind in platform.auth_kinds)
    return PlatformInfo(key=platform.key, name=platform.name, auth_kinds=kinds)


def _known(connected: Iterable[PlatformInfo]) -> list[PlatformInfo]:
    """Every known platform, and those *connected* that a file beside the config tells."""
    found = {platform.key: _told_of(platform) for platform in platforms().values()}
    return list({**found, **{platform.key: platform for platform in connected}}.values())


def wire_of(settings: Settings) -> Wire:
    """What all sources of *settings* share."""
    return Wire(
        pace=Pace(settings.time_scale),
        addresses=AddressPolicy(allow_loopback=settings.allow_loopback, allow_hosts=settings.allow_hosts),
    )


def _connected(settings: Settings) -> Sources:
    wire = wire_of(settings)
    aliases = Aliases(settings.custom_fields)
    found = []
    for config in settings.sources:
        platform = platform_of(config.platform)
        info = _told_of(platform)
        connector = platform.connect(config, wire)
        found.append(
            Source(
                key=config.key,
                name=config.name,
                platform=info,
                connector=connector,
                aliases=aliases,
                scan_rows=config.limits.scan_rows,
                max_scan_rows=config.limits.max_scan_rows,
            )
        )
    return Sources(found)


def _told(error: Mapping[str, Any]) -> str:
    return f"{error.get('extensions', {}).get('code', 'BAD_REQUEST')}: {error['message']}"


def _call(event: CallEvent) -> dict[str, Any]:
    return {
        "source": event.source,
        "operation": event.operation,
        "kind": event.kind,
        "type": event.entity,
        "query": event.query,
        "rows": event.rows,
        "bytes": event.size_bytes,
        "ms": round(event.took_ms, 3),
        "retries": event.retries,
        "cached": event.is_cached,
    }
