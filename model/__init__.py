"""The vocabulary every floor speaks: records, values, queries, capabilities and errors. Standard library only."""
