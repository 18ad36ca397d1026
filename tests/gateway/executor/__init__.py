"""Tests of gateway.executor."""
