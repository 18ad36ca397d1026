"""Tests of lowering what a client wrote."""
