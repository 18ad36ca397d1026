"""Tests of the emulated accounts' content."""
