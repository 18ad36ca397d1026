"""The record types, one a file, and what only they hold."""
