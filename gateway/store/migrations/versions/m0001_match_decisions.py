"""Decisions about matches."""

import sqlalchemy as sa
from alembic import op

__all__ = ["down_revision", "revision", "upgrade"]

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the table of decisions about matches."""
    op.create_table(
        "match_decisions",
        sa.Column("entity", sa.String(32), primary_key=True),
        sa.Column("a_source", sa.String(64), primary_key=True),
        sa.Column("a_remote_id", sa.String(255), primary_key=True),
        sa.Column("b_source", sa.String(64), primary_key=True),
        sa.Column("b_remote_id", sa.String(255), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("decided_at", sa.String(24), nullable=False),
    )
    op.create_index("match_decisions_by_b", "match_decisions", ["entity", "b_source", "b_remote_id"])
