"""The connected sources of this process; they outlive requests."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from connectors.base import Connector
from model.aliases import Aliases
from model.errors import (
    BadCursor,
    BadRequest,
    GatewayError,
    ReauthRequired,
    Refused,
    SourceError,
    SourceTimeout,
    SourceUnavailable,
)
from model.reading import PlatformInfo, SourceInfo, SourceStatus

__all__ = ["Source", "Sources"]


@dataclass(slots=True)
class Source:
    """One connected account.

    Attributes:
        aliases: the operator's names for its fields.
        failure: what its last read met, None after a success. What the caller's own bounds or question made fail says
            nothing about the account, and leaves it as it was.
        scan_rows, max_scan_rows: in place of the settings' own bounds; None where those hold.
    """

    key: str
    name: str
    platform: PlatformInfo
    connector: Connector
    aliases: Aliases = field(default_factory=Aliases)
    failure: GatewayError | None = field(default=None)
    scan_rows: int | None = None
    max_scan_rows: int | None = None

    def met(self, failure: GatewayError | None, *, is_hurried: bool = False) -> None:
        """Take note of how a read ended, which the caller may have hurried."""
        if is_hurried and isinstance(failure, SourceTimeout):
            return
        if failure is None or (isinstance(failure, SourceError) and not isinstance(failure, Refused)):
            self.failure = failure

    def info(self) -> SourceInfo:
        """How it stands now."""
        return SourceInfo(
            key=self.key,
            name=self.name,
            platform=self.platform,
            status=_status(self.failure),
            status_reason=self.failure.message if self.failure else None,
        )


def _status(failure: GatewayError | None) -> SourceStatus:
    match failure:
        case None:
            return SourceStatus.READY
        case ReauthRequired():
            return SourceStatus.REAUTH_REQUIRED
        case SourceUnavailable() | SourceTimeout():
            return SourceStatus.UNREACHABLE
        case _:
            return SourceStatus.DEGRADED


class Sources:
    """The sources by key, in the config's order."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self._by_key = {source.key: source for source in sources}

    def __iter__(self) -> Iterator[Source]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, key: str) -> Source | None:
        """The source called *key*, or None."""
        return self._by_key.get(key)

    def chosen(self, keys: Sequence[str] | None) -> list[Source]:
        """The sources called *keys*, all for None.

        Raises:
            BadRequest: a key is unknown, repeated, or none is given.
        """
        if keys is None:
            return list(self)
        if not keys:
            raise BadRequest("sources is empty: leave it out to ask all of them")
        if len(set(keys)) != len(keys):
            raise BadRequest("sources names one source twice")
        for key in keys:
            if key not in self._by_key:
                raise BadRequest(f"there is no source {key[:64]!r}; the sources are {', '.join(self._by_key)}")
        return [self._by_key[key] for key in keys]

    def resumed(self, walked: Collection[str], keys: Sequence[str] | None) -> list[Source]:
        """The sources of a walk over *walked* that goes on, where *keys* are asked for.

        Raises:
            BadCursor: one of *walked* is gone, or others are asked for.
        """
        for key in walked:
            if key not in self._by_key:
                raise BadCursor(f"source {key} of this cursor is no longer connected; start again without it")
        if keys is None:
            return [source for source in self if source.key in walked]
        if set(keys) != set(walked):
            raise BadCursor("this cursor was made over other sources; keep `sources` the same while paging")
        return self.chosen(keys)

    async def aclose(self) -> None:
        """Close every connector."""
        for source in self:
            await source.connector.aclose()
