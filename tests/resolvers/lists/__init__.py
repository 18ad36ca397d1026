"""Tests of resolvers.lists."""
