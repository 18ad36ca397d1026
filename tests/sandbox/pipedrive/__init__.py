"""Tests of the Pipedrive emulator, with and without the vendor's client."""
