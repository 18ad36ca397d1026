"""What people said of matches, kept."""

from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Row, or_, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from gateway.store.database import Database
from gateway.store.tables import MATCH_DECISIONS
from model.errors import OurBug
from model.ids import GlobalId
from model.reading import Decision, MatchState
from model.values import instant_text

__all__ = ["MatchDecisions"]

_T = MATCH_DECISIONS.c
_A = (_T.entity, _T.a_source, _T.a_remote_id)
_B = (_T.entity, _T.b_source, _T.b_remote_id)


class MatchDecisions:
    """Confirmed and rejected pairs in one database; a pair has no order."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def of(self, records: Sequence[GlobalId]) -> Sequence[Decision]:
        """Every decision about any of *records*.

        Raises:
            StoreUnavailable: they cannot be read.
        """
        if not records:
            return ()
        places = [(item.kind, item.source, item.remote_id) for item in records]
        query = select(MATCH_DECISIONS).where(or_(tuple_(*_A).in_(places), tuple_(*_B).in_(places)))
        async with self._database.begun() as connection:
            return [_decision(row) for row in (await connection.execute(query)).all()]

    async def confirm(self, a: GlobalId, b: GlobalId) -> None:
        """Keep that *a* and *b* are one.

        Raises:
            StoreUnavailable: it cannot be kept.
        """
        await self._keep(a, b, MatchState.CONFIRMED)

    async def reject(self, a: GlobalId, b: GlobalId) -> None:
        """Keep that *a* and *b* are two.

        Raises:
            StoreUnavailable: it cannot be kept.
        """
        await self._keep(a, b, MatchState.REJECTED)

    async def _keep(self, a: GlobalId, b: GlobalId, state: MatchState) -> None:
        """Keep *state*; saying the same again changes nothing, not even when it was said first."""
        if a.kind != b.kind or a == b:
            raise OurBug("a decision is about two records of one type")
        first, second = sorted((a, b), key=lambda item: (item.source, item.remote_id))
        values = {
            "entity": a.kind,
            "a_source": first.source,
            "a_remote_id": first.remote_id,
            "b_source": second.source,
            "b_remote_id": second.remote_id,
            "state": state.value,
            "decided_at": instant_text(datetime.now(UTC)),
        }
        dialect = sqlite if self._database.dialect == "sqlite" else postgresql
        insert = dialect.insert(MATCH_DECISIONS).values(values)
        changed = {"state": insert.excluded.state, "decided_at": insert.excluded.decided_at}
        upsert = insert.on_conflict_do_update(
            index_elements=list(MATCH_DECISIONS.primary_key), set_=changed, where=_T.state != insert.excluded.state
        )
        async with self._database.begun(writes=True) as connection:
            await connection.execute(upsert)


def _decision(row: Row[tuple[str, ...]]) -> Decision:
    found = row._mapping  # noqa: SLF001 - SQLAlchemy's own name for a row's values by column
    entity = found[_T.entity]
    return Decision(
        a=GlobalId(entity, found[_T.a_source], found[_T.a_remote_id]),
        b=GlobalId(entity, found[_T.b_source], found[_T.b_remote_id]),
        state=MatchState(found[_T.state]),
        decided_at=found[_T.decided_at],
    )
