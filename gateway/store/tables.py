"""The tables; migrations make them, and a test compares both."""

from sqlalchemy import Column, Index, MetaData, String, Table

__all__ = ["MATCH_DECISIONS", "METADATA"]

METADATA = MetaData()

MATCH_DECISIONS = Table(
    "match_decisions",
    METADATA,
    Column("entity", String(32), primary_key=True),
    Column("a_source", String(64), primary_key=True),
    Column("a_remote_id", String(255), primary_key=True),
    Column("b_source", String(64), primary_key=True),
    Column("b_remote_id", String(255), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("decided_at", String(24), nullable=False),
    Index("match_decisions_by_b", "entity", "b_source", "b_remote_id"),
)
"""Pairs of records, each in one order only: by source, then by remote id."""
