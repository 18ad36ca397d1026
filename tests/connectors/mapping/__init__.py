"""From vendor values to ours."""
