"""Tests of how fields get their values."""
