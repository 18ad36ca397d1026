"""The output types of the public schema; each class declares one and is never instantiated for a record."""
