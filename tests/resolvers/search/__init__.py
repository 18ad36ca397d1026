"""Tests of searches over several sources."""
