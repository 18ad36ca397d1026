"""The same person or company in several sources."""
