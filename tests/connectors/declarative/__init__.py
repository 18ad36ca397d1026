"""Tests of connectors.declarative."""
