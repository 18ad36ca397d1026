"""The schema of one deployment."""
