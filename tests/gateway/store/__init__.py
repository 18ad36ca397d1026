"""What the gateway keeps itself."""
