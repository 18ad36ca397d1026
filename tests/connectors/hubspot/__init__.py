"""Tests of the HubSpot connector."""
