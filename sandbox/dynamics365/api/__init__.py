"""What the Web API answers."""
