"""Groups over several sources."""
