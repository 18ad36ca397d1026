"""Migrations of the store, run by Alembic at start; a released one is never changed."""
