"""Tests of the Zoho connector."""
