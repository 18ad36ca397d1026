"""Signing calls, and the tokens they are signed with."""
