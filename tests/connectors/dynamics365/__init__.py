"""Tests of the Dynamics 365 connector."""
