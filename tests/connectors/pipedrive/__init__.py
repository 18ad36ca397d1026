"""What only the Pipedrive connector does, over its emulator."""
