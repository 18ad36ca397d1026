"""Tests of the HubSpot emulator."""
