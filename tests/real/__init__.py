"""Tests against real CRMs, whose addresses the environment gives."""
