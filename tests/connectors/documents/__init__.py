"""Tests of connectors.documents."""
