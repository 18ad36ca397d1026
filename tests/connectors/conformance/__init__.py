"""The laws of connectors: they hold for a right one, and each catches one that is wrong."""
