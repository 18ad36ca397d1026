"""One way to reach a vendor."""
