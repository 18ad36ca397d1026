"""Tests of the Salesforce emulator, with and without the vendor's clients."""
